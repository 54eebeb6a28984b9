import { expect, test } from 'vitest';
import { constant, type Distribution, quantile } from '../kernel/distribution.ts';
import { exp } from '../kernel/portable-math.ts';
import { RandomStream } from '../kernel/streams.ts';
import { expectedDowntimes } from './expected-downtime.ts';
import { type AlternatingRenewal, calendarCourse, courseOf } from './renewal.ts';

const ALONE = Float64Array.of(0, 1);
const exponential = (mean: number): Distribution => ({ kind: 'exponential', mean });

function aloneOver(process: AlternatingRenewal, horizon: number) {
  return expectedDowntimes([ALONE], [courseOf(process, horizon)], horizon)[0]!;
}

test('exponential life and repair: q (1 - (1 - e^-sT) / sT)', () => {
  for (const [mttf, mttr, horizon] of [
    [1000, 1, 8760],
    [100, 50, 80],
    [1e6, 4, 100],
  ] as const) {
    const rate = 1 / mttf + 1 / mttr;
    const settled = mttr / (mttf + mttr);
    const expected = settled * (1 - (1 - exp(-rate * horizon)) / (rate * horizon));
    const { share, longRun } = aloneOver({ up: exponential(mttf), down: [exponential(mttr)] }, horizon);
    expect(share / expected).toBeCloseTo(1, 9);
    expect(longRun! / settled).toBeCloseTo(1, 12);
  }
});

test('the general solution agrees with the closed form where both exist', () => {
  const up = exponential(100);
  const closed = aloneOver({ up, down: [exponential(5)] }, 1000);
  // A reaction of no time makes it general.
  const general = aloneOver({ up, down: [constant(0), exponential(5)] }, 1000);
  expect(general.share / closed.share).toBeCloseTo(1, 3);
  expect(general.outages / closed.outages).toBeCloseTo(1, 3);
});

test('the long run depends on the means alone', () => {
  for (const up of [
    exponential(100),
    { kind: 'weibull', shape: 2, scale: 112.837916709551 },
    { kind: 'uniform', low: 50, high: 150 },
  ] as const) {
    const { longRun } = aloneOver({ up, down: [constant(2), constant(3)] }, 1000);
    expect(longRun).toBeCloseTo(5 / 105, 10);
  }
});

const CASES: readonly (readonly [string, AlternatingRenewal, number])[] = [
  [
    'Weibull life, lognormal repair',
    { up: { kind: 'weibull', shape: 2, scale: 1000 }, down: [{ kind: 'lognormal', mu: 1, sigma: 1 }] },
    8760,
  ],
  [
    'life longer than the run',
    { up: { kind: 'weibull', shape: 3, scale: 2000 }, down: [constant(30)] },
    1000,
  ],
  [
    'reaction and repair',
    { up: exponential(60), down: [exponential(3), { kind: 'uniform', low: 1, high: 9 }] },
    500,
  ],
  ['never repaired', { up: { kind: 'weibull', shape: 2, scale: 1000 }, down: null }, 900],
];

test.each(CASES)('%s: as in a plain simulation of the same process', (name, process, horizon) => {
  const { share, outages } = aloneOver(process, horizon);
  const random = new RandomStream(1, name);
  let draws = 0;
  const draw = (distribution: Distribution) => quantile(distribution, random.uniform(draws++));
  const runs = 20_000;
  const shares: number[] = [];
  let failures = 0;
  for (let run = 0; run < runs; run++) {
    let down = 0;
    for (let at = draw(process.up); at < horizon; ) {
      failures++;
      const length = process.down?.reduce((sum, part) => sum + draw(part), 0) ?? horizon;
      down += Math.min(length, horizon - at);
      at += length + draw(process.up);
    }
    shares.push(down / horizon);
  }
  const mean = shares.reduce((a, b) => a + b, 0) / runs;
  const sd = Math.sqrt(shares.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / runs);
  expect(Math.abs(mean - share)).toBeLessThan((4 * sd) / Math.sqrt(runs));
  expect(failures / runs / outages).toBeCloseTo(1, 1);
});

test('what the calendar says', () => {
  const course = calendarCourse([
    { from: 10, to: 15 },
    { from: 90, to: 110 },
  ]);
  const { share, outages, longRun } = expectedDowntimes([ALONE], [course], 100)[0]!;
  expect(share).toBeCloseTo(0.15, 12);
  expect(outages).toBe(2);
  expect(longRun).toBeNull();
});
