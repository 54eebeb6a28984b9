import { describe, expect, test } from 'vitest';
import {
  type Distribution,
  lognormalFromMeanP95,
  lognormalFromP50P99,
  mean,
  normalQuantile,
  quantile,
  scaled,
} from './distribution.ts';

const all: Distribution[] = [
  { kind: 'constant', value: 5 },
  { kind: 'uniform', low: 2, high: 6 },
  { kind: 'normal', mean: 100, sd: 10 },
  lognormalFromP50P99(20, 80),
  { kind: 'exponential', mean: 7 },
  { kind: 'weibull', shape: 0.7, scale: 3 },
  { kind: 'empirical', samples: [1, 2, 4, 8, 16] },
];

test('the normal quantile is that of the tables', () => {
  // scipy.stats.norm.ppf
  const known: [number, number][] = [
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798409],
    [0.9999999, 5.199337582290661],
  ];
  for (const [u, z] of known)
    expect(Math.abs(normalQuantile(u) - z)).toBeLessThan(2e-15 * Math.max(1, Math.abs(z)));
});

test('a lognormal has the p50 and p99 that it was given', () => {
  const d = lognormalFromP50P99(20, 80);
  expect(quantile(d, 0.5)).toBeCloseTo(20, 10);
  expect(quantile(d, 0.99)).toBeCloseTo(80, 10);
});

test('a lognormal has the mean and p95 that it was given, and refuses what none can have', () => {
  const d = lognormalFromMeanP95(10, 30);
  expect(mean(d)).toBeCloseTo(10, 10);
  expect(quantile(d, 0.95)).toBeCloseTo(30, 10);
  expect(() => lognormalFromMeanP95(10, 5)).toThrow(RangeError);
  expect(() => lognormalFromMeanP95(10, 50)).toThrow(RangeError);
});

describe.each(all)('$kind', (distribution) => {
  test('rises with the share and has the mean that integration gives', () => {
    let sum = 0;
    let last = -Infinity;
    let falls = 0;
    const steps = 200_000;
    for (let i = 0; i < steps; i++) {
      const value = quantile(distribution, (i + 0.5) / steps);
      if (value < last) falls++;
      last = value;
      sum += value;
    }
    expect(falls).toBe(0);
    expect(sum / steps / mean(distribution)).toBeCloseTo(1, 3);
  });

  test('scaled, every quantile is multiplied', () => {
    for (const u of [0.01, 0.5, 0.99]) {
      expect(quantile(scaled(distribution, 0.5), u)).toBeCloseTo(quantile(distribution, u) / 2, 9);
    }
  });
});
