/**
 * One gossip member on its node: the process around the SWIM machine. It owns the tickers, the timers and the socket,
 * whose buffer keeps what arrives while the process is frozen.
 */
import { GridGaps } from '../../kernel/grid-gaps.ts';
import type { Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { periodicTimeUs } from '../../kernel/time.ts';
import {
  type ChangeReason,
  type Packet,
  type Probe,
  type Relay,
  Swim,
  type SwimCounters,
  type SwimDice,
  type SwimHost,
  type ViewState,
} from '../../protocols/swim/index.ts';
import { Link, LOST } from '../../world/link.ts';
import type { Node } from '../../world/node.ts';
import { Chores } from './chores.ts';
import { exchange, streamPing } from './exchange.ts';
import { Ledger } from './ledger.ts';
import type { Shared } from './member-owner.ts';
import { packetPlace } from './packet-place.ts';
import type { MemberTickers } from './parking/parker.ts';
import { passProbes, plainProbes } from './parking/plain.ts';
import { type Ticked, Ticker } from './parking/ticker.ts';
import { PushPulls } from './push-pulls.ts';
import { Dialler } from './short-connection.ts';

const PHASE_LANE = 902;
/** Ethernet, IP and UDP headers and memberlist's checksum. */
export const PACKET_HEADER_BYTES = 47;
/** Incarnations of a process under a new name begin after the next multiple of this. */
const NAMES_APART = 10_000;

export class GossipMember implements SwimHost {
  readonly index: number;
  readonly node: Node;
  /** null while no process runs. */
  swim: Swim | null = null;
  /** Of the present process, or the last one. */
  ledger!: Ledger;
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
  readonly #pushPulls: PushPulls;
  readonly tickers: MemberTickers;
  /** Of its probes, and the first of the numbers of each. */
  readonly probePackets: { readonly link: Link; readonly first: (probe: number) => number };
  readonly #gossipPackets: Link;
  readonly dialler: Dialler;
  readonly #chores: Chores;

  /** The process's tickers share their phase: all start with it (memberlist state.go, schedule). */
  anchorUs = 0;
  #gossipTickBase = 0;
  #gossipTick = 0;
  #gossipEvent: EventId = -1;
  #suspicionEvent: EventId = -1;
  #suspicionUs = 0;
  #suspicionNumber = 0;
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
      this.timed(() => (number % 2 === 0 ? this.#onPingTimeout(probe) : this.#onProbeEnd(probe))),
    );
    this.#relayTimers = kernel.stream(`${name}/relay-timer`, (_number: number, relay: Relay) =>
      this.timed(() => this.#onRelayTimeout(relay)),
    );
    this.#suspicionTimer = kernel.stream(`${name}/suspicion`, () => {
      this.#suspicionEvent = -1;
      this.timed(() => this.swim?.suspicionsDue(kernel.nowUs));
    });
    this.#probeTicks = kernel.stream(`${name}/probe`, (number: number) => this.tickers.probes.fire(number));
    const pushPulls = kernel.stream(`${name}/push-pull`, (number: number) =>
      this.tickers.pushPulls.fire(number),
    );
    const deliver = (_number: number, packet: Packet) => shared.owner.members[packet.to]!.receive(packet);
    const probePackets = kernel.stream(`${name}/probe-packet`, deliver);
    const probeGaps = new GridGaps(probePackets);
    const numbersOfProbe = 2 + 4 * shared.parameters.indirectChecks;
    this.probePackets = {
      link: new Link(world, node.index, node.index, probePackets, probeGaps),
      first: (probe) => probe * numbersOfProbe,
    };
    const gossipPackets = kernel.stream(`${name}/gossip-packet`, deliver);
    this.#gossipPackets = new Link(world, node.index, node.index, gossipPackets, new GridGaps(gossipPackets));
    this.dialler = new Dialler(kernel, world, `${name}/connection`, node.index, shared.traffic);
    this.#chores = new Chores(shared, name, this);
    this.#dice = {
      ring: kernel.stream(`${name}/ring`),
      gossip: this.#gossipTicks,
      helpers: this.#timers,
    };
    this.#pushPulls = new PushPulls(shared, this, pushPulls);
    const { parker } = shared;
    this.tickers = {
      probes: new Ticker(parker, this.#probeTicks, this.#probing(probeGaps)),
      pushPulls: this.#pushPulls.ticker,
      bulkSyncs: this.#chores.bulkSyncs,
      reconnects: this.#chores.reconnects,
      rejoins: this.#chores.rejoins,
    };
    this.tickers.probes.number = 0;
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
    this.#chores.later(waitUs, act);
  }

  /** Tries from now on to fetch back those that have failed. */
  reconnectSoon(): void {
    this.#chores.reconnectSoon();
  }

  /** A process of a cluster that has long been whole. */
  startSettled(): void {
    const { timings, roster } = this.#shared;
    this.swim = Swim.settled(this.index, timings, roster, this, this.#dice, this.#counters);
    this.#startTickers(true);
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
    this.swim = Swim.started(
      this.index,
      timings,
      roster,
      this,
      this.#dice,
      this.#counters,
      this.#incarnation,
    );
    this.#startTickers(false);
    this.swim.announce();
  }

  kill(): void {
    if (this.swim === null) return;
    const { kernel } = this.#shared;
    this.#incarnation = Math.max(this.#incarnation, this.swim.incarnation);
    this.swim.stop();
    this.swim = null;
    this.tickers.probes.stop();
    this.tickers.pushPulls.stop();
    this.#chores.stop();
    for (const relay of this.#relays) relay.closed = true;
    this.#relays.clear();
    if (this.#gossipEvent >= 0) this.#shared.parker.talkers--;
    for (const event of [this.#gossipEvent, this.#suspicionEvent]) if (event >= 0) kernel.cancel(event);
    this.#gossipEvent = this.#suspicionEvent = -1;
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
    if (this.swim !== null && this.node.paused) this.#inbox.push(() => this.#take(packet));
    else this.#take(packet);
  }

  #take(packet: Packet): void {
    this.swim?.receive(packet, this.#shared.kernel.nowUs);
    this.#shared.roster.lists.giveBack(packet.updates);
  }

  /** Joins through a member, or attempt `number` to fetch one back: both exchange their states. `done` hears of success. */
  join(peer: number, done: (joined: boolean) => void, number?: number): void {
    exchange(this.#shared, this, peer, true, done, number === undefined ? 'other' : 'reconnect', number);
  }

  // SwimHost

  send(packet: Packet): void {
    const { kernel, owner, traffic, world, parameters, nodeOf } = this.#shared;
    const { members } = owner;
    let link = this.#gossipPackets;
    let { number } = packet;
    if (packet.kind !== 'gossip') {
      const probe = packet.probe!;
      const { probePackets } = members[probe.prober]!;
      link = probePackets.link;
      number = probePackets.first(probe.number) + packetPlace(packet, parameters.indirectChecks);
    }
    const bytes = packet.bytes + PACKET_HEADER_BYTES;
    const from = nodeOf[this.index]!;
    const to = nodeOf[packet.to]!;
    const path = world.network.path(from, to);
    const row = traffic.of(path.linkClass);
    row.messages++;
    row.bytes += bytes;
    if (packet.kind === 'gossip' && this.#shared.parker.leavesOut(packet, link, path, bytes)) return;
    const transitUs = link.transitUs(number, bytes, from, to);
    if (transitUs === LOST || !world.nodes[to]!.powered) {
      row.lost++;
      this.#shared.roster.lists.giveBack(packet.updates);
    } else kernel.schedule(kernel.nowUs + transitUs, link.stream, number, packet);
  }

  isAnswered(target: number, number: number): boolean {
    return this.#shared.parker.swift.take(this, target, number);
  }

  streamPing(probe: Probe): void {
    streamPing(this.#shared, this, probe);
  }

  exchange(peer: number): void {
    this.#pushPulls.exchange(peer);
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
    const { kernel, parameters, roster } = this.#shared;
    const { prober, number } = relay.probe;
    // By what it is for: some are never made.
    const timer = (number * roster.size + prober) * parameters.indirectChecks + relay.place;
    kernel.schedule(timeoutUs, this.#relayTimers, timer, relay);
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

  stirs(): void {
    this.#shared.parker.stirs(this);
  }

  forgets(): void {
    this.#shared.parker.forgets(this);
  }

  gossipWaits(): void {
    if (this.#gossipEvent >= 0) return;
    const { kernel, parameters, parker } = this.#shared;
    parker.talkers++;
    const intervalUs = parameters.gossipIntervalUs;
    const k = Math.floor((kernel.nowUs - this.anchorUs) / intervalUs) + 1;
    this.#gossipTick = this.#gossipTickBase + k;
    this.#gossipEvent = kernel.schedule(
      periodicTimeUs(this.anchorUs, intervalUs, k),
      this.#gossipTicks,
      this.#gossipTick,
    );
  }

  changed(
    subject: number,
    before: ViewState,
    after: ViewState,
    incarnation: number,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void {
    this.#shared.owner.changed(this, subject, before, after, incarnation, reason, confirmations, from);
  }

  joined(): void {
    this.#shared.owner.joined(this);
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

  /** Does what a timer or ticker asks for, or remembers it while the process is frozen. */
  timed(act: () => void): void {
    if (this.swim === null) return;
    if (this.node.paused) this.#missedTimers.push(act);
    else act();
  }

  /** A request has come on a connection. */
  serve(act: () => void, refuse: () => void): void {
    if (this.swim === null) refuse();
    else if (this.node.paused) this.#inbox.push(() => (this.swim === null ? refuse() : act()));
    else act();
  }

  #startTickers(settled: boolean): void {
    this.ledger = new Ledger(this.swim!.view);
    const { kernel, parameters } = this.#shared;
    const { nowUs } = kernel;
    const intervalUs = parameters.probeIntervalUs;
    const { probes } = this.tickers;
    const phase = this.#probeTicks.uniform(probes.number, PHASE_LANE);
    this.anchorUs = nowUs + Math.floor(phase * intervalUs) - intervalUs - probes.number * intervalUs;
    this.#scheduleProbeTick();
    // The numbers of gossip ticks go on where the last life's ended.
    const passed = Math.floor((nowUs - this.anchorUs) / parameters.gossipIntervalUs);
    this.#gossipTickBase = Math.max(0, this.#gossipTick - passed);
    this.#chores.start();
    this.#pushPulls.start(settled);
  }

  #scheduleProbeTick(): void {
    const { probes } = this.tickers;
    const { probeIntervalUs } = this.#shared.parameters;
    probes.schedule(periodicTimeUs(this.anchorUs, probeIntervalUs, probes.number + 1));
  }

  #probing(gaps: GridGaps): Ticked {
    const { parker, parameters } = this.#shared;
    const numbers = { scale: 2 + 4 * parameters.indirectChecks, first: 0, count: 2 };
    return {
      kind: 'probes',
      tick: () => {
        this.#scheduleProbeTick();
        this.#probe();
      },
      rest: () => {
        parker.swift.due(this.index);
        return plainProbes(parker, this, gaps, numbers);
      },
      restAfter: () => (this.swim!.probe === null ? plainProbes(parker, this, gaps, numbers) : null),
      pass: (count) => passProbes(parker, this, count),
    };
  }

  #probe(): void {
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
    this.#shared.parker.talkers--;
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
}
