import { expect, test } from 'vitest';
import type { Distribution } from '../../kernel/distribution.ts';
import { neverInRuns, proportionInterval, wilsonInterval } from './proportion-interval.ts';
import { quantileInterval } from './quantile-interval.ts';
import { ratioInterval } from './ratio-interval.ts';
import { sorted, sumOf } from './sums.ts';
import { coverageOf, Luck } from './testing.ts';

/** k, n, and scipy.stats.binomtest(k, n).proportion_ci by 'exact' and by 'wilson'. */
const SHARES = [
  [1, 20, 0.0012650894979498038, 0.24873276277202777, 0.008881448800795402, 0.23613119344674205],
  [3, 100, 0.006229971538306395, 0.08517605297428002, 0.010254524024038925, 0.08451936429052762],
  [50, 100, 0.39832112950330095, 0.601678870496699, 0.4038315303659956, 0.5961684696340044],
] as const;

test('Clopper and Pearson, and Wilson, against SciPy', () => {
  for (const [k, n, lower, upper, wilsonLower, wilsonUpper] of SHARES) {
    const exact = proportionInterval(k, n);
    expect(exact.lower / lower).toBeCloseTo(1, 10);
    expect(exact.upper / upper).toBeCloseTo(1, 10);
    const wilson = wilsonInterval(k, n);
    expect(wilson.lower / wilsonLower).toBeCloseTo(1, 10);
    expect(wilson.upper / wilsonUpper).toBeCloseTo(1, 10);
  }
});

test('never in n runs: 1 - 0.05^(1/n), about three in n', () => {
  expect(neverInRuns(20)).toBeCloseTo(0.13910834066826516, 13);
  expect(neverInRuns(1000)).toBeCloseTo(0.0029912495450953314, 13);
  expect(neverInRuns(1e6) * 1e6).toBeCloseTo(3, 2);
  expect(proportionInterval(0, 20)).toMatchObject({
    lower: 0,
    upper: neverInRuns(20),
    method: 'rule-of-three',
  });
  const always = proportionInterval(20, 20);
  expect(always.lower).toBeCloseTo(1 - neverInRuns(20), 12);
});

test('shares are covered at least as often as said, whatever they are', () => {
  for (const share of [0.01, 0.1, 0.5, 0.95]) {
    const luck = new Luck(`share ${share}`);
    const found = coverageOf(2000, share, () => {
      let k = 0;
      for (let i = 0; i < 60; i++) if (luck.uniform() < share) k++;
      return proportionInterval(k, 60);
    });
    // Where it never happened the bound is one-sided: 5 % above, none below.
    expect(found.inside, `${share}`).toBeGreaterThan(0.94);
  }
});

test('the median of a hundred lies between the 40th and the 61st (binomial tables)', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(quantileInterval(values, 0.5)).toEqual({
    estimate: 50.5,
    lower: 40,
    upper: 61,
    n: 100,
    method: 'order-statistics',
  });
});

test('a p99 has an upper bound from 368 values on: 0.99^368 < 0.025', () => {
  const bound = (n: number) =>
    quantileInterval(
      Array.from({ length: n }, (_, i) => i),
      0.99,
    ).upper;
  expect(bound(367)).toBe(Number.POSITIVE_INFINITY);
  expect(bound(368)).toBe(367);
});

test('nothing is said of the greatest value that could come', () => {
  expect(quantileInterval([1, 2, 3], 1)).toMatchObject({ estimate: 3, upper: Number.POSITIVE_INFINITY });
  expect(quantileInterval([], 0.5).n).toBe(0);
});

test('quantiles are covered at least as often as said, of any distribution', () => {
  const skewed: Distribution = { kind: 'lognormal', mu: 0, sigma: 1.5 };
  for (const [q, n] of [
    [0.5, 25],
    [0.9, 100],
    [0.99, 600],
  ] as const) {
    const luck = new Luck(`quantile ${q}`);
    const truth = truths.get(q)!;
    const found = coverageOf(1000, truth, () =>
      quantileInterval(sorted(Array.from({ length: n }, () => luck.draw(skewed))), q),
    );
    expect(found.inside, `${q}`).toBeGreaterThan(0.94);
    expect(found.inside, `${q}`).toBeLessThan(0.985);
  }
});

/** scipy.stats.lognorm.ppf(q, 1.5) */
const truths = new Map([
  [0.5, 1],
  [0.9, 6.836966757887226],
  [0.99, 32.77206378590147],
]);

test('a mean length over runs with unequally many outages', () => {
  const luck = new Luck('ratio');
  const found = coverageOf(800, 2, () => {
    const counts = Array.from({ length: 60 }, () => luck.poisson(1));
    const totals = counts.map((count) => {
      let total = 0;
      for (let i = 0; i < count; i++) total += luck.draw({ kind: 'exponential', mean: 2 });
      return total;
    });
    return ratioInterval(totals, counts);
  });
  expect(found.inside).toBeGreaterThan(0.92);
  expect(found.inside).toBeLessThan(0.98);
});

test('of one run nothing is known but the ratio', () => {
  expect(ratioInterval([4, 0], [2, 0])).toMatchObject({ estimate: 2, lower: 0, n: 1, method: 'none' });
});

test('a sum keeps small terms beside large ones', () => {
  expect(sumOf([1e16, 1, -1e16, 1])).toBe(2);
});
