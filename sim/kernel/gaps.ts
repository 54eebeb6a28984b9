/**
 * Rare events among numbered things, drawn as gaps: "the next irregular message is number n". Message n is irregular
 * with probability p, independently, yet nothing is drawn for the regular ones in between, so numbers can be skipped
 * at no cost (DESIGN.md rule 7). The process can be walked both ways from where it stands.
 */
import { log, log1p } from './portable-math.ts';
import type { RandomStream } from './streams.ts';

/** The lane of a stream that its gaps are drawn from. */
export const GAP_LANE = 1023;

/** Which numbers of a stream are irregular. */
export interface Gaps {
  readonly probability: number;
  /** From `number` on, each is irregular with this probability. */
  setProbability(probability: number, number: number): void;
  /** Nothing before `number` will be asked for any more: what lies in between need not be walked. */
  skipTo(number: number): void;
  /** The first irregular number at or after `number`; Infinity if none. */
  nextFrom(number: number): number;
  isIrregular(number: number): boolean;
}

export class GapProcess implements Gaps {
  readonly #stream: RandomStream;
  /** A change of probability starts a new epoch at the number then current; earlier numbers keep their fate. */
  #epochStart = 0;
  #probability = 0;
  #logOfRegular = 0;
  /** Mark `#mark` (0 = the first of the epoch) is number `#position`. */
  #mark = 0;
  #position = Number.POSITIVE_INFINITY;
  /** Where the mark before it is. */
  #previous = Number.NEGATIVE_INFINITY;

  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  get probability(): number {
    return this.#probability;
  }

  /** The number from which the present probability holds. */
  get epochStart(): number {
    return this.#epochStart;
  }

  /** From `number` on, each is irregular with this probability. */
  setProbability(probability: number, number: number): void {
    if (probability === this.#probability) return;
    this.#probability = probability;
    this.#begin(number);
  }

  /** Another epoch with the same probability, whatever has been walked: gaps have no memory, so nobody can tell. */
  skipTo(number: number): void {
    this.#begin(number);
  }

  #begin(number: number): void {
    const probability = this.#probability;
    this.#epochStart = number;
    this.#mark = 0;
    this.#previous = Number.NEGATIVE_INFINITY;
    if (probability <= 0) {
      this.#position = Number.POSITIVE_INFINITY;
      return;
    }
    this.#logOfRegular = probability < 1 ? log1p(-probability) : 0;
    this.#position = number + this.#gap(0) - 1;
  }

  /** The first irregular number at or after `number` (which must not lie before the present epoch); Infinity if none. */
  nextFrom(number: number): number {
    if (this.#probability <= 0) return Number.POSITIVE_INFINITY;
    while (this.#position < number) {
      this.#mark++;
      this.#previous = this.#position;
      this.#position += this.#gap(this.#mark);
    }
    while (this.#previous >= number) {
      this.#position = this.#previous;
      this.#mark--;
      this.#previous = this.#mark > 0 ? this.#position - this.#gap(this.#mark) : Number.NEGATIVE_INFINITY;
    }
    return this.#position;
  }

  isIrregular(number: number): boolean {
    return this.nextFrom(number) === number;
  }

  /** Distance from mark k-1 to mark k: geometric with success probability p. */
  #gap(mark: number): number {
    if (this.#probability >= 1) return 1;
    // A mark lies at least one number after the one before, so epochStart + mark never meets another epoch's draws.
    return geometric(this.#stream.uniform(this.#epochStart + mark, GAP_LANE), this.#logOfRegular);
  }
}

/** How many trials up to the first success, from a uniform draw and the logarithm of a trial's probability to fail. */
export function geometric(u: number, logOfFailure: number): number {
  // Of a draw's 53 bits 1 - u loses none.
  return 1 + Math.floor(log(1 - u) / logOfFailure);
}
