/** `operators` -> crews, maintenance and runbooks of the model. */
import type { NodeSelector } from '../../sim/faults/fault-spec.ts';
import type { MaintenanceSpec, OperatorsSpec, QuorumGuard } from '../../sim/faults/operators-spec.ts';
import { formatPath, type Path } from '../issue.ts';
import type { ScenarioFile } from '../schema/file.ts';
import { parseDuration } from '../units.ts';
import type { Context } from './context.ts';
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
  if (crews.length + maintenance.length === 0) return undefined;
  return { crews, maintenance, runbooks: [] };
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
