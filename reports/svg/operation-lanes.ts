/** The mark "what users can do": one lane for each way in which operations fared, with its availability at the right. */
import type { Run } from '../../sim/run.ts';
import {
  lengthUs,
  mainLanes,
  type OperationLane,
  type Stretch,
  stretchesIn,
  totalUs,
} from '../findings/lanes.ts';
import { subjectOf } from '../findings/sentences.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, count, duration, list, operationNoun, percent } from '../words.ts';
import { type BandSpec, type Chart, drawLane, PAGE } from './chart.ts';
import { type LegendEntry, occurring } from './legend.ts';
import { write } from './pen.ts';
import { fitted } from './text-width.ts';

const HEIGHT = 25;
const PITCH = 32;
/** More lanes than this are named, not drawn. */
const LANES_MAX = 24;

const LOOK_OF = { up: 'fine', waits: 'wait', degraded: 'limit', down: 'fail' } as const;
const LETTER_OF = { up: '', waits: 'W', degraded: 'R', down: 'D' } as const;

const LEGEND: readonly LegendEntry[] = [
  { look: 'fine', letter: '', words: 'works' },
  { look: 'wait', letter: 'W', words: 'waits, then works' },
  { look: 'limit', letter: 'R', words: 'stale or reduced' },
  { look: 'fail', letter: 'D', words: 'down: requests fail' },
];

/** Entries for the states that occur. */
export function operationLegend(lanes: readonly OperationLane[]): LegendEntry[] {
  return occurring(
    LEGEND,
    new Set(lanes.flatMap((lane) => lane.stretches.map((each) => LOOK_OF[each.state]))),
  );
}

interface DrawnLane {
  readonly title: string;
  readonly where: string;
  readonly stretches: readonly Stretch[];
}

/** What most vantages saw first; lanes of a few vantages that fared alike in several systems become one. */
export function drawnLanes(run: Run, lanes: readonly OperationLane[]): DrawnLane[] {
  const main = new Set(mainLanes(lanes));
  const groups = groupBy(lanes, (lane) =>
    main.has(lane)
      ? lane
      : JSON.stringify([lane.where, lane.stretches.map((each) => [each.fromUs, each.state])]),
  );
  const merged = [...groups.values()].sort((a, b) => (main.has(b[0]!) ? 1 : 0) - (main.has(a[0]!) ? 1 : 0));
  return merged.map((group) => {
    const { system, operations, where, stretches } = group[0]!;
    const title =
      group.length > 1
        ? capitalised(subjectOf(run, group))
        : `${clean(system)} ${list(operations.map(operationNoun))}`;
    return { title, where, stretches };
  });
}

/** Gives the height used. */
export function drawOperationLanes(chart: Chart, lanes: readonly OperationLane[], y: number): number {
  const drawn = drawnLanes(chart.run, lanes);
  let at = y;
  for (const lane of drawn.slice(0, LANES_MAX)) {
    const width = PAGE.plot0 - PAGE.left - 10;
    write(chart.front, PAGE.left, at + 11, fitted(lane.title, width, 12, true), 'b');
    write(chart.front, PAGE.left, at + 24, fitted(`from ${lane.where}`, width, 11), 's m');
    drawLane(
      chart,
      lane.stretches.map((stretch) => bandOf(stretch)),
      at,
      HEIGHT,
    );
    write(chart.front, PAGE.right, at + HEIGHT / 2 + 4, availabilityOf(chart.run, lane.stretches), 'b end');
    at += PITCH;
  }
  if (drawn.length > LANES_MAX) {
    write(
      chart.front,
      PAGE.left,
      at + 11,
      `+ ${count(drawn.length - LANES_MAX, 'more lane')}, see availability.csv`,
      's m',
    );
    at += 18;
  }
  return at - y;
}

function bandOf(stretch: Stretch): BandSpec {
  const { fromUs, toUs, state } = stretch;
  const time = duration(lengthUs(stretch));
  const labels = {
    up: [],
    waits: [`waits up to ${time}`, 'waits'],
    degraded: [`stale or reduced for ${time}`, `reduced ${time}`],
    down: [`down ${time}`, time],
  }[state];
  return { fromUs, toUs, look: LOOK_OF[state], letter: LETTER_OF[state], labels };
}

function availabilityOf(run: Run, stretches: readonly Stretch[]): string {
  const lane = { stretches } as OperationLane;
  const lostUs = totalUs(stretchesIn(lane, 'down')) + totalUs(stretchesIn(lane, 'degraded'));
  return percent((run.durationUs - lostUs) / run.durationUs);
}
