import { expect, test } from 'vitest';
import { GridGaps } from './grid-gaps.ts';
import { RandomStream } from './streams.ts';

const stream = () => new RandomStream(1, 'gaps');

function marks(gaps: GridGaps, probability: number, from: number, to: number): number[] {
  const found: number[] = [];
  gaps.setProbability(probability, from);
  for (let n = gaps.nextFrom(from); n < to; n = gaps.nextFrom(n + 1)) found.push(n);
  return found;
}

test.each([1e-4, 1e-3, 0.05, 0.5, 0.99])('of many numbers a share of %f is irregular', (probability) => {
  const count = 200_000;
  const found = marks(new GridGaps(stream()), probability, 0, count).length;
  const deviation = Math.sqrt(count * probability * (1 - probability));
  expect(Math.abs(found - count * probability)).toBeLessThan(4 * deviation);
});

test('what is irregular depends on nothing that was asked before', () => {
  const gaps = new GridGaps(stream());
  const whole = marks(new GridGaps(stream()), 0.01, 0, 50_000);
  const other = new Set(marks(new GridGaps(stream()), 0.3, 0, 50_000));
  // Backwards, and with another probability in between.
  for (let n = 49_999; n >= 0; n -= 7) {
    gaps.setProbability(0.01, n);
    expect(gaps.isIrregular(n)).toBe(whole.includes(n));
    gaps.setProbability(0.3, n);
    expect(gaps.isIrregular(n)).toBe(other.has(n));
  }
});

test('a search ends where it is told to', () => {
  const gaps = new GridGaps(stream());
  gaps.setProbability(1e-12, 0);
  expect(gaps.nextBefore(5, 100_000)).toBeGreaterThanOrEqual(100_000);
});

test('none without a probability, all with certainty', () => {
  const gaps = new GridGaps(stream());
  expect(gaps.nextFrom(3)).toBe(Number.POSITIVE_INFINITY);
  gaps.setProbability(1, 0);
  expect(gaps.nextFrom(3)).toBe(3);
});
