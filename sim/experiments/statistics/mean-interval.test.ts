import { expect, test } from 'vitest';
import { constant, type Distribution } from '../../kernel/distribution.ts';
import { meanInterval } from './mean-interval.ts';
import { coverageOf, Luck } from './testing.ts';

const EXPONENTIAL: Distribution = { kind: 'exponential', mean: 1 };
const LOGNORMAL: Distribution = { kind: 'lognormal', mu: -0.5, sigma: 1 };

test('even values: Student, and a little skewness is heeded', () => {
  const values = [100, 101, 99, 100.5, 99.5, 100, 101, 99, 100, 100.2];
  const { estimate, lower, upper, method } = meanInterval(values);
  expect(method).toBe('student-t');
  expect(estimate).toBeCloseTo(100.02, 12);
  // scipy.stats.t.interval(0.95, 9, mean, sem): 99.5121470, 100.5278530
  expect(lower).toBeCloseTo(99.512147, 6);
  expect(upper).toBeGreaterThanOrEqual(100.527853);
  expect(upper).toBeCloseTo(100.53, 3);
});

test('one exponential outage in many runs: the total times the 0.025 and 0.975 quantiles of Fisher F', () => {
  const values = [...new Array<number>(9999).fill(0), 10_000];
  const { estimate, lower, upper } = meanInterval(values);
  expect(estimate).toBe(1);
  // The widest of both forms: below Fay and Feuer's, 0.0253; above 2 x F(0.975; 4, 2) = 78.5, widened for the unknown shape.
  expect(lower).toBeGreaterThan(0.02);
  expect(lower).toBeLessThan(0.026);
  expect(upper).toBeGreaterThan(78);
  expect(upper).toBeLessThan(200);
});

test('nothing happened: the rule of three, of the most that one run could have had', () => {
  const values = new Array<number>(100).fill(0);
  expect(meanInterval(values)).toMatchObject({ estimate: 0, lower: 0, upper: Number.POSITIVE_INFINITY });
  const { upper, method } = meanInterval(values, 0.95, { atMost: 1 });
  expect(method).toBe('rule-of-three');
  expect(upper).toBeCloseTo(1 - 0.05 ** (1 / 100), 12);
});

test('a mean is never said to be above what one run can have', () => {
  const { upper } = meanInterval([0, 0, 0.9, 0, 1, 0], 0.95, { atMost: 1 });
  expect(upper).toBeLessThan(0.8);
});

test('an interval of values is that of the same values in another unit', () => {
  const values = new Luck('units').downtimes(50, 0.3, EXPONENTIAL);
  const one = meanInterval(values, 0.95, { atMost: 100 });
  const other = meanInterval(
    values.map((value) => value * 3600),
    0.95,
    { atMost: 360_000 },
  );
  expect(other.lower / one.lower).toBeCloseTo(3600, 6);
  expect(other.upper / one.upper).toBeCloseTo(3600, 6);
});

test('more confidence, wider interval', () => {
  const values = new Luck('confidence').downtimes(60, 0.5, LOGNORMAL);
  const levels = [0.5, 0.8, 0.9, 0.95, 0.99].map((confidence) => meanInterval(values, confidence));
  for (let i = 1; i < levels.length; i++) {
    expect(levels[i]!.lower).toBeLessThan(levels[i - 1]!.lower);
    expect(levels[i]!.upper).toBeGreaterThan(levels[i - 1]!.upper);
  }
});

/** Runs, expected outages in all of them, length of one, least and greatest coverage that is accepted. */
const COVERAGE: readonly (readonly [number, number, Distribution, number, number])[] = [
  [20, 2, EXPONENTIAL, 0.95, 1],
  [20, 10, EXPONENTIAL, 0.925, 0.985],
  [20, 60, EXPONENTIAL, 0.935, 0.99],
  [20, 400, EXPONENTIAL, 0.925, 0.975],
  [100, 3, EXPONENTIAL, 0.95, 1],
  [100, 30, EXPONENTIAL, 0.935, 0.985],
  [100, 300, EXPONENTIAL, 0.935, 0.985],
  [300, 30, EXPONENTIAL, 0.935, 0.985],
  [100, 30, constant(1), 0.935, 0.995],
  [100, 30, LOGNORMAL, 0.925, 0.985],
];

test.each(COVERAGE)('covers 95 %% in %i runs with %i outages of %j', (runs, outages, length, least, most) => {
  const luck = new Luck(`${runs} ${outages} ${length.kind}`);
  const found = coverageOf(800, outages / runs, () =>
    meanInterval(luck.downtimes(runs, outages / runs, length), 0.95, { atMost: 1000 }),
  );
  expect(found.inside).toBeGreaterThanOrEqual(least);
  expect(found.inside).toBeLessThanOrEqual(most);
});

test('rare hours among failovers of seconds are covered too', () => {
  const luck = new Luck('mixture');
  const found = coverageOf(500, 30 + 0.1 * 14_400, () => {
    const failovers = luck.downtimes(100, 10, { kind: 'exponential', mean: 3 });
    const losses = luck.downtimes(100, 0.1, { kind: 'exponential', mean: 14_400 });
    return meanInterval(failovers.map((value, i) => value + losses[i]!));
  });
  expect(found.inside).toBeGreaterThan(0.93);
});

test('an interval of half the width would not pass these tests', () => {
  const luck = new Luck('half');
  const found = coverageOf(500, 0.3, () => {
    const { estimate, lower, upper } = meanInterval(luck.downtimes(100, 0.3, EXPONENTIAL));
    return { lower: estimate - (estimate - lower) / 2, upper: estimate + (upper - estimate) / 2 };
  });
  expect(found.inside).toBeLessThan(0.85);
});
