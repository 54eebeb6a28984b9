/**
 * How long a message is under way. A latency has a bounded body, from which regular messages are drawn, and, where the
 * distribution has a long tail, a rest above it that belongs to the irregular messages (lost or late), which are drawn as
 * gaps (DESIGN.md rule 7, PARKING.md rule 5).
 */
import { type Distribution, quantile } from '../kernel/distribution.ts';

/** Beyond this share a distribution without an upper end is cut off. */
const CAP_SHARE = 1 - 1e-9;
/** Share of messages in the body where there is a tail worth telling apart. */
const BODY_SHARE = 1 - 1e-4;
/** A cap below this cannot matter to any protocol's timers: everything counts as body. */
const HARMLESS_CAP_US = 25_000;

export class Latency {
  /** The value of every message, or -1 when it varies. */
  readonly constantUs: number;
  /** Share of messages drawn from the body; the rest is the tail. */
  readonly bodyShare: number;
  /** No message takes longer. */
  readonly capUs: number;
  /** No message of the body takes longer. */
  readonly bodyCapUs: number;
  readonly medianUs: number;
  readonly #distribution: Distribution;

  constructor(distribution: Distribution) {
    this.#distribution = distribution;
    this.constantUs = distribution.kind === 'constant' ? Math.round(distribution.value) : -1;
    const bounded =
      distribution.kind === 'constant' ||
      distribution.kind === 'uniform' ||
      distribution.kind === 'empirical';
    this.capUs = this.atShare(bounded ? 1 : CAP_SHARE);
    this.bodyShare = bounded || this.capUs <= HARMLESS_CAP_US ? 1 : BODY_SHARE;
    this.bodyCapUs = this.bodyShare === 1 ? this.capUs : this.atShare(BODY_SHARE);
    this.medianUs = this.atShare(0.5);
  }

  /** The latency at a share of the whole distribution, 0 <= share <= 1. */
  atShare(share: number): number {
    if (this.constantUs >= 0) return this.constantUs;
    const capped =
      this.#distribution.kind === 'uniform' || this.#distribution.kind === 'empirical'
        ? share
        : Math.min(share, CAP_SHARE);
    return Math.max(0, Math.round(quantile(this.#distribution, capped)));
  }

  /** Of a regular message, from a uniform draw. */
  bodyUs(u: number): number {
    return this.atShare(u * this.bodyShare);
  }

  /** Of a late message, from a uniform draw. */
  tailUs(u: number): number {
    return this.atShare(this.bodyShare + u * (1 - this.bodyShare));
  }
}
