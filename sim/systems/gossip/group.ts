/** A gossip cluster in the world: members on nodes, and what they come to hold of each other. */
import type { Kernel } from '../../kernel/kernel.ts';
import type { TraceId } from '../../kernel/trace.ts';
import { type Change, checkConfig, type Probe, Roster, Timings } from '../../protocols/swim/index.ts';
import type { Node } from '../../world/node.ts';
import type { World, WorldListener } from '../../world/world.ts';
import type { SystemSpec } from '../system-spec.ts';
import { TrafficCounter } from '../traffic.ts';
import { GossipMember, type MemberOwner } from './member.ts';
import type { GossipParameters } from './parameters.ts';

/** Told of what happens at single members, as it happens; for comparisons with real clusters. */
export interface GossipObserver {
  changed?(member: GossipMember, change: Change): void;
  probeFailed?(member: GossipMember, probe: Probe): void;
  refuted?(member: GossipMember, incarnation: number, accusation: 'suspect' | 'dead' | 'alive'): void;
  updated?(member: GossipMember, subject: number, incarnation: number): void;
  eventReceived?(member: GossipMember, id: number, first: boolean): void;
}

export class GossipGroup implements MemberOwner, WorldListener {
  readonly members: readonly GossipMember[];
  readonly traffic = new TrafficCounter();
  readonly roster: Roster;
  readonly #byNode = new Map<number, GossipMember>();
  readonly #observers: GossipObserver[] = [];

  constructor(
    kernel: Kernel,
    world: World,
    spec: Pick<SystemSpec, 'name' | 'members'>,
    parameters: GossipParameters,
  ) {
    checkConfig(parameters);
    this.roster = new Roster(spec.members.map((name) => name.length + parameters.nameSuffixBytes));
    const shared = {
      kernel,
      world,
      owner: this,
      parameters,
      timings: new Timings(parameters),
      roster: this.roster,
      traffic: this.traffic,
    };
    this.members = spec.members.map(
      (name, index) => new GossipMember(shared, `${spec.name}/${name}`, world.node(name), index),
    );
    for (const member of this.members) this.#byNode.set(member.node.index, member);
    world.listen(this);
  }

  start(): void {
    for (const member of this.members) if (member.node.running) member.startSettled();
  }

  watch(observer: GossipObserver): void {
    this.#observers.push(observer);
  }

  // MemberOwner

  changed(member: GossipMember, change: Change): void {
    for (const observer of this.#observers) observer.changed?.(member, change);
  }

  probeFailed(member: GossipMember, probe: Probe): void {
    for (const observer of this.#observers) observer.probeFailed?.(member, probe);
  }

  refuted(
    member: GossipMember,
    incarnation: number,
    _accuser: number,
    accusation: 'suspect' | 'dead' | 'alive',
  ): void {
    for (const observer of this.#observers) observer.refuted?.(member, incarnation, accusation);
  }

  updated(member: GossipMember, subject: number, incarnation: number): void {
    for (const observer of this.#observers) observer.updated?.(member, subject, incarnation);
  }

  eventReceived(member: GossipMember, id: number, first: boolean): void {
    for (const observer of this.#observers) observer.eventReceived?.(member, id, first);
  }

  exchanged(_member: GossipMember, _peer: GossipMember, _join: boolean): void {}

  // WorldListener

  nodeDown(node: Node, _silent: boolean, _cause: TraceId): void {
    this.#byNode.get(node.index)?.kill();
  }

  nodeUp(node: Node, _cause: TraceId): void {
    this.#byNode.get(node.index)?.start();
  }

  nodeResumed(node: Node): void {
    this.#byNode.get(node.index)?.thaw();
  }
}
