/** What a fault takes away, as data: which nodes, whose users, which links. Nothing is simulated. */
import type { Ground } from '../../exact/remains.ts';
import type { Damage } from '../../exact/structure.ts';
import type { FaultEffect, NodeSelector } from '../../faults/fault-spec.ts';
import type { Scenario } from '../../scenario.ts';
import { Places } from '../../world/places.ts';

/**
 * `unknown`: it depends on the moment (who leads, which are drawn), or on how long requests wait, or cannot be said in quorums. `harmless`: it takes no
 * node and no link away, though it may cost an election.
 */
export type DamageOrNot = Damage | 'harmless' | 'unknown';

interface Sides {
  readonly nodes: readonly string[];
  /** Zones whose users are meant too. */
  readonly users: readonly string[];
}

/** What is sent to a frozen process, or to one whose disk is stuck, waits for it. */
export function freezes(effect: FaultEffect): boolean {
  return effect.kind === 'pause' || (effect.kind === 'slow-disk' && effect.fsyncUs === null);
}

export class Damages {
  readonly #scenario: Scenario;
  readonly #ground: Ground;
  readonly #places: Places;

  constructor(scenario: Scenario, ground: Ground) {
    this.#scenario = scenario;
    this.#ground = ground;
    this.#places = new Places(scenario.world.places);
  }

  of(effect: FaultEffect): DamageOrNot {
    switch (effect.kind) {
      case 'kill':
      case 'stop':
      case 'restart':
      case 'power-loss': {
        const target = this.#select(effect.target);
        return target === null ? 'unknown' : { nodes: target.nodes, darkZones: [], cuts: [] };
      }
      case 'rack-outage':
      case 'zone-outage':
      case 'datacenter-outage':
      case 'region-outage':
        return {
          nodes: this.#ground.nodesIn(effect.place),
          darkZones: this.#ground.zonesIn(effect.place),
          cuts: [],
        };
      case 'cut':
        return effect.direction === 'both' ? this.#cut([[effect.from, effect.to]]) : 'unknown';
      case 'isolate':
        return this.#cut([[effect.target, { kind: 'not', of: effect.target }]]);
      case 'partition':
        return this.#partition(effect.groups);
      case 'pause':
      case 'slow-disk':
        return freezes(effect) ? 'unknown' : 'harmless';
      case 'loss':
        return effect.share >= 1 ? 'unknown' : 'harmless';
      case 'delay':
      case 'bandwidth':
      case 'clock-skew':
        return 'harmless';
    }
  }

  /** Of several at once. */
  ofAll(effects: readonly FaultEffect[]): DamageOrNot {
    const parts = effects.map((effect) => this.of(effect));
    if (parts.includes('unknown')) return 'unknown';
    const damages = parts.filter((part): part is Damage => typeof part !== 'string');
    if (damages.length === 0) return 'harmless';
    return {
      nodes: [...new Set(damages.flatMap(({ nodes }) => nodes))],
      darkZones: [...new Set(damages.flatMap(({ darkZones }) => darkZones))],
      cuts: damages.flatMap(({ cuts }) => cuts),
    };
  }

  #cut(sides: readonly (readonly [NodeSelector, NodeSelector])[]): DamageOrNot {
    const cuts: [ReadonlySet<string>, ReadonlySet<string>][] = [];
    for (const [a, b] of sides) {
      const from = this.#select(a);
      const to = this.#select(b);
      if (from === null || to === null) return 'unknown';
      cuts.push([new Set([...from.nodes, ...from.users]), new Set([...to.nodes, ...to.users])]);
    }
    return { nodes: [], darkZones: [], cuts };
  }

  /** As the fault does it: the users of a zone go with the group that holds all its nodes; the rest is a group too. */
  #partition(selectors: readonly NodeSelector[]): DamageOrNot {
    const selected = selectors.map((selector) => this.#select(selector));
    if (selected.includes(null)) return 'unknown';
    const groups = selected.map((sides) => new Set(sides!.nodes));
    const rest = this.#all.nodes.filter((node) => !groups.some((group) => group.has(node)));
    if (rest.length > 0) groups.push(new Set(rest));
    const nodesOnly = groups.map((group) => [...group]);
    for (const zone of this.#ground.zones) {
      const neighbours = this.#ground.nodesIn(zone);
      const home = nodesOnly.findIndex((group) => neighbours.every((node) => group.includes(node)));
      if (home >= 0) groups[home]!.add(zone);
    }
    const cuts = groups.flatMap((a, i) =>
      groups.slice(i + 1).map((b): [ReadonlySet<string>, ReadonlySet<string>] => [a, b]),
    );
    return { nodes: [], darkZones: [], cuts };
  }

  get #all(): Sides {
    return { nodes: this.#scenario.world.nodes.map(({ name }) => name), users: this.#ground.zones };
  }

  /** null: it means other nodes at other times. */
  #select(selector: NodeSelector): Sides | null {
    const { nodes } = this.#scenario.world;
    const where = (test: (node: (typeof nodes)[number]) => boolean): Sides => ({
      nodes: nodes.filter(test).map(({ name }) => name),
      users: [],
    });
    switch (selector.kind) {
      case 'all':
        return this.#all;
      case 'node':
        return { nodes: [selector.node], users: [] };
      case 'place':
        return {
          nodes: this.#ground.nodesIn(selector.place),
          users: this.#ground.zones.filter((zone) => this.#places.around(zone).includes(selector.place)),
        };
      case 'role':
        return where(({ roles }) => roles.includes(selector.role));
      case 'label':
        return where(({ labels }) => labels[selector.key] === selector.value);
      case 'members': {
        const members = this.#scenario.systems
          .filter(({ name, family }) => name === selector.system || family === selector.system)
          .flatMap((spec) => spec.members);
        return { nodes: [...new Set(members)], users: [] };
      }
      case 'leader':
      case 'followers':
      case 'majority':
      case 'minority':
        return null;
      case 'any': {
        const of = this.#select(selector.of);
        return of === null || of.nodes.length > selector.count ? null : { nodes: of.nodes, users: [] };
      }
      case 'union':
      case 'intersection': {
        const parts = selector.of.map((part) => this.#select(part));
        if (parts.includes(null)) return null;
        const join = (pick: (sides: Sides) => readonly string[]) => {
          const lists = parts.map((part) => pick(part!));
          return selector.kind === 'union'
            ? [...new Set(lists.flat())]
            : (lists[0] ?? []).filter((name) => lists.every((list) => list.includes(name)));
        };
        return { nodes: join((sides) => sides.nodes), users: join((sides) => sides.users) };
      }
      case 'not': {
        const of = this.#select(selector.of);
        if (of === null) return null;
        return {
          nodes: this.#all.nodes.filter((name) => !of.nodes.includes(name)),
          users: this.#all.users.filter((zone) => !of.users.includes(zone)),
        };
      }
    }
  }
}
