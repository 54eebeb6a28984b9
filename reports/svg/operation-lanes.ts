/** The mark "what users can do": one lane for each way in which operations fared, with its availability at the right. */
import type { Run } from '../../sim/run.ts';
import type { DarkPlace } from '../findings/dark.ts';
import { mainLanes, type OperationLane, type Service } from '../findings/lanes.ts';
import { lengthUs, type Stretch, sameHistory, totalUs, worseOf } from '../findings/stretches.ts';
import { subjectOf } from '../findings/subjects.ts';
import { groupAlike, groupBy } from '../grouping.ts';
import { capitalised, clean, count, duration, list, operationNoun, percent } from '../words.ts';
import { type BandSpec, type Chart, drawLane, PAGE } from './chart.ts';
import { type LegendEntry, occurring } from './legend.ts';
import { write } from './pen.ts';
import { fitted, textWidth } from './text-width.ts';

const HEIGHT = 25;
const PITCH = 32;
/** More lanes than this are named, not drawn. */
const LANES_MAX = 24;
/** From so many lanes on, what only some vantages saw is one lane for each system: the worst of its operations. */
const LANES_SEPARATE_MAX = 12;

const LOOK_OF = { up: 'fine', waits: 'wait', degraded: 'limit', down: 'fail', dark: 'gone' } as const;
const LETTER_OF = { up: '', waits: 'W', degraded: 'R', down: 'D', dark: 'D' } as const;

const LEGEND: readonly LegendEntry[] = [
  { look: 'fine', letter: '', words: 'works' },
  { look: 'wait', letter: 'W', words: 'waits, then works' },
  { look: 'limit', letter: 'R', words: 'stale or reduced' },
  { look: 'fail', letter: 'D', words: 'down: requests fail' },
  { look: 'gone', letter: 'D', words: 'users without power' },
];

/** Entries for the states that occur. */
export function operationLegend({ lanes, dark }: Service): LegendEntry[] {
  const looks = lanes.flatMap((lane) => lane.stretches.map((each) => LOOK_OF[each.state]));
  return occurring(LEGEND, new Set([...looks, ...(dark.length > 0 ? [LOOK_OF.dark] : [])]));
}

interface DrawnLane {
  readonly title: string;
  readonly from: string;
  readonly bands: Iterable<BandSpec>;
  readonly figure: string;
}

/** Gives the height used. */
export function drawOperationLanes(chart: Chart, service: Service, y: number): number {
  const drawn = [...operationLanes(chart.run, service.lanes), ...service.dark.map(darkLane)];
  const width = PAGE.plot0 - PAGE.left - 10;
  let at = y;
  for (const { title, from, bands, figure } of drawn.slice(0, LANES_MAX)) {
    write(chart.front, PAGE.left, at + 11, fitted(title, width, 12, true), 'b');
    write(chart.front, PAGE.left, at + 24, fitted(from, width, 11), 's m');
    drawLane(chart, bands, at, HEIGHT);
    if (figure !== '') write(chart.front, PAGE.right, at + HEIGHT / 2 + 4, figure, 'b end');
    at += PITCH;
  }
  const hidden = drawn.length - LANES_MAX;
  if (hidden > 0) {
    write(chart.front, PAGE.left, at + 11, `+ ${count(hidden, 'more lane')}, see availability.csv`, 's m');
    at += 18;
  }
  return at - y;
}

/** What all users saw first; lanes of a few vantages that fared alike in several systems become one. */
function operationLanes(run: Run, lanes: readonly OperationLane[]): DrawnLane[] {
  const main = mainLanes(run, lanes);
  const others = lanes.filter((lane) => !main.includes(lane));
  const fewer = lanes.length > LANES_SEPARATE_MAX ? worstBySystem(others) : others;
  const alike = groupAlike(fewer, (a, b) => a.where === b.where && sameHistory(a.stretches, b.stretches));
  return [...main.map((lane) => [lane]), ...alike].map((group) => {
    const { system, operations, where, stretches } = group[0]!;
    const own = `${clean(system)}${operations.length > 0 ? ` ${list(operations.map(operationNoun))}` : ', worst operation'}`;
    const together = group.every((lane) => lane.operations.length > 0)
      ? capitalised(subjectOf(run, group))
      : `${list(group.map((lane) => clean(lane.system)))}, worst operations`;
    return {
      title: group.length > 1 ? together : own,
      from: `from ${where}`,
      bands: bandsOf(stretches),
      figure: availabilityOf(run, stretches),
    };
  });
}

/** One lane for each system and set of vantages: at each moment the worst of the operations, which go unnamed. */
function worstBySystem(lanes: readonly OperationLane[]): OperationLane[] {
  return [...groupBy(lanes, (lane) => JSON.stringify([lane.system, lane.where])).values()].map((group) =>
    group.length === 1
      ? group[0]!
      : { ...group[0]!, operations: [], stretches: group.map((lane) => lane.stretches).reduce(worseOf) },
  );
}

/** Only the time without power; else such a place fares as the lanes above say. */
function darkLane({ where, spans }: DarkPlace): DrawnLane {
  return {
    title: `Everything from ${where}`,
    from: 'without power; else as above',
    bands: spans.map(({ fromUs, toUs }) => ({
      ...bandOf({ fromUs, toUs, state: 'dark', cause: 0 }),
      labels: [`no power ${duration(toUs - fromUs)}`, duration(toUs - fromUs)],
    })),
    figure: '',
  };
}

function* bandsOf(stretches: readonly Stretch[]): Generator<BandSpec, void, void> {
  for (const stretch of stretches) yield bandOf(stretch);
}

function bandOf(stretch: Stretch): BandSpec {
  const { fromUs, toUs, state } = stretch;
  const time = duration(lengthUs(stretch));
  const labels = {
    up: [],
    waits: [`waits up to ${time}`, 'waits'],
    degraded: [`stale or reduced for ${time}`, `reduced ${time}`],
    down: [`down ${time}`, time],
    dark: [],
  }[state];
  return { fromUs, toUs, look: LOOK_OF[state], letter: LETTER_OF[state], labels };
}

function availabilityOf(run: Run, stretches: readonly Stretch[]): string {
  const served = stretches.filter((each) => each.state === 'up' || each.state === 'waits');
  return narrowed(percent(totalUs(served) / run.durationUs));
}

/** Fewer digits where there is no room beside the lane: cut, so that it claims no more. */
export function narrowed(share: string): string {
  let text = share;
  while (textWidth(text, 12, true) > FIGURE_WIDTH && /\.\d{2,} %$/.test(text))
    text = text.replace(/\d %$/, ' %');
  return text;
}

const FIGURE_WIDTH = PAGE.right - PAGE.plot1 - 6;
