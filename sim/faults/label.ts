/** A short name for an entry of the scenario's faults: the same for all the times it happens, in every run. */
import type { PlaceLevel, PlaceSpec, WorldSpec } from '../world/topology.ts';
import type { FaultEffect, FaultEntity, FaultSpec } from './fault-spec.ts';
import { selectorWords } from './words.ts';

type World = Pick<WorldSpec, 'nodes' | 'places'>;

/**
 * The kind and the entry's own name (`zone-outage fire`), or what it strikes (`zone-outage us-west/b`, `kill any manager`,
 * `power-loss each manager`, for which the world must be known).
 */
export function faultLabel(
  { name, effect, each }: Pick<FaultSpec, 'name' | 'effect' | 'each'>,
  world?: World,
): string {
  const what = name !== '' ? name : each === undefined ? struck(effect) : eachOf(each, world);
  return `${effect.kind} ${what}`;
}

function struck(effect: FaultEffect): string {
  if ('place' in effect) return effect.place;
  if ('target' in effect) return selectorWords(effect.target);
  if ('groups' in effect) return effect.groups.map(selectorWords).join(' | ');
  const between = effect.direction === 'both' ? '-' : '->';
  return `${selectorWords(effect.from)} ${between} ${selectorWords(effect.to)}`;
}

/** `each manager`, `each zone`, `each node`, `each link`: the word for all of them and nothing else, whatever their number. */
function eachOf(each: readonly FaultEntity[], world: World | undefined): string {
  if (world === undefined) return `each of ${each.length}`;
  const { nodes, places } = world;
  const names = new Set(each.map(({ name }) => name));
  const level = places.find((place) => names.has(place.name))?.level;
  if (level !== undefined) {
    // An empty place has nothing to lose: with it or without, the fault is the same.
    const isMeant = ({ name, level: other }: PlaceSpec) =>
      other === level && (names.has(name) || holdsNode(name, world));
    return all(names, places, isMeant) ? `each ${level}` : someOf(level, names);
  }
  if (!nodes.some((node) => names.has(node.name))) return 'each link';
  const roles = [...new Set(nodes.flatMap((node) => node.roles))];
  const role = roles.find((one) => all(names, nodes, (node) => node.roles.includes(one)));
  if (role !== undefined) return `each ${role}`;
  return all(names, nodes, ({ hidden }) => hidden !== true) ? 'each node' : someOf('node', names);
}

function holdsNode(place: string, { nodes, places }: World): boolean {
  const parents = new Map(places.map(({ name, parent }) => [name, parent]));
  return nodes.some(({ place: own, hidden }) => {
    if (hidden === true) return false;
    let at: string | null | undefined = own;
    while (typeof at === 'string' && at !== place) at = parents.get(at);
    return at === place;
  });
}

function all<T extends { readonly name: string }>(
  names: ReadonlySet<string>,
  things: readonly T[],
  test: (thing: T) => boolean,
): boolean {
  const meant = things.filter(test);
  return meant.length === names.size && meant.every(({ name }) => names.has(name));
}

function someOf(noun: PlaceLevel | 'node', names: ReadonlySet<string>): string {
  return names.size === 1 ? [...names][0]! : `each of ${names.size} ${noun}s`;
}
