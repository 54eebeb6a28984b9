import fc from 'fast-check';
import { expect, test } from 'vitest';
import { block, pileUp, quantiles } from './quantile-dots.ts';

test('each quantile stands for the same share of the values', () => {
  const values = Array.from({ length: 400 }, (_, i) => i);
  const chosen = quantiles(values, 20);
  expect(chosen).toHaveLength(20);
  expect(chosen.filter((value) => value >= 200)).toHaveLength(10);
  expect(quantiles([1, 2, 3], 20)).toEqual([1, 2, 3]);
});

const PITCH = 8;

test('dots cover their value, none covers another, and none lies on the wrong side of the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 100, max: 800, noNaN: true }), { minLength: 1, maxLength: 50 }),
      fc.option(fc.double({ min: 200, max: 700, noNaN: true })),
      (xs, limitX) => {
        const sources = xs
          .toSorted((a, b) => a - b)
          .map((x) => ({ x, beyond: limitX !== null && x > limitX }));
        const dots = pileUp(sources, PITCH, limitX);
        expect(dots).toHaveLength(xs.length);
        dots.forEach(({ x, beyond }, i) => {
          expect(Math.abs(x - sources[i]!.x)).toBeLessThanOrEqual(PITCH / 2 + 1e-9);
          if (limitX !== null && !beyond) expect(x).toBeLessThan(limitX);
          if (beyond) expect(x).toBeGreaterThan(limitX!);
        });
        dots.forEach((dot, i) => {
          for (const other of dots.slice(i + 1)) {
            if (other.level === dot.level) expect(Math.abs(other.x - dot.x)).toBeGreaterThan(PITCH - 1e-6);
          }
        });
      },
    ),
    { numRuns: 300 },
  );
});

test('values close together are stacked, however many they are', () => {
  const dots = pileUp(
    Array.from({ length: 20 }, (_, i) => ({ x: 300 + i * 0.1, beyond: false })),
    PITCH,
    null,
  );
  expect(new Set(dots.map(({ x }) => x))).toEqual(new Set([300]));
  expect(Math.max(...dots.map(({ level }) => level))).toBe(19);
});

test('what is one value is as many columns as it needs', () => {
  const dots = block(
    Array.from({ length: 20 }, () => false),
    PITCH,
    8,
    100,
  );
  expect([...new Set(dots.map(({ x }) => x))]).toEqual([92, 100, 108]);
  expect(Math.max(...dots.map(({ level }) => level))).toBe(6);
});
