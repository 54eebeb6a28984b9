/** What may be lost at once: each member, each place that holds one, and each pair of zones where these are few. */
import type { Scenario } from '../scenario.ts';
import { PLACE_LEVELS, type PlaceLevel } from '../world/topology.ts';
import type { Ground } from './remains.ts';

export interface Loss {
  readonly level: 'node' | PlaceLevel | 'two zones';
  /** The node, the place, or the two zones. */
  readonly names: readonly string[];
  /** Larger places that hold the same nodes and users, so that their loss is the same. */
  readonly sameAs: readonly string[];
  readonly nodes: readonly string[];
  /** Zones whose users are lost too. */
  readonly darkZones: readonly string[];
}

/** With more zones than this, pairs are left out: there would be more rows than anyone reads. */
const PAIRS_ZONES_MAX = 6;

/** Smallest first. Only what holds a member: the loss of others touches no quorum. */
export function lossesOf(scenario: Scenario, ground: Ground): Loss[] {
  const members = new Set(scenario.systems.flatMap((system) => [...system.members, ...system.learners]));
  const losses: Loss[] = scenario.world.nodes
    .filter((node) => members.has(node.name))
    .map((node) => ({ level: 'node', names: [node.name], sameAs: [], nodes: [node.name], darkZones: [] }));
  const places = [...PLACE_LEVELS].reverse().flatMap((level) =>
    scenario.world.places
      .filter((place) => place.level === level)
      .map((place): Loss => {
        const { name } = place;
        return {
          level,
          names: [name],
          sameAs: [],
          nodes: ground.nodesIn(name),
          darkZones: ground.zonesIn(name),
        };
      })
      .filter((loss) => loss.nodes.some((node) => members.has(node))),
  );
  for (const place of places) {
    const same = losses.findIndex(
      (other) =>
        other.level !== 'node' && equal(other.nodes, place.nodes) && equal(other.darkZones, place.darkZones),
    );
    if (same < 0) losses.push(place);
    else
      losses[same] = {
        ...losses[same]!,
        sameAs: [...losses[same]!.sameAs, `${place.level} ${place.names[0]}`],
      };
  }
  return [...losses, ...pairsOfZones(losses, ground)];
}

function pairsOfZones(losses: readonly Loss[], ground: Ground): Loss[] {
  const zones = losses.filter((loss) => loss.level === 'zone');
  // Two of two is everything.
  if (zones.length > PAIRS_ZONES_MAX || ground.zones.length < 3) return [];
  return zones.flatMap((a, i) =>
    zones.slice(i + 1).map(
      (b): Loss => ({
        level: 'two zones',
        names: [...a.names, ...b.names],
        sameAs: [],
        nodes: [...a.nodes, ...b.nodes],
        darkZones: [...a.darkZones, ...b.darkZones],
      }),
    ),
  );
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}
