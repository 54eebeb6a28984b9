/** A short name for an entry of the scenario's faults: the same for all the times it happens, in every run. */
import type { PlaceLevel, WorldSpec } from '../world/topology.ts';
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
  const what = name !== '' ? name : each === undefined ? struck(effect) : `each ${nounOf(each, world)}`;
  return `${effect.kind} ${what}`;
}

function struck(effect: FaultEffect): string {
  if ('place' in effect) return effect.place;
  if ('target' in effect) return selectorWords(effect.target);
  if ('groups' in effect) return effect.groups.map(selectorWords).join(' | ');
  const between = effect.direction === 'both' ? '-' : '->';
  return `${selectorWords(effect.from)} ${between} ${selectorWords(effect.to)}`;
}

/** `manager`, `zone`, `node`, `link`: the word for all of them and nothing else, whatever their number. */
function nounOf(each: readonly FaultEntity[], world: World | undefined): string {
  if (world === undefined) return `of ${each.length}`;
  const { nodes, places } = world;
  const names = new Set(each.map(({ name }) => name));
  const level = places.find((place) => names.has(place.name))?.level;
  if (level !== undefined)
    return all(names, places, ({ level: other }) => other === level) ? level : someOf(level, names);
  if (!nodes.some((node) => names.has(node.name))) return 'link';
  const roles = [...new Set(nodes.flatMap((node) => node.roles))];
  const role = roles.find((one) => all(names, nodes, (node) => node.roles.includes(one)));
  if (role !== undefined) return role;
  return all(names, nodes, ({ hidden }) => hidden !== true) ? 'node' : someOf('node', names);
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
  return `of ${names.size} ${noun}s`;
}
