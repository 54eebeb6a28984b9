/** `timeline` and `faults` -> faults of the model, in that order. */
import type { FaultSpec, FaultStart } from '../../sim/faults/fault-spec.ts';
import { type Distribution, mean } from '../../sim/kernel/distribution.ts';
import { parseAfter } from '../after.ts';
import { formatPath, type Path } from '../issue.ts';
import { MAX_FAULTS, MAX_OCCURRENCES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import type { PlannedFault, StochasticFault } from '../schema/file.ts';
import { parseDuration } from '../units.ts';
import type { Context } from './context.ts';
import { resolveCommonCauses } from './each.ts';
import { resolveEffect } from './effects.ts';
import type { Names } from './names.ts';

/** An entry, or null where it has errors of its own. */
export type PlannedEntries = readonly (PlannedFault | null)[];
export type StochasticEntries = readonly (StochasticFault | null)[];

interface Placed {
  readonly entry: PlannedFault | StochasticFault;
  readonly path: Path;
}

export function resolveFaults(
  timeline: PlannedEntries,
  faults: StochasticEntries,
  names: Names,
  durationUs: number,
  crews: readonly string[],
  context: Context,
): FaultSpec[] {
  const all = [
    ...timeline.map((entry, i): Placed | null => entry && { entry, path: ['timeline', i] }),
    ...faults.map((entry, i): Placed | null => entry && { entry, path: ['faults', i] }),
  ];
  if (all.length > MAX_FAULTS)
    context.error(
      ['faults'],
      `${all.length} entries in timeline and faults together, and a scenario has at most ${MAX_FAULTS}`,
    );
  const placed = all.filter((one) => one !== null);
  const byName = indexNames(placed, context);
  const starts = placed.map((one) =>
    start(one, placed, byName, all.length === placed.length, durationUs, context),
  );
  checkCycles(placed, starts, context);
  return placed.flatMap(({ entry, path }, i) => {
    const resolved = resolveEffect(entry, path, names, context);
    const repair = resolveRepair(entry, path, crews, context);
    const duration = entry.for === undefined ? null : context.distribution([...path, 'for'], entry.for);
    const repeat = 'repeat' in entry && entry.repeat !== undefined ? entry.repeat : undefined;
    if (resolved === undefined || starts[i] === undefined) return [];
    const { effect, each } = resolved;
    if (each === undefined && entry['common-cause'] !== undefined) {
      context.keyError(
        [...path, 'common-cause'],
        'a common cause is of several processes: write "each", like zone-outage: each zone',
      );
    }
    warnOfMostTime(starts[i]!, duration, [...path, 'every'], entry, context);
    checkOccurrences(starts[i]!, duration, each?.length ?? 1, durationUs, path, context);
    const commonCauses = each === undefined ? [] : resolveCommonCauses(entry, path, each, names, context);
    return [
      {
        name: entry.name ?? '',
        start: starts[i]!,
        repeat: repeat === undefined ? null : { periodUs: parseDuration(repeat.every), times: repeat.times },
        duration,
        effect,
        ...(each !== undefined && { each }),
        ...(commonCauses.length > 0 && { commonCauses }),
        ...repair,
        origin: formatPath(path),
      },
    ];
  });
}

/** A wait that is shorter than what it waits for is likelier a slip (1us for 1y) than meant. */
function warnOfMostTime(
  start: FaultStart,
  duration: Distribution | null,
  path: Path,
  { every, for: lasts }: Placed['entry'],
  context: Context,
): void {
  if (start.kind !== 'every' || duration === null) return;
  const [waitUs, lastsUs] = [mean(start.interval), mean(duration)];
  if (!(waitUs < lastsUs)) return;
  const share = Math.floor((lastsUs / (waitUs + lastsUs)) * 100);
  context.warn(
    path,
    `it is there for ${share >= 99 ? 'more than 99' : share} % of the time: the wait from its end to the next one (${every}) is shorter than it lasts (${lasts})`,
  );
}

function checkOccurrences(
  start: FaultStart,
  duration: Distribution | null,
  entities: number,
  durationUs: number,
  path: Path,
  context: Context,
): void {
  if (start.kind !== 'every') return;
  const cycleUs = mean(start.interval) + (duration === null ? 0 : mean(duration));
  const times = (entities * durationUs) / cycleUs;
  if (times <= MAX_OCCURRENCES) return;
  const many = Number.isFinite(times)
    ? `about ${Number(times.toPrecision(2)).toLocaleString('en-US')} times`
    : 'without end';
  context.error(
    [...path, 'every'],
    `begins ${many} in one run, and at most ${MAX_OCCURRENCES.toLocaleString('en-US')} can be simulated`,
  );
}

/** Who repairs it, and how long it takes them to begin. */
function resolveRepair(
  entry: PlannedFault | StochasticFault,
  path: Path,
  crews: readonly string[],
  context: Context,
): Pick<FaultSpec, 'crew' | 'reaction'> {
  for (const key of ['crew', 'reaction'] as const) {
    if (entry[key] !== undefined && entry.for === undefined)
      context.keyError([...path, key], `${key} is about the repair: state for, how long it takes`);
  }
  if (entry.crew !== undefined) checkCrew(entry.crew, [...path, 'crew'], crews, context);
  return {
    ...(entry.reaction !== undefined && {
      reaction: context.distribution([...path, 'reaction'], entry.reaction),
    }),
    ...(entry.crew !== undefined && { crew: entry.crew }),
  };
}

export function checkCrew(crew: string, path: Path, crews: readonly string[], context: Context): void {
  if (crews.includes(crew)) return;
  const known = crews.length === 0 ? 'none is stated under operators.crews' : `known are ${listOf(crews)}`;
  context.error(path, `no crew is called "${crew}": ${known}`, nearest(crew, crews));
}

function indexNames(placed: readonly Placed[], context: Context): ReadonlyMap<string, number> {
  const byName = new Map<string, number>();
  placed.forEach(({ entry, path }, i) => {
    if (entry.name === undefined) return;
    const before = byName.get(entry.name);
    if (before === undefined) byName.set(entry.name, i);
    else
      context.error([...path, 'name'], `${formatPath(placed[before]!.path)} is called ${entry.name} already`);
  });
  return byName;
}

function start(
  { entry, path }: Placed,
  placed: readonly Placed[],
  byName: ReadonlyMap<string, number>,
  complete: boolean,
  durationUs: number,
  context: Context,
): FaultStart | undefined {
  if (entry.at !== undefined) {
    const atUs = parseDuration(entry.at);
    if (atUs >= durationUs)
      context.warn([...path, 'at'], 'begins when the run is over: it will have no effect');
    return { kind: 'at', atUs };
  }
  if (entry.every !== undefined)
    return { kind: 'every', interval: context.distribution([...path, 'every'], entry.every) };
  const after = parseAfter(entry.after!);
  const fault = byName.get(after.name);
  if (fault === undefined) {
    // With other entries in error the name may well be one of theirs.
    if (complete) {
      const known = [...byName.keys()];
      const list =
        known.length === 0 ? 'give the other entry a name first' : `named entries are ${listOf(known)}`;
      context.error(
        [...path, 'after'],
        `no fault is called "${after.name}": ${list}`,
        nearest(after.name, known),
      );
    }
    return undefined;
  }
  const other = placed[fault]!;
  if (after.edge === 'end' && other.entry.for === undefined) {
    context.error(
      [...path, 'after'],
      `${after.name} never ends: give it a for, or write "start of ${after.name}"`,
    );
  }
  return { kind: 'after', fault, edge: after.edge, delayUs: after.delayUs };
}

/** Each fault has at most one it waits for, so a cycle is a walk that comes back to where it began. */
function checkCycles(
  placed: readonly Placed[],
  starts: readonly (FaultStart | undefined)[],
  context: Context,
): void {
  const done = new Set<number>();
  for (let first = 0; first < starts.length; first++) {
    const walk: number[] = [];
    for (let at: number | undefined = first; at !== undefined && !done.has(at); at = next(starts[at])) {
      const again = walk.indexOf(at);
      if (again >= 0) {
        const cycle = walk.slice(again);
        const told = [...cycle, at].map((i) => placed[i]!.entry.name).join(' after ');
        context.error(
          [...placed[Math.min(...cycle)]!.path, 'after'],
          `these faults wait for each other: ${told}`,
        );
        break;
      }
      walk.push(at);
    }
    for (const i of walk) done.add(i);
  }
}

function next(start: FaultStart | undefined): number | undefined {
  return start?.kind === 'after' ? start.fault : undefined;
}
