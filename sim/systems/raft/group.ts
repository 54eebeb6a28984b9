/**
 * A Raft group in the world: members on nodes, messages on the wire, and what the group as a whole is doing. The host of
 * the pure state machine in sim/protocols/raft.
 */
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { Message, Observation } from '../../protocols/raft/index.ts';
import type { LinkEffect } from '../../world/network.ts';
import type { Node } from '../../world/node.ts';
import type { Channel, ChannelOwner } from '../../world/tcp-channel.ts';
import type { World, WorldListener } from '../../world/world.ts';
import { LookedUp } from '../looked-up.ts';
import type { Change, Group, GroupObserver, GroupStatus, MemberStatus } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { TrafficCounter } from '../traffic.ts';
import { Chronicle } from './chronicle.ts';
import { describeChange } from './group-words.ts';
import { handoverTarget } from './handover.ts';
import { Member, type MemberOwner } from './member.ts';
import type { RaftParameters } from './parameters.ts';
import { Parker } from './parking/parker.ts';
import { Reformation, type ReformedGroup } from './reformation.ts';
import { Sight } from './sight.ts';
import { Standing } from './standing.ts';
import { type Transport, Wire } from './wire.ts';

/** What a product does around its Raft group. */
export interface Product {
  /** null: datagrams. `group` is the one it is made for. */
  readonly transport: ((group: RaftGroup) => Transport) | null;
  /** An orderly stop hands leadership over first, and waits so long for it; null: it just stops. */
  readonly handoverUs: number | null;
  /** A member's process has started. */
  readonly started?: (member: Member) => void;
  /** What a product does with a message before its state machine sees it; without it, nothing. */
  readonly admit?: (group: RaftGroup, member: Member, message: Message, step: () => void) => void;
  /** Streams of its own whose events change a member: while one is pending the group does not park. */
  readonly busyStreams?: readonly Stream[];
  /** A member knows another leader than before, or none any more. */
  readonly leaderChanged?: (member: Member) => void;
}

interface Handover {
  readonly done: () => void;
  readonly deadline: number;
}

export class RaftGroup implements Group, MemberOwner, ChannelOwner, WorldListener, ReformedGroup {
  readonly name = '';
  readonly members: readonly string[];
  readonly traffic = new TrafficCounter();
  readonly hosts: readonly Member[];
  readonly wire: Wire;
  readonly chronicle: Chronicle;
  readonly reformation: Reformation;
  /** null: every event is handled. */
  readonly parker: Parker | null;
  status: GroupStatus;

  readonly #kernel: Kernel;
  readonly #system: string;
  readonly #product: Product;
  readonly #observers: GroupObserver[] = [];
  readonly #servingLeader: LookedUp<Member | null>;
  readonly #standing: Standing;
  readonly #sight: Sight;
  readonly #byNode = new Map<number, Member>();
  readonly #handovers = new Map<Member, Handover>();
  readonly #handoverTimer;
  readonly #writes: Stream;
  readonly #writeEveryUs: number;
  #handoverCount = 0;
  #measuring = false;
  /** The latest change of the world: what brings a group back that has not changed itself. */
  #worldCause: TraceId = NO_CAUSE;

  constructor(kernel: Kernel, world: World, spec: SystemSpec, parameters: RaftParameters, product: Product) {
    this.#kernel = kernel;
    this.#system = spec.name;
    this.#product = product;
    this.#servingLeader = new LookedUp(kernel, () => this.#standing.findServingLeader());
    this.members = [...spec.members, ...spec.learners];
    const voters = spec.members.map((_, i) => i + 1);
    const learners = spec.learners.map((_, i) => spec.members.length + i + 1);
    this.hosts = this.members.map(
      (name, i) =>
        new Member(
          kernel,
          this,
          `${spec.name}/${name}`,
          world.node(name),
          i + 1,
          voters,
          learners,
          parameters,
        ),
    );
    for (const host of this.hosts) this.#byNode.set(host.node.index, host);
    this.reformation = new Reformation(this, this.hosts.slice(spec.members.length));
    this.wire = new Wire(
      kernel,
      world,
      spec.name,
      this.hosts.map((host) => host.node.index),
      product.transport?.(this) ?? null,
      this,
      this.traffic,
      (to, message) => this.#arrived(this.hosts[to]!, message),
    );
    this.#standing = new Standing(world, this.hosts, this.wire, this.reformation);
    this.#sight = new Sight(this.hosts, this.wire);
    this.chronicle = new Chronicle(kernel, world, spec.name, this.hosts, {
      campaign: (member, term, event) => {
        for (const observer of this.#observers) observer.campaign(this, member.node.name, term, event);
      },
      elected: (member, term, event) => {
        for (const observer of this.#observers) observer.elected(this, member.node.name, term, event);
        this.#finishHandover();
      },
    });
    this.#writeEveryUs = parameters.writeEveryUs ?? 0;
    this.#writes = kernel.stream(`${spec.name}/writes`, (n: number) => this.#write(n));
    this.#handoverTimer = kernel.stream(`${spec.name}/handover`, (_n: number, member: Member) =>
      this.#letGo(member),
    );
    this.status = this.#standing.look(this.servingLeader(), NO_CAUSE);
    this.parker = kernel.parking
      ? new Parker({
          kernel,
          world,
          system: spec.name,
          hosts: this.hosts,
          wire: this.wire,
          traffic: this.traffic.rows,
          busyStreams: [this.#handoverTimer, ...(product.busyStreams ?? [])],
          busy: () => this.#busy(),
        })
      : null;
    world.listen(this);
  }

  get voters(): readonly string[] {
    return this.reformation.voters(this.servingLeader());
  }

  get counts() {
    return this.chronicle.counts;
  }

  observe(observer: GroupObserver): void {
    this.#observers.push(observer);
  }

  start(): void {
    for (const host of this.hosts) {
      if (!host.node.running) continue;
      host.start();
      this.#product.started?.(host);
    }
    if (this.#writeEveryUs > 0) this.#kernel.schedule(this.#kernel.nowUs, this.#writes, 0);
  }

  beginMeasuring(): void {
    this.parker?.wake();
    this.chronicle.restart();
    this.traffic.reset();
    this.#worldCause = NO_CAUSE;
    for (const host of this.hosts) host.cause = NO_CAUSE;
    this.#measuring = true;
    const leader = this.servingLeader();
    const event = leader === null ? NO_CAUSE : this.chronicle.recordStart(leader);
    this.status = this.#standing.look(leader, event);
    for (const observer of this.#observers) observer.statusChanged(this, this.status, event);
  }

  memberOn(node: number): Member | undefined {
    return this.#byNode.get(node);
  }

  memberStatus(node: string): MemberStatus {
    const host = this.hosts[this.members.indexOf(node)];
    if (host === undefined) throw new Error(`${node} is not a member of ${this.#system}`);
    const { raft } = host;
    if (!host.running) return { state: 'down', term: 0, cutOff: false };
    if (host.node.paused) return { state: 'paused', term: raft.term, cutOff: false };
    if (host.stalled) return { state: 'stalled', term: raft.term, cutOff: false };
    const leader = this.servingLeader();
    const cutOff =
      leader === null ? raft.state === 'Leader' : leader !== host && !this.exchanges(leader, host);
    if (raft.state === 'Leader') return { state: 'leader', term: raft.term, cutOff: leader !== host };
    if (raft.state === 'Candidate') return { state: 'candidate', term: raft.term, cutOff };
    if (raft.state === 'PreCandidate') return { state: 'pre-candidate', term: raft.term, cutOff };
    return { state: raft.own?.isLearner ? 'learner' : 'follower', term: raft.term, cutOff };
  }

  exchanges(a: Member, b: Member): boolean {
    return this.#standing.exchanges(a, b);
  }

  /** The leader that serves: it can commit, and has committed in its own term. */
  servingLeader(): Member | null {
    return this.#servingLeader.value;
  }

  /** What of all that can be seen of it has changed since this was last asked. */
  changed(): Change {
    return this.#sight.changed();
  }

  settle(): void {
    if (!this.#measuring) return;
    const before = this.status;
    const now = this.#standing.look(this.servingLeader(), NO_CAUSE);
    if (now.state === before.state && now.leader === before.leader && now.term === before.term) {
      if (now.reachable !== before.reachable) {
        this.status = { ...now, cause: before.cause };
        for (const observer of this.#observers) observer.statusChanged(this, this.status, before.cause);
      }
      return;
    }
    const cause = this.#whyChanged(before, now);
    const word =
      now.state === 'serving' ? 'serving' : now.state === 'no-quorum' ? 'quorum-lost' : 'leader-lost';
    const event = this.#kernel.record(
      this.#system,
      now.state === 'serving' ? now.leader : before.leader,
      word,
      now.state === 'serving' ? now.term : before.term,
      describeChange(before, now, this.#overtakers(before), this.#steppedDown(before)),
      cause,
    );
    this.status = { ...now, cause: event };
    for (const observer of this.#observers) observer.statusChanged(this, this.status, event);
  }

  // MemberOwner

  send(member: Member, message: Message): void {
    if (message.cause === NO_CAUSE) message.cause = member.cause;
    if (!this.wire.send(member.id - 1, message.to - 1, message)) member.raft.reportUnreachable(message.to);
  }

  ticked(member: Member): void {
    if (this.parker === null || member.raft.state !== 'Leader' || this.#kernel.replaying) return;
    this.parker.consider(member);
  }

  observed(member: Member, observation: Observation): void {
    // The first state machines are built before the chronicle: nothing has happened yet.
    this.chronicle?.observed(member, observation);
    if (observation.kind === 'role' && observation.role === 'Leader')
      this.wire.leads(member.id - 1, member.ticker.number);
    if (observation.kind === 'leader' || (observation.kind === 'role' && observation.reason !== 'start')) {
      this.#product.leaderChanged?.(member);
    }
  }

  // ChannelOwner

  unreachable(from: number, to: number): void {
    const member = this.#byNode.get(from)!;
    if (member.running) member.raft.reportUnreachable(this.#byNode.get(to)!.id);
  }

  // WorldListener

  changing(node: Node | null, effect: LinkEffect | null): void {
    this.parker?.changing(node, effect);
    this.wire.forEachChannel((channel) => channel.changing());
  }

  nodeDown(node: Node, silent: boolean): void {
    const member = this.#byNode.get(node.index);
    if (member !== undefined && !this.reformation.isOutside(member)) this.leave(member, silent);
  }

  nodeUp(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member !== undefined && !this.reformation.isOutside(member)) this.enter(member, cause);
  }

  // ReformedGroup

  wake(): void {
    this.parker?.wake();
  }

  leave(member: Member, silent: boolean): void {
    member.kill();
    this.#forEachChannel(
      member,
      (channel) => channel.fromDown(silent),
      (channel) => channel.toDown(silent),
    );
    this.#kernel.touch();
  }

  enter(member: Member, cause: TraceId): void {
    this.#worldCause = cause;
    member.cause = cause;
    this.chronicle.worldChanged(cause);
    member.start();
    this.#product.started?.(member);
    this.#forEachChannel(
      member,
      (channel) => channel.fromUp(),
      (channel) => channel.toUp(),
    );
    this.#kernel.touch();
  }

  nodePaused(node: Node): void {
    this.#freeze(node, true);
    this.#kernel.touch();
  }

  nodeResumed(node: Node, cause: TraceId): void {
    this.#worldCause = cause;
    this.#byNode.get(node.index)?.thaw();
    this.#freeze(node, false);
  }

  diskChanged(node: Node, cause: TraceId): void {
    this.#worldCause = cause;
    const member = this.#byNode.get(node.index);
    member?.diskChanged();
    // Users write all the time. A log that nobody writes to would not feel a disk that is stuck.
    if (member?.running && node.diskStalled && this.#writeEveryUs === 0) this.#takeWrites();
  }

  clockChanged(node: Node): void {
    this.#byNode.get(node.index)?.ticker.changeRate(node.clockRate);
  }

  networkChanged(cause: TraceId): void {
    this.#worldCause = cause;
    this.chronicle.worldChanged(cause);
    this.wire.forEachChannel((channel) => channel.networkChanged());
  }

  stopping(node: Node, cause: TraceId, done: () => void): void {
    const member = this.#byNode.get(node.index);
    const target = member === undefined ? null : handoverTarget(this, member);
    if (member === undefined || target === null || this.#product.handoverUs === null) {
      done();
      return;
    }
    member.cause = cause;
    const deadline = this.#kernel.schedule(
      this.#kernel.nowUs + this.#product.handoverUs,
      this.#handoverTimer,
      this.#handoverCount++,
      member,
    );
    this.#handovers.set(member, { done, deadline });
    member.raft.transferLeadership(target.id);
    member.drain();
  }

  #finishHandover(): void {
    for (const member of [...this.#handovers.keys()]) if (member.raft.state !== 'Leader') this.#letGo(member);
  }

  #letGo(member: Member): void {
    const handover = this.#handovers.get(member);
    if (handover === undefined) return;
    this.#handovers.delete(member);
    this.#kernel.cancel(handover.deadline);
    handover.done();
  }

  /** Why it may not park, whatever its members do. */
  #busy(): string | null {
    if (this.#writeEveryUs > 0) return 'users write to its log';
    if (this.#handovers.size > 0) return 'leadership is being handed over';
    return this.wire.asks ? 'a vote is being considered' : null;
  }

  /** What users write goes to whoever leads, by its own word; a deposed leader's entries come to nothing. */
  #write(number: number): void {
    this.#takeWrites();
    this.#kernel.schedule(this.#kernel.nowUs + this.#writeEveryUs, this.#writes, number + 1);
  }

  #takeWrites(): void {
    for (const host of this.hosts) host.write();
  }

  #arrived(member: Member, message: Message): void {
    const { admit } = this.#product;
    if (admit === undefined) member.receive(message);
    else admit(this, member, message, () => member.receive(message));
  }

  #freeze(node: Node, frozen: boolean): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined || !member.running) return;
    this.#forEachChannel(
      member,
      (channel) => channel.fromFrozen(frozen),
      (channel) => channel.toFrozen(frozen),
    );
  }

  #forEachChannel(
    member: Member,
    outgoing: (channel: Channel) => void,
    incoming: (channel: Channel) => void,
  ): void {
    this.wire.forEachChannel((channel, from, to) => {
      if (from === member.id - 1) outgoing(channel);
      else if (to === member.id - 1) incoming(channel);
    });
  }

  #whyChanged(before: GroupStatus, now: GroupStatus): TraceId {
    if (now.state === 'serving') {
      const leader = this.hosts[this.members.indexOf(now.leader)]!;
      const sameLeader = before.leader === now.leader && before.term === now.term;
      return sameLeader ? this.#worldCause : Math.max(leader.cause, this.chronicle.roleEvent(leader));
    }
    if (before.state !== 'serving') {
      const troubles = this.hosts.map((host) => this.chronicle.quorumTrouble(host));
      return Math.max(before.cause, ...troubles);
    }
    const old = this.hosts[this.members.indexOf(before.leader)]!;
    if (!old.running || old.node.paused) return old.node.cause;
    if (old.stalled) return old.node.troubleCause('disk');
    if (old.raft.state !== 'Leader') return this.chronicle.roleEvent(old);
    const overtaken = Math.max(NO_CAUSE, ...this.#overtakers(before).map((other) => other.cause));
    if (overtaken !== NO_CAUSE) return overtaken;
    return Math.max(this.chronicle.quorumTrouble(old), NO_CAUSE) || this.#worldCause;
  }

  #steppedDown(before: GroupStatus): boolean {
    const old = this.hosts[this.members.indexOf(before.leader)];
    return old?.active === true && old.raft.state !== 'Leader';
  }

  /** Of a leader that still reaches a majority: the members that have gone on to a higher term without it. */
  #overtakers(before: GroupStatus): Member[] {
    const old = this.hosts[this.members.indexOf(before.leader)];
    if (old?.raft.state !== 'Leader' || !old.active) return [];
    const { voters } = old.raft.membership;
    const heard = this.hosts.filter((other) => other !== old && this.exchanges(old, other));
    const reached = voters.filter((id) => id === old.id || heard.some((other) => other.id === id)).length;
    return reached > voters.length / 2 ? heard.filter((other) => other.raft.term > old.raft.term) : [];
  }
}
