/**
 * One gossip member on its node: the process around the SWIM machine. It owns the tickers, the timers and the socket,
 * whose buffer keeps what arrives while the process is frozen.
 */
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { periodicTimeUs } from '../../kernel/time.ts';
import {
  ALIVE,
  type Change,
  type Packet,
  type Probe,
  pushPullIntervalUs,
  type Relay,
  type Roster,
  type Snapshot,
  SUSPECT,
  Swim,
  type SwimCounters,
  type SwimDice,
  type SwimHost,
  type Timings,
} from '../../protocols/swim/index.ts';
import { Link, LOST } from '../../world/link.ts';
import type { Node } from '../../world/node.ts';
import type { World } from '../../world/world.ts';
import type { TrafficCounter } from '../traffic.ts';
import { Ledger } from './ledger.ts';
import type { GossipParameters } from './parameters.ts';
import { Dialler } from './short-connection.ts';

const PHASE_LANE = 902;
const PUSH_PULL_PHASE_LANE = 903;
/** Ethernet, IP and UDP headers and memberlist's checksum. */
const PACKET_HEADER_BYTES = 47;
/** Incarnations of a process under a new name begin after the next multiple of this. */
const NAMES_APART = 10_000;
const RECONNECT_LANE = 904;
const RECONNECT_SHARE_LANE = 905;
const CHORE_PHASE_LANE = 906;
const RECONNECT_TARGET_LANE = 907;
/** Of one table entry in a bulk sync. */
const ENTRY_BYTES = 200;
/** One member's state in a push/pull, without its name. */
const STATE_BYTES = 90;

interface Chore {
  readonly swim: Swim | null;
  readonly act: () => void;
}

/** What a member needs of the group around it. */
export interface MemberOwner {
  readonly members: readonly GossipMember[];
  changed(member: GossipMember, change: Change): void;
  probeFailed(member: GossipMember, probe: Probe): void;
  refuted(
    member: GossipMember,
    incarnation: number,
    accuser: number,
    accusation: 'suspect' | 'dead' | 'alive',
  ): void;
  updated(member: GossipMember, subject: number, incarnation: number): void;
  eventReceived(member: GossipMember, id: number, first: boolean): void;
  /** Both have taken in each other's state. `join`: one came to join, or to fetch one that had failed. */
  exchanged(member: GossipMember, peer: GossipMember, join: boolean): void;
  synced(member: GossipMember, peer: GossipMember): void;
  /** Does this member hold alive one of those through whom it once joined? */
  holdsBootstrap(member: GossipMember): boolean;
  readonly bootstrap: readonly number[];
}

/** What all members of a group share. */
export interface Shared {
  readonly kernel: Kernel;
  readonly world: World;
  readonly owner: MemberOwner;
  readonly parameters: GossipParameters;
  readonly timings: Timings;
  readonly roster: Roster;
  readonly traffic: TrafficCounter;
}

export class GossipMember implements SwimHost {
  readonly index: number;
  readonly node: Node;
  /** null while no process runs. */
  swim: Swim | null = null;
  ledger: Ledger;
  /** It has just started and holds no tables yet. */
  tablesBlank = false;
  readonly #shared: Shared;
  readonly #dice: SwimDice;
  readonly #counters: SwimCounters = { probes: 0, rounds: 0 };

  readonly #gossipTicks: Stream;
  readonly #timers: Stream;
  readonly #relayTimers: Stream;
  readonly #suspicionTimer: Stream;
  readonly #probeTicks: Stream;
  readonly #pushPulls: Stream;
  readonly #probePackets: Link;
  readonly #gossipPackets: Link;
  readonly #dialler: Dialler;
  /** Reconnects, bulk syncs, rejoins and retries: the payload is what to do. */
  readonly #chores: Stream;
  #choreNumber = 0;
  #reconnects = 0;
  #reconnectWaits = false;
  #bulkSyncs = 0;

  /** The process's tickers share their phase: all start with it (memberlist state.go, schedule). */
  #anchorUs = 0;
  #probeTick = 0;
  #probeEvent: EventId = -1;
  #gossipTickBase = 0;
  #gossipTick = 0;
  #gossipEvent: EventId = -1;
  #pushPull = 0;
  #pushPullEvent: EventId = -1;
  #exchanging = false;
  #suspicionEvent: EventId = -1;
  #suspicionUs = 0;
  #suspicionNumber = 0;
  #relayNumber = 0;
  readonly #relays = new Set<Relay>();
  #incarnation = 1;

  /** What came while the process was frozen, in the order in which it came. */
  #missedTimers: (() => void)[] = [];
  #inbox: (() => void)[] = [];

  constructor(shared: Shared, name: string, node: Node, index: number) {
    const { kernel, world } = shared;
    this.#shared = shared;
    this.node = node;
    this.index = index;
    // At the same instant: gossip goes out before a deadline is noticed, and a deadline passes before a packet arrives.
    this.#gossipTicks = kernel.stream(`${name}/gossip`, (number: number) => this.#onGossipTick(number));
    this.#timers = kernel.stream(`${name}/probe-timer`, (number: number, probe: Probe) =>
      this.#timed(() => (number % 2 === 0 ? this.#onPingTimeout(probe) : this.#onProbeEnd(probe))),
    );
    this.#relayTimers = kernel.stream(`${name}/relay-timer`, (_number: number, relay: Relay) =>
      this.#timed(() => this.#onRelayTimeout(relay)),
    );
    this.#suspicionTimer = kernel.stream(`${name}/suspicion`, () => {
      this.#suspicionEvent = -1;
      this.#timed(() => this.swim?.suspicionsDue(kernel.nowUs));
    });
    this.#probeTicks = kernel.stream(`${name}/probe`, (number: number) => this.#onProbeTick(number));
    this.#pushPulls = kernel.stream(`${name}/push-pull`, () => this.#onPushPull());
    const deliver = (_number: number, packet: Packet) => shared.owner.members[packet.to]!.receive(packet);
    this.#probePackets = new Link(
      world,
      node.index,
      node.index,
      kernel.stream(`${name}/probe-packet`, deliver),
    );
    this.#gossipPackets = new Link(
      world,
      node.index,
      node.index,
      kernel.stream(`${name}/gossip-packet`, deliver),
    );
    this.#dialler = new Dialler(kernel, world, `${name}/connection`, node.index, shared.traffic);
    this.#chores = kernel.stream(`${name}/chores`, (_number: number, chore: Chore) => {
      if (this.swim === chore.swim) this.#timed(chore.act);
    });
    this.ledger = new Ledger(shared.roster);
    this.#dice = {
      ring: kernel.stream(`${name}/ring`),
      gossip: this.#gossipTicks,
      helpers: this.#timers,
      pushPull: this.#pushPulls,
    };
  }

  get running(): boolean {
    return this.swim !== null;
  }

  /** Its process runs and is not frozen. */
  get active(): boolean {
    return this.swim !== null && !this.node.paused;
  }

  /** News of this member in that incarnation is of a process under a name that is new. */
  isNewcomer(incarnation: number): boolean {
    return (
      this.#shared.parameters.freshNames && incarnation === this.#incarnation && incarnation > NAMES_APART
    );
  }

  /** Does something after a while, if the process is still the same. */
  later(waitUs: number, act: () => void): void {
    const { kernel } = this.#shared;
    const chore: Chore = { swim: this.swim, act };
    kernel.schedule(kernel.nowUs + waitUs, this.#chores, this.#choreNumber++, chore);
  }

  /** A process of a cluster that has long been whole. */
  startSettled(): void {
    const { timings, roster } = this.#shared;
    this.swim = Swim.settled(this.index, timings, roster, this, this.#dice, this.#counters);
    this.#startTickers();
  }

  /** A process that knows nobody; the owner makes it join. */
  start(): void {
    if (this.swim !== null) return;
    const { timings, roster, parameters } = this.#shared;
    // Under a name of its own nothing that was said of its last life is about it.
    this.#incarnation = parameters.freshNames
      ? (Math.floor(this.#incarnation / NAMES_APART) + 1) * NAMES_APART + 1
      : 1;
    this.tablesBlank = parameters.tables;
    this.ledger = new Ledger(this.#shared.roster);
    this.swim = Swim.started(
      this.index,
      timings,
      roster,
      this,
      this.#dice,
      this.#counters,
      this.#incarnation,
    );
    this.#startTickers();
    this.gossipWaits();
  }

  kill(): void {
    if (this.swim === null) return;
    const { kernel } = this.#shared;
    this.#incarnation = Math.max(this.#incarnation, this.swim.incarnation);
    this.swim.stop();
    this.swim = null;
    this.#reconnectWaits = false;
    for (const relay of this.#relays) relay.closed = true;
    this.#relays.clear();
    for (const event of [this.#probeEvent, this.#gossipEvent, this.#pushPullEvent, this.#suspicionEvent]) {
      if (event >= 0) kernel.cancel(event);
    }
    this.#probeEvent = this.#gossipEvent = this.#pushPullEvent = this.#suspicionEvent = -1;
    this.#exchanging = false;
    this.#missedTimers = [];
    this.#inbox = [];
  }

  /** The process goes on: first the timers that ran out meanwhile, then what waited in its sockets. */
  thaw(): void {
    const timers = this.#missedTimers;
    const inbox = this.#inbox;
    this.#missedTimers = [];
    this.#inbox = [];
    for (const act of timers) act();
    for (const act of inbox) act();
  }

  receive(packet: Packet): void {
    const { swim } = this;
    if (swim === null) return;
    if (this.node.paused) this.#inbox.push(() => this.swim?.receive(packet, this.#shared.kernel.nowUs));
    else swim.receive(packet, this.#shared.kernel.nowUs);
  }

  /** Joins through a member: both exchange their states. `done` is told whether that succeeded. */
  join(peer: number, done: (joined: boolean) => void): void {
    this.#exchange(peer, true, done);
  }

  // SwimHost

  send(packet: Packet): void {
    const { kernel, owner, traffic, world, parameters } = this.#shared;
    const { members } = owner;
    let link = this.#gossipPackets;
    let { number } = packet;
    if (packet.kind !== 'gossip') {
      const probe = packet.probe!;
      link = members[probe.prober]!.#probePackets;
      number =
        probe.number * (2 + 4 * parameters.indirectChecks) + packetPlace(packet, parameters.indirectChecks);
    }
    const bytes = packet.bytes + PACKET_HEADER_BYTES;
    const from = this.node.index;
    const to = members[packet.to]!.node.index;
    const transitUs = link.transitUs(number, bytes, from, to);
    const row = traffic.of(world.network.path(from, to).linkClass);
    row.messages++;
    row.bytes += bytes;
    if (transitUs === LOST || !world.nodes[to]!.powered) row.lost++;
    else kernel.schedule(kernel.nowUs + transitUs, link.stream, number, packet);
  }

  streamPing(probe: Probe): void {
    this.#dialler.dial({
      from: this.node.index,
      to: this.#peer(probe.target).node.index,
      deadlineUs: probe.deadlineUs,
      requestBytes: 100,
      listens: () => this.#peer(probe.target).running,
      requested: (answer, refuse) => this.#peer(probe.target).#serve(() => answer(40), refuse),
      answered: () => this.swim?.contacted(probe),
      failed: () => {},
    });
  }

  exchange(peer: number): void {
    this.#exchanging = true;
    this.#exchange(peer, false, () => {
      this.#exchanging = false;
      if (this.swim !== null) this.#schedulePushPull();
    });
  }

  awaitProbe(probe: Probe, timeoutUs: number): void {
    this.#shared.kernel.schedule(
      Math.min(timeoutUs, probe.deadlineUs),
      this.#timers,
      2 * probe.number,
      probe,
    );
  }

  awaitRelay(relay: Relay, timeoutUs: number): void {
    this.#relays.add(relay);
    this.#shared.kernel.schedule(timeoutUs, this.#relayTimers, this.#relayNumber++, relay);
  }

  awaitSuspicion(atUs: number): void {
    const { kernel } = this.#shared;
    const dueUs = Math.max(atUs, kernel.nowUs);
    if (this.#suspicionEvent >= 0) {
      // A timer that is too early finds nothing due and asks again.
      if (this.#suspicionUs <= dueUs) return;
      kernel.cancel(this.#suspicionEvent);
    }
    if (dueUs === Number.POSITIVE_INFINITY) return;
    this.#suspicionUs = dueUs;
    this.#suspicionEvent = kernel.schedule(dueUs, this.#suspicionTimer, this.#suspicionNumber++);
  }

  gossipWaits(): void {
    if (this.#gossipEvent >= 0) return;
    const { kernel, parameters } = this.#shared;
    const intervalUs = parameters.gossipIntervalUs;
    const k = Math.floor((kernel.nowUs - this.#anchorUs) / intervalUs) + 1;
    this.#gossipTick = this.#gossipTickBase + k;
    this.#gossipEvent = kernel.schedule(
      periodicTimeUs(this.#anchorUs, intervalUs, k),
      this.#gossipTicks,
      this.#gossipTick,
    );
  }

  changed(change: Change): void {
    this.#shared.owner.changed(this, change);
  }

  probeFailed(probe: Probe): void {
    this.#shared.owner.probeFailed(this, probe);
  }

  refuted(incarnation: number, accuser: number, accusation: 'suspect' | 'dead' | 'alive'): void {
    this.#shared.owner.refuted(this, incarnation, accuser, accusation);
  }

  updated(subject: number, incarnation: number): void {
    this.#shared.owner.updated(this, subject, incarnation);
  }

  eventReceived(id: number, first: boolean): void {
    this.#shared.owner.eventReceived(this, id, first);
  }

  #peer(index: number): GossipMember {
    return this.#shared.owner.members[index]!;
  }

  /** Does what a timer or ticker asks for, or remembers it while the process is frozen. */
  #timed(act: () => void): void {
    if (this.swim === null) return;
    if (this.node.paused) this.#missedTimers.push(act);
    else act();
  }

  /** A request has come on a connection. */
  #serve(act: () => void, refuse: () => void): void {
    if (this.swim === null) refuse();
    else if (this.node.paused) this.#inbox.push(() => (this.swim === null ? refuse() : act()));
    else act();
  }

  #startTickers(): void {
    const { kernel, parameters } = this.#shared;
    const { nowUs } = kernel;
    const intervalUs = parameters.probeIntervalUs;
    const phase = this.#probeTicks.uniform(this.#probeTick, PHASE_LANE);
    this.#anchorUs = nowUs + Math.floor(phase * intervalUs) - intervalUs - this.#probeTick * intervalUs;
    this.#scheduleProbeTick();
    // The numbers of gossip ticks go on where the last life's ended.
    const passed = Math.floor((nowUs - this.#anchorUs) / parameters.gossipIntervalUs);
    this.#gossipTickBase = Math.max(0, this.#gossipTick - passed);
    this.#startChores();
    const stagger = this.#pushPulls.uniform(this.#pushPull, PUSH_PULL_PHASE_LANE);
    const waitUs = stagger * pushPullIntervalUs(parameters, this.swim!.known);
    this.#pushPullEvent = kernel.schedule(nowUs + Math.floor(waitUs), this.#pushPulls, this.#pushPull++);
  }

  /** Bulk syncs and rejoins, each from a random phase on. */
  #startChores(): void {
    const { parameters } = this.#shared;
    const phase = this.#chores.uniform(this.#choreNumber, CHORE_PHASE_LANE);
    if (parameters.tables) {
      this.later(Math.floor(phase * parameters.bulkSyncIntervalUs), () => this.#bulkSync());
    }
    const { rejoinIntervalUs } = parameters;
    if (rejoinIntervalUs !== null)
      this.later(Math.floor(phase * rejoinIntervalUs), () => this.#rejoin(rejoinIntervalUs));
  }

  /** Tries from now on to fetch back those that have failed (networkdb reconnectNode; serf reconnect). */
  reconnectSoon(): void {
    if (this.#reconnectWaits) return;
    this.#reconnectWaits = true;
    const { kernel, parameters } = this.#shared;
    const intervalUs = parameters.reconnectIntervalUs!;
    // The ticker began with the process; its phase is drawn for it.
    const phaseUs = Math.floor(this.#chores.uniform(0, RECONNECT_LANE) * intervalUs) + this.#anchorUs;
    const k = Math.floor((kernel.nowUs - phaseUs) / intervalUs) + 1;
    this.later(periodicTimeUs(phaseUs, intervalUs, k) - kernel.nowUs, () => this.#reconnect());
  }

  #reconnect(): void {
    this.#reconnectWaits = false;
    const { ledger } = this;
    if (ledger.failedCount === 0) return;
    const { parameters, kernel } = this.#shared;
    const number = this.#reconnects++;
    const swim = this.swim!;
    if (parameters.reconnectPolicy === 'share') {
      const share = ledger.failedCount / Math.max(1, swim.known - ledger.failedCount);
      if (this.#chores.uniform(number, RECONNECT_SHARE_LANE) > share) {
        this.reconnectSoon();
        return;
      }
    }
    const target = ledger.failedFrom(this.#chores.uniform(number, RECONNECT_TARGET_LANE));
    const slot = this.#shared.roster.slotOf[target]!;
    if (this.#isBack(target) || kernel.nowUs - swim.view.changedUs[slot]! > parameters.forgetFailedUs) {
      ledger.setFailed(target, false);
      this.reconnectSoon();
      return;
    }
    // An attempt into silence keeps the loop until it times out.
    this.join(target, () => this.reconnectSoon());
  }

  /** It is held alive and its entries are here: others told so meanwhile. */
  #isBack(subject: number): boolean {
    const state = this.swim!.view.state(subject);
    return (state === ALIVE || state === SUSPECT) && !this.ledger.isDeleted(subject);
  }

  /** Syncs tables with one random member that is held alive (networkdb bulkSyncTables). */
  #bulkSync(): void {
    const { kernel, parameters, owner } = this.#shared;
    this.later(parameters.bulkSyncIntervalUs, () => this.#bulkSync());
    const swim = this.swim!;
    const peer = swim.randomPeer(this.#chores, this.#bulkSyncs++);
    if (peer < 0) return;
    const other = this.#peer(peer);
    const bytes = ENTRY_BYTES * swim.known;
    this.#dialler.dial({
      from: this.node.index,
      to: other.node.index,
      deadlineUs: kernel.nowUs + parameters.streamTimeoutUs,
      requestBytes: bytes,
      listens: () => other.running,
      requested: (answer, refuse) => other.#serve(() => answer(bytes), refuse),
      answered: () => {
        if (this.swim === swim) this.#timed(() => owner.synced(this, other));
      },
      failed: () => {},
    });
  }

  /** Without any bootstrap member in sight, those are joined again (libnetwork#2134). */
  #rejoin(intervalUs: number): void {
    const { owner } = this.#shared;
    this.later(intervalUs, () => this.#rejoin(intervalUs));
    if (owner.holdsBootstrap(this)) return;
    const attempt = (at: number) => {
      if (at < owner.bootstrap.length) this.join(owner.bootstrap[at]!, (joined) => joined || attempt(at + 1));
    };
    attempt(0);
  }

  #scheduleProbeTick(): void {
    const { kernel, parameters } = this.#shared;
    const next = this.#probeTick + 1;
    const atUs = periodicTimeUs(this.#anchorUs, parameters.probeIntervalUs, next);
    this.#probeEvent = kernel.schedule(Math.max(atUs, kernel.nowUs), this.#probeTicks, next);
  }

  #onProbeTick(number: number): void {
    this.#probeTick = number;
    this.#scheduleProbeTick();
    const swim = this.swim!;
    if (!this.node.paused) swim.probeTick(this.#shared.kernel.nowUs);
    else if (!swim.tickWaits) {
      // A ticker keeps one tick for a frozen process.
      swim.tickWaits = true;
      this.#missedTimers.push(() => {
        if (!swim.tickWaits) return;
        swim.tickWaits = false;
        swim.probeTick(this.#shared.kernel.nowUs);
      });
    }
  }

  #onGossipTick(number: number): void {
    this.#gossipEvent = -1;
    const { swim } = this;
    if (swim === null) return;
    if (this.node.paused) {
      this.#missedTimers.push(() => this.#gossip(number));
      return;
    }
    this.#gossip(number);
  }

  #gossip(number: number): void {
    const swim = this.swim!;
    swim.gossipTick(number, this.#shared.kernel.nowUs);
    if (swim.hasGossip) this.gossipWaits();
  }

  #onPingTimeout(probe: Probe): void {
    if (probe.closed || this.swim === null) return;
    this.swim.pingTimedOut(probe);
    const { kernel } = this.#shared;
    kernel.schedule(Math.max(kernel.nowUs, probe.deadlineUs), this.#timers, 2 * probe.number + 1, probe);
  }

  #onProbeEnd(probe: Probe): void {
    this.swim?.probeEnded(probe, this.#shared.kernel.nowUs);
  }

  #onRelayTimeout(relay: Relay): void {
    this.#relays.delete(relay);
    this.swim?.relayTimedOut(relay);
  }

  #onPushPull(): void {
    this.#pushPullEvent = -1;
    this.#timed(() => {
      this.swim!.pushPullTick(this.#pushPull - 1);
      if (!this.#exchanging) this.#schedulePushPull();
    });
  }

  #schedulePushPull(): void {
    if (this.#pushPullEvent >= 0) return;
    const { kernel, parameters } = this.#shared;
    const waitUs = pushPullIntervalUs(parameters, this.swim!.known);
    this.#pushPullEvent = kernel.schedule(kernel.nowUs + waitUs, this.#pushPulls, this.#pushPull++);
  }

  #exchange(target: number, join: boolean, done: (exchanged: boolean) => void): void {
    const { kernel, parameters, owner } = this.#shared;
    const swim = this.swim!;
    const peer = this.#peer(target);
    const bytes = STATE_BYTES * swim.known;
    let mine: Snapshot | null = null;
    let theirs: Snapshot | null = null;
    /** The process that began it is still there. */
    const current = () => this.swim === swim;
    this.#dialler.dial({
      from: this.node.index,
      to: peer.node.index,
      deadlineUs: kernel.nowUs + parameters.streamTimeoutUs,
      requestBytes: bytes,
      listens: () => peer.running,
      opened: () => {
        mine = swim.snapshot();
      },
      requested: (answer, refuse) =>
        peer.#serve(() => {
          // The answer is the state as it was before the request's was taken in.
          theirs = peer.swim!.snapshot();
          answer(STATE_BYTES * peer.swim!.known);
          peer.swim!.merge(mine!, kernel.nowUs);
        }, refuse),
      answered: () =>
        this.#timed(() => {
          if (!current()) return;
          swim.merge(theirs!, kernel.nowUs);
          owner.exchanged(this, peer, join);
          done(true);
        }),
      failed: () =>
        this.#timed(() => {
          if (current()) done(false);
        }),
    });
  }
}

/** The place of a packet among those of its probe: an answer takes the number of its request (PARKING.md, rule 2). */
function packetPlace(packet: Packet, helpers: number): number {
  const place = packet.relay?.place ?? 0;
  switch (packet.kind) {
    case 'ping':
      return 0;
    case 'ack':
      return 1;
    case 'ping-req':
      return 2 + place;
    case 'relay-ping':
      return 2 + helpers + place;
    case 'relay-ack':
      return 2 + 2 * helpers + place;
    default:
      return 2 + 3 * helpers + place;
  }
}
