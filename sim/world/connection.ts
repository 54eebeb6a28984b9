/**
 * A TCP connection between the processes of one system on two nodes, as the processes feel it.
 *
 * - Messages of one direction arrive in the order in which they were sent; a lost packet delays them instead of losing them.
 * - While packets vanish (a cut, a machine without power), messages wait in the sender's socket and are resent with
 *   doubling time-outs; after a heal they arrive at the next resend, not at once (RFC 6298; Linux TCP_RTO_MIN 200 ms,
 *   TCP_RTO_MAX 120 s). Acknowledgements need the other direction: a one-way cut stalls both.
 * - A process that dies closes its end: the peer learns it one latency later, unless the machine went dark.
 * - An end that hears nothing for as long as its product's policy says closes; what waited in its socket is lost.
 * - Closed ends dial again by the product's policy; a dial into silence is a SYN resent after 1, 3, 7 ... s.
 */

import type { Stream } from '../kernel/kernel.ts';
import type { EventId } from '../kernel/queue.ts';
import { MAX_TIME_US, SECOND } from '../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import { type Link, LOST } from './link.ts';
import type { World } from './world.ts';

const RTO_MIN_US = 200_000;
const RTO_MAX_US = 120 * SECOND;

/** What a product does with silent and closed connections. */
export interface ConnectionPolicy {
  /** When an end that last read at `lastReadUs` gives the connection up, absolute time; null = never. */
  readonly giveUpAtUs: ((lastReadUs: number, end: 0 | 1) => number) | null;
  readonly dial: {
    /** Waits between attempts: first, times factor, at most max. */
    readonly firstUs: number;
    readonly factor: number;
    readonly maxUs: number;
    /** How long one attempt waits for an answer. */
    readonly timeoutUs: number;
  };
}

export interface ConnectionOwner {
  /** Both ends are open (again). */
  opened(connection: Connection, cause: TraceId): void;
  /** One end has closed: 0 = the first node's, 1 = the second's. */
  closed(connection: Connection, end: 0 | 1, cause: TraceId): void;
}

interface Waiting {
  readonly link: Link;
  readonly number: number;
  readonly payload: unknown;
  readonly bytes: number;
}

/** One direction's socket. */
class Socket {
  open = true;
  closedAtUs = Number.NEGATIVE_INFINITY;
  lastArrivalUs = Number.NEGATIVE_INFINITY;
  waiting: Waiting[] = [];
  stalledAtUs = 0;
  resends = 0;
  resendEvent: EventId = -1;
  giveUpEvent: EventId = -1;
}

export class Connection {
  readonly nodes: readonly [number, number];
  readonly #world: World;
  readonly #owner: ConnectionOwner;
  readonly #policy: ConnectionPolicy;
  /** Timers of this connection; the payload is what to do. */
  readonly #timers: Stream;
  readonly #sockets = [new Socket(), new Socket()] as const;
  readonly #alive: [boolean, boolean] = [true, true];
  /** Frozen processes: their sockets stand, but nobody reads or writes. */
  readonly #frozen: [boolean, boolean] = [false, false];
  /** Since when the other end has been silent for this one; -1: it is not. */
  readonly #silentSinceUs: [number, number] = [-1, -1];
  #timerNumber = 0;
  #passable = true;
  #dialEvent: EventId = -1;
  #dialRefused = false;
  #cause: TraceId = NO_CAUSE;

  constructor(
    world: World,
    owner: ConnectionOwner,
    policy: ConnectionPolicy,
    name: string,
    nodes: readonly [number, number],
  ) {
    this.#world = world;
    this.#owner = owner;
    this.#policy = policy;
    this.nodes = nodes;
    this.#timers = world.kernel.stream(name, (_number: number, act: () => void) => act());
    this.#passable = world.passable(nodes[0], nodes[1]);
  }

  /** Both processes hold the connection open. */
  get open(): boolean {
    return this.#sockets[0].open && this.#sockets[1].open;
  }

  isOpen(end: 0 | 1): boolean {
    return this.#sockets[end].open;
  }

  /** A message sent now from that end would arrive without waiting for a heal, a resend or a dial. */
  flows(fromEnd: 0 | 1): boolean {
    return this.open && this.#passable && this.#sockets[fromEnd].waiting.length === 0;
  }

  /** Since when an end has heard nothing (of a closed end: before it closed), microseconds; -1 when it hears the other. */
  silentSinceUs(end: 0 | 1): number {
    return this.#silentSinceUs[end];
  }

  /** Why it does not flow. */
  get cause(): TraceId {
    return this.#passable ? this.#cause : this.#world.blockCause(this.nodes[0], this.nodes[1]);
  }

  /**
   * Sends message `number` of a link; it arrives as an event of the link's stream. False when this end is closed:
   * the message is gone.
   */
  send(fromEnd: 0 | 1, link: Link, number: number, payload: unknown, bytes: number): boolean {
    const socket = this.#sockets[fromEnd];
    if (!socket.open) return false;
    const world = this.#world;
    const path = world.network.path(link.from, link.to);
    if (!this.#passable || socket.waiting.length > 0) {
      if (path.effects.length > 0) for (const effect of path.effects) effect.felt++;
      if (socket.waiting.length === 0) this.#stall(socket, fromEnd);
      socket.waiting.push({ link, number, payload, bytes });
      return true;
    }
    this.#transmit(socket, link, number, payload, bytes);
    return true;
  }

  /** The process at one end is gone; `silent` when its machine is dark. */
  processDown(end: 0 | 1, silent: boolean, cause: TraceId): void {
    this.#alive[end] = false;
    this.#frozen[end] = false;
    this.#cause = cause;
    this.#dialRefused = !silent;
    this.#cancelDial();
    this.#close(end, cause);
    if (!silent) this.#resetOther(end);
  }

  /** The process at one end runs again and dials at once. */
  processUp(end: 0 | 1, cause: TraceId): void {
    this.#alive[end] = true;
    const other = (1 - end) as 0 | 1;
    // The new process knows nothing of the old connection: the peer's old end is reset by its first packet.
    if (this.#sockets[other].open && !this.#sockets[end].open) this.#close(other, cause);
    this.#sockets[end].closedAtUs = this.#world.kernel.nowUs;
    this.#redial(0);
  }

  /** The process at one end is frozen: it falls silent, though its machine acknowledges. Only for policies that would notice. */
  processFrozen(end: 0 | 1, cause: TraceId): void {
    const socket = this.#sockets[end];
    this.#frozen[end] = true;
    this.#cause = cause;
    this.#cancelDial();
    this.#cancelGiveUp(socket);
    this.#armGiveUp((1 - end) as 0 | 1);
  }

  /** The frozen process goes on: it learns what happened meanwhile. */
  processThawed(end: 0 | 1, cause: TraceId): void {
    const other = (1 - end) as 0 | 1;
    this.#frozen[end] = false;
    if (this.#passable) {
      this.#cancelGiveUp(this.#sockets[other]);
      if (!this.#frozen[other]) this.#silentSinceUs[other] = -1;
      if (!this.#sockets[other].open) this.#close(end, cause);
    }
    if (!this.#passable || this.#frozen[other]) this.#armGiveUp(end);
    if (!this.open) this.#redial(0);
  }

  /** One end closes by its own decision; the other learns it one latency later, if packets pass. */
  abandon(end: 0 | 1, cause: TraceId): void {
    this.#close(end, cause);
    this.#resetOther(end);
    if (!this.open) this.#redial(0);
  }

  /** Packets may have begun or ceased to pass. */
  networkChanged(cause: TraceId): void {
    const passable = this.#world.passable(this.nodes[0], this.nodes[1]);
    if (passable === this.#passable) return;
    this.#passable = passable;
    if (!passable) {
      this.#cause = cause;
      this.#cancelDial();
      for (const end of [0, 1] as const) this.#armGiveUp(end);
      return;
    }
    for (const end of [0, 1] as const) {
      // A frozen peer stays silent.
      if (this.#frozen[1 - end]) continue;
      this.#cancelGiveUp(this.#sockets[end]);
      this.#silentSinceUs[end] = -1;
    }
    const [first, second] = this.#sockets;
    if (first.open !== second.open) {
      // One end gave up in the silence: the other's next packet is answered with a reset.
      this.#close(first.open ? 0 : 1, cause);
    }
    if (!this.open) this.#redial(this.#dialRefused ? 0 : this.#dialPhaseUs());
  }

  #transmit(socket: Socket, link: Link, number: number, payload: unknown, bytes: number): void {
    const world = this.#world;
    const kernel = world.kernel;
    const path = world.network.path(link.from, link.to);
    const transitUs = link.reliableTransitUs(
      path,
      number,
      bytes,
      RTO_MIN_US + 2 * Math.round(path.typicalUs),
    );
    if (transitUs === LOST) throw new Error('a reliable transport lost a message');
    const earliest = socket.lastArrivalUs + 1;
    let arrivalUs = kernel.nowUs + transitUs;
    if (arrivalUs < earliest) arrivalUs = earliest;
    socket.lastArrivalUs = arrivalUs;
    // Stacked latency faults may put it beyond any run's time: it never arrives, nor does what comes behind it.
    if (arrivalUs > MAX_TIME_US) return;
    kernel.schedule(arrivalUs, link.stream, number, payload);
  }

  #stall(socket: Socket, end: 0 | 1): void {
    const kernel = this.#world.kernel;
    socket.stalledAtUs = kernel.nowUs;
    socket.resends = 0;
    socket.resendEvent = this.#schedule(RTO_MIN_US, () => this.#resend(end));
    kernel.touch();
  }

  #resend(end: 0 | 1): void {
    const socket = this.#sockets[end];
    socket.resendEvent = -1;
    if (!socket.open || socket.waiting.length === 0) return;
    if (!this.#passable) {
      socket.resends++;
      const waitUs = Math.min(RTO_MIN_US * (1 << Math.min(socket.resends, 20)), RTO_MAX_US);
      socket.resendEvent = this.#schedule(waitUs, () => this.#resend(end));
      return;
    }
    const waiting = socket.waiting;
    socket.waiting = [];
    for (const message of waiting)
      this.#transmit(socket, message.link, message.number, message.payload, message.bytes);
    this.#world.kernel.touch();
  }

  #armGiveUp(end: 0 | 1): void {
    const socket = this.#sockets[end];
    const { giveUpAtUs } = this.#policy;
    const kernel = this.#world.kernel;
    if (this.#silentSinceUs[end] < 0) this.#silentSinceUs[end] = kernel.nowUs;
    if (giveUpAtUs === null || !socket.open || !this.#alive[end] || this.#frozen[end]) return;
    if (socket.giveUpEvent >= 0) return;
    const atUs = Math.max(kernel.nowUs, Math.round(giveUpAtUs(kernel.nowUs, end)));
    socket.giveUpEvent = this.#schedule(atUs - kernel.nowUs, () => this.#gaveUp(end));
  }

  #close(end: 0 | 1, cause: TraceId): void {
    const socket = this.#sockets[end];
    if (!socket.open) return;
    const kernel = this.#world.kernel;
    socket.open = false;
    socket.closedAtUs = kernel.nowUs;
    socket.waiting = [];
    if (socket.resendEvent >= 0) kernel.cancel(socket.resendEvent);
    if (socket.giveUpEvent >= 0) kernel.cancel(socket.giveUpEvent);
    socket.resendEvent = socket.giveUpEvent = -1;
    this.#cause = cause;
    kernel.touch();
    if (this.#alive[end]) this.#owner.closed(this, end, cause);
  }

  /** Opens the connection as soon as an attempt can succeed, no earlier than `waitUs` from now. */
  #redial(waitUs: number): void {
    if (!this.#canOpen || this.#dialEvent >= 0) return;
    const [a, b] = this.nodes;
    const network = this.#world.network;
    const roundTripUs = network.path(a, b).typicalUs + network.path(b, a).typicalUs;
    this.#dialEvent = this.#schedule(Math.round(waitUs + roundTripUs), () => this.#dialled());
  }

  /** After a time of silence: how long until the next SYN of either end that has been dialling since it closed. */
  #dialPhaseUs(): number {
    const nowUs = this.#world.kernel.nowUs;
    let soonest = Number.POSITIVE_INFINITY;
    for (const socket of this.#sockets) {
      if (!socket.open)
        soonest = Math.min(soonest, nextSynUs(this.#policy.dial, socket.closedAtUs, nowUs) - nowUs);
    }
    return soonest;
  }

  #dialled(): void {
    this.#dialEvent = -1;
    if (!this.#canOpen) return;
    this.#silentSinceUs.fill(-1);
    for (const socket of this.#sockets) {
      socket.open = true;
      socket.waiting = [];
      socket.lastArrivalUs = this.#world.kernel.nowUs;
    }
    this.#dialRefused = false;
    this.#world.kernel.touch();
    this.#owner.opened(this, this.#cause);
  }

  get #canOpen(): boolean {
    const [first, second] = this.#alive;
    return this.#passable && first && second && !this.#frozen[0] && !this.#frozen[1];
  }

  #cancelGiveUp(socket: Socket): void {
    if (socket.giveUpEvent >= 0) this.#world.kernel.cancel(socket.giveUpEvent);
    socket.giveUpEvent = -1;
  }

  #cancelDial(): void {
    if (this.#dialEvent >= 0) this.#world.kernel.cancel(this.#dialEvent);
    this.#dialEvent = -1;
  }

  #schedule(inUs: number, act: () => void): EventId {
    const kernel = this.#world.kernel;
    return kernel.schedule(
      Math.min(kernel.nowUs + Math.max(0, Math.round(inUs)), MAX_TIME_US),
      this.#timers,
      this.#timerNumber++,
      act,
    );
  }

  #gaveUp(end: 0 | 1): void {
    this.#sockets[end].giveUpEvent = -1;
    this.#close(end, this.cause);
    this.#resetOther(end);
  }

  #resetOther(end: 0 | 1): void {
    const other = (1 - end) as 0 | 1;
    if (!this.#passable || !this.#sockets[other].open || this.#frozen[other]) return;
    const path = this.#world.network.path(this.nodes[end], this.nodes[other]);
    this.#schedule(path.typicalUs, () => this.#wasReset(other));
  }

  #wasReset(end: 0 | 1): void {
    const peer = (1 - end) as 0 | 1;
    if (!this.#sockets[peer].open) this.#close(end, this.#cause);
  }
}

/** The first SYN at or after `nowUs` of an end that has dialled into silence since `closedAtUs`. */
function nextSynUs(dial: ConnectionPolicy['dial'], closedAtUs: number, nowUs: number): number {
  let attemptUs = closedAtUs;
  let pauseUs = dial.firstUs;
  for (;;) {
    if (pauseUs >= dial.maxUs || dial.factor <= 1) {
      // From here every attempt takes as long: whole cycles can be skipped.
      const cycleUs = dial.timeoutUs + Math.min(pauseUs, dial.maxUs);
      if (attemptUs + cycleUs <= nowUs) attemptUs += cycleUs * Math.floor((nowUs - attemptUs) / cycleUs);
    }
    // SYNs of one attempt leave at 0, 1, 3, 7 ... s until it times out.
    for (let synUs = 0; synUs < dial.timeoutUs; synUs = synUs * 2 + SECOND) {
      if (attemptUs + synUs >= nowUs) return attemptUs + synUs;
    }
    attemptUs += dial.timeoutUs + Math.min(pauseUs, dial.maxUs);
    pauseUs = Math.min(pauseUs * dial.factor, dial.maxUs);
  }
}
