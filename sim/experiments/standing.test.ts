import { expect, test } from 'vitest';
import { isExactBetter, standingOf } from './standing.ts';

const exact = { value: 1e-5, least: 0.9e-5, most: 1.5e-5 };

test.each([
  [{ lower: 0.8e-5, upper: 2e-5 }, 'agrees', false],
  // Below all that a right simulation may come out at: the rare failure has not been met.
  [{ lower: 0, upper: 1e-9 }, 'missed', true],
  // Three years without a failure know nothing of one in a hundred years.
  [{ lower: 0, upper: 0.6 }, 'too-few', true],
  [{ lower: 1e-8, upper: 4e-5 }, 'too-few', true],
  [{ lower: 2e-5, upper: 3e-5 }, 'differs', false],
] as const)('%j against the exact answer: %s', (interval, standing, told) => {
  expect(standingOf(interval, exact)).toBe(standing);
  expect(isExactBetter(standing)).toBe(told);
});
