/**
 * Rare events among numbered things, drawn as gaps (see GapProcess), where the probability changes from one number to the
 * next and back: a stream whose messages go to many nodes over different paths. Whether number n is irregular under
 * probability p follows from (stream, p, n) alone, whatever was asked before: the process of each p begins anew at every
 * multiple of GRID. Gaps have no memory, so nobody can tell.
 */
import { GAP_LANE, type Gaps, geometric } from './gaps.ts';
import { log1p } from './portable-math.ts';
import type { RandomStream } from './streams.ts';

const GRID = 8192;

/** Where one probability's process stands. */
interface Walk {
  readonly probability: number;
  readonly logOfRegular: number;
  /** The multiple of GRID it began at, the mark it has come to, that mark's number, and the one before's. */
  start: number;
  mark: number;
  position: number;
  previous: number;
}

export class GridGaps implements Gaps {
  readonly #stream: RandomStream;
  readonly #walks: Walk[] = [];
  #walk: Walk | null = null;

  constructor(stream: RandomStream) {
    this.#stream = stream;
  }

  get probability(): number {
    return this.#walk === null ? 0 : this.#walk.probability;
  }

  setProbability(probability: number, _number: number): void {
    if (probability <= 0) {
      this.#walk = null;
      return;
    }
    for (const walk of this.#walks) {
      if (walk.probability !== probability) continue;
      this.#walk = walk;
      return;
    }
    const logOfRegular = probability < 1 ? log1p(-probability) : 0;
    this.#walk = { probability, logOfRegular, start: -1, mark: 0, position: 0, previous: 0 };
    this.#walks.push(this.#walk);
  }

  /** Nothing is walked from one number to the next. */
  skipTo(): void {}

  /** The first irregular number at or after `number`; Infinity if none. */
  nextFrom(number: number): number {
    return this.nextBefore(number, Number.POSITIVE_INFINITY);
  }

  /** The same; what is returned lies at or after `limit` when there is none before it. */
  nextBefore(number: number, limit: number): number {
    const walk = this.#walk;
    if (walk === null) return Number.POSITIVE_INFINITY;
    if (walk.probability >= 1) return number;
    let start = number - (number % GRID);
    if (walk.start !== start || walk.previous >= number) this.#begin(walk, start);
    for (;;) {
      while (walk.position < number) {
        walk.mark++;
        walk.previous = walk.position;
        walk.position += this.#gap(walk);
      }
      if (walk.position < start + GRID) return walk.position;
      start += GRID;
      if (start >= limit) return start;
      this.#begin(walk, start);
    }
  }

  isIrregular(number: number): boolean {
    return this.nextBefore(number, number + 1) === number;
  }

  #begin(walk: Walk, start: number): void {
    walk.start = start;
    walk.mark = 0;
    walk.previous = start - 1;
    walk.position = walk.previous + this.#gap(walk);
  }

  /** Distance from the mark before to this one. */
  #gap({ start, mark, logOfRegular }: Walk): number {
    return geometric(this.#stream.uniform(start + mark, GAP_LANE), logOfRegular);
  }
}
