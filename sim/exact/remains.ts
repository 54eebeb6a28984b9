/** What is left of a world after something broke: the ground on which survival is decided. */
import { constant } from '../kernel/distribution.ts';
import { Network } from '../world/network.ts';
import { Places } from '../world/places.ts';
import type { NodeSpec, WorldSpec } from '../world/topology.ts';

export interface Remains {
  /** Zones whose users can still ask. */
  readonly zones: readonly string[];
  /** The node's processes run. */
  works(node: string): boolean;
  /** Messages pass both ways between two nodes. */
  connects(a: string, b: string): boolean;
  /** Messages pass both ways between the users in a zone and a node. */
  reaches(zone: string, node: string): boolean;
}

/** The whole world, with nothing broken. Links of the scenario's own that lose every packet count as cut. */
export class Ground implements Remains {
  /** Zones that hold a node: where users are. */
  readonly zones: readonly string[];
  /** With users as nodes of their own, as the model places them: after the nodes, one for each zone. */
  readonly network: Network;
  readonly #world: WorldSpec;
  readonly #places: Places;
  readonly #index: ReadonlyMap<string, number>;

  constructor(world: WorldSpec) {
    this.#world = world;
    this.#places = new Places(world.places);
    this.zones = [...new Set(world.nodes.map((node) => this.#places.zoneOf(node.place)))];
    const users = this.zones.map((zone) => usersIn(zone));
    this.network = new Network({ ...world, nodes: [...world.nodes, ...users] });
    this.#index = new Map([
      ...world.nodes.map((node, i): [string, number] => [node.name, i]),
      ...this.zones.map((zone, i): [string, number] => [zone, world.nodes.length + i]),
    ]);
  }

  works(): boolean {
    return true;
  }

  connects(a: string, b: string): boolean {
    return this.#passable(this.indexOf(a), this.indexOf(b));
  }

  reaches(zone: string, node: string): boolean {
    return this.#passable(this.indexOf(zone), this.indexOf(node));
  }

  /** Of a node, or of the users in a zone. */
  indexOf(nodeOrZone: string): number {
    return this.#index.get(nodeOrZone)!;
  }

  /** Nodes in a place, at whatever depth. */
  nodesIn(place: string): string[] {
    return this.#world.nodes
      .filter((node) => this.#places.around(node.place).includes(place))
      .map((node) => node.name);
  }

  zonesIn(place: string): string[] {
    return this.zones.filter((zone) => this.#places.around(zone).includes(place));
  }

  /** The zone a node stands in. */
  zoneOf(node: string): string {
    return this.#places.zoneOf(this.#world.nodes[this.indexOf(node)]!.place);
  }

  /** Without these nodes, and without the users of these zones. */
  without(lost: ReadonlySet<string>, darkZones: ReadonlySet<string>): Remains {
    return {
      zones: this.zones.filter((zone) => !darkZones.has(zone)),
      works: (node) => !lost.has(node),
      connects: (a, b) => this.connects(a, b),
      reaches: (zone, node) => this.reaches(zone, node),
    };
  }

  #passable(a: number, b: number): boolean {
    return a === b || !(this.network.path(a, b).blocked || this.network.path(b, a).blocked);
  }
}

function usersIn(zone: string): NodeSpec {
  return {
    name: `users in ${zone}`,
    place: zone,
    roles: [],
    labels: {},
    fsync: constant(0),
    clock: { driftPpm: 0, offsetUs: 0 },
    cpu: null,
    memoryBytes: null,
    hidden: true,
  };
}
