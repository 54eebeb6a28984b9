/** A quotient of two totals over the same runs: mean length of an outage, mean failover, share of downtime by a cause. */
import { exp } from '../../kernel/portable-math.ts';
import { studentQuantile } from './beta.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { squaresAbout, sumOf } from './sums.ts';

/**
 * Sum of `above` by the sum of `below`, both >= 0 and in the order of the runs. A run is one observation, however many
 * outages it had, so that outages of one run may depend on each other. Bounds by the delta method on the logarithm.
 *
 * @throws RangeError when the two have not the same number of runs
 */
export function ratioInterval(
  above: readonly number[],
  below: readonly number[],
  confidence = DEFAULT_CONFIDENCE,
): Interval {
  if (above.length !== below.length) throw new RangeError('a ratio needs both totals of each run');
  const totalBelow = sumOf(below);
  const estimate = sumOf(above) / totalBelow;
  // Runs in which nothing was counted say nothing of the ratio.
  const n = below.reduce((count, value) => (value > 0 ? count + 1 : count), 0);
  if (n < 2 || estimate === 0) {
    return { estimate, lower: 0, upper: Number.POSITIVE_INFINITY, n, method: 'none' };
  }
  const residuals = above.map((value, i) => value - estimate * below[i]!);
  const error = Math.sqrt((squaresAbout(residuals, 0) * n) / (n - 1)) / totalBelow;
  const spread = exp((studentQuantile((1 + confidence) / 2, n - 1) * error) / estimate);
  return { estimate, lower: estimate / spread, upper: estimate * spread, n, method: 'ratio' };
}
