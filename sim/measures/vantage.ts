/**
 * Vantages: the places from which operations are tried. A zone has users of its own, who share its fate; a datacenter or
 * a region is as well off as the best of its zones, for its users can be served from any of them.
 */

import { constant } from '../kernel/distribution.ts';
import type { Vantage } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { Places } from '../world/places.ts';
import type { NodeSpec, WorldSpec } from '../world/topology.ts';
import type { World } from '../world/world.ts';

export interface VantagePoint extends Vantage {
  /** The nodes of the world (indices) that try; the best of them counts. */
  readonly nodes: readonly number[];
}

const USERS = 'users in ';

/** The world with one hidden node for the users of each zone that holds a node. */
export function withUsers(spec: WorldSpec): WorldSpec {
  const places = new Places(spec.places);
  const zones = new Set(spec.nodes.map((node) => places.zoneOf(node.place)));
  const users = [...zones].map(
    (zone): NodeSpec => ({
      name: USERS + zone,
      place: zone,
      roles: [],
      labels: {},
      fsync: constant(0),
      clock: { driftPpm: 0, offsetUs: 0 },
      cpu: null,
      memoryBytes: null,
      hidden: true,
    }),
  );
  return { ...spec, nodes: [...spec.nodes, ...users] };
}

/** The vantages that the scenario asks for, largest places first; places without a node are left out. */
export function vantagePoints(scenario: Scenario, world: World): VantagePoint[] {
  const points: VantagePoint[] = [];
  const users = world.nodes.filter((node) => node.spec.hidden);
  for (const level of ['region', 'datacenter', 'zone'] as const) {
    if (!scenario.vantages.levels.includes(level)) continue;
    for (const place of scenario.world.places) {
      if (place.level !== level) continue;
      const nodes = users.filter((node) => world.isIn(node, place.name)).map((node) => node.index);
      if (nodes.length > 0) points.push({ name: place.name, level, nodes });
    }
  }
  const named = new Set(scenario.vantages.nodes);
  const everyNode = scenario.vantages.levels.includes('node');
  for (const node of world.nodes) {
    if (node.spec.hidden || !(everyNode || named.has(node.name))) continue;
    points.push({ name: node.name, level: 'node', nodes: [node.index] });
  }
  return points;
}
