/** The difference of two variants that met the same luck: run k of one against run k of the other. */
import { studentQuantile } from './beta.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { type MeanOptions, meanInterval } from './mean-interval.ts';
import { sumOf } from './sums.ts';

/**
 * The mean of a[k] - b[k] with its interval; above zero: a has more. Gains and losses are bounded apart, as sums of rare
 * events, and put together by Zou and Donner's rule (MOVER, Statistics in Medicine 27, 2008), or Student's t is taken
 * where it is wider.
 *
 * @throws RangeError when the two have not the same number of runs
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
  options: MeanOptions = {},
): Interval {
  if (a.length !== b.length) throw new RangeError('paired values must be of the same runs');
  const n = a.length;
  const differences = a.map((value, i) => value - b[i]!);
  const more = meanInterval(
    differences.map((d) => Math.max(0, d)),
    confidence,
    options,
  );
  const less = meanInterval(
    differences.map((d) => Math.max(0, -d)),
    confidence,
    options,
  );
  const estimate = sumOf(differences) / n;
  if (more.estimate === 0 || less.estimate === 0 || n < 2) {
    const oneSided = more.estimate === 0 && less.estimate === 0;
    const lower = less.estimate === 0 && !oneSided ? more.lower : -less.upper;
    const upper = more.estimate === 0 && !oneSided ? -less.lower : more.upper;
    const method = oneSided ? 'rule-of-three' : more.estimate === 0 ? less.method : more.method;
    return { estimate, lower, upper, n, method: n < 2 ? 'none' : method };
  }
  const below = hypot(more.estimate - more.lower, less.upper - less.estimate);
  const above = hypot(more.upper - more.estimate, less.estimate - less.lower);
  const variance = sumOf(differences.map((d) => (d - estimate) * (d - estimate))) / (n - 1);
  const half = studentQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  const even = half >= Math.max(below, above);
  return {
    estimate,
    lower: estimate - (even ? half : below),
    upper: estimate + (even ? half : above),
    n,
    method: even ? 'student-t' : 'gamma-difference',
  };
}

function hypot(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
