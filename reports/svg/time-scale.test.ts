import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, MINUTE, SECOND, YEAR } from '../../sim/kernel/time.ts';
import { type TimeAxis, timeAxis } from './time-scale.ts';

/** The piecewise linear map, as d3's polylinear scale has it. */
function xOf(axis: TimeAxis, us: number): number {
  const i = Math.max(
    1,
    axis.domainUs.findIndex((each) => each >= us),
  );
  const [u0, u1] = [axis.domainUs[i - 1]!, axis.domainUs[i]!];
  const [x0, x1] = [axis.range[i - 1]!, axis.range[i]!];
  return x0 + ((us - u0) / (u1 - u0)) * (x1 - x0);
}

describe('the time axis', () => {
  it('has no break when nothing happens', () => {
    const axis = timeAxis(10 * MINUTE, [], [], 0, 800);
    expect(axis.breaks).toEqual([]);
    expect(xOf(axis, 5 * MINUTE)).toBeCloseTo(400);
  });

  it.each([
    ['ten minutes', 10 * MINUTE, 2 * MINUTE],
    ['a year', YEAR, 143 * DAY],
    ['a century', 100 * YEAR, 99.9 * YEAR],
  ])('gives a failover of 4 s a good part of %s', (_, durationUs, atUs) => {
    const episode = { fromUs: atUs, toUs: atUs + 4 * SECOND };
    const axis = timeAxis(durationUs, [atUs], [episode], 0, 800);
    expect(xOf(axis, episode.toUs) - xOf(axis, episode.fromUs)).toBeGreaterThan(300);
    expect(axis.breaks).toHaveLength(2);
  });

  it('keeps one scale for all that is not broken', () => {
    const episodes = [2, 30, 70].map((min) => ({ fromUs: min * MINUTE, toUs: min * MINUTE + 5 * SECOND }));
    const axis = timeAxis(100 * MINUTE, [], episodes, 0, 800);
    const widths = episodes.map((each) => xOf(axis, each.toUs) - xOf(axis, each.fromUs));
    for (const width of widths) expect(width).toBeCloseTo(widths[0]!, 6);
    expect(axis.breaks).toHaveLength(4);
  });

  it('never breaks an episode, rises strictly and spans the page, whatever happens', () => {
    const arbitrary = fc.record({
      durationUs: fc.integer({ min: 1_000, max: YEAR }),
      shares: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
      episodes: fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 20 * SECOND })),
        {
          maxLength: 10,
        },
      ),
    });
    fc.assert(
      fc.property(arbitrary, ({ durationUs, shares, episodes: drawn }) => {
        const moments = shares.map((share) => Math.round(share * durationUs));
        const episodes = drawn.map(([share, us]) => {
          const fromUs = Math.round(share * durationUs);
          return { fromUs, toUs: Math.min(durationUs, fromUs + us) };
        });
        const axis = timeAxis(durationUs, moments, episodes, 278, 1080);
        expect(axis.range[0]).toBe(278);
        expect(axis.range.at(-1)).toBe(1080);
        expect(axis.domainUs[0]).toBe(0);
        expect(axis.domainUs.at(-1)).toBe(durationUs);
        for (let i = 1; i < axis.domainUs.length; i++) {
          expect(axis.domainUs[i]!).toBeGreaterThan(axis.domainUs[i - 1]!);
          expect(axis.range[i]!).toBeGreaterThanOrEqual(axis.range[i - 1]!);
        }
        for (const { fromUs, toUs, x0, x1 } of axis.breaks) {
          expect(x1).toBeGreaterThan(x0);
          for (const each of episodes) expect(each.toUs <= fromUs || each.fromUs >= toUs).toBe(true);
        }
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});
