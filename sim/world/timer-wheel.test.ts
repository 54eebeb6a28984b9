import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WHEEL_PHASE_MAX_US, wheelExpiryUs } from './timer-wheel.ts';

const MS = 1_000;
const S = 1_000_000;

/** Delays of each level of the wheel, and its granularity at 250 Hz. */
const LEVELS: readonly (readonly [lowUs: number, highUs: number, granularityUs: number])[] = [
  [1, 248 * MS, 4 * MS],
  [249 * MS, 2012 * MS, 32 * MS],
  [2013 * MS, 16_124 * MS, 256 * MS],
  [16_125 * MS, 129_020 * MS, 2048 * MS],
  [129_021 * MS, 1032 * S, 16_384 * MS],
];

describe('a kernel timer', () => {
  test.each(LEVELS)('of %i to %i us is never early and at most a grain of %i us late', (low, high, grain) => {
    fc.assert(
      fc.property(
        fc.integer({ min: low, max: high }),
        fc.integer({ min: -60 * S, max: 1000 * S }),
        fc.integer({ min: 0, max: WHEEL_PHASE_MAX_US }),
        (delayUs, nowUs, phaseUs) => {
          const lateUs = wheelExpiryUs(nowUs, delayUs, phaseUs) - nowUs - delayUs;
          // A timer armed in the middle of a jiffy counts from its beginning.
          expect(lateUs).toBeGreaterThan(-4 * MS);
          expect(lateUs).toBeLessThanOrEqual(grain + 4 * MS);
        },
      ),
    );
  });

  test('fires with others on the grid of its level: two seconds for a delay of half a minute', () => {
    const fires = [0, 3, 500, 1999].map((ms) => wheelExpiryUs(ms * MS, 30 * S, 0) / (2048 * MS));
    for (const grid of fires) expect(grid).toBe(Math.round(grid));
  });
});
