import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE, SECOND, YEAR } from '../../../sim/kernel/time.ts';
import { linearTimeTicks, logTimeTicks, numberTicks, plainNumber, signedDuration } from './ticks.ts';

describe('ticks', () => {
  it('are round times on a logarithmic axis, fine where it is short', () => {
    const labels = (from: number, to: number, most: number) =>
      logTimeTicks(from, to, most).map(({ label }) => label);
    expect(labels(SECOND, HOUR, 6)).toEqual(['1 s', '10 s', '1 min', '10 min', '1 h']);
    expect(labels(2 * HOUR, 5 * HOUR, 5)).toEqual(['2 h', '3 h', '4 h', '5 h']);
  });

  it('lie within the axis in rising order, never more than asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: YEAR, noNaN: true }),
        fc.double({ min: 1.05, max: 1e12, noNaN: true }),
        fc.integer({ min: 2, max: 12 }),
        (from, factor, most) => {
          const ticks = logTimeTicks(from, from * factor, most).map(({ value }) => value);
          expect(ticks.length).toBeLessThanOrEqual(most + 1);
          ticks.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual(from * 0.99);
            expect(value).toBeLessThanOrEqual(from * factor * 1.01);
            if (i > 0) expect(value).toBeGreaterThan(ticks[i - 1]!);
          });
        },
      ),
    );
  });

  it('have a sign where a difference is told', () => {
    expect(linearTimeTicks(-2 * MINUTE, 2 * MINUTE, 5).map(({ label }) => label)).toEqual([
      '−2 min',
      '−1 min',
      '0',
      '+1 min',
      '+2 min',
    ]);
    expect(signedDuration(-90 * SECOND)).toBe('−1 min 30 s');
  });

  it('are 1, 2 or 5 times a power of ten for plain numbers', () => {
    expect(numberTicks(0, 100_000, 5).map(({ label }) => label)).toEqual([
      '0',
      '20,000',
      '40,000',
      '60,000',
      '80,000',
      '100,000',
    ]);
    expect(numberTicks(0, 0.3, 4).map(({ label }) => label)).toEqual(['0', '0.1', '0.2', '0.3']);
    expect(plainNumber(-1234.5)).toBe('−1,234.5');
  });
});
