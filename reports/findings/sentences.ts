/** What stopped, what waited, what survived: sentences. */
import type { FaultReport, Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import {
  capitalised,
  clean,
  clock,
  count,
  duration,
  list,
  listSome,
  operationNoun,
  times,
} from '../words.ts';
import {
  lengthUs,
  longestOf,
  mainLanes,
  type OperationLane,
  operationLanes,
  type Stretch,
  stretchesIn,
  totalUs,
} from './lanes.ts';
import { reasonFor } from './reasons.ts';

export interface Finding {
  readonly sentence: string;
  /** What users lost with it, in the words of the systems; empty when nothing failed. */
  readonly impact: readonly string[];
}

export interface Findings {
  /** What failed, worst first; each ends with its cause. */
  readonly stopped: readonly Finding[];
  /** What gave stale or reduced answers only. */
  readonly degraded: readonly Finding[];
  readonly survived: readonly Finding[];
}

/** All findings of a run, as whole sentences. */
export function findings(run: Run, lanes: readonly OperationLane[] = operationLanes(run)): Findings {
  return {
    stopped: troubles(run, lanes, 'down'),
    degraded: troubles(run, lanes, 'degraded'),
    survived: survivors(run, lanes),
  };
}

function troubles(run: Run, lanes: readonly OperationLane[], state: 'down' | 'degraded'): Finding[] {
  // What only a few vantages missed is not lost to everybody.
  const main = new Set(mainLanes(lanes));
  const told = lanes.flatMap((lane) => {
    const stretches = stretchesIn(lane, state);
    if (stretches.length === 0) return [];
    return [{ lane, stretches, reason: reasonFor(run, lane.system, longestOf(stretches)) }];
  });
  const groups = groupBy(told, ({ lane, stretches, reason }) =>
    JSON.stringify([lane.where, stretches.map((each) => [each.fromUs, each.toUs]), reason]),
  );
  return [...groups.values()]
    .sort((a, b) => weight(b[0]!) - weight(a[0]!))
    .map((group) => {
      const { lane, stretches, reason } = group[0]!;
      const subject = capitalisedSubject(
        subjectOf(
          run,
          group.map((each) => each.lane),
        ),
      );
      const verb = state === 'down' ? 'failed' : 'gave stale or reduced answers only';
      const waited = state === 'down' ? waitAfter(lane, stretches) : '';
      const systems = new Set(group.map((each) => each.lane.system));
      const impact = run.systems
        .filter((system) => systems.has(system.name))
        .flatMap((system) => system.impact);
      return {
        sentence: `${subject} ${verb} from ${lane.where} ${howLong(run, stretches)}: ${reason}.${waited}`,
        impact: state === 'down' && main.has(lane) ? [...new Set(impact)].map(clean) : [],
      };
    });
}

/** Trouble that more vantages met comes first, then the longer one. */
function weight({ lane, stretches }: { lane: OperationLane; stretches: readonly Stretch[] }): number {
  return lane.vantages.length * 1e18 + totalUs(stretches);
}

/** `for 6.4 s from 2:00`, `3 times, 12 s in all, the longest for 5 s from 2:00`, `from 3:00 until the run ended, 7 min later`. */
export function howLong(run: Run, stretches: readonly Stretch[]): string {
  const longest = longestOf(stretches);
  const one =
    longest.toUs === run.durationUs
      ? `from ${clock(longest.fromUs)} until the run ended (${duration(lengthUs(longest))})`
      : `for ${duration(lengthUs(longest))} from ${clock(longest.fromUs)}`;
  if (stretches.length === 1) return one;
  return `${times(stretches.length)}, ${duration(totalUs(stretches))} in all, the longest ${one}`;
}

function waitAfter(lane: OperationLane, outages: readonly Stretch[]): string {
  const ends = new Set(outages.map((outage) => outage.toUs));
  const waits = stretchesIn(lane, 'waits').filter((each) => ends.has(each.fromUs));
  return waits.length === 0
    ? ''
    : ` Requests sent after that waited up to ${duration(lengthUs(longestOf(waits)))} and succeeded.`;
}

function survivors(run: Run, lanes: readonly OperationLane[]): Finding[] {
  const told = lanes
    .filter((lane) => lane.stretches.every((each) => each.state === 'up' || each.state === 'waits'))
    .map((lane) => ({ lane, how: howItSurvived(run, lane) }));
  const groups = groupBy(told, ({ lane, how }) => JSON.stringify([lane.where, how]));
  return [...groups.values()].map((group) => {
    const subject = capitalisedSubject(
      subjectOf(
        run,
        group.map((each) => each.lane),
      ),
    );
    return {
      sentence: `${subject} worked throughout from ${group[0]!.lane.where}${group[0]!.how}.`,
      impact: [],
    };
  });
}

function howItSurvived(run: Run, lane: OperationLane): string {
  const waits = stretchesIn(lane, 'waits');
  if (waits.length > 0) {
    const longest = longestOf(waits);
    const during = waits.length === 1 ? 'the failover' : `the ${waits.length} failovers`;
    if (longest.toUs === run.durationUs) {
      return `: no request failed, but those sent from ${clock(longest.fromUs)} on still waited when the run ended`;
    }
    return `: no request failed; those sent during ${during} waited up to ${duration(lengthUs(longest))}`;
  }
  const groups = run.groups.filter((group) => group.system === lane.system);
  const fewest = groups.reduce(
    (least, group) => (group.reachable < least.reachable ? group : least),
    groups[0]!,
  );
  if (
    fewest === undefined ||
    fewest.reachable >= fewest.voters ||
    groups.some((group) => group.state !== 'serving')
  ) {
    return '';
  }
  return `: it kept its leader and ${fewest.reachable} of ${count(fewest.voters, 'voter')}; ${fewest.quorum} are needed`;
}

/** Systems and operations in words: `etcd writes and reads`, `all operations of swarm and etcd`, `every operation`. */
export function subjectOf(run: Run, lanes: readonly OperationLane[]): string {
  const named = new Map<string, Set<string>>();
  for (const lane of lanes) {
    const operations = named.get(lane.system) ?? new Set();
    for (const operation of lane.operations) operations.add(operation);
    named.set(lane.system, operations);
  }
  const known = groupBy(run.summary, (row) => row.system);
  const isWhole = ([system, operations]: [string, Set<string>]) =>
    new Set(known.get(system)?.map((row) => row.operation)).size === operations.size;
  const whole = [...named].filter(isWhole);
  if (whole.length === known.size && whole.length > 1) return 'every operation';
  const together = whole.length > 1;
  const phrases = [...named]
    .filter((each) => !(together && isWhole(each)))
    .map(([system, operations]) => `${clean(system)} ${list([...operations].map(operationNoun))}`);
  if (together) phrases.unshift(`all operations of ${list(whole.map(([system]) => clean(system)))}`);
  return phrases.length < 2 ? phrases.join('') : `${phrases.slice(0, -1).join(', ')}, and ${phrases.at(-1)}`;
}

/** Names of systems keep their case at the beginning of a sentence. */
function capitalisedSubject(subject: string): string {
  return /^(every operation|all operations)/.test(subject) ? capitalised(subject) : subject;
}

/** Nodes that a fault touched: members of systems by name, others by role and number. */
export function nodesWords(run: Run, fault: FaultReport, most: number): string {
  const members = new Set(run.systems.flatMap((system) => system.members));
  const named = fault.nodes.filter((node) => members.has(node)).map(clean);
  const roles = new Map(run.scenario.world.nodes.map((node) => [node.name, node.roles[0] ?? 'node']));
  const others = groupBy(
    fault.nodes.filter((node) => !members.has(node)),
    (node) => roles.get(node) ?? 'node',
  );
  const counted = [...others].map(([role, nodes]) =>
    nodes.length === 1 ? clean(nodes[0]!) : count(nodes.length, clean(role)),
  );
  const shown =
    named.length + counted.length <= most
      ? [...named, ...counted]
      : [listSome(named, Math.max(2, most - counted.length)).replace(' and ', ', '), ...counted];
  return list(shown);
}

/** `2:00 to 7:00 (5 min)`, `from 3:00 to the end`. */
export function faultTime(fault: FaultReport): string {
  if (fault.toUs === null) return `from ${clock(fault.fromUs)} to the end`;
  return `${clock(fault.fromUs)} to ${clock(fault.toUs)} (${duration(fault.toUs - fault.fromUs)})`;
}
