/** A quantile of a distribution of which only samples are known. */
import { binomialAtMost } from './beta.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';

/**
 * The estimate is linear between neighbours. The bounds are two of the values themselves: the number of values below the
 * true quantile is binomial(n, q) whatever the distribution. Where there is no value far enough out the bound is infinite.
 *
 * @param sorted ascending
 * @param q in 0..1; 0 and 1 are the least and the greatest value, of which no sample bounds the true one
 */
export function quantileInterval(
  sorted: readonly number[],
  q: number,
  confidence = DEFAULT_CONFIDENCE,
): Interval {
  const n = sorted.length;
  const estimate = sampleQuantile(sorted, q);
  if (n === 0 || q <= 0 || q >= 1) {
    return { estimate, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, n, method: 'none' };
  }
  const tail = (1 - confidence) / 2;
  // P(the true quantile lies below value i, counted from 1) = P(at most i - 1 values are below it).
  const below = greatest(0, n, (i) => binomialAtMost(i - 1, n, q) <= tail);
  const above = n + 1 - greatest(0, n, (i) => 1 - binomialAtMost(n - i, n, q) <= tail);
  return {
    estimate,
    lower: below === 0 ? Number.NEGATIVE_INFINITY : sorted[below - 1]!,
    upper: above === n + 1 ? Number.POSITIVE_INFINITY : sorted[above - 1]!,
    n,
    method: 'order-statistics',
  };
}

/** Linear between neighbours (Hyndman and Fan's type 7); NaN of nothing. */
export function sampleQuantile(sorted: readonly number[], q: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** The greatest i in [low, high] for which `holds`, which holds at `low` and, once it does not, never again. */
function greatest(low: number, high: number, holds: (i: number) => boolean): number {
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
