/** The mean of a figure over runs, which may be zero in most of them and large in a few: downtime, outages, failovers. */
import { betaQuantile, studentQuantile } from './beta.ts';
import { gammaQuantile } from './gamma.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';
import { proportionInterval } from './proportion-interval.ts';
import { medianOf, skewness, squaresAbout, sumOf } from './sums.ts';

export interface MeanOptions {
  /**
   * The most that one run could have had: its duration for downtime, 1 for a share or a yes-or-no. Bounds the mean where
   * every run has zero; without it such a mean has no upper bound.
   */
  readonly atMost?: number;
}

type Bounds = readonly [lower: number, upper: number];

/** So many exponential values are counted in where few were seen: how uneven they are shows only in many. */
const PRIOR_VALUES = 3;
/** The least that is believed of how uneven rare values are (squared coefficient of variation). */
const UNEVENNESS_MIN = 1e-3;
/** Values in every run that are more even than this have no skewness worth a gamma variable. */
const EVEN_MIN = 1e-6;
/** Values whose skewness is at most this, none of them zero, are even: Student's t holds. */
const EVEN_SKEWNESS = 1;
/** Beyond so many times the median a value counts as of another kind: an outage of hours among failovers of seconds. */
const OTHER_KIND = 4;

/**
 * The mean of values >= 0 with its interval. Where the values are even it is Student's; where many are zero or a few
 * outweigh the rest it is the widest of what is known for sums of rare events (docs/background/statistics.md gives the
 * measured coverage).
 */
export function meanInterval(
  values: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
  { atMost = Number.POSITIVE_INFINITY }: MeanOptions = {},
): Interval {
  const n = values.length;
  if (n === 0) return { estimate: Number.NaN, lower: 0, upper: atMost, n, method: 'none' };
  const total = sumOf(values);
  const happened = values.reduce((count, value) => (value > 0 ? count + 1 : count), 0);
  if (happened === 0) {
    const { upper } = proportionInterval(0, n, confidence);
    return { estimate: 0, lower: 0, upper: scaled(atMost, upper), n, method: 'rule-of-three' };
  }
  const estimate = total / n;
  if (n === 1) return { estimate, lower: 0, upper: atMost, n, method: 'none' };
  const even = happened === n && skewness(values) <= EVEN_SKEWNESS;
  const [lower, upper] = even
    ? hull(studentBounds(values, confidence), fiducialBounds(values, confidence))
    : rareBounds(values, confidence);
  // In no run more than `atMost`: the mean is at most that times the share of runs in which it happens at all.
  const most = scaled(atMost, proportionInterval(happened, n, confidence).upper);
  return {
    estimate,
    lower: Math.max(0, lower),
    upper: Math.max(estimate, Math.min(upper, most)),
    n,
    method: even ? 'student-t' : 'rare-events',
  };
}

function scaled(atMost: number, share: number): number {
  return atMost === Number.POSITIVE_INFINITY ? atMost : atMost * share;
}

/** The mean of values by Student's t. */
export function studentBounds(values: readonly number[], confidence: number): Bounds {
  const n = values.length;
  const mean = sumOf(values) / n;
  const half =
    studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(squaresAbout(values, mean) / (n - 1) / n);
  return [mean - half, mean + half];
}

/** The widest of both forms, also with values of another kind bounded on their own. */
function rareBounds(values: readonly number[], confidence: number): Bounds {
  const whole = hull(gammaBounds(values, confidence), fiducialBounds(values, confidence));
  const limit = OTHER_KIND * medianOf(values);
  const over = values.map((value) => Math.max(0, value - limit));
  const mean = sumOf(values) / values.length;
  if (limit === 0 || squaresAbout(over, 0) <= squaresAbout(values, mean) / 2) return whole;
  const usual = values.map((value) => Math.min(value, limit));
  const bounds = (part: readonly number[]) =>
    hull(gammaBounds(part, confidence), fiducialBounds(part, confidence));
  return hull(
    whole,
    sumOfBounds(sumOf(usual) / values.length, bounds(usual), sumOf(over) / values.length, bounds(over)),
  );
}

function hull(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Bounds of a sum of two means from the bounds of each: Zou and Donner's MOVER (Statistics in Medicine 27, 2008). */
export function sumOfBounds(meanA: number, a: Bounds, meanB: number, b: Bounds): Bounds {
  const root = (x: number, y: number) => Math.sqrt(x * x + y * y);
  const mean = meanA + meanB;
  return [mean - root(meanA - a[0], meanB - b[0]), mean + root(a[1] - meanA, b[1] - meanB)];
}

/**
 * Fay and Feuer's gamma interval for a sum of unequal rare events (Statistics in Medicine 16, 1997): the total above n
 * times the least value counts as a gamma variable of its own mean and variance; for the upper bound as if the largest
 * had come once more.
 */
function gammaBounds(values: readonly number[], confidence: number): Bounds {
  const n = values.length;
  const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const one = values.reduce((a, b) => Math.max(a, b), 0) - least;
  const mean = sumOf(values) / n;
  if (one === 0) return [mean, mean];
  const total = n * (mean - least);
  const variance = squaresAbout(values, mean) * (n / (n - 1));
  const tail = (1 - confidence) / 2;
  const quantile = (p: number, center: number, spread: number) =>
    (spread / center) * gammaQuantile(p, (center * center) / spread);
  return [
    least + quantile(tail, total, variance) / n,
    least + quantile(1 - tail, total + one, variance + one * one) / n,
  ];
}

/**
 * How often times how much: the share of runs in which it happens by the binomial (as Clopper and Pearson bound it), the
 * mean of what then happens by its likeness to a gamma variable, together a quotient of two gamma variables: Fisher's F.
 * Exact for a Poisson number of exponential outages, which is what a quorum that is lost and repaired gives.
 */
function fiducialBounds(values: readonly number[], confidence: number): Bounds {
  const n = values.length;
  const positive = values.filter((value) => value > 0);
  const k = positive.length;
  if (k === 0) return [0, 0];
  const total = sumOf(positive);
  const rare = 1 - k / n;
  const prior = PRIOR_VALUES * rare;
  const mean = total / k;
  const squares = squaresAbout(positive, mean) / (mean * mean);
  const correction =
    studentQuantile((1 + confidence) / 2, Math.max(1, k - 1 + 2 * prior)) /
    normalQuantile((1 + confidence) / 2);
  const seen = k - 1 + prior > 0 ? (squares * correction * correction + prior) / (k - 1 + prior) : 1;
  if (rare === 0 && seen < EVEN_MIN) return studentBounds(values, confidence);
  const unevenness = rare === 0 ? seen : Math.max(UNEVENNESS_MIN, seen);
  const tail = (1 - confidence) / 2;
  const freedom = k / unevenness;
  return [
    (total / n) * gammaRatioQuantile(tail, k, rare, freedom),
    (total / n) * ((k + rare) / k) * gammaRatioQuantile(1 - tail, k + rare, rare, freedom),
  ];
}

/** Of G(a / rare) / G(b), two gamma variables of mean one; `rare` 0 makes the first certain. */
function gammaRatioQuantile(p: number, a: number, rare: number, b: number): number {
  if (rare === 0) return b / gammaQuantile(1 - p, b);
  const shape = a / rare;
  const { x, y } = betaQuantile(p, shape, b);
  return (b * x) / (shape * y);
}
