/** The quorum mark: a lane for each system's group, with the leader that serves, or what is missing. */
import type { GroupInterval, Run } from '../../sim/run.ts';
import { groupAlike, groupBy, pairwise } from '../grouping.ts';
import { clean, count, duration } from '../words.ts';
import { type BandSpec, type Chart, drawLane, PAGE } from './chart.ts';
import { type LegendEntry, occurring } from './legend.ts';
import { write } from './pen.ts';
import { fitted, textWidth } from './text-width.ts';

const HEIGHT = 20;
const PITCH = 26;
const LANES_MAX = 24;

const LOOK_OF = { serving: 'fine', 'no-leader': 'elect', 'no-quorum': 'fail' } as const;

const LEGEND: readonly LegendEntry[] = [
  { look: 'fine', letter: '', words: 'a leader serves' },
  { look: 'elect', letter: 'E', words: 'quorum, but no leader yet' },
  { look: 'fail', letter: 'Q', words: 'no quorum' },
];

/** Entries for the states that occur. */
export function groupLegend(run: Run): LegendEntry[] {
  return occurring(LEGEND, new Set(run.groups.map((each) => LOOK_OF[each.state])));
}

interface GroupLane {
  readonly system: string;
  readonly groups: readonly string[];
  readonly intervals: readonly GroupInterval[];
}

/** Groups of one system that fared alike share a lane. */
function groupLanes(run: Run): GroupLane[] {
  return run.systems.flatMap((system) => {
    const own = groupBy(
      run.groups.filter((each) => each.system === system.name),
      (each) => each.group,
    );
    return groupAlike(own, ([, a], [, b]) => pairwise(a, b, faredAlike)).map((same) => ({
      system: system.name,
      groups: same.map(([group]) => group),
      intervals: same[0]![1],
    }));
  });
}

function faredAlike(a: GroupInterval, b: GroupInterval): boolean {
  return (
    a.fromUs === b.fromUs &&
    a.state === b.state &&
    a.leader === b.leader &&
    a.term === b.term &&
    a.reachable === b.reachable
  );
}

/** Gives the height used. */
export function drawGroupLanes(chart: Chart, names: ReadonlyMap<string, string>, y: number): number {
  const lanes = groupLanes(chart.run);
  let at = y;
  for (const lane of lanes.slice(0, LANES_MAX)) {
    const width = PAGE.plot0 - PAGE.left - 10;
    const name = fitted(clean(lane.system), width, 12, true);
    write(chart.front, PAGE.left, at + 14, name, 'b');
    const after = PAGE.left + textWidth(name, 12, true) + 8;
    const { voters, quorum } = lane.intervals[0]!;
    const tables =
      lane.groups.length > 1
        ? `${count(lane.groups.length, 'group')}, `
        : lane.groups[0] === ''
          ? ''
          : `${clean(lane.groups[0]!)}, `;
    write(
      chart.front,
      after,
      at + 14,
      fitted(`${tables}${quorum} of ${voters} needed`, PAGE.plot0 - 10 - after, 11),
      's m',
    );
    const stretches = joined(lane.intervals);
    drawLane(chart, bandsOf(stretches, names), at, HEIGHT);
    const idleUs = stretches.reduce(
      (sum, each) => sum + (each.state === 'serving' ? 0 : each.toUs - each.fromUs),
      0,
    );
    write(chart.front, PAGE.right, at + 14, idleUs === 0 ? '-' : duration(idleUs), 'b end');
    at += PITCH;
  }
  if (lanes.length > LANES_MAX) {
    write(chart.front, PAGE.left, at + 11, `+ ${count(lanes.length - LANES_MAX, 'more group')}`, 's m');
    at += 18;
  }
  return at - y;
}

/** Neighbours that differ only in how many members are within reach, made one with the fewest. */
function joined(intervals: readonly GroupInterval[]): GroupInterval[] {
  const result: { -readonly [K in keyof GroupInterval]: GroupInterval[K] }[] = [];
  for (const interval of intervals) {
    const last = result.at(-1);
    if (
      last !== undefined &&
      last.state === interval.state &&
      last.leader === interval.leader &&
      last.term === interval.term
    ) {
      last.toUs = interval.toUs;
      last.reachable = Math.min(last.reachable, interval.reachable);
    } else result.push({ ...interval });
  }
  return result;
}

function* bandsOf(
  intervals: readonly GroupInterval[],
  names: ReadonlyMap<string, string>,
): Generator<BandSpec, void, void> {
  for (const interval of intervals) yield bandOf(interval, names);
}

function bandOf(group: GroupInterval, names: ReadonlyMap<string, string>): BandSpec {
  const { fromUs, toUs } = group;
  const look = LOOK_OF[group.state];
  const time = duration(toUs - fromUs);
  if (group.state === 'serving') {
    const leader = clean(names.get(group.leader) ?? group.leader);
    return {
      fromUs,
      toUs,
      look,
      letter: '',
      labels: [`${leader}, term ${group.term}`, `term ${group.term}`],
    };
  }
  if (group.state === 'no-leader') {
    return { fromUs, toUs, look, letter: 'E', labels: [`no leader ${time}`, time] };
  }
  const missing = `no quorum: ${group.reachable} of ${group.voters}, ${group.quorum} needed`;
  return { fromUs, toUs, look, letter: 'Q', labels: [missing, `no quorum ${time}`, 'no quorum'] };
}
