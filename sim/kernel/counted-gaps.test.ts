import { describe, expect, test } from 'vitest';
import { CountedGaps } from './counted-gaps.ts';
import { RandomStream } from './streams.ts';

const gapsOf = (probability: number, name = 'gaps') => {
  const gaps = new CountedGaps(new RandomStream(1, name));
  gaps.setProbability(probability);
  return gaps;
};

function marks(gaps: CountedGaps, to: number): number[] {
  const found: number[] = [];
  for (let n = gaps.nextFrom(0); n < to; n = gaps.nextFrom(n + 1)) found.push(n);
  return found;
}

describe.each([1e-4, 1e-3, 0.05, 0.5, 0.99])(
  'of numbers that are irregular with probability %f',
  (probability) => {
    test('such a share is, and as many as are counted', () => {
      const count = 400_000;
      const gaps = gapsOf(probability);
      const found = marks(gaps, count);
      const deviation = Math.sqrt(count * probability * (1 - probability));
      expect(Math.abs(found.length - count * probability)).toBeLessThan(4 * deviation);
      expect(gaps.count(0, count - 1)).toBe(found.length);
      const [first, last] = [12_345, 234_567];
      expect(gaps.count(first, last)).toBe(found.filter((n) => n >= first && n <= last).length);
      expect(found.every((n) => gaps.count(n, n) === 1)).toBe(true);
    });

    test('counts of stretches spread as those of independent events', () => {
      const length = Math.ceil(3.7 / probability);
      const gaps = gapsOf(probability);
      const counts = Array.from({ length: 4000 }, (_, k) => gaps.count(k * length, (k + 1) * length - 1));
      const mean = length * probability;
      const variance = counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / counts.length;
      // The standard error of a variance from 4000 counts.
      const spread = Math.sqrt(2 / counts.length + 1 / (counts.length * mean * (1 - probability)));
      expect(Math.abs(variance / (mean * (1 - probability)) - 1)).toBeLessThan(4 * spread);
    });
  },
);

test('gaps are geometric: short ones and long ones come as often as they should', () => {
  const found = marks(gapsOf(0.01), 2_000_000);
  const gaps = found.slice(1).map((n, i) => n - found[i]!);
  for (const longest of [1, 10, 100, 300]) {
    const share = 1 - 0.99 ** longest;
    const seen = gaps.filter((gap) => gap <= longest).length / gaps.length;
    expect(Math.abs(seen - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / gaps.length));
  }
});

test.each([0.05, 0.5, 0.9])(
  'with probability %f numbers of different blocks, as of one, have nothing to do with each other',
  (probability) => {
    const count = 400_000;
    const gaps = gapsOf(probability);
    const irregular = Array.from({ length: count }, (_, n) => (gaps.isIrregular(n) ? 1 : 0) - probability);
    for (const lag of [1, 2, 3, 15, 16, 17, 32, 128]) {
      let sum = 0;
      for (let n = lag; n < count; n++) sum += irregular[n]! * irregular[n - lag]!;
      const correlation = sum / (count - lag) / (probability * (1 - probability));
      expect(Math.abs(correlation), `lag ${lag}`).toBeLessThan(4 / Math.sqrt(count));
    }
  },
);

test('what is irregular depends on nothing that was asked before', () => {
  const whole = new Set(marks(gapsOf(0.01), 50_000));
  const other = new Set(marks(gapsOf(0.3), 50_000));
  const gaps = gapsOf(0.01);
  for (let n = 49_999; n >= 0; n -= 7) {
    gaps.setProbability(0.01);
    expect(gaps.isIrregular(n)).toBe(whole.has(n));
    gaps.setProbability(0.3);
    expect(gaps.isIrregular(n)).toBe(other.has(n));
  }
});

test('none without a probability, all with certainty, and hardly any in a century', () => {
  expect(gapsOf(0).nextFrom(3)).toBe(Number.POSITIVE_INFINITY);
  expect(gapsOf(0).count(0, 1e9)).toBe(0);
  expect(gapsOf(1).nextFrom(3)).toBe(3);
  expect(gapsOf(1).count(5, 9)).toBe(5);
  expect(gapsOf(1e-12).count(0, 1e15)).toBeGreaterThan(800);
  expect(gapsOf(1e-12).count(0, 1e15)).toBeLessThan(1200);
  expect(gapsOf(0.1).count(9, 8)).toBe(0);
});
