/**
 * One directed stream of messages on the network: decides for each message, by its number, whether it is lost and how
 * long it is under way. A message's fate is drawn from (stream, number) alone (DESIGN.md rule 7).
 */
import type { CountedGaps } from '../kernel/counted-gaps.ts';
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

/** Of one packet, in a row. */
const LOSSES_MAX = 16;

const LATENCY_LANE = 0;
const JITTER_LANE = 1;
const FATE_LANE = 2;
const RETRY_LANE = 3;

/** Of a path's messages on a reliable transport, where those that are lost exactly once are drawn apart. */
interface Shares {
  readonly loss: number;
  readonly irregular: number;
  /** Late, or lost twice at least. */
  readonly severe: number;
  /** Lost exactly once, of those that are not severe. */
  readonly once: number;
}

const NO_SHARES: Shares = { loss: 0, irregular: 0, severe: 0, once: 0 };

export function sharesOf({ loss, irregular }: Path): Shares {
  const severe = Math.max(0, irregular - loss) + loss * loss;
  return { loss, irregular, severe, once: severe < 1 ? (loss * (1 - loss)) / (1 - severe) : 0 };
}

export class Link {
  readonly world: World;
  readonly from: number;
  readonly to: number;
  readonly stream: Stream;
  readonly #gaps: Gaps;
  readonly #resends: CountedGaps | null;
  /** The shares that stand for these of the path's. */
  #shares: Shares = NO_SHARES;
  /** Of the last message: how many times in a row its packet was lost. */
  lossesInARow = 0;

  /**
   * `gaps`: a stream whose messages go over many paths needs GridGaps, if some of them are never to be sent. `resends`: of a
   * reliable transport, most of whose messages will only be counted: those that are lost exactly once are drawn apart.
   */
  constructor(
    world: World,
    from: number,
    to: number,
    stream: Stream,
    gaps: Gaps = new GapProcess(stream),
    resends: CountedGaps | null = null,
  ) {
    this.world = world;
    this.from = from;
    this.to = to;
    this.stream = stream;
    this.#gaps = gaps;
    this.#resends = resends;
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
    return this.#resends === null
      ? this.#reliableUs(path, number, bytes, retransmissionUs)
      : this.#resentUs(path, number, bytes, retransmissionUs, this.#resends);
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
    if (this.#resends === null) return this.#loses(path, number) ? this.#losses(path, number) : 0;
    return this.#gaps.isIrregular(number) ? this.#severalLosses(path, number) : 1;
  }

  /** Where those that are lost exactly once are drawn apart: the first from `number` on that is late, or lost more often. */
  nextSevere(number: number): number {
    return this.#gaps.nextFrom(number);
  }

  /** Of messages `first` to `last`: those that would be lost exactly once, were none of them severe. */
  resentBetween(first: number, last: number): number {
    return this.#resends?.count(first, last) ?? 0;
  }

  #reliableUs(path: Path, number: number, bytes: number, retransmissionUs: number): number {
    const transit = this.#drawUs(path, number, bytes);
    if (transit !== LOST) return transit;
    this.lossesInARow = this.#losses(path, number);
    return this.#regularUs(path, number, bytes) + resendsUs(this.lossesInARow, retransmissionUs);
  }

  #resentUs(
    path: Path,
    number: number,
    bytes: number,
    retransmissionUs: number,
    resends: CountedGaps,
  ): number {
    const { severe, once } = this.#sharesOf(path);
    if (severe !== this.#gaps.probability) this.#gaps.setProbability(severe, number);
    if (once !== resends.probability) resends.setProbability(once);
    this.lossesInARow = 0;
    if (severe > 0 && this.#gaps.isIrregular(number)) {
      this.lossesInARow = this.#severalLosses(path, number);
      if (this.lossesInARow === 0) return this.#lateUs(path, number, bytes);
    } else if (once > 0 && resends.isIrregular(number)) this.lossesInARow = 1;
    const us = this.#regularUs(path, number, bytes);
    return this.lossesInARow === 0 ? us : us + resendsUs(this.lossesInARow, retransmissionUs);
  }

  #sharesOf(path: Path): Shares {
    if (this.#shares.loss !== path.loss || this.#shares.irregular !== path.irregular)
      this.#shares = sharesOf(path);
    return this.#shares;
  }

  /** Of a severe message: it is late (0), or lost twice at least. */
  #severalLosses(path: Path, number: number): number {
    const { severe, loss } = this.#sharesOf(path);
    const twice = loss * loss;
    if (twice !== severe && this.stream.uniform(number, FATE_LANE) * severe >= twice) return 0;
    return Math.min(LOSSES_MAX, 1 + this.#losses(path, number));
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
    return Math.min(LOSSES_MAX, 1 + Math.floor(log(1 - u) / log(path.loss)));
  }

  /** The messages sent last were drawn under the path's present share of irregular ones: what is to come can be foreseen. */
  foreseen(path: Path): boolean {
    if (this.#resends === null) return this.#gaps.probability === path.irregular;
    const { severe, once } = this.#sharesOf(path);
    return this.#gaps.probability === severe && this.#resends.probability === once;
  }

  /** The first irregular message from `number` on, Infinity if none; `number` must be one that was sent, or later. */
  nextIrregular(number: number): number {
    const next = this.#gaps.nextFrom(number);
    return this.#resends === null ? next : Math.min(next, this.#resends.nextFrom(number));
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
      return this.#lateUs(path, number, bytes);
    }
    return this.#regularUs(path, number, bytes);
  }

  #lateUs(path: Path, number: number, bytes: number): number {
    const tailUs = path.latency.tailUs(this.stream.uniform(number, LATENCY_LANE));
    return this.#withEffects(path, tailUs, number, bytes);
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
