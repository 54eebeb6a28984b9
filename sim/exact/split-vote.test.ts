import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RandomStream } from '../kernel/streams.ts';
import {
  earliestTimeoutMean,
  earliestTimeoutWithin,
  expectedElectionTime,
  expectedTerms,
  splitVoteProbability,
} from './split-vote.ts';

/** facts/numbers.md 3: members, failed; per cent at a latency of .01, .05, .1, .2 of the range. */
const TABLE: readonly (readonly [number, number, ...string[]])[] = [
  [3, 0, '0.03', '0.73', '2.8', '10.4'],
  [3, 1, '1.99', '9.75', '19.0', '36.0'],
  [5, 0, '0.00', '0.12', '0.86', '5.79'],
  [5, 1, '0.06', '1.40', '5.23', '18.08'],
  [5, 2, '2.97', '14.26', '27.1', '48.8'],
  [7, 3, '3.94', '18.55', '34.39', '59.04'],
  [9, 2, '0.00', '0.38', '2.57', '14.80'],
  [9, 4, '4.90', '22.62', '40.95', '67.23'],
];

test('split votes are the table of facts/numbers.md 3, digit by digit', () => {
  for (const [members, failed, ...cells] of TABLE) {
    cells.forEach((cell, i) => {
      const share = splitVoteProbability(members, members - failed, [0.01, 0.05, 0.1, 0.2][i]!);
      const digits = cell.split('.')[1]!.length;
      expect((100 * share).toFixed(digits), `${members} members, ${failed} failed`).toBe(cell);
    });
  }
});

test('the earliest time-out: the text of the thesis, and the mean is the integral of the tail', () => {
  expect(earliestTimeoutWithin(0.25, 4)).toBeCloseTo(0.68, 2);
  for (let servers = 1; servers <= 9; servers++) {
    const steps = 2000;
    let tail = 0;
    for (let i = 0; i < steps; i++) tail += (1 - earliestTimeoutWithin((i + 0.5) / steps, servers)) / steps;
    expect(tail).toBeCloseTo(earliestTimeoutMean(servers), 5);
  }
});

test('more latency never makes fewer split votes, and no latency makes none', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (members, a, b) => {
        const at = (latency: number) => splitVoteProbability(members, members, latency);
        expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)) + 1e-12);
        expect(at(0)).toBe(0);
      },
    ),
  );
});

/** The thesis counts the first candidate's window only; drawing the time-outs says the same. */
test('drawn time-outs split as often as the formula says', () => {
  const draws = new RandomStream(1, 'split-vote');
  const trials = 40_000;
  const [members, alive, latency] = [5, 4, 0.1];
  let split = 0;
  for (let i = 0; i < trials; i++) {
    const timeouts = Array.from({ length: alive }, (_, k) => draws.uniform(i, k)).sort((x, y) => x - y);
    const candidates = timeouts.filter((t) => t - timeouts[0]! < latency).length;
    if (candidates >= alive - Math.floor(members / 2) + 1) split++;
  }
  const exact = splitVoteProbability(members, alive, latency);
  expect(Math.abs(split / trials - exact)).toBeLessThan(2.6 * Math.sqrt((exact * (1 - exact)) / trials));
});

test('mean election times of the WAN set-up (facts/numbers.md 4, last column)', () => {
  const ms = (failed: number) =>
    300 * expectedElectionTime({ members: 5, alive: 5 - failed, latency: 35 / 300 });
  expect([0, 1, 2].map((failed) => Math.round(ms(failed) / 5) * 5)).toEqual([425, 460, 630]);
  expect(expectedTerms(0.5)).toBe(2);
});
