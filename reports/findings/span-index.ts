/** What of a long history overlaps a span, found without going through all of it. */
import { groupBy } from '../grouping.ts';
import type { Span } from './stretches.ts';

export class SpanIndex<T> {
  readonly #values: readonly T[];
  readonly #fromUs: readonly number[];
  /** The latest end up to each place: what lies before a place whose latest end is past cannot overlap. */
  readonly #latestUs: readonly number[];
  readonly #spanOf: (value: T) => Span;

  constructor(values: Iterable<T>, spanOf: (value: T) => Span) {
    this.#spanOf = spanOf;
    this.#values = [...values].sort((a, b) => spanOf(a).fromUs - spanOf(b).fromUs);
    this.#fromUs = this.#values.map((value) => spanOf(value).fromUs);
    let latestUs = Number.NEGATIVE_INFINITY;
    this.#latestUs = this.#values.map((value) => {
      latestUs = Math.max(latestUs, spanOf(value).toUs);
      return latestUs;
    });
  }

  /** Those that have a moment in common with `span`, by their beginnings. */
  overlapping(span: Span): T[] {
    const found: T[] = [];
    let i = this.#startedBefore(span.toUs) - 1;
    for (; i >= 0 && this.#latestUs[i]! > span.fromUs; i--) {
      if (this.#spanOf(this.#values[i]!).toUs > span.fromUs) found.push(this.#values[i]!);
    }
    return found.reverse();
  }

  /** How many begin before a moment. */
  #startedBefore(us: number): number {
    let low = 0;
    let high = this.#fromUs.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#fromUs[middle]! < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** An index for each key. */
export function indexBy<T, K>(
  values: Iterable<T>,
  keyOf: (value: T) => K,
  spanOf: (value: T) => Span,
): Map<K, SpanIndex<T>> {
  return new Map([...groupBy(values, keyOf)].map(([key, own]) => [key, new SpanIndex(own, spanOf)]));
}
