/**
 * One directed stream of messages on the network: decides for each message, by its number, whether it is lost and how
 * long it is under way. A message's fate is drawn from (stream, number) alone (DESIGN.md rule 7).
 */
import { GapProcess, type Gaps } from '../kernel/gaps.ts';
import type { Stream } from '../kernel/kernel.ts';
import { log } from '../kernel/portable-math.ts';
import { type Path, TRANSIT_MAX_US } from './network.ts';
import type { World } from './world.ts';

/** Returned instead of a latency. */
export const LOST = -1;

/** Linux TCP_RTO_MAX. */
const RETRANSMISSION_MAX_US = 120_000_000;

/** Well above the rounding of a logarithm. */
const ROUNDING = 1 + 1e-9;

const LATENCY_LANE = 0;
const JITTER_LANE = 1;
const FATE_LANE = 2;
const RETRY_LANE = 3;

export class Link {
  readonly world: World;
  readonly from: number;
  readonly to: number;
  readonly stream: Stream;
  readonly #gaps: Gaps;
  /** Of the last message: how many times in a row its packet was lost. */
  lossesInARow = 0;

  /** `gaps`: a stream whose messages go over many paths needs GridGaps, if some of them are never to be sent. */
  constructor(world: World, from: number, to: number, stream: Stream, gaps: Gaps = new GapProcess(stream)) {
    this.world = world;
    this.from = from;
    this.to = to;
    this.stream = stream;
    this.#gaps = gaps;
  }

  /**
   * Microseconds until message `number` arrives, or LOST. Streams whose messages go to many nodes say from where to where:
   * one stream for each sender is enough then.
   */
  transitUs(number: number, bytes: number, from = this.from, to = this.to): number {
    const path = this.world.network.path(from, to);
    if (path.effects.length > 0) for (const effect of path.effects) effect.felt++;
    if (path.blocked) return LOST;
    return this.#drawUs(path, number, bytes);
  }

  /**
   * Whether message `number`, which is sent now, arrives within the bounds of the regular ones (`longestUs`). How long it
   * takes can be drawn later, or never.
   */
  isRegular(path: Path, number: number): boolean {
    if (path.effects.length > 0) for (const effect of path.effects) effect.felt++;
    if (path.blocked) return false;
    const { irregular } = path;
    if (irregular !== this.#gaps.probability) this.#gaps.setProbability(irregular, number);
    return irregular <= 0 || !this.#gaps.isIrregular(number);
  }

  /**
   * The same on a reliable transport, for a path that is not blocked: a lost packet is sent again after the retransmission
   * time-out, which doubles each time, so loss shows as delay.
   */
  reliableTransitUs(path: Path, number: number, bytes: number, retransmissionUs: number): number {
    if (path.effects.length > 0) for (const effect of path.effects) effect.felt++;
    return this.#reliableUs(path, number, bytes, retransmissionUs);
  }

  /** Whether message `number`, sent on its own, gets lost; told before it is sent, while the path is `foreseen`. */
  getsLost(path: Path, number: number): boolean {
    return this.#gaps.isIrregular(number) && this.#loses(path, number);
  }

  /**
   * How often in a row a packet of irregular message `number` is lost on a reliable transport, 0 when it is only late; told
   * before it is sent, while the path is `foreseen`.
   */
  lossesOf(path: Path, number: number): number {
    return this.#loses(path, number) ? this.#losses(path, number) : 0;
  }

  #reliableUs(path: Path, number: number, bytes: number, retransmissionUs: number): number {
    const transit = this.#drawUs(path, number, bytes);
    if (transit !== LOST) return transit;
    this.lossesInARow = this.#losses(path, number);
    return this.#regularUs(path, number, bytes) + resendsUs(this.lossesInARow, retransmissionUs);
  }

  /** Of an irregular message: it is lost, not late. */
  #loses(path: Path, number: number): boolean {
    return (
      path.irregular === path.loss || this.stream.uniform(number, FATE_LANE) * path.irregular < path.loss
    );
  }

  /** Given that the first was lost, the number of losses in a row is geometric. */
  #losses(path: Path, number: number): number {
    const u = this.stream.uniform(number, RETRY_LANE);
    // Mostly one, and then surely without a logarithm.
    if (1 - u > path.loss * ROUNDING) return 1;
    return Math.min(16, 1 + Math.floor(log(1 - u) / log(path.loss)));
  }

  /** The messages sent last were drawn under the path's present share of irregular ones: what is to come can be foreseen. */
  foreseen(path: Path): boolean {
    return this.#gaps.probability === path.irregular;
  }

  /** The first irregular message from `number` on, Infinity if none; `number` must be one that was sent, or later. */
  nextIrregular(number: number): number {
    return this.#gaps.nextFrom(number);
  }

  /** No message on the path takes longer, if it is not lost; `regular`: none of the regular ones. */
  longestUs(path: Path, bytes: number, regular: boolean): number {
    let us = regular ? path.latency.bodyCapUs : path.latency.capUs;
    if (path.effects.length > 0) us = us * path.multiply + path.addedUs;
    us += path.jitterUs;
    if (path.bandwidth !== Number.POSITIVE_INFINITY) us += (bytes * 8 * 1_000_000) / path.bandwidth;
    return Math.min(Math.ceil(us), TRANSIT_MAX_US);
  }

  /** No message before `number` will be sent any more. */
  skipTo(number: number): void {
    this.#gaps.skipTo(number);
  }

  #drawUs(path: Path, number: number, bytes: number): number {
    this.lossesInARow = 0;
    const irregular = path.irregular;
    if (irregular !== this.#gaps.probability) this.#gaps.setProbability(irregular, number);
    if (irregular > 0 && this.#gaps.isIrregular(number)) {
      if (this.#loses(path, number)) {
        this.lossesInARow = 1;
        return LOST;
      }
      const tailUs = path.latency.tailUs(this.stream.uniform(number, LATENCY_LANE));
      return this.#withEffects(path, tailUs, number, bytes);
    }
    return this.#regularUs(path, number, bytes);
  }

  #regularUs(path: Path, number: number, bytes: number): number {
    const latency = path.latency;
    const base =
      latency.constantUs >= 0
        ? latency.constantUs
        : latency.bodyUs(this.stream.uniform(number, LATENCY_LANE));
    return this.#withEffects(path, base, number, bytes);
  }

  #withEffects(path: Path, baseUs: number, number: number, bytes: number): number {
    let us = baseUs;
    if (path.effects.length > 0) us = us * path.multiply + path.addedUs;
    if (path.jitterUs > 0) us += (2 * this.stream.uniform(number, JITTER_LANE) - 1) * path.jitterUs;
    if (path.bandwidth !== Number.POSITIVE_INFINITY) us += (bytes * 8 * 1_000_000) / path.bandwidth;
    return us > 0 ? Math.min(Math.round(us), TRANSIT_MAX_US) : 0;
  }
}

/** What so many losses in a row add to a message's time. */
export function resendsUs(losses: number, retransmissionUs: number): number {
  if (losses === 1) return Math.min(retransmissionUs, RETRANSMISSION_MAX_US);
  let us = 0;
  for (let resend = 0; resend < losses; resend++) {
    us += Math.min(retransmissionUs * (1 << resend), RETRANSMISSION_MAX_US);
  }
  return us;
}
