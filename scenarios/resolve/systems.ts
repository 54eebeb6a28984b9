/** `systems` -> who votes with whom. */
import { DEFAULT_PROFILE, profileNames, SYSTEM_KINDS } from '../../sim/systems/profiles.ts';
import type { SystemKind, SystemSpec } from '../../sim/systems/system-spec.ts';
import { MAX_SYSTEMS } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import type { ScenarioFile, SystemEntry } from '../schema/file.ts';
import type { Context } from './context.ts';
import { isStoreEach, maxMembers } from './kinds.ts';
import { type Names, singulars } from './names.ts';
import { resolveParameters } from './parameters.ts';

/** Adds each system to `names` as it goes, so that later selectors may name it. */
export function resolveSystems(systems: ScenarioFile['systems'], names: Names, context: Context): void {
  const entries = Object.entries(systems);
  if (entries.length === 0)
    context.error(['systems'], 'no system: at least one is needed, like etcd: { members: manager }');
  if (entries.length > MAX_SYSTEMS) {
    context.error(['systems'], `${entries.length} systems, and a scenario has at most ${MAX_SYSTEMS}`);
    return;
  }
  for (const [key, entry] of entries) resolveSystemEntry(key, entry, names, context);
}

function resolveSystemEntry(key: string, entry: SystemEntry, names: Names, context: Context): void {
  const path = ['systems', key];
  const kind = kindOf(key, entry, context);
  if (kind === undefined) return;
  const profile = entry.profile ?? DEFAULT_PROFILE;
  if (!profileNames(kind).includes(profile)) {
    const known = profileNames(kind);
    context.error(
      [...path, 'profile'],
      `${kind} has no profile "${profile}": known are ${listOf(known)}`,
      nearest(profile, known),
    );
    return;
  }
  const parameters = resolveParameters(key, kind, profile, entry, context);
  for (const store of stores(key, kind, entry)) {
    const members = select(store.members, store.path, names, context);
    if (members === undefined) continue;
    const learners =
      entry.learners === undefined ? [] : select(entry.learners, [...path, 'learners'], names, context);
    if (learners === undefined) continue;
    const both = learners.find((node) => members.includes(node));
    if (both !== undefined)
      context.error([...path, 'learners'], `${both} is a voting member already: a learner has no vote`);
    for (const [list, word, at] of [
      [members, 'members', store.path],
      [learners, 'learners', [...path, 'learners']],
    ] as const) {
      if (list.length > maxMembers(kind))
        context.error(at, `${list.length} ${word}, and a system has at most ${maxMembers(kind)}`);
    }
    if (names.systems.some((system) => system.name === store.name)) {
      context.keyError(path, `two systems are called ${store.name}`);
      continue;
    }
    names.addSystem({ name: store.name, family: key, members, learners, ...parameters } as SystemSpec);
  }
}

function kindOf(key: string, entry: SystemEntry, context: Context): SystemKind | undefined {
  const kind = SYSTEM_KINDS.find((candidate) => candidate === (entry.kind ?? key));
  if (kind !== undefined) return kind;
  const known = `known kinds are ${listOf(SYSTEM_KINDS)}`;
  if (entry.kind !== undefined)
    context.error(
      ['systems', key, 'kind'],
      `unknown kind "${entry.kind}": ${known}`,
      nearest(entry.kind, SYSTEM_KINDS),
    );
  else
    context.keyError(
      ['systems', key],
      `"${key}" is no kind of system: ${known}; a system of another name needs kind`,
      nearest(key, SYSTEM_KINDS),
    );
  return undefined;
}

interface Store {
  readonly name: string;
  readonly members: string | readonly string[];
  readonly path: readonly (string | number)[];
}

function stores(key: string, kind: SystemKind, entry: SystemEntry): Store[] {
  const path = ['systems', key, 'members'];
  if (typeof entry.members === 'string' || entry.members.length === 1 || !isStoreEach(kind)) {
    return [{ name: key, members: entry.members, path }];
  }
  return entry.members.map((selector, i) => ({
    name: `${key}-${suffix(selector, i)}`,
    members: selector,
    path: [...path, i],
  }));
}

/** `rethink-manager` of `manager` or `managers`; `rethink-2` where the selector is not a word. */
function suffix(selector: string, i: number): string {
  const word = selector.replace(/^role:/, '').trim();
  if (!/^[A-Za-z0-9._-]+$/.test(word)) return String(i + 1);
  return singulars(word).at(-1) ?? word;
}

/** Node names in the order of the scenario; undefined (and an issue) when the selector names none, or not the same ones each time. */
function select(
  selector: string | readonly string[],
  path: readonly (string | number)[],
  names: Names,
  context: Context,
): string[] | undefined {
  return context.attempt<string[] | undefined>(path, undefined, () => {
    const resolved = names.selectAll(selector);
    if (!resolved.exact) {
      context.error(
        path,
        'members are fixed before the run: name nodes, places or roles, not leaders or "any"',
      );
      return undefined;
    }
    return names.nodes.filter((_, i) => resolved.nodes.has(i)).map((node) => node.name);
  });
}
