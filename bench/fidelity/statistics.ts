/** Statistics of samples: quantiles, Kolmogorov-Smirnov, bootstrap. Every draw comes from a named stream of a fixed seed. */
import { RandomStream } from '../../sim/kernel/streams.ts';
import type { Curve } from './comparison.ts';

export function sorted(values: readonly number[]): number[] {
  return [...Float64Array.from(values).sort()];
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the mean. */
export function standardError(values: readonly number[]): number {
  const average = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/** Linear between neighbours (type 7, as R and NumPy do by default). */
export function quantile(ascending: readonly number[], share: number): number {
  const position = share * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (position - below) * (high - low);
}

/** The largest vertical distance between the two empirical distributions. */
export function ksDistance(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [sorted(a), sorted(b)];
  let i = 0;
  let j = 0;
  let distance = 0;
  while (i < x.length && j < y.length) {
    const at = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! <= at) i++;
    while (j < y.length && y[j]! <= at) j++;
    distance = Math.max(distance, Math.abs(i / x.length - j / y.length));
  }
  return distance;
}

/**
 * Probability of so large a distance when both samples come from one distribution (conservative where values repeat).
 * The limit law with the correction of Stephens (1970) for finite samples, as Numerical Recipes gives it.
 */
export function ksPValue(distance: number, n: number, m: number): number {
  const root = Math.sqrt((n * m) / (n + m));
  const lambda = (root + 0.12 + 0.11 / root) * distance;
  if (lambda < 0.2) return 1;
  let sum = 0;
  for (let k = 1, sign = 1; k <= 100; k++, sign = -sign) {
    const term = sign * Math.exp(-2 * (k * lambda) ** 2);
    sum += term;
    if (Math.abs(term) < 1e-12) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

/** Percentile bootstrap of a statistic of the ascending sample; the same draws for the same name. */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (ascending: readonly number[]) => number,
  name: string,
  level = 0.95,
): Interval {
  const ascending = sorted(values);
  const random = new RandomStream(1, `fidelity/bootstrap/${name}`);
  const n = ascending.length;
  const counts = new Int32Array(n);
  const resample = new Array<number>(n);
  const found: number[] = [];
  for (let round = 0, draw = 0; round < RESAMPLES; round++) {
    counts.fill(0);
    for (let i = 0; i < n; i++) counts[random.integer(draw++, n)]!++;
    // Counting keeps the resample in order without sorting it.
    for (let i = 0, at = 0; i < n; i++) for (let k = counts[i]!; k > 0; k--) resample[at++] = ascending[i]!;
    found.push(statistic(resample));
  }
  const tail = (1 - level) / 2;
  const all = sorted(found);
  return { low: quantile(all, tail), high: quantile(all, 1 - tail) };
}

export function bootstrapMedianInterval(values: readonly number[], name: string, level = 0.95): Interval {
  return bootstrapInterval(values, (ascending) => quantile(ascending, 0.5), name, level);
}

const CURVE_POINTS_MAX = 400;

/** The empirical distribution as a curve of a few hundred points. */
export function curveOf(values: readonly number[]): Curve {
  const ascending = sorted(values);
  const n = ascending.length;
  const step = Math.max(1, n / CURVE_POINTS_MAX);
  const points: [number, number][] = [];
  for (let k = 0; Math.round(k * step) < n; k++) {
    const i = Math.round(k * step);
    points.push([ascending[i]!, (i + 1) / n]);
  }
  if (points.at(-1)?.[1] !== 1) points.push([ascending[n - 1]!, 1]);
  return points;
}
