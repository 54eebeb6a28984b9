import { expect, test } from 'vitest';
import { meanTimeToQuorumLoss, steadyQuorumOdds } from './markov.ts';

test('mean time to quorum loss at MTTF 1000 h, MTTR 1 h (facts/numbers.md 7)', () => {
  const hours = (n: number) => meanTimeToQuorumLoss(n, { mttf: 1000, mttr: 1 });
  expect(hours(1)).toBeCloseTo(1000, 9);
  expect(hours(3).toPrecision(4)).toBe('1.675e+5');
  expect(hours(5).toPrecision(4)).toBe('3.355e+7');
  expect(hours(7).toPrecision(4)).toBe('7.203e+9');
});

test('three members: the closed form (5 lambda + mu) / (6 lambda^2)', () => {
  for (const [mttf, mttr] of [
    [1000, 1],
    [720, 4],
    [8760, 24],
    [10, 10],
  ] as const) {
    const lambda = 1 / mttf;
    const closed = (5 * lambda + 1 / mttr) / (6 * lambda * lambda);
    expect(meanTimeToQuorumLoss(3, { mttf, mttr }) / closed).toBeCloseTo(1, 9);
  }
});

test('quorum unavailability of repairable members (facts/numbers.md 7)', () => {
  const table = [
    [1000, 1, ['2.992e-6', '9.955e-9', '3.478e-11']],
    [720, 4, ['9.124e-5', '1.672e-6', '3.218e-8']],
    [8760, 24, ['2.235e-5', '2.031e-7', '1.938e-9']],
  ] as const;
  for (const [mttf, mttr, expected] of table) {
    [3, 5, 7].forEach((n, i) => {
      expect(steadyQuorumOdds(n, { mttf, mttr }).down.toExponential(3), `${mttf}/${mttr} n=${n}`).toBe(
        expected[i],
      );
    });
  }
});

test('two members lose their quorum with the first failure: sooner than one', () => {
  const two = meanTimeToQuorumLoss(2, { mttf: 1000, mttr: 1 });
  expect(two).toBeCloseTo(500, 9);
});
