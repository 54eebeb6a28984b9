import { describe, expect, test } from 'vitest';
import { normalQuantile } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import {
  bootstrapMedianInterval,
  curveOf,
  ksDistance,
  ksPValue,
  mean,
  quantile,
  sorted,
  standardError,
} from './statistics.ts';

function normals(name: string, count: number, shift = 0): number[] {
  const random = new RandomStream(7, name);
  return Array.from({ length: count }, (_, i) => shift + normalQuantile(random.uniform(i)));
}

test('quantiles are those of R and NumPy (type 7)', () => {
  const values = sorted([3, 1, 2, 4]);
  expect(values).toEqual([1, 2, 3, 4]);
  expect([0, 0.25, 0.5, 0.9, 1].map((share) => quantile(values, share))).toEqual([1, 1.75, 2.5, 3.7, 4]);
  expect(sorted([10, 9, 1])).toEqual([1, 9, 10]);
  expect(mean([1, 2, 6])).toBe(3);
  expect(standardError([1, 2, 3, 4])).toBeCloseTo(0.6455, 4);
});

describe('Kolmogorov-Smirnov', () => {
  test('the distance is the largest gap between the two distributions, ties included', () => {
    expect(ksDistance([1, 2, 3, 4], [1, 2, 3, 4])).toBe(0);
    expect(ksDistance([1, 2], [3, 4])).toBe(1);
    expect(ksDistance([1, 1, 1, 5], [1, 5, 5, 5])).toBe(0.5);
    expect(ksDistance([0.1, 0.4, 0.7], [0.2, 0.5, 0.6, 0.9])).toBeCloseTo(5 / 12, 12);
  });

  test('p-values are the limit law: 5 % at 1.358, 1 % at 1.628 over the root of nm / (n + m)', () => {
    const n = 40_000;
    const root = Math.sqrt(n / 2);
    expect(ksPValue(1.358 / root, n, n)).toBeCloseTo(0.05, 3);
    expect(ksPValue(1.628 / root, n, n)).toBeCloseTo(0.01, 3);
    expect(ksPValue(0, n, n)).toBe(1);
    expect(ksPValue(1, 100, 100)).toBeLessThan(1e-12);
  });

  test('samples of one distribution are rejected at 1 % about once in a hundred, shifted ones nearly always', () => {
    let same = 0;
    let shifted = 0;
    for (let i = 0; i < 300; i++) {
      const a = normals(`a${i}`, 80);
      if (ksPValue(ksDistance(a, normals(`b${i}`, 400)), 80, 400) < 0.01) same++;
      if (ksPValue(ksDistance(a, normals(`c${i}`, 400, 0.7)), 80, 400) < 0.01) shifted++;
    }
    expect(same).toBeLessThanOrEqual(9);
    expect(shifted).toBeGreaterThan(280);
  });
});

test('the bootstrap covers the median about nineteen times in twenty, and repeats itself for the same name', () => {
  let covered = 0;
  for (let i = 0; i < 100; i++) {
    const { low, high } = bootstrapMedianInterval(normals(`s${i}`, 60), `t${i}`);
    if (low <= 0 && high >= 0) covered++;
  }
  expect(covered).toBeGreaterThanOrEqual(88);
  expect(covered).toBeLessThan(100);
  const sample = normals('once', 50);
  expect(bootstrapMedianInterval(sample, 'x')).toEqual(bootstrapMedianInterval(sample, 'x'));
  expect(bootstrapMedianInterval(sample, 'x')).not.toEqual(bootstrapMedianInterval(sample, 'y'));
});

test('a curve rises to 1 in a few hundred points at most', () => {
  const curve = curveOf(normals('curve', 5_000));
  expect(curve.length).toBeLessThanOrEqual(402);
  expect(curve.at(-1)![1]).toBe(1);
  for (let i = 1; i < curve.length; i++) {
    expect(curve[i]![0]).toBeGreaterThanOrEqual(curve[i - 1]![0]);
    expect(curve[i]![1]).toBeGreaterThan(curve[i - 1]![1]);
  }
});
