/**
 * RethinkDB's heartbeats on one connection, without an event for each (facts/consensus.md 3.1-3.5). Each end has a timer
 * that rings every fifth of the time-out since the connection opened there. A ring writes a heartbeat unless something
 * else was written since the ring before; an end that finds nothing read at too many rings in a row gives up.
 */
import { CountedGaps } from '../../kernel/counted-gaps.ts';
import { GapProcess } from '../../kernel/gaps.ts';
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { MAX_TIME_US, periodicTimeUs } from '../../kernel/time.ts';
import type { Connection } from '../../world/connection.ts';
import type { World } from '../../world/world.ts';
import type { Traffic } from '../system.ts';
import type { RethinkParameters } from './parameters.ts';

/** One byte of payload in its Ethernet, IP and TCP headers. */
const HEARTBEAT_BYTES = 67;
/** Linux: the least retransmission time-out; it doubles with each loss in a row. */
const RTO_MIN_US = 200_000;

/** One end: its timer, and the heartbeats it sends. */
class End {
  readonly node: number;
  /** Fates of its heartbeats' packets, by ring number. */
  readonly losses: CountedGaps;
  /** Heartbeats whose packet is lost so often that the peer gives up meanwhile. */
  readonly silences: GapProcess;
  /** Ring k of this connection is at phase + k intervals and has the number base + k; numbers never restart. */
  phaseUs = 0;
  base = 0;
  /** Rings up to this number are in the counts, and up to that one the packets lost of them. */
  counted = 0;
  lossesCounted = 0;
  /** The last ring at which something else had been written, and how many of those are not in the counts. */
  quiet = -1;
  quietCount = 0;
  ticking = false;
  suspicion: EventId = -1;

  constructor(node: number, losses: Stream, silences: Stream) {
    this.node = node;
    this.losses = new CountedGaps(losses);
    this.silences = new GapProcess(silences);
  }
}

export class Heartbeats {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #connection: () => Connection;
  readonly #parameters: RethinkParameters;
  readonly #traffic: Traffic;
  readonly #timer: Stream;
  #timerNumber = 0;
  readonly #ends: readonly [End, End];
  /** One-way times each end last knew of the way towards it. */
  readonly #typicalUs: [number, number];
  #nextSilence: EventId = -1;

  constructor(
    kernel: Kernel,
    world: World,
    name: string,
    nodes: readonly [number, number],
    parameters: RethinkParameters,
    traffic: Traffic,
    connection: () => Connection,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#connection = connection;
    this.#parameters = parameters;
    this.#traffic = traffic;
    this.#timer = kernel.stream(`${name}/heartbeats`, (_n: number, act: () => void) => act());
    const streams = (i: 0 | 1) => {
      const way = `${world.nodes[nodes[i]]!.name}>${world.nodes[nodes[1 - i]!]!.name}`;
      const stream = (purpose: string) => kernel.stream(`${name}/${way}/${purpose}`);
      return new End(nodes[i], stream('heartbeat'), stream('heartbeat-silence'));
    };
    this.#ends = [streams(0), streams(1)];
    this.#typicalUs = [this.#wayTo(0), this.#wayTo(1)];
    // The group's connections stand when the model begins: each had opened at some time before.
    const draw = this.#timer.uniform(0);
    this.#open(kernel.nowUs - Math.floor(draw * this.#intervalUs));
  }

  get #intervalUs(): number {
    return this.#parameters.heartbeatTimeoutUs / this.#parameters.heartbeatIntervals;
  }

  /** The connection has opened: both timers begin, the accepting end's one latency later. */
  opened(): void {
    this.count();
    this.#open(this.#kernel.nowUs);
  }

  /** An end has closed. */
  closed(end: 0 | 1): void {
    this.#settle();
    this.#settleLosses(this.#ends[end]);
    this.#ends[end].ticking = false;
    this.#unsuspect(end);
    this.#watchSilences();
  }

  /** The process at an end is frozen or goes on. */
  frozen(end: 0 | 1, isFrozen: boolean): void {
    this.#settle();
    const own = this.#ends[end];
    this.#settleLosses(own);
    own.ticking = !isFrozen && this.#connection().isOpen(end);
    own.counted = own.lossesCounted = this.#ringsUntil(own, this.#kernel.nowUs);
    if (isFrozen) this.#unsuspect(end);
    // The share that is lost may have become another one meanwhile.
    this.#watchSilences();
  }

  /** Something else was written at an end: its next ring writes no heartbeat. */
  wrote(end: 0 | 1): void {
    const own = this.#ends[end];
    const ring = this.#ringsUntil(own, this.#kernel.nowUs) + 1;
    if (ring === own.quiet || !own.ticking) return;
    own.quiet = ring;
    own.quietCount++;
  }

  /**
   * The ring that finds something read for the last time zeroes the counter; the following ones count 1 .. N + 1, and
   * the one that sees more than N kills: N + 2 intervals later (3.4).
   */
  giveUpAtUs(lastReadUs: number, end: 0 | 1): number {
    const own = this.#ends[end];
    const intervalUs = this.#intervalUs / this.#world.nodes[own.node]!.clockRate;
    const ring = Math.ceil((lastReadUs - own.phaseUs) / intervalUs);
    return periodicTimeUs(own.phaseUs, intervalUs, ring + this.#parameters.heartbeatIntervals + 2);
  }

  /** Latencies or losses may have changed. */
  networkChanged(): void {
    this.#settle();
    for (const end of [0, 1] as const) {
      const beforeUs = this.#typicalUs[end];
      const nowUs = (this.#typicalUs[end] = this.#wayTo(end));
      if (nowUs > beforeUs) this.#sudden(end, beforeUs, nowUs);
      else if (nowUs < beforeUs) this.#unsuspect(end);
    }
    this.#watchSilences();
  }

  /** Puts the heartbeats up to now into the traffic. */
  count(): void {
    this.#settle();
    for (const end of this.#ends) this.#settleLosses(end);
  }

  #open(atUs: number): void {
    this.#ends.forEach((end, i) => {
      end.base = end.counted = end.lossesCounted = Math.max(end.counted, end.quiet);
      end.phaseUs = atUs + (i === 0 ? 0 : this.#typicalUs[1]);
      end.quiet = -1;
      end.quietCount = 0;
      end.ticking = true;
    });
    this.#watchSilences();
  }

  /** A latency that grows at once leaves a gap: what is sent from now on arrives that much later than what was sent before. */
  #sudden(end: 0 | 1, beforeUs: number, afterUs: number): void {
    const own = this.#ends[end];
    const nowUs = this.#kernel.nowUs;
    const atUs = this.giveUpAtUs(nowUs + beforeUs, end);
    if (atUs >= nowUs + afterUs || atUs > MAX_TIME_US || !own.ticking || own.suspicion >= 0) return;
    own.suspicion = this.#after(atUs - nowUs, () => this.#giveUp(end));
  }

  #giveUp(end: 0 | 1): void {
    const own = this.#ends[end];
    own.suspicion = -1;
    const connection = this.#connection();
    if (!own.ticking || !connection.isOpen(end)) return;
    const from = this.#ends[1 - end]!.node;
    const { effects } = this.#world.network.path(from, own.node);
    connection.abandon(end, effects.at(-1)?.cause ?? connection.cause);
  }

  #unsuspect(end: 0 | 1): void {
    const own = this.#ends[end];
    if (own.suspicion >= 0) this.#kernel.cancel(own.suspicion);
    own.suspicion = -1;
  }

  /** With heavy loss a packet may be lost so often in a row that its retransmission comes too late. */
  #watchSilences(): void {
    if (this.#nextSilence >= 0) this.#kernel.cancel(this.#nextSilence);
    this.#nextSilence = -1;
    let soonestUs = Number.POSITIVE_INFINITY;
    let silent: 0 | 1 = 0;
    for (const end of [0, 1] as const) {
      const sender = this.#ends[1 - end]!;
      const path = this.#world.network.path(sender.node, this.#ends[end].node);
      if (!sender.ticking) continue;
      const from = this.#ringsUntil(sender, this.#kernel.nowUs) + 1;
      // While nothing passes the connection itself counts the silence.
      const loss = this.#world.passable(sender.node, this.#ends[end].node) ? path.loss : 0;
      if (loss !== sender.losses.probability) {
        this.#settleLosses(sender);
        sender.losses.setProbability(loss);
      }
      sender.silences.setProbability(this.#shareOfSilences(loss), from);
      const ring = sender.silences.nextFrom(from);
      const atUs = periodicTimeUs(sender.phaseUs, this.#intervalUs, ring - sender.base);
      if (atUs < soonestUs) [soonestUs, silent] = [atUs, end];
    }
    // Not in any run's time.
    if (soonestUs > MAX_TIME_US) return;
    const receiver = silent;
    this.#nextSilence = this.#after(soonestUs - this.#kernel.nowUs, () => {
      this.#nextSilence = -1;
      if (this.#ends[receiver].suspicion < 0) {
        const inUs = this.giveUpAtUs(this.#kernel.nowUs, receiver) - this.#kernel.nowUs;
        this.#ends[receiver].suspicion = this.#after(inUs, () => this.#giveUp(receiver));
      }
      this.#watchSilences();
    });
  }

  #shareOfSilences(loss: number): number {
    if (loss <= 0) return 0;
    const limitUs = (this.#parameters.heartbeatIntervals + 2) * this.#intervalUs;
    let share = 1;
    for (let waitedUs = 0, rtoUs = RTO_MIN_US; waitedUs <= limitUs; waitedUs += rtoUs, rtoUs *= 2)
      share *= loss;
    return share < 1e-15 ? 0 : share;
  }

  /** The number of the last ring at or before a time. */
  #ringsUntil(end: End, timeUs: number): number {
    return end.base + Math.max(0, Math.floor((timeUs - end.phaseUs) / this.#intervalUs));
  }

  #settle(): void {
    for (const end of this.#ends) {
      if (!end.ticking) continue;
      const until = this.#ringsUntil(end, this.#kernel.nowUs);
      const pending = end.quiet > until ? 1 : 0;
      const sent = until - end.counted - (end.quietCount - pending);
      this.#traffic.messages += sent;
      this.#traffic.bytes += sent * HEARTBEAT_BYTES;
      end.counted = until;
      end.quietCount = pending;
    }
  }

  /** Up to the rings that are in the counts: before the next ones get another number, or another share is lost. */
  #settleLosses(end: End): void {
    this.#traffic.lost += end.losses.count(end.lossesCounted + 1, end.counted);
    end.lossesCounted = end.counted;
  }

  #wayTo(end: 0 | 1): number {
    return this.#world.network.path(this.#ends[1 - end]!.node, this.#ends[end].node).typicalUs;
  }

  #after(inUs: number, act: () => void): EventId {
    const atUs = this.#kernel.nowUs + Math.max(0, Math.round(inUs));
    // Number 0 is the draw of the first phase.
    return this.#kernel.schedule(atUs, this.#timer, ++this.#timerNumber, act);
  }
}
