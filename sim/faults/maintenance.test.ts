import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { constant } from '../kernel/distribution.ts';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';
import { all, node, SECOND, type SmallScenario, smallScenario } from '../testing.ts';
import { type MaintenanceSpec, NO_OPERATORS, type QuorumGuard } from './operators-spec.ts';

const rolling = (more: Partial<MaintenanceSpec> = {}): MaintenanceSpec => ({
  name: 'patches',
  atUs: 10 * SECOND,
  periodUs: null,
  order: [all],
  duration: constant(20 * SECOND),
  settleUs: 10 * SECOND,
  windowUs: null,
  guard: 'quorum+1',
  origin: 'operators.maintenance[0]',
  ...more,
});

function scenarioOf(small: SmallScenario, ...maintenance: MaintenanceSpec[]): Scenario {
  return { ...smallScenario(small), operators: { ...NO_OPERATORS, maintenance } };
}

const five: SmallScenario = { zones: [2, 2, 1], seconds: 400 };
const stops = (run: Run) =>
  run.events
    .filter((event) => event.event === 'maintenance')
    .map((event) => [event.node, event.timeUs / SECOND]);
const words = (run: Run) => run.events.map((event) => event.event);

describe('a rolling restart', () => {
  test('stops one node after another, each for its time, with time to settle between them', () => {
    const run = simulate(scenarioOf(five, rolling()));
    expect(stops(run)).toEqual([
      ['m1', 10],
      ['m2', 40],
      ['m3', 70],
      ['m4', 100],
      ['m5', 130],
    ]);
    expect(run.faults).toEqual([
      expect.objectContaining({
        kind: 'maintenance',
        index: -1,
        nodes: ['m1', 'm2', 'm3', 'm4', 'm5'],
        fromUs: 10 * SECOND,
        toUs: 150 * SECOND,
        hadEffect: true,
      }),
    ]);
  });

  test('takes its nodes in the stated order', () => {
    const run = simulate(scenarioOf(five, rolling({ order: [node('m4'), all] })));
    expect(stops(run).map(([name]) => name)).toEqual(['m4', 'm1', 'm2', 'm3', 'm5']);
  });

  test('comes back with each date of the calendar, and leaves a date out while it is still going on', () => {
    const order = [node('m1'), node('m2')];
    const begins = (periodUs: number) =>
      simulate(scenarioOf(five, rolling({ order, periodUs }))).faults.map((fault) => fault.fromUs / SECOND);
    expect(begins(100 * SECOND)).toEqual([10, 110, 210, 310]);
    expect(begins(50 * SECOND)).toEqual([10, 110, 210, 310]);
  });

  test('waits while a fault keeps a voter down, and goes on when it is back', () => {
    const faults = [
      {
        start: { kind: 'at', atUs: 5 * SECOND } as const,
        duration: constant(55 * SECOND),
        effect: { kind: 'kill', target: node('m5') } as const,
      },
    ];
    const run = simulate(scenarioOf({ ...five, faults }, rolling({ order: [node('m1')] })));
    expect(words(run)).toContain('maintenance-waits');
    const [[name, at]] = stops(run) as [[string, number]];
    expect(name).toBe('m1');
    expect(at).toBeGreaterThanOrEqual(60);
    expect(at).toBeLessThan(90);
  });

  test('refuses at once what no waiting would make possible, and says why', () => {
    const run = simulate(scenarioOf({ zones: [1, 1, 1], seconds: 60 }, rolling()));
    expect(stops(run)).toEqual([]);
    expect(run.faults[0]).toMatchObject({
      hadEffect: false,
      note: 'etcd has 3 voters: without m1 2 are left, and the guard asks for 3',
    });
    const lax = simulate(scenarioOf({ zones: [1, 1, 1], seconds: 60 }, rolling({ guard: 'quorum' })));
    expect(stops(lax).length).toBeGreaterThan(0);
  });

  test('begins no node when its window is over', () => {
    const run = simulate(scenarioOf(five, rolling({ windowUs: 50 * SECOND })));
    expect(stops(run).map(([name]) => name)).toEqual(['m1', 'm2']);
    expect(run.faults[0]).toMatchObject({ hadEffect: true, toUs: 70 * SECOND });
  });

  test('two of them do not stop one node twice, nor two at once where the guard forbids it', () => {
    const run = simulate(scenarioOf(five, rolling(), rolling({ name: 'other', order: [node('m5'), all] })));
    const down = stops(run).map(([, at]) => at as number);
    const sorted = [...down].sort((a, b) => a - b);
    for (let i = 1; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(20);
  });
});

/** Recomputed from the trace alone: which nodes were down, stopping or frozen at the moment of each stop. */
function leftAtStops(run: Run): { left: number; voters: number }[] {
  const { members } = run.systems[0]!;
  const down = new Set<string>();
  const paused = new Set<string>();
  const leaving = new Set<string>();
  const found: { left: number; voters: number }[] = [];
  for (const { event, node: name } of run.events) {
    if (event === 'maintenance') {
      found.push({
        left: members.filter(
          (each) => each !== name && !down.has(each) && !paused.has(each) && !leaving.has(each),
        ).length,
        voters: members.length,
      });
      leaving.add(name);
    } else if (event === 'maintenance-ends') leaving.delete(name);
    else if (event === 'node-down') {
      down.add(name);
      // What comes back is not frozen.
      paused.delete(name);
    } else if (event === 'node-up') down.delete(name);
    else if (event === 'node-paused') paused.add(name);
    else if (event === 'node-resumed') paused.delete(name);
  }
  return found;
}

describe('the guard', () => {
  test.prop(
    {
      zones: fc.constantFrom([2, 2, 1], [3, 2, 2], [1, 1, 1], [2, 1, 1]),
      guard: fc.constantFrom<QuorumGuard>('quorum+1', 'quorum'),
      mean: fc.integer({ min: 40, max: 300 }),
      kind: fc.constantFrom('kill' as const, 'power-loss' as const, 'pause' as const),
      seed: fc.integer({ min: 1, max: 1e6 }),
      several: fc.boolean(),
    },
    { numRuns: 40 },
  )(
    'no step ever begins that would leave fewer voters than it asks for',
    ({ zones, guard, mean, kind, seed, several }) => {
      const members = zones.reduce((a, b) => a + b, 0);
      const each = Array.from({ length: members }, (_, i) => ({
        name: `m${i + 1}`,
        effect: { kind, target: node(`m${i + 1}`) },
      }));
      const faults = [
        {
          start: { kind: 'every' as const, interval: { kind: 'exponential' as const, mean: mean * SECOND } },
          duration: { kind: 'exponential' as const, mean: 20 * SECOND },
          effect: each[0]!.effect,
          each,
        },
      ];
      const plan = rolling({ guard, settleUs: 0, duration: constant(7 * SECOND), periodUs: 90 * SECOND });
      const plans = several ? [plan, { ...plan, name: 'other', atUs: 11 * SECOND }] : [plan];
      const run = simulate(scenarioOf({ zones, faults, seconds: 600 }, ...plans), { seed });
      for (const { left, voters } of leftAtStops(run)) {
        const quorum = Math.floor(voters / 2) + 1;
        expect(left).toBeGreaterThanOrEqual(guard === 'quorum' ? quorum : quorum + 1);
      }
    },
  );
});
