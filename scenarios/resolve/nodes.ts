/** `nodes` -> machines: names, places, labels, disks and clocks. */
import type { NodeSpec } from '../../sim/world/topology.ts';
import { MAX_NODES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import type { NodeGroup, ScenarioFile } from '../schema/file.ts';
import { parsePpm, parseSignedDuration, parseSize } from '../units.ts';
import type { Context } from './context.ts';
import type { Places } from './places.ts';

export function resolveNodes(groups: ScenarioFile['nodes'], places: Places, context: Context): NodeSpec[] {
  const nodes: NodeSpec[] = [];
  const seen = new Set<string>();
  let total = 0;
  if (Object.keys(groups).length === 0)
    context.error(['nodes'], 'no nodes: at least one group is needed, like manager: { count: 3 }');
  for (const [group, entry] of Object.entries(groups)) {
    const path = ['nodes', group];
    const count = countOf(group, entry, context);
    total += count;
    if (total > MAX_NODES) {
      context.error(
        entry.count === undefined ? path : [...path, 'count'],
        `${total} nodes in all, and a scenario has at most ${MAX_NODES}`,
      );
      return nodes;
    }
    checkRoles(group, entry, places, context);
    const standing = placeNodes(group, entry, count, places, context);
    const roles = [...new Set([...(entry.roles ?? []), group])];
    const shared = {
      roles,
      labels: Object.fromEntries(Object.entries(entry.labels).map(([key, value]) => [key, String(value)])),
      fsync: context.distribution([...path, 'fsync'], entry.fsync),
      clock: { driftPpm: parsePpm(entry.clock.drift), offsetUs: parseSignedDuration(entry.clock.offset) },
      cpu: entry.cpu ?? null,
      memoryBytes: entry.memory === undefined ? null : parseSize(entry.memory),
    };
    standing.forEach((place, i) => {
      const name = entry.names?.[i] ?? `${group}-${i + 1}`;
      const namePath = entry.names === undefined ? path : [...path, 'names', i];
      if (seen.has(name)) context.keyError(namePath, `two nodes are called ${name}`);
      else if (places.get(name) !== undefined)
        context.keyError(namePath, `${name} is the name of a place already: a node needs another`);
      seen.add(name);
      nodes.push({ name, place, ...shared });
    });
  }
  return nodes;
}

function countOf(group: string, entry: NodeGroup, context: Context): number {
  const path = ['nodes', group];
  const placed =
    entry.placement === undefined ? undefined : Object.values(entry.placement).reduce((sum, n) => sum + n, 0);
  const stated = entry.count ?? placed ?? entry.names?.length ?? 1;
  if (placed === 0) context.error([...path, 'placement'], 'places no node anywhere');
  if (placed !== undefined && placed !== stated) {
    context.error(
      [...path, 'count'],
      `count says ${stated} and placement adds up to ${placed}: leave one of them out`,
    );
  }
  if (entry.names !== undefined && entry.names.length !== (placed ?? stated)) {
    context.error([...path, 'names'], `${entry.names.length} names for ${placed ?? stated} nodes`);
  }
  return placed ?? stated;
}

function checkRoles(group: string, entry: NodeGroup, places: Places, context: Context): void {
  const path = ['nodes', group];
  if (places.get(group) !== undefined)
    context.keyError(path, `${group} is the name of a place already: a group needs another`);
  entry.roles?.forEach((role, i) => {
    if (places.get(role) !== undefined)
      context.error([...path, 'roles', i], `${role} is the name of a place already: a role needs another`);
  });
}

/** The place of each node in turn. */
function placeNodes(
  group: string,
  entry: NodeGroup,
  count: number,
  places: Places,
  context: Context,
): string[] {
  const path = ['nodes', group];
  if (entry.placement !== undefined) {
    for (const key of ['spread', 'in'] as const) {
      if (entry[key] !== undefined)
        context.error([...path, key], `placement says where each node stands: leave ${key} out`);
    }
    return Object.entries(entry.placement).flatMap(([place, n]) => {
      if (!known(place, [...path, 'placement', place], places, context, 'key'))
        return Array.from({ length: n }, () => '');
      return deal(n, [place], places);
    });
  }
  const spread = entry.spread ?? 'zone';
  const inside = entry.in === undefined ? undefined : typeof entry.in === 'string' ? [entry.in] : entry.in;
  const within = inside?.filter((place, i) =>
    known(
      place,
      typeof entry.in === 'string' ? [...path, 'in'] : [...path, 'in', i],
      places,
      context,
      'value',
    ),
  );
  if (within !== undefined && within.length === 0) return Array.from({ length: count }, () => '');
  // Of the level to spread over, those inside `in` (or that `in` lies inside of, so that `in: us-west/a` works with any spread).
  const candidates = places.names(spread);
  const targets =
    within === undefined
      ? candidates
      : within.flatMap((place) => {
          const below = candidates.filter((candidate) => places.around(candidate).includes(place));
          return below.length > 0 ? below : [place];
        });
  if (targets.length === 0) {
    context.error(
      [...path, 'spread'],
      `there is no ${spread} to spread over: the topology has ${listOf([...new Set(places.specs.map((spec) => `${spec.level}s`))])}`,
    );
    return Array.from({ length: count }, () => '');
  }
  return deal(count, [...new Set(targets)], places);
}

/**
 * Deals nodes out in turn over places; in a place that has smaller ones, again in turn over those. Each place keeps its
 * own turn, so that the nodes of a datacenter are even over its zones whatever came between.
 */
function deal(count: number, targets: readonly string[], places: Places): string[] {
  const turns = new Map<string, number>();
  const descend = (place: string): string => {
    const children = places.children(place);
    if (children.length === 0) return place;
    const turn = turns.get(place) ?? 0;
    turns.set(place, turn + 1);
    return descend(children[turn % children.length]!);
  };
  return Array.from({ length: count }, (_, i) => descend(targets[i % targets.length]!));
}

function known(
  place: string,
  path: readonly (string | number)[],
  places: Places,
  context: Context,
  points: 'key' | 'value',
): boolean {
  if (places.get(place) !== undefined) return true;
  const names = places.names();
  const message = `unknown place "${place}": known are ${listOf(names)}`;
  if (points === 'key') context.keyError(path, message, nearest(place, names));
  else context.error(path, message, nearest(place, names));
  return false;
}
