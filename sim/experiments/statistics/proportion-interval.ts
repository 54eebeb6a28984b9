/** How often something happens, from k times in n trials. */
import { pow } from '../../kernel/portable-math.ts';
import { betaQuantile } from './beta.ts';
import { DEFAULT_CONFIDENCE, type Interval } from './interval.ts';
import { normalQuantile } from './normal.ts';

/**
 * Clopper and Pearson's interval (1934): covers at least as often as it says, whatever the true share. Where it never or
 * always happened the bound is one-sided, so that "never in n" is the rule of three.
 */
export function proportionInterval(k: number, n: number, confidence = DEFAULT_CONFIDENCE): Interval {
  if (n === 0) return { estimate: Number.NaN, lower: 0, upper: 1, n, method: 'none' };
  if (k === 0)
    return { estimate: 0, lower: 0, upper: neverInRuns(n, confidence), n, method: 'rule-of-three' };
  if (k === n)
    return { estimate: 1, lower: pow(1 - confidence, 1 / n), upper: 1, n, method: 'rule-of-three' };
  const tail = (1 - confidence) / 2;
  return {
    estimate: k / n,
    lower: betaQuantile(tail, k, n - k + 1).x,
    upper: betaQuantile(1 - tail, k + 1, n - k).x,
    n,
    method: 'clopper-pearson',
  };
}

/** The rule of three: what never happened in n runs happens in at most this share of all, about 3 / n at 95 %. */
export function neverInRuns(n: number, confidence = DEFAULT_CONFIDENCE): number {
  return betaQuantile(confidence, 1, n).x;
}

/** Wilson's score interval (1927): narrower; covers as often as it says on average over shares, not for each. */
export function wilsonInterval(k: number, n: number, confidence = DEFAULT_CONFIDENCE): Interval {
  if (n === 0) return { estimate: Number.NaN, lower: 0, upper: 1, n, method: 'none' };
  const z = normalQuantile((1 + confidence) / 2);
  const share = k / n;
  const middle = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return {
    estimate: share,
    lower: k === 0 ? 0 : middle - half,
    upper: k === n ? 1 : middle + half,
    n,
    method: 'wilson',
  };
}
