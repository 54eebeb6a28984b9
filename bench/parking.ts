/**
 * A year of life and a century of it, parked, beside event by event on a shorter horizon: three quorums of seven managers in
 * three zones, a fault about once a fortnight (scenarios/library/life). Processor seconds of one core, for a machine that is
 * shared; the last column is the same in units of a million kernel events (hold model, 64 pending), which a busy or slow
 * machine does not change much. Event by event is measured on a few quiet hours and scaled: its cost is that of heartbeats,
 * whether anything fails or not.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadScenario } from '../scenarios/index.ts';
import { Kernel } from '../sim/kernel/kernel.ts';
import { HOUR, YEAR } from '../sim/kernel/time.ts';
import type { Scenario } from '../sim/scenario.ts';
import { simulate } from '../sim/simulate.ts';
import type { LinkClass, LinkQuality } from '../sim/world/topology.ts';
import { median, type Section } from './section.ts';

const QUORUMS = '../scenarios/library/life/a-year-of-life-7-managers.yaml';
const PLATFORM = '../scenarios/library/life/a-year-of-life-the-whole-platform.yaml';
const CASES: readonly (readonly [scenario: string, loss: number, name: string])[] = [
  [QUORUMS, 0, '0'],
  [QUORUMS, 1e-4, '1e-4'],
  [QUORUMS, 1e-3, '1e-3'],
  [PLATFORM, 0, '0, with gossip over 57 nodes'],
];
const EVERY_EVENT_HOURS = 8;
const RUNS_OF_A_YEAR = 15;
/** The first runs warm the engine up. */
const RUNS_LEFT_OUT = 5;

export async function parkingSection(): Promise<Section> {
  hold();
  const unitS = secondsOf(hold);
  return {
    title:
      'Parking: three quorums of 7 managers in three zones, a fault about once a fortnight (seconds of one core)',
    goal: 'a century under 2 s at no loss, 10 s at 1e-4, under 300 MB; 10 000 / 1000 / 500 times event by event; with gossip under 15 s',
    head: [
      'loss',
      'a year',
      'a century',
      'a century event by event',
      'times',
      'memory, MB',
      'century / 1e6 events',
    ],
    rows: CASES.map(([file, loss, name]) => {
      const { scenario } = loadScenario(readFileSync(fileURLToPath(new URL(file, import.meta.url)), 'utf8'));
      const years = Array.from({ length: RUNS_OF_A_YEAR }, (_, i) =>
        secondsOf(() => simulate(lossy(scenario, loss, YEAR), { seed: i })),
      );
      const centuryS = secondsOf(() => simulate(lossy(scenario, loss, 100 * YEAR), { seed: 1 }));
      const memoryMb = process.resourceUsage().maxRSS / 1024;
      const hoursUs = EVERY_EVENT_HOURS * HOUR;
      const quiet = { ...lossy(scenario, loss, hoursUs), faults: [] };
      const hoursS = secondsOf(() => simulate(quiet, { seed: 1, everyEvent: true }));
      const everyEventS = (hoursS * 100 * YEAR) / (hoursUs + scenario.run.warmUpUs);
      return [
        name,
        median(years.slice(RUNS_LEFT_OUT)).toFixed(3),
        centuryS.toFixed(1),
        `${(everyEventS / 3600).toFixed(1)} h`,
        Math.round(everyEventS / centuryS).toLocaleString('en'),
        memoryMb.toFixed(0),
        (centuryS / unitS).toFixed(0),
      ];
    }),
  };
}

function lossy(scenario: Scenario, loss: number, durationUs: number): Scenario {
  const linkClasses = Object.fromEntries(
    Object.entries(scenario.world.linkClasses).map(([name, quality]) => [name, { ...quality, loss }]),
  ) as Record<LinkClass, LinkQuality>;
  return { ...scenario, world: { ...scenario.world, linkClasses }, run: { ...scenario.run, durationUs } };
}

/** A million events of a kernel with 64 pending. */
function hold(): void {
  const kernel = new Kernel(1);
  const streams = Array.from({ length: 64 }, (_, i) => {
    const stream = kernel.stream(`s${i}`, (n: number) => {
      kernel.schedule(kernel.nowUs + 1 + (((n * 7919 + i * 104_729) >>> 0) % 1000), stream, n + 1);
    });
    return stream;
  });
  for (const stream of streams) kernel.schedule(0, stream, 0);
  while (kernel.eventCount < 1_000_000) kernel.runUntil(kernel.nowUs + 1000);
}

function secondsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
