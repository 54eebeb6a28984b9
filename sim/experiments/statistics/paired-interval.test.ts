import { expect, test } from 'vitest';
import type { Distribution } from '../../kernel/distribution.ts';
import { pairedInterval } from './paired-interval.ts';
import { coverageOf, Luck } from './testing.ts';

const EXPONENTIAL: Distribution = { kind: 'exponential', mean: 1 };

test('a difference and its reverse mirror each other', () => {
  const luck = new Luck('mirror');
  const a = luck.downtimes(40, 0.5, EXPONENTIAL);
  const b = luck.downtimes(40, 0.3, EXPONENTIAL);
  const there = pairedInterval(a, b);
  const back = pairedInterval(b, a);
  expect(back.lower).toBe(-there.upper);
  expect(back.upper).toBe(-there.lower);
  expect(back.estimate).toBe(-there.estimate);
});

test('one variant was worse in five runs and never better: not yet told; in seven: told', () => {
  const runs = (worse: number) =>
    pairedInterval(
      Array.from({ length: 200 }, (_, i) => (i < worse ? 10 + (i % 3) : 0)),
      new Array<number>(200).fill(0),
    );
  expect(runs(1).lower).toBeLessThan(0);
  expect(runs(5).lower).toBeLessThan(0);
  expect(runs(7).lower).toBeGreaterThan(0);
});

test('no run differs: bounded by the rule of three', () => {
  const same = [0, 3, 0, 1];
  const { estimate, lower, upper, method } = pairedInterval(same, same, 0.95, { atMost: 10 });
  expect([estimate, method]).toEqual([0, 'rule-of-three']);
  expect(upper).toBeCloseTo(10 * (1 - 0.05 ** (1 / 4)), 12);
  expect(lower).toBe(-upper);
});

test('every run differs by about the same: Student', () => {
  const a = [5.1, 6.2, 4.9, 7.1, 5.5, 6.0];
  const b = [4.0, 5.3, 4.1, 6.0, 4.4, 5.2];
  const { lower, upper, method } = pairedInterval(a, b);
  expect(method).toBe('student-t');
  // scipy.stats.ttest_rel(a, b).confidence_interval()
  expect(lower).toBeCloseTo(0.8086694, 6);
  expect(upper).toBeCloseTo(1.124664, 6);
});

test('runs that are not of the same number are refused', () => {
  expect(() => pairedInterval([1, 2], [1])).toThrow(RangeError);
});

test.each([
  [20, 2, 0.94, 1],
  [20, 60, 0.93, 0.98],
  [100, 30, 0.935, 0.99],
  [100, 300, 0.93, 0.98],
] as const)('covers 95 %% in %i pairs with %i outages', (runs, outages, least, most) => {
  const luck = new Luck(`pairs ${runs} ${outages}`);
  const rate = outages / runs;
  const found = coverageOf(600, rate / 2, () => {
    const both = luck.downtimes(runs, rate / 3, EXPONENTIAL);
    const a = luck.downtimes(runs, rate, EXPONENTIAL).map((value, i) => value + both[i]!);
    const b = luck.downtimes(runs, rate / 2, EXPONENTIAL).map((value, i) => value + both[i]!);
    return pairedInterval(a, b, 0.95, { atMost: 1000 });
  });
  expect(found.inside).toBeGreaterThanOrEqual(least);
  expect(found.inside).toBeLessThanOrEqual(most);
});
