/**
 * One direction of talk between the processes of a system on two nodes, over TCP: what every product's own transport has
 * in common. Messages arrive in the order in which they were sent; a lost packet delays them instead of losing them.
 */
import type { Stream } from '../kernel/kernel.ts';
import type { EventId } from '../kernel/queue.ts';
import { MAX_TIME_US, SECOND } from '../kernel/time.ts';
import { type Link, LOST } from './link.ts';
import type { Path } from './network.ts';
import { wheelExpiryUs } from './timer-wheel.ts';
import type { World } from './world.ts';

/** Also the first retransmission time-out of a loss on an idle path. */
const RTO_MIN_US = 200_000;

/** How long a lost packet waits until it is sent again, when packets pass. */
export function retransmissionUs(path: Path): number {
  return RTO_MIN_US + 2 * Math.round(path.typicalUs);
}

const SYN_RTO_US = 1 * SECOND;

export interface Letter {
  readonly link: Link;
  readonly number: number;
  readonly payload: unknown;
  readonly bytes: number;
  /** How long its sender waits for it to be taken; only products with request and answer ask. */
  readonly timeoutUs: number;
}

/**
 * What a channel does with the next message, and the one after: `carries` them at once; `swallows` them; `refuses` them,
 * and says so; lets them wait in a queue (`queues`). `stirs`: something is under way that will change that.
 */
export type Rest = 'carries' | 'swallows' | 'refuses' | 'queues' | 'stirs';

/** What was sent into a channel while it was away. */
export interface LettersMeanwhile {
  /** When it left. */
  readonly fromUs: number;
  /** Each letter sent after a time, in order, until now. */
  visit(afterUs: number, take: (letter: Letter, atUs: number) => void): void;
}

/** How a system's messages get from one member to another. */
export interface Channel {
  /** False when the sender knows at once that it is lost. It arrives as event `number` of its link's stream. */
  send(letter: Letter): boolean;
  /** A message sent now would arrive without waiting for a heal, a retransmission or a dial. */
  readonly flows: boolean;
  /** The sender holds an open connection, whether or not anything passes. */
  readonly connected: boolean;
  /** A message sent now would not be lost, should packets pass again soon. */
  readonly holds: boolean;
  readonly rest: Rest;
  /** When the next message may leave, of a channel where each waits for the answer to the one before; null: at once. */
  readonly turnUs: number | null;
  /** Of one that `queues`: with a message every so often, the queue is not filled before the channel stirs by itself. */
  queueHolds(everyUs: number): boolean;
  /** Of one that `queues`: a message waits for its answer, and should none come its sender will be told, later if need be. */
  readonly willTell: boolean;
  /** Of one that `queues`: its sender parks. Until `comeBack` nothing that is sent counts; then it is told what was. */
  leave(): void;
  comeBack(letters: LettersMeanwhile): void;
  /** The world is about to change. */
  changing(): void;
  /** It will hand on by itself what its receiver has been told already. */
  readonly asks: boolean;
  /** The sending (receiving) process is gone; `silent` when its machine went dark. */
  fromDown(silent: boolean): void;
  toDown(silent: boolean): void;
  fromUp(): void;
  toUp(): void;
  fromFrozen(frozen: boolean): void;
  toFrozen(frozen: boolean): void;
  networkChanged(): void;
}

/** `from` and `to` are node indices. */
export interface ChannelOwner {
  /** The sender has learned that the other cannot be reached. */
  unreachable(from: number, to: number): void;
}

export interface ChannelPlace {
  readonly world: World;
  readonly owner: ChannelOwner;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Of the sender's and the receiver's timer wheel. */
  readonly fromPhaseUs: number;
  readonly toPhaseUs: number;
}

export abstract class TcpChannel implements Channel {
  protected readonly place: ChannelPlace;
  protected readonly world: World;
  protected passable: boolean;
  protected fromAlive = true;
  protected toAlive = true;
  protected lastArrivalUs = Number.NEGATIVE_INFINITY;
  /** Timers of this channel; the payload is what to do. Its draws are the product's. */
  protected readonly timers: Stream;
  #timerNumber = 0;
  #timersPending = 0;

  constructor(place: ChannelPlace) {
    this.place = place;
    this.world = place.world;
    this.timers = place.world.kernel.stream(`${place.name}/timer`, (_n: number, act: () => void) => {
      this.#timersPending--;
      act();
    });
    this.passable = place.world.passable(place.from, place.to);
  }

  abstract send(letter: Letter): boolean;
  abstract readonly flows: boolean;
  abstract readonly connected: boolean;
  abstract readonly holds: boolean;
  abstract readonly rest: Rest;
  abstract readonly turnUs: number | null;
  abstract readonly asks: boolean;

  queueHolds(_everyUs: number): boolean {
    return false;
  }

  get willTell(): boolean {
    return false;
  }

  leave(): void {}
  comeBack(_letters: LettersMeanwhile): void {}
  changing(): void {}
  fromFrozen(_frozen: boolean): void {}

  abstract fromDown(silent: boolean): void;
  abstract toDown(silent: boolean): void;
  abstract fromUp(): void;
  abstract toUp(): void;
  abstract toFrozen(frozen: boolean): void;
  protected abstract passableChanged(): void;

  networkChanged(): void {
    const passable = this.world.passable(this.place.from, this.place.to);
    if (passable === this.passable) return;
    this.passable = passable;
    this.passableChanged();
  }

  protected get nowUs(): number {
    return this.world.kernel.nowUs;
  }

  protected get roundTripUs(): number {
    return Math.round(this.#typicalUs(true) + this.#typicalUs(false));
  }

  /** From the sender to the receiver, or back. */
  protected oneWayUs(forth: boolean): number {
    return Math.round(this.#typicalUs(forth));
  }

  /** Puts a message on the network; when it arrives, microseconds. `extraUs`: what it waits for first. */
  protected transmit(letter: Letter, extraUs = 0): number {
    const { link, number, payload, bytes } = letter;
    const path = this.world.network.path(link.from, link.to);
    const transitUs = link.reliableTransitUs(path, number, bytes, retransmissionUs(path));
    if (transitUs === LOST) throw new Error('a reliable transport lost a message');
    const arrivalUs = Math.max(this.nowUs + extraUs + transitUs, this.lastArrivalUs + 1);
    // Stacked latency faults may put it beyond any run's time: it never arrives.
    if (arrivalUs > MAX_TIME_US) return arrivalUs;
    this.lastArrivalUs = arrivalUs;
    this.world.kernel.schedule(arrivalUs, link.stream, number, payload);
    return arrivalUs;
  }

  /** A message that meets silence: the fault was felt. */
  protected felt(letter: Letter): void {
    for (const effect of this.world.network.path(letter.link.from, letter.link.to).effects) effect.felt++;
  }

  /** A timer of this channel is running. */
  protected get stirring(): boolean {
    return this.#timersPending > 0;
  }

  protected get timersPending(): number {
    return this.#timersPending;
  }

  schedule(inUs: number, act: () => void): EventId {
    const kernel = this.world.kernel;
    const atUs = Math.min(kernel.nowUs + Math.max(0, Math.round(inUs)), MAX_TIME_US);
    this.#timersPending++;
    return kernel.schedule(atUs, this.timers, this.#timerNumber++, act);
  }

  cancel(event: EventId): -1 {
    if (event >= 0 && this.world.kernel.cancel(event)) this.#timersPending--;
    return -1;
  }

  #typicalUs(forth: boolean): number {
    const { from, to } = this.place;
    return forth ? this.world.network.path(from, to).typicalUs : this.world.network.path(to, from).typicalUs;
  }
}

/**
 * The first SYN at or after `nowUs` of a dial that began at `sinceUs` and gives up after `timeoutUs`: SYNs leave at once,
 * after 1 s, and after twice as long each time (RFC 6298 2.1; Linux tcp_syn_retries). Infinity when none comes any more.
 */
export function nextSynUs(sinceUs: number, timeoutUs: number, nowUs: number, phaseUs: number): number {
  let synUs = sinceUs;
  for (let rtoUs = SYN_RTO_US; synUs < sinceUs + timeoutUs; rtoUs *= 2) {
    if (synUs >= nowUs) return synUs;
    synUs = wheelExpiryUs(synUs, rtoUs, phaseUs);
  }
  return Number.POSITIVE_INFINITY;
}
