/** A store in a small world of three zones, driven by hand. */
import { constant, type Distribution } from '../../kernel/distribution.ts';
import { Kernel } from '../../kernel/kernel.ts';
import type { Seed } from '../../kernel/streams.ts';
import { MINUTE, SECOND } from '../../kernel/time.ts';
import { causesOf, type TraceEvent } from '../../kernel/trace.ts';
import type { LinkEffect } from '../../world/network.ts';
import type { Hold, HoldKind } from '../../world/node.ts';
import { worldSpec } from '../../world/testing.ts';
import type { WorldSpec } from '../../world/topology.ts';
import { World } from '../../world/world.ts';
import type { GroupStatus } from '../system.ts';
import { RETHINK_PROFILES, type RethinkParameters } from './parameters.ts';
import { RethinkSystem } from './system.ts';

export interface StoreOptions {
  readonly servers?: number;
  readonly learners?: number;
  readonly seed?: Seed;
  readonly fsync?: Distribution;
  readonly parameters?: Partial<RethinkParameters>;
  readonly role?: string;
}

export class Store {
  readonly kernel: Kernel;
  readonly world: World;
  readonly system: RethinkSystem;
  readonly told: { atUs: number; what: string; node: string; term: number }[] = [];
  readonly #holds = new Map<string, Hold>();

  constructor(options: StoreOptions = {}) {
    const { servers = 3, learners = 0, seed = 1, fsync = constant(1000) } = options;
    const places: Record<string, string> = {};
    for (let i = 1; i <= servers + learners; i++) places[`m${i}`] = `r/d/${'abc'[(i - 1) % 3]}`;
    for (const zone of 'abc') places[`user-${zone}`] = `r/d/${zone}`;
    const spec = worldSpec(places, { fsync });
    const world: WorldSpec = {
      ...spec,
      nodes: spec.nodes.map((node) =>
        node.name.startsWith('user')
          ? { ...node, hidden: true }
          : { ...node, roles: [options.role ?? 'manager'] },
      ),
    };
    this.kernel = new Kernel(seed, -2 * MINUTE);
    this.world = new World(this.kernel, world);
    const names = Array.from({ length: servers + learners }, (_, i) => `m${i + 1}`);
    this.system = new RethinkSystem(this.kernel, this.world, {
      kind: 'rethink',
      name: 'rethink',
      family: 'rethink',
      profile: 'deck-2017',
      members: names.slice(0, servers),
      learners: names.slice(servers),
      parameters: { ...RETHINK_PROFILES['deck-2017']!.parameters, ...options.parameters },
    });
    this.system.observe({
      campaign: (_group, node, term) => this.#tell('campaign', node, term),
      elected: (_group, node, term) => this.#tell('elected', node, term),
      statusChanged: (_group, status) => this.#tell(status.state, status.leader, status.term),
    });
    this.system.start();
    this.kernel.runUntil(0);
    this.kernel.trace.begin();
    this.system.beginMeasuring();
    this.kernel.onSettled(() => this.system.settle());
  }

  get status(): GroupStatus {
    return this.system.groups[0]!.status;
  }

  get events(): readonly TraceEvent[] {
    return this.kernel.trace.events;
  }

  at(seconds: number): this {
    this.kernel.runUntil(Math.round(seconds * SECOND));
    return this;
  }

  access(operation: string, zone: string): string {
    const { outcome, stale } = this.system.access(operation, this.world.node(`user-${zone}`).index);
    return outcome === 'served' || !stale ? outcome : `${outcome}, stale`;
  }

  /** The time at which something was told, seconds; Infinity when it was not. */
  when(what: string, node?: string, afterUs = 0): number {
    const found = this.told.find(
      (one) => one.what === what && one.atUs >= afterUs && (node ?? one.node) === one.node,
    );
    return found === undefined ? Number.POSITIVE_INFINITY : found.atUs / SECOND;
  }

  /** Words of the chain behind an event, from the nearest cause to the first. */
  chain(event: string): string[] {
    const found = this.events.findLast((one) => one.event === event)!;
    return causesOf(this.events, found.id).map((one) => one.event);
  }

  hold(kind: HoldKind, node: string): void {
    const cause = this.kernel.record('', node, `fault-${kind}`, 0, '', 0);
    const hold: Hold = { kind, cause, fsyncUs: null, driftPpm: 0 };
    this.#holds.set(`${kind} ${node}`, hold);
    this.world.addHold(this.world.node(node), hold);
  }

  release(kind: HoldKind, node: string): void {
    const cause = this.kernel.record('', node, `fault-${kind}-over`, 0, '', 0);
    this.world.removeHold(this.world.node(node), this.#holds.get(`${kind} ${node}`)!, cause);
  }

  effect(from: readonly string[], to: readonly string[], what: Partial<LinkEffect>): LinkEffect {
    const cause = this.kernel.record('', '', 'fault-network', 0, '', 0);
    const indices = (names: readonly string[]) => new Set(names.map((name) => this.world.node(name).index));
    const effect: LinkEffect = {
      cause,
      from: indices(from),
      to: indices(to),
      cut: false,
      loss: 0,
      multiply: 1,
      addUs: 0,
      jitterUs: 0,
      bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
      felt: 0,
      ...what,
    };
    this.world.addEffect(effect);
    return effect;
  }

  /** Both ways; gives what ends it. */
  cut(one: readonly string[], other: readonly string[]): () => void {
    const effects = [this.effect(one, other, { cut: true }), this.effect(other, one, { cut: true })];
    return () => {
      const cause = this.kernel.record('', '', 'fault-network-over', 0, '', 0);
      for (const effect of effects) this.world.removeEffect(effect, cause);
    };
  }

  #tell(what: string, node: string, term: number): void {
    this.told.push({ atUs: this.kernel.nowUs, what, node, term });
  }
}
