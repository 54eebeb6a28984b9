/**
 * A gossip cluster in the world: members on nodes, what they come to hold of each other, and the tables that ride on it.
 *
 * Tables, after libnetwork's networkdb (facts/platform.md 3.1, networkdb cluster.go, delegate.go, event_delegate.go): what
 * a member owns is deleted wherever it is declared dead. It comes back by a bulk sync: with a member that was fetched
 * back, of everything that one has; in the regular ones, of everyone who is held alive. Left out: table gossip beside the
 * syncs (each member fetches for itself within seconds), and entries that a sync brings back after their owner died.
 */
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import {
  ALIVE,
  type Change,
  type ChangeReason,
  checkConfig,
  DEAD,
  LEFT,
  type Probe,
  Roster,
  SUSPECT,
  Timings,
  type ViewState,
} from '../../protocols/swim/index.ts';
import type { LinkEffect } from '../../world/network.ts';
import type { Node } from '../../world/node.ts';
import type { World, WorldListener } from '../../world/world.ts';
import type { SystemSpec } from '../system-spec.ts';
import { TrafficCounter } from '../traffic.ts';
import { GossipChronicle } from './chronicle.ts';
import { GossipMember } from './member.ts';
import type { MemberOwner } from './member-owner.ts';
import { Outlook } from './outlook.ts';
import type { GossipParameters } from './parameters.ts';
import { makeParker } from './parking/make.ts';
import type { GossipParker } from './parking/parker.ts';
import { tidy } from './tidy.ts';

/** Told of what happens at single members, as it happens; for comparisons with real clusters. */
export interface GossipObserver {
  changed?(member: GossipMember, change: Change): void;
  probeFailed?(member: GossipMember, probe: Probe): void;
  refuted?(member: GossipMember, incarnation: number, accusation: 'suspect' | 'dead' | 'alive'): void;
  updated?(member: GossipMember, subject: number, incarnation: number): void;
  eventReceived?(member: GossipMember, id: number, first: boolean): void;
}

/** Swarm's agents bootstrap through the managers. */
const BOOTSTRAP_ROLE = 'manager';
const BOOTSTRAP_MAX = 3;
/** A node that cannot join tries again after so long (networkdb retryInterval). */
const RETRY_JOIN_US = 1_000_000;
/** How often what all agree on is taken out of the views; costs time and saves memory, changes nothing. */
const TIDY_US = 30_000_000;

export class GossipGroup implements MemberOwner, WorldListener {
  readonly members: readonly GossipMember[];
  readonly traffic = new TrafficCounter();
  readonly roster: Roster;
  readonly outlook: Outlook;
  readonly chronicle: GossipChronicle;
  readonly parker: GossipParker;
  readonly #kernel: Kernel;
  readonly #parameters: GossipParameters;
  readonly #byNode = new Map<number, GossipMember>();
  readonly #observers: GossipObserver[] = [];
  readonly #bootstrap: readonly number[];
  readonly #leaving: Stream;
  #leaves = 0;
  readonly #tidying: Stream;
  #tidied = 0;

  constructor(
    kernel: Kernel,
    world: World,
    spec: Pick<SystemSpec, 'name' | 'members'>,
    parameters: GossipParameters,
  ) {
    checkConfig(parameters);
    this.#kernel = kernel;
    this.#parameters = parameters;
    this.roster = new Roster(spec.members.map((name) => name.length + parameters.nameSuffixBytes));
    const members: GossipMember[] = [];
    this.members = members;
    this.parker = makeParker(kernel, world, spec.name, members, this.roster, parameters, this.traffic);
    const shared = {
      kernel,
      world,
      owner: this,
      parameters,
      timings: new Timings(parameters),
      roster: this.roster,
      traffic: this.traffic,
      parker: this.parker,
      nodeOf: Int32Array.from(spec.members, (name) => world.node(name).index),
    };
    for (const [index, name] of spec.members.entries())
      members.push(new GossipMember(shared, `${spec.name}/${name}`, world.node(name), index));
    for (const member of this.members) this.#byNode.set(member.node.index, member);
    const managers = this.members.filter(({ node }) => node.spec.roles.includes(BOOTSTRAP_ROLE));
    this.#bootstrap = (managers.length > 0 ? managers : this.members.slice(0, BOOTSTRAP_MAX)).map(
      ({ index }) => index,
    );
    this.#leaving = kernel.stream(`${spec.name}/leaving`, (_number: number, act: () => void) => act());
    this.#tidying = kernel.stream(`${spec.name}/tidying`, (number: number) => this.#tidy(number));
    this.outlook = new Outlook(world, this.members, this);
    this.chronicle = new GossipChronicle(kernel, world, spec.name, this.members, this.outlook);
    world.listen(this);
  }

  start(): void {
    for (const member of this.members) if (member.node.running) member.startSettled();
    this.#scheduleTidy();
  }

  watch(observer: GossipObserver): void {
    this.#observers.push(observer);
  }

  memberOn(node: number): GossipMember | undefined {
    return this.#byNode.get(node);
  }

  // Holdings

  /** Does a member hold the other's entries: would it resolve to it, and send it requests? */
  knows(member: GossipMember, subject: number): boolean {
    const { swim } = member;
    if (swim === null) return false;
    if (this.#parameters.tables) return !member.tablesBlank && !member.ledger.isDeleted(subject);
    const state = swim.view.state(subject);
    return state === ALIVE || state === SUSPECT;
  }

  forEachDoubtful(member: GossipMember, visit: (subject: number) => void): void {
    const { swim } = member;
    if (swim === null) return;
    if (swim.view.blank || member.tablesBlank) {
      for (let subject = 0; subject < this.members.length; subject++) visit(subject);
      return;
    }
    const { roster } = this;
    for (let slot = 0; slot < roster.slotCount; slot++) {
      if (roster.subjectOf[slot]! >= 0) visit(roster.subjectOf[slot]!);
    }
  }

  causeOf(subject: number): TraceId {
    return this.chronicle.eventOf(subject);
  }

  // MemberOwner

  changed(
    member: GossipMember,
    subject: number,
    before: ViewState,
    after: ViewState,
    incarnation: number,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void {
    this.chronicle.changed(member, subject, before, after, reason, confirmations, from);
    if (subject !== member.index) {
      if (after === DEAD || after === LEFT) this.#lost(member, subject, after, from);
      else if (after === ALIVE && before >= DEAD) this.#found(member, subject, incarnation);
    }
    if (this.#observers.length === 0) return;
    const change: Change = { subject, before, after, incarnation, reason, confirmations, from };
    for (const observer of this.#observers) observer.changed?.(member, change);
  }

  joined(member: GossipMember): void {
    this.parker.viewsChange();
    if (!this.#parameters.tables) this.outlook.viewChanged(member, member.node.cause);
  }

  probeFailed(member: GossipMember, probe: Probe): void {
    for (const observer of this.#observers) observer.probeFailed?.(member, probe);
  }

  refuted(
    member: GossipMember,
    incarnation: number,
    accuser: number,
    accusation: 'suspect' | 'dead' | 'alive',
  ): void {
    this.chronicle.refuted(member, accuser);
    for (const observer of this.#observers) observer.refuted?.(member, incarnation, accusation);
  }

  updated(member: GossipMember, subject: number, incarnation: number): void {
    for (const observer of this.#observers) observer.updated?.(member, subject, incarnation);
  }

  eventReceived(member: GossipMember, id: number, first: boolean): void {
    for (const observer of this.#observers) observer.eventReceived?.(member, id, first);
  }

  exchanged(member: GossipMember, peer: GossipMember, join: boolean): void {
    if (!join) return;
    member.ledger.setFailed(peer.index, false);
    peer.ledger.setFailed(member.index, false);
    this.#syncTables(member, peer, true);
  }

  /** A regular bulk sync has gone through. */
  synced(member: GossipMember, peer: GossipMember): void {
    this.#syncTables(member, peer, false);
  }

  /** A member is declared dead: what it owns is deleted, and if it has failed, it is to be fetched back. */
  #lost(member: GossipMember, subject: number, after: ViewState, from: number): void {
    const { ledger } = member;
    if (after === DEAD && from !== subject && this.#parameters.reconnectIntervalUs !== null) {
      ledger.setFailed(subject, true);
      member.reconnectSoon();
    }
    if (!this.#parameters.tables) this.outlook.changed(member.index, subject, false);
    else if (!ledger.isDeleted(subject) && !member.tablesBlank) {
      ledger.setDeleted(subject, true);
      this.outlook.changed(member.index, subject, false);
    }
  }

  /** A member is alive again. Under a new name its entries come with it; otherwise a sync must bring them. */
  #found(member: GossipMember, subject: number, incarnation: number): void {
    const { ledger } = member;
    if (!this.#parameters.tables) {
      ledger.setFailed(subject, false);
      this.outlook.changed(member.index, subject, true);
      return;
    }
    if (!this.members[subject]!.isNewcomer(incarnation)) return;
    ledger.setFailed(subject, false);
    this.#regain(member, subject);
  }

  #regain(member: GossipMember, subject: number): void {
    if (!member.ledger.isDeleted(subject)) return;
    this.parker.stirs(member);
    member.ledger.setDeleted(subject, false);
    this.outlook.changed(member.index, subject, true);
  }

  #syncTables(a: GossipMember, b: GossipMember, fetched: boolean): void {
    if (!this.#parameters.tables || a.swim === null || b.swim === null) return;
    if (a.tablesBlank || b.tablesBlank) this.parker.stirs(a);
    if (a.tablesBlank && b.tablesBlank) this.#firstTables(a, b);
    else if (a.tablesBlank !== b.tablesBlank) this.#fillTables(a.tablesBlank ? a : b, a.tablesBlank ? b : a);
    this.#takeTables(a, b, fetched);
    this.#takeTables(b, a, fetched);
  }

  /** Two processes that have just started know each other's entries, and nobody else's. */
  #firstTables(a: GossipMember, b: GossipMember): void {
    for (const member of [a, b]) {
      member.tablesBlank = false;
      for (const { index } of this.members)
        if (index !== a.index && index !== b.index) member.ledger.setDeleted(index, true);
    }
    for (const member of [a, b]) this.outlook.viewChanged(member, member.node.cause);
  }

  /** A process that has just started takes over the other's tables. */
  #fillTables(empty: GossipMember, full: GossipMember): void {
    empty.tablesBlank = false;
    full.ledger.forEachMarked((subject) => {
      if (subject !== empty.index && full.ledger.isDeleted(subject)) empty.ledger.setDeleted(subject, true);
    });
    this.outlook.viewChanged(empty, empty.node.cause);
  }

  /** `a` gains what it lacks and `b` has. */
  #takeTables(a: GossipMember, b: GossipMember, fetched: boolean): void {
    if (a.tablesBlank || b.tablesBlank || a.ledger.deletedCount === 0) return;
    const gained: number[] = [];
    a.ledger.forEachMarked((subject) => {
      if (!a.ledger.isDeleted(subject) || b.ledger.isDeleted(subject)) return;
      const owner = b.index === subject ? ALIVE : b.swim!.view.state(subject);
      const accepted = fetched || a.swim!.view.state(subject) < DEAD;
      if (owner < DEAD && accepted) gained.push(subject);
    });
    for (const subject of gained) this.#regain(a, subject);
  }

  /** A member that must join: it goes through the bootstrap members until one answers. */
  join(member: GossipMember): void {
    const peers = this.#bootstrap.filter((peer) => peer !== member.index);
    const { swim } = member;
    const attempt = (at: number) => {
      if (member.swim !== swim || !swim!.view.blank) return;
      if (at < peers.length) member.join(peers[at]!, (joined) => joined || attempt(at + 1));
      else member.later(RETRY_JOIN_US, () => attempt(0));
    };
    if (peers.length > 0) attempt(0);
  }

  /** Does this member hold one of the bootstrap members alive? */
  holdsBootstrap(member: GossipMember): boolean {
    return this.#bootstrap.some((peer) => peer === member.index || member.swim!.view.state(peer) < DEAD);
  }

  get bootstrap(): readonly number[] {
    return this.#bootstrap;
  }

  // WorldListener

  changing(node: Node | null, effect: LinkEffect | null): void {
    this.parker.changing(node, effect);
  }

  nodeDown(node: Node, _silent: boolean, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined) return;
    this.chronicle.stopped(member);
    member.kill();
    this.outlook.worldChanged(cause);
  }

  nodeUp(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined) return;
    member.start();
    this.outlook.worldChanged(cause);
    this.join(member);
  }

  nodePaused(node: Node, cause: TraceId): void {
    if (this.#byNode.has(node.index)) this.outlook.worldChanged(cause);
  }

  nodeResumed(node: Node, cause: TraceId): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined) return;
    this.outlook.worldChanged(cause);
    member.thaw();
  }

  networkChanged(cause: TraceId): void {
    this.outlook.worldChanged(cause);
  }

  /** Says farewell, and lets go when that has gone out or its time is over (memberlist Leave). */
  stopping(node: Node, cause: TraceId, done: () => void): void {
    const member = this.#byNode.get(node.index);
    if (member === undefined || !member.active) {
      done();
      return;
    }
    const { swim } = member;
    this.chronicle.leaves(member, cause);
    swim!.leave(this.#kernel.nowUs);
    const endUs = this.#kernel.nowUs + this.#parameters.leaveTimeoutUs;
    const look = () => {
      if (member.swim !== swim || !swim!.updates.has(member.index) || this.#kernel.nowUs >= endUs) {
        done();
        return;
      }
      const atUs = Math.min(endUs, this.#kernel.nowUs + this.#parameters.gossipIntervalUs);
      this.#kernel.schedule(atUs, this.#leaving, this.#leaves++, look);
    };
    look();
  }

  beginMeasuring(): void {
    this.parker.wake();
    this.traffic.reset();
    this.chronicle.restart();
    this.outlook.worldChanged(NO_CAUSE);
  }

  #scheduleTidy(): void {
    const atUs = this.parker.nextOnGrid(TIDY_US, this.#tidying);
    this.#kernel.schedule(atUs, this.#tidying, this.#tidied++);
  }

  #tidy(_number: number): void {
    tidy(this.roster, this.members);
    // Once is enough while nothing changes.
    if (this.parker.parked) this.parker.onceAwake(() => this.#scheduleTidy());
    else this.#scheduleTidy();
  }
}
