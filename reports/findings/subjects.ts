/** Whom a sentence is about: systems, operations, nodes. */
import { LINK_FAULTS } from '../../sim/faults/fault-spec.ts';
import type { FaultReport, Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, clock, count, duration, list, listSome, operationNoun } from '../words.ts';
import type { OperationLane } from './lanes.ts';

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
export function capitalisedSubject(subject: string): string {
  return /^(every operation|all operations)/.test(subject) ? capitalised(subject) : subject;
}

const NOUN_ROLES: ReadonlySet<string> = new Set(['node', 'manager', 'worker', 'cache', 'registry']);

/** `4 workers`, `2 dtr nodes`. */
export function nodesOfRole(n: number, role: string): string {
  return count(n, NOUN_ROLES.has(role) ? role : `${clean(role)} node`);
}

/** The same, but nothing when the title of the fault names them already. */
export function nodesBesideTitle(run: Run, fault: FaultReport, most: number): string {
  return fault.nodes.every((node) => fault.title.includes(node)) ? '' : nodesWords(run, fault, most);
}

/** Nodes that a fault touched: members of systems by name, others by role and number. */
export function nodesWords(run: Run, fault: FaultReport, most: number): string {
  if (LINK_FAULTS.has(fault.kind)) return '';
  const members = new Set(run.systems.flatMap((system) => system.members));
  const named = fault.nodes.filter((node) => members.has(node)).map(clean);
  const roles = new Map(run.scenario.world.nodes.map((node) => [node.name, node.roles[0] ?? 'node']));
  const others = groupBy(
    fault.nodes.filter((node) => !members.has(node)),
    (node) => roles.get(node) ?? 'node',
  );
  const counted = [...others].map(([role, nodes]) =>
    nodes.length === 1 ? clean(nodes[0]!) : nodesOfRole(nodes.length, role),
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
