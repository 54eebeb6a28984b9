/** `operators` -> crews, maintenance and runbooks of the model. */
import type { NodeSelector } from '../../sim/faults/fault-spec.ts';
import type {
  MaintenanceSpec,
  OperatorsSpec,
  QuorumGuard,
  RunbookKind,
  RunbookSpec,
} from '../../sim/faults/operators-spec.ts';
import type { SystemKind } from '../../sim/systems/system-spec.ts';
import { formatPath, type Path } from '../issue.ts';
import { listOf, nearest } from '../nearest.ts';
import type { ScenarioFile } from '../schema/file.ts';
import { deeds } from '../schema/operators.ts';
import { parseDuration } from '../units.ts';
import type { Context } from './context.ts';
import { checkCrew } from './faults.ts';
import { hasLeader } from './kinds.ts';
import type { Names, Resolved } from './names.ts';

type Stated = ScenarioFile['operators'];

export function resolveOperators(
  stated: Stated,
  names: Names,
  durationUs: number,
  context: Context,
): OperatorsSpec | undefined {
  const crews = Object.entries(stated.crews).map(([name, { size }]) => ({ name, size }));
  const maintenance = stated.maintenance.flatMap((entry, i) =>
    resolveMaintenance(entry, ['operators', 'maintenance', i], names, durationUs, context),
  );
  const taken = new Map<string, string>();
  const runbooks = stated.runbooks.flatMap((entry, i) =>
    resolveRunbook(
      entry,
      ['operators', 'runbooks', i],
      crews.map(({ name }) => name),
      taken,
      names,
      context,
    ),
  );
  if (crews.length + maintenance.length + runbooks.length === 0) return undefined;
  return { crews, maintenance, runbooks };
}

/** The deed that belongs to the kind of system. */
const DEEDS: Readonly<Partial<Record<SystemKind, RunbookKind>>> = {
  swarm: 'force-new-cluster',
  etcd: 'force-new-cluster',
  raft: 'force-new-cluster',
  rethink: 'emergency-repair',
};

/** One for each system that the entry names: a family (`rethink`) means each of its stores. */
function resolveRunbook(
  entry: Stated['runbooks'][number],
  path: Path,
  crews: readonly string[],
  taken: Map<string, string>,
  names: Names,
  context: Context,
): RunbookSpec[] {
  const kind = (Object.keys(deeds) as RunbookKind[]).find((deed) => entry[deed] !== undefined)!;
  const at = [...path, kind];
  const named = entry[kind]!;
  const systems = names.systemsNamed(named);
  if (systems.length === 0) {
    const known = names.systemNames();
    context.error(at, `unknown system "${named}": known are ${listOf(known)}`, nearest(named, known));
  }
  const common = {
    kind,
    afterUs: parseDuration(entry['no-quorum-for']),
    reaction: context.distribution([...path, 'reaction'], entry.reaction),
    duration: context.distribution([...path, 'for'], entry.for),
    rejoin: context.distribution([...path, 'rejoin'], entry.rejoin),
    crew: entry.crew ?? null,
    origin: formatPath(path),
  };
  if (entry.crew !== undefined) checkCrew(entry.crew, [...path, 'crew'], crews, context);
  return systems.flatMap((system): RunbookSpec[] => {
    const deed = DEEDS[system.kind];
    const before = taken.get(system.name);
    taken.set(system.name, common.origin);
    if (deed === undefined) context.error(at, `${system.name} has no quorum that could be lost`);
    else if (kind !== 'restore' && kind !== deed)
      context.error(at, `${system.name} is brought back otherwise`, deed);
    else if (before !== undefined) context.error(at, `${before} is the runbook of ${system.name} already`);
    return [{ ...common, system: system.name }];
  });
}

function resolveMaintenance(
  entry: Stated['maintenance'][number],
  path: Path,
  names: Names,
  durationUs: number,
  context: Context,
): MaintenanceSpec[] {
  const texts = typeof entry.restart === 'string' ? [entry.restart] : entry.restart;
  const order: NodeSelector[] = [];
  texts.forEach((text, i) => {
    const at = typeof entry.restart === 'string' ? [...path, 'restart'] : [...path, 'restart', i];
    const resolved = context.attempt<Resolved | undefined>(at, undefined, () => names.select(text));
    if (resolved === undefined) return;
    order.push(resolved.selector);
    warnOfGuard(entry.guard, resolved, at, names, context);
  });
  const atUs = parseDuration(entry.at);
  if (atUs >= durationUs)
    context.warn([...path, 'at'], 'begins when the run is over: it will have no effect');
  const duration = context.distribution([...path, 'for'], entry.for);
  if (order.length < texts.length) return [];
  return [
    {
      name: entry.name ?? '',
      atUs,
      periodUs: entry.every === undefined ? null : parseDuration(entry.every),
      order,
      duration,
      settleUs: parseDuration(entry.settle),
      windowUs: entry.window === undefined ? null : parseDuration(entry.window),
      guard: entry.guard,
      origin: formatPath(path),
    },
  ];
}

/** A guard that no voter of a system can ever pass. */
function warnOfGuard(guard: QuorumGuard, chosen: Resolved, path: Path, names: Names, context: Context): void {
  if (guard === 'none') return;
  for (const { name, kind, members } of names.systems) {
    if (!hasLeader(kind)) continue;
    const needed = Math.floor(members.length / 2) + (guard === 'quorum' ? 1 : 2);
    const votes = names.nodes.some((node, i) => chosen.nodes.has(i) && members.includes(node.name));
    if (!votes || members.length - 1 >= needed) continue;
    const instead = guard === 'quorum+1' && members.length > 2 ? ': write guard: quorum' : '';
    context.warn(
      path,
      `the guard will let no voter of ${name} stop: ${members.length - 1} of ${members.length} would be left, and ${guard} is ${needed}${instead}`,
    );
    return;
  }
}
