/** The mean of a figure over runs, where it is zero in most runs and large in a few: downtime, outages, failovers. */
import { betaQuantile, studentQuantile } from './beta.ts';
import { gammaQuantile } from './gamma.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { sorted, sumOf } from './sums.ts';

export interface MeanOptions {
  /**
   * The most that one run could have had: its duration for downtime, 1 for a share or a yes-or-no. Bounds the mean where
   * every run has zero; without it such a mean has no upper bound.
   */
  readonly atMost?: number;
}

/**
 * The mean of values >= 0 with its interval.
 *
 * Fay and Feuer's gamma interval for a sum of unequal rare events (Statistics in Medicine 16, 1997): the total counts as a
 * gamma variable of its own mean and variance, and for the upper bound as if the largest value had come once more. With
 * many even values that is Student's t, which is taken where it is wider.
 */
export function meanInterval(
  values: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
  { atMost = Number.POSITIVE_INFINITY }: MeanOptions = {},
): Interval {
  const n = values.length;
  if (n === 0) return { estimate: Number.NaN, lower: 0, upper: atMost, n, method: 'none' };
  const total = sumOf(values);
  if (total === 0) {
    const share = betaQuantile(confidence, 1, n).x;
    const upper = atMost === Number.POSITIVE_INFINITY ? atMost : atMost * share;
    return { estimate: 0, lower: 0, upper, n, method: 'rule-of-three' };
  }
  const estimate = total / n;
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = values.reduce((a, b) => Math.max(a, b), 0);
  if (n === 1) return { estimate, lower: 0, upper: atMost, n, method: 'none' };
  // What varies is what lies above the least value.
  const excess = total - n * least;
  const variance = sumOf(values.map((value) => (value - estimate) * (value - estimate))) * (n / (n - 1));
  if (variance === 0) return { estimate, lower: estimate, upper: estimate, n, method: 'student-t' };
  const [low, high] = gammaBounds(excess, variance, greatest - least, confidence);
  const half = studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance);
  const skewed = high - excess > half * 1.02;
  return {
    estimate,
    lower: Math.max(0, least + (skewed ? low : excess - half) / n),
    upper: Math.min(atMost, least + (skewed ? high : excess + half) / n),
    n,
    method: skewed ? 'gamma' : 'student-t',
  };
}

/** Bounds of a total of rare events: `variance` is its own, `one` the largest event. */
function gammaBounds(total: number, variance: number, one: number, confidence: number): [number, number] {
  const tail = (1 - confidence) / 2;
  const quantile = (p: number, mean: number, spread: number) =>
    (spread / mean) * gammaQuantile(p, (mean * mean) / spread);
  return [quantile(tail, total, variance), quantile(1 - tail, total + one, variance + one * one)];
}

/** The middle value: for reports that show which run is typical. */
export function medianOf(values: readonly number[]): number {
  const ascending = sorted(values);
  const half = ascending.length / 2;
  return ascending.length % 2 === 1
    ? ascending[Math.floor(half)]!
    : (ascending[half - 1]! + ascending[half]!) / 2;
}
