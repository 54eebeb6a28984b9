import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pileUp, quantiles } from './quantile-dots.ts';

test('each quantile stands for the same share of the values', () => {
  const values = Array.from({ length: 400 }, (_, i) => i);
  const chosen = quantiles(values, 20);
  expect(chosen).toHaveLength(20);
  expect(chosen.filter((value) => value >= 200)).toHaveLength(10);
  expect(quantiles([1, 2, 3], 20)).toEqual([1, 2, 3]);
});

const PITCH = 8;
const LEVELS = 8;

test('dots never cover each other, keep their order and their side of the limit, wherever they fall', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 100, max: 800 }), { minLength: 1, maxLength: 50 }),
      fc.option(fc.integer({ min: 200, max: 700 })),
      (xs, limitX) => {
        const sources = xs
          .toSorted((a, b) => a - b)
          .map((x) => ({ x, beyond: limitX !== null && x > limitX }));
        const dots = pileUp(sources, PITCH, LEVELS, [96, 804], limitX);
        expect(dots).toHaveLength(xs.length);
        for (const { x, level, beyond } of dots) {
          expect(level).toBeLessThan(LEVELS);
          if (limitX !== null && !beyond) expect(x).toBeLessThan(limitX);
          if (beyond) expect(x).toBeGreaterThan(limitX!);
        }
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
