/** The difference of two variants that met the same luck: run k of one against run k of the other. */
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { type MeanOptions, meanInterval, studentBounds, sumOfBounds } from './mean-interval.ts';
import { neverInRuns } from './proportion-interval.ts';
import { skewness, sumOf } from './sums.ts';

/** Differences of which this share is not zero, and whose skewness is small, are even: Student's t holds. */
const EVEN_SHARE = 0.8;
const EVEN_SKEWNESS = 1;

/**
 * The mean of a[k] - b[k] with its interval; above zero: a has more. Gains and losses are bounded apart, as means of rare
 * events, and put together by MOVER; where they are even it is Student's t.
 *
 * @param options.atMost bounds the difference either way where no run differs
 * @throws RangeError when the two have not the same number of runs
 */
export function pairedInterval(
  a: readonly number[],
  b: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
  options: MeanOptions = {},
): Interval {
  if (a.length !== b.length) throw new RangeError('paired values must be of the same runs');
  return differenceInterval(
    a.map((value, i) => value - b[i]!),
    confidence,
    options,
  );
}

/** The mean of values of either sign. */
export function differenceInterval(
  differences: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
  options: MeanOptions = {},
): Interval {
  const n = differences.length;
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
  if (n < 2) return { estimate, lower: -less.upper, upper: more.upper, n, method: 'none' };
  if (more.estimate === 0 && less.estimate === 0) {
    return { estimate, lower: -less.upper, upper: more.upper, n, method: 'rule-of-three' };
  }
  const differing = differences.reduce((count, d) => (d === 0 ? count : count + 1), 0);
  const student = studentBounds(differences, confidence);
  if (differing >= EVEN_SHARE * n && Math.abs(skewness(differences)) <= EVEN_SKEWNESS) {
    return { estimate, lower: student[0], upper: student[1], n, method: 'student-t' };
  }
  const [lower, upper] = sumOfBounds(
    more.estimate,
    sideBounds(more, less, differing, confidence),
    -less.estimate,
    minus(sideBounds(less, more, differing, confidence)),
  );
  return {
    estimate,
    lower: Math.min(lower, student[0]),
    upper: Math.max(upper, student[1]),
    n,
    method: 'rare-difference',
  };
}

/**
 * Of gains, or of losses. Where only the other side was seen this one may still come: as often as what never happened in n
 * runs, at the size of what did. So it takes six runs that differ the same way to tell, as in a sign test.
 */
function sideBounds(
  side: Interval,
  other: Interval,
  differing: number,
  confidence: number,
): readonly [lower: number, upper: number] {
  if (side.estimate > 0) return [side.lower, side.upper];
  const size = (other.estimate * side.n) / differing;
  return [0, size * neverInRuns(side.n, (1 + confidence) / 2)];
}

function minus([lower, upper]: readonly [number, number]): readonly [number, number] {
  return [-upper, -lower];
}
