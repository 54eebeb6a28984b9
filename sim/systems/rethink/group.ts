/**
 * A RethinkDB store in the world: servers on nodes, their connections, and what the table as a whole is doing. The host of
 * the pure machines in sim/protocols/rethinkdb.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { MILLISECOND } from '../../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import {
  isMajority,
  type Message,
  newRaftDurable,
  newTableState,
  type ServerDurable,
  type ServerEvent,
  type ServerId,
  ZERO,
} from '../../protocols/rethinkdb/index.ts';
import type { Connection, ConnectionOwner } from '../../world/connection.ts';
import type { Node } from '../../world/node.ts';
import type { World, WorldListener } from '../../world/world.ts';
import { LookedUp } from '../looked-up.ts';
import type { Change, Group, GroupObserver, GroupStatus, MemberStatus } from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { TrafficCounter } from '../traffic.ts';
import { Chronicle } from './chronicle.ts';
import { Member, type MemberOwner } from './member.ts';
import { Repair, type RepairedGroup } from './repair.ts';
import { ServerSight, Sight } from './sight.ts';
import { type Pair, Wire } from './wire.ts';

export class RethinkGroup implements Group, MemberOwner, ConnectionOwner, WorldListener, RepairedGroup {
  readonly name = '';
  readonly members: readonly string[];
  readonly traffic = new TrafficCounter();
  readonly hosts: readonly Member[];
  readonly wire: Wire;
  readonly chronicle: Chronicle;
  readonly repair: Repair;
  status: GroupStatus;

  readonly #kernel: Kernel;
  readonly #system: string;
  readonly #observers: GroupObserver[] = [];
  readonly #servingPrimary: LookedUp<Member | null>;
  /** What was to be seen of each member after its last input. */
  readonly #seen: readonly ServerSight[];
  readonly #sight: Sight;
  readonly #byNode = new Map<number, Member>();
  /** By member: the Raft term in which its present time as primary began, and the branch that it began with. */
  readonly #primaryTerm = new Map<Member, { branch: string; term: number }>();
  /** Primaries whose replicas have changed since their last write. */
  readonly #toWrite = new Set<Member>();
  #measuring = false;
  /** The latest change of the world: what brings a store back that has not changed itself. */
  #worldCause: TraceId = NO_CAUSE;

  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'rethink' }>) {
    this.#kernel = kernel;
    this.#system = spec.name;
    this.#servingPrimary = new LookedUp(kernel, () => this.#findServingPrimary());
    this.members = [...spec.members, ...spec.learners];
    const { parameters } = spec;
    const timing = {
      electionTimeoutMinMs: parameters.electionTimeoutMinUs / MILLISECOND,
      electionTimeoutMaxMs: parameters.electionTimeoutMaxUs / MILLISECOND,
      electionRetryTimeoutMaxMs: parameters.electionRetryTimeoutMaxUs / MILLISECOND,
    };
    const voting = spec.members.map((_, id) => id);
    const nonVoting = spec.learners.map((_, i) => spec.members.length + i);
    // The first member of the scenario is the table's primary_replica.
    const state = newTableState({ voters: voting, nonVoters: nonVoting, primary: 0 }, ZERO.branch);
    const durable: ServerDurable = { raft: newRaftDurable(state, { voting, nonVoting }), version: ZERO };
    this.hosts = this.members.map(
      (name, id) => new Member(kernel, this, `${spec.name}/${name}`, world.node(name), id, timing, durable),
    );
    for (const host of this.hosts) this.#byNode.set(host.node.index, host);
    this.#seen = this.hosts.map(() => new ServerSight());
    this.repair = new Repair(this, spec.members.length);
    this.wire = new Wire(
      kernel,
      world,
      spec.name,
      this.hosts.map((host) => host.node.index),
      parameters,
      this,
      this.traffic,
      (to, from, message, cause) => this.hosts[to]!.input(cause, (server) => server.receive(from, message)),
    );
    this.#sight = new Sight(this.hosts, this.wire.pairs, () => this.repair.voterIds);
    this.chronicle = new Chronicle(kernel, world, spec.name, this.hosts, {
      campaign: (member, term, event) => {
        for (const observer of this.#observers) observer.campaign(this, member.node.name, term, event);
      },
      elected: (member, term, event) => {
        for (const observer of this.#observers) observer.elected(this, member.node.name, term, event);
      },
    });
    this.status = this.#look(NO_CAUSE);
    world.listen(this);
  }

  get voters(): readonly string[] {
    return this.repair.voters.map((host) => host.node.name);
  }

  get counts() {
    return this.chronicle.counts;
  }

  observe(observer: GroupObserver): void {
    this.#observers.push(observer);
  }

  start(): void {
    for (const host of this.hosts) if (host.node.running) host.start();
    for (const { connection, members } of this.wire.pairs) {
      const [a, b] = members.map((id) => this.hosts[id]!) as [Member, Member];
      for (const [end, host] of [a, b].entries()) {
        if (host.server === null) connection.processDown(end as 0 | 1, !host.node.powered, host.node.cause);
      }
      if (!connection.open) continue;
      a.input(NO_CAUSE, (server) => server.opened(b.id));
      b.input(NO_CAUSE, (server) => server.opened(a.id));
    }
  }

  beginMeasuring(): void {
    this.countTraffic();
    this.traffic.reset();
    this.chronicle.restart();
    this.#worldCause = NO_CAUSE;
    for (const host of this.hosts) host.cause = NO_CAUSE;
    this.#measuring = true;
    const primary = this.servingPrimary();
    const raftLeader = this.hosts.find((host) => host.server?.raft.mode === 'leader');
    const event = primary === null ? NO_CAUSE : this.chronicle.recordStart(primary, raftLeader);
    this.status = this.#look(event);
    for (const observer of this.#observers) observer.statusChanged(this, this.status, event);
  }

  /** Puts the heartbeats up to now into the traffic. */
  countTraffic(): void {
    for (const { heartbeats } of this.wire.pairs) heartbeats.count();
  }

  memberStatus(node: string): MemberStatus {
    const host = this.hosts[this.members.indexOf(node)];
    if (host === undefined) throw new Error(`${node} is not a member of ${this.#system}`);
    if (host.server === null) return { state: 'down', term: 0, cutOff: false };
    const { raft, executor } = host.server;
    const { term } = raft;
    if (host.node.paused) return { state: 'paused', term, cutOff: false };
    if (host.stalled) return { state: 'stalled', term, cutOff: false };
    const primary = this.servingPrimary();
    if (executor.primary !== null) return { state: 'primary', term, cutOff: primary !== host };
    const cutOff = primary !== null && !this.exchanges(primary, host);
    if (raft.mode === 'candidate') return { state: 'candidate', term, cutOff };
    return { state: this.repair.isVoter(host) ? 'secondary' : 'learner', term, cutOff };
  }

  /** Messages pass both ways between two servers now, and both handle them. */
  exchanges(a: Member, b: Member): boolean {
    return a.active && b.active && (a === b || this.wire.flows(a.id, b.id));
  }

  /** The primary that a write sent now would get an answer from: a majority of its replicas stores what it is told. */
  servingPrimary(): Member | null {
    return this.#servingPrimary.value;
  }

  #findServingPrimary(): Member | null {
    for (const host of this.hosts) {
      const primary = host.server?.executor.primary;
      if (!host.active || host.stalled || !primary?.acceptsWrites) continue;
      const { ready } = primary;
      const stores = (id: ServerId) => {
        const other = this.hosts[id]!;
        return ready.includes(id) && !other.stalled && this.exchanges(host, other);
      };
      const { voters, tempVoters } = primary.contract;
      if (isMajority(voters, stores) && (tempVoters === null || isMajority(tempVoters, stores))) return host;
    }
    return null;
  }

  /** Primaries that answer reads: connected to a majority as far as they know (3.21). */
  readPrimaries(): Member[] {
    return this.hosts.filter((host) => host.active && host.server?.executor.primary?.hasMajority === true);
  }

  /** What of all that can be seen of it has changed since this was last asked. */
  changed(): Change {
    return this.#sight.changed();
  }

  settle(): void {
    if (!this.#measuring) return;
    const before = this.status;
    const now = this.#look(NO_CAUSE);
    if (now.state === before.state && now.leader === before.leader && now.term === before.term) {
      if (now.reachable !== before.reachable) {
        this.status = { ...now, cause: before.cause };
        for (const observer of this.#observers) observer.statusChanged(this, this.status, before.cause);
      }
      return;
    }
    const serves = now.state === 'serving';
    const event = this.#kernel.record(
      this.#system,
      serves ? now.leader : before.leader,
      serves ? 'serving' : now.state === 'no-quorum' ? 'quorum-lost' : 'primary-lost',
      serves ? now.term : before.term,
      this.#describe(before, now),
      this.#whyChanged(before, now),
    );
    this.status = { ...now, cause: event };
    for (const observer of this.#observers) observer.statusChanged(this, this.status, event);
  }

  // MemberOwner

  send(from: Member, to: ServerId, message: Message): void {
    this.wire.send(from.id, to, message, from.cause);
  }

  happened(member: Member, event: ServerEvent): void {
    if (event.kind === 'replicas') {
      this.#toWrite.add(member);
      this.#noteTerm(member);
    }
    // The first machines are built before the chronicle: nothing has happened yet.
    this.chronicle?.happened(member, event);
  }

  looked(member: Member): void {
    // Most inputs change nothing that anybody sees, and everybody would look.
    if (this.#seen[member.id]!.changed(member)) this.#kernel.touch();
    this.chronicle.looked(member);
    // Users write all the time: a replica that is not ready misses something, and the others get ahead of it.
    if (this.#toWrite.delete(member)) member.input(member.cause, (server) => server.write(0));
  }

  // ConnectionOwner

  opened(connection: Connection): void {
    const pair = this.wire.pairOf(connection);
    pair.epoch++;
    pair.heartbeats.opened();
    const [a, b] = pair.members.map((id) => this.hosts[id]!) as [Member, Member];
    const event = this.chronicle.connected(a, b, this.#worldCause);
    a.input(event, (server) => server.opened(b.id));
    b.input(event, (server) => server.opened(a.id));
  }

  closed(connection: Connection, end: 0 | 1, cause: TraceId): void {
    const pair = this.wire.pairOf(connection);
    pair.heartbeats.closed(end);
    const member = this.hosts[pair.members[end]]!;
    const peer = this.hosts[pair.members[1 - end]!]!;
    const event = this.chronicle.connectionLost(member, peer, connection, end, cause);
    member.input(event, (server) => server.closed(peer.id));
  }

  // WorldListener

  nodeDown(node: Node, silent: boolean, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined || (this.repair.isOutside(member) && member.server === null)) return;
    this.leave(member, silent, cause);
  }

  nodeUp(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member !== undefined && !this.repair.isOutside(member)) this.enter(member, cause);
  }

  // RepairedGroup

  leave(member: Member, silent: boolean, cause: TraceId): void {
    member.kill();
    this.#forEachPair(member, ({ connection, heartbeats }, end) => {
      heartbeats.closed(end);
      connection.processDown(end, silent, cause);
    });
    this.#kernel.touch();
  }

  enter(member: Member, cause: TraceId): void {
    const { node } = member;
    this.#worldCause = cause;
    this.chronicle.worldChanged();
    this.chronicle.started(member);
    member.cause = cause;
    member.start();
    this.#forEachPair(member, ({ connection }, end) => {
      connection.processUp(end, cause);
      if (node.paused) connection.processFrozen(end, cause);
    });
    this.#kernel.touch();
  }

  nodePaused(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined) return;
    this.#forEachPair(member, ({ connection, heartbeats }, end) => {
      heartbeats.frozen(end, true);
      connection.processFrozen(end, cause);
    });
    this.#kernel.touch();
  }

  nodeResumed(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined) return;
    this.#worldCause = cause;
    this.chronicle.worldChanged();
    // What its kernel has kept comes first, then the news that peers have closed.
    member.thaw();
    this.#forEachPair(member, ({ connection, heartbeats }, end) => {
      heartbeats.frozen(end, false);
      connection.processThawed(end, cause);
    });
    this.#kernel.touch();
  }

  diskChanged(node: Node, cause: TraceId): void {
    this.#worldCause = cause;
    this.#byNode.get(node.index)?.diskChanged();
  }

  networkChanged(cause: TraceId): void {
    this.#worldCause = cause;
    this.chronicle.worldChanged();
    for (const { connection, heartbeats } of this.wire.pairs) {
      connection.networkChanged(cause);
      heartbeats.networkChanged();
    }
  }

  #forEachPair(member: Member, visit: (pair: Pair, end: 0 | 1) => void): void {
    for (const pair of this.wire.pairs) {
      if (pair.members[0] === member.id) visit(pair, 0);
      else if (pair.members[1] === member.id) visit(pair, 1);
    }
  }

  /** The term in which a primary began: that of its first word about its replicas, or, when it needs none, of the first look. */
  #noteTerm(member: Member): number {
    const branch = member.server!.executor.primary!.branch.id;
    const known = this.#primaryTerm.get(member);
    if (known?.branch === branch) return known.term;
    const { term } = member.server!.raft;
    this.#primaryTerm.set(member, { branch, term });
    return term;
  }

  #look(cause: TraceId): GroupStatus {
    const primary = this.servingPrimary();
    const { voters } = this.repair;
    let reachable = 0;
    // Nobody hears more than are there.
    const active = voters.filter((host) => host.active).length;
    for (const host of voters) {
      if (reachable === active) break;
      reachable = Math.max(reachable, voters.filter((other) => this.exchanges(host, other)).length);
    }
    const quorum = Math.floor(voters.length / 2) + 1;
    return {
      state: primary !== null ? 'serving' : reachable >= quorum ? 'no-leader' : 'no-quorum',
      leader: primary?.node.name ?? '',
      term: primary === null ? 0 : this.#noteTerm(primary),
      reachable,
      voters: voters.length,
      quorum,
      cause,
    };
  }

  #whyChanged(before: GroupStatus, now: GroupStatus): TraceId {
    if (now.state === 'serving') {
      const primary = this.hosts[this.members.indexOf(now.leader)]!;
      const same = before.leader === now.leader && before.term === now.term;
      return same ? this.#worldCause : primary.cause;
    }
    if (before.state !== 'serving') {
      const troubles = this.hosts.map((host) => this.chronicle.quorumTrouble(host, this.wire));
      return Math.max(before.cause, ...troubles);
    }
    const old = this.hosts[this.members.indexOf(before.leader)]!;
    if (old.server === null || old.node.paused) return old.node.cause;
    if (old.stalled) return old.node.troubleCause('disk');
    if (old.server.executor.primary === null) return old.cause;
    if (old.server.executor.primary.handingOver) return this.chronicle.handOver;
    return this.chronicle.quorumTrouble(old, this.wire) || this.#worldCause;
  }

  #describe(before: GroupStatus, now: GroupStatus): string {
    const count = `${now.reachable} of ${now.voters} voters can talk to each other, ${now.quorum} are needed`;
    if (now.state === 'serving') {
      return before.state === 'serving'
        ? `${now.leader} is primary instead of ${before.leader}`
        : `${now.leader} is primary and reaches a majority`;
    }
    if (now.state === 'no-quorum') return count;
    if (before.state !== 'serving') return `no primary serves; ${count}`;
    const old = this.hosts[this.members.indexOf(before.leader)]!;
    if (old.server?.executor.primary?.handingOver)
      return `${before.leader} refuses writes while it hands over`;
    return `${before.leader} serves no more; ${count}`;
  }
}
