import { describe, expect, test } from 'vitest';
import {
  confirmationsWanted,
  log2,
  log10,
  pushPullIntervalUs,
  retransmitLimit,
  suspicionTimeoutUs,
  suspicionUs,
  Timings,
} from './formulas.ts';
import { LAN } from './testing/bench.ts';

const S = 1_000_000;

describe('suspicionTimeout: mult * max(1, log10 n) probe intervals (memberlist util.go)', () => {
  test.each([
    [4, 3, 4],
    [4, 10, 4],
    [4, 30, 5.908],
    [4, 100, 8],
    [5, 5, 5],
    [5, 30, 7.385],
    [5, 100, 10],
    // The scale is cut to thousandths: log10 of a power of ten must not fall short of it.
    [4, 1000, 12],
    [5, 10_000, 20],
  ])('mult %i, n = %i: %d s', (suspicionMult, n, seconds) => {
    expect(suspicionTimeoutUs({ ...LAN, suspicionMult }, n)).toBe(Math.round(seconds * S));
  });
});

test('log2 and log10 of powers are exact', () => {
  expect([1, 2, 64, 1024, 0.25].map(log2)).toEqual([0, 1, 6, 10, -2]);
  expect([1, 10, 100, 1000, 10_000].map(log10)).toEqual([0, 1, 2, 3, 4]);
});

test('k = mult - 2 confirmations are wanted, none where n - 2 nodes cannot give them (state.go suspectNode)', () => {
  expect([3, 4, 30].map((n) => confirmationsWanted(LAN, n))).toEqual([0, 2, 2]);
  expect([4, 5].map((n) => confirmationsWanted({ ...LAN, suspicionMult: 5 }, n))).toEqual([0, 3]);
  expect(confirmationsWanted({ ...LAN, suspicionMult: 2 }, 100)).toBe(0);
});

describe('remainingSuspicionTime (memberlist suspicion_test.go): min 2 s, max 30 s, k = 3', () => {
  test.each([
    [0, 30_000],
    [1, 16_000],
    [2, 7_810],
    [3, 2_000],
  ])('with %i confirmations %i ms', (confirmations, ms) => {
    expect(suspicionUs(2 * S, 30 * S, 3, confirmations)).toBe(ms * 1000);
  });
  test('without any wanted it is the shortest at once', () => {
    expect(suspicionUs(2 * S, 30 * S, 0, 0)).toBe(2 * S);
  });
});

describe('retransmitLimit: mult * ceil(log10(n + 1)) (memberlist util_test.go)', () => {
  test.each([
    [3, 0, 0],
    [3, 1, 3],
    [3, 99, 6],
    [4, 5, 4],
    [4, 9, 4],
    [4, 10, 8],
    [4, 30, 8],
    [4, 10_000, 20],
  ])('mult %i, n = %i: %i', (mult, n, limit) => expect(retransmitLimit(mult, n)).toBe(limit));
});

describe('pushPullScale: longer from the 33rd node on (memberlist util_test.go)', () => {
  test.each([
    [0, 1],
    [32, 1],
    [33, 2],
    [64, 2],
    [65, 3],
    [128, 3],
    [1000, 6],
    [10_000, 10],
  ])('n = %i: %i times', (n, factor) => expect(pushPullIntervalUs(LAN, n)).toBe(factor * 30 * S));
});

test('a Timings gives the same answers again, whatever was asked between', () => {
  const timings = new Timings(LAN);
  const thirty = [...timings.suspicion(30)];
  expect(thirty).toEqual([6 * 5_908_000, suspicionUs(5_908_000, 6 * 5_908_000, 2, 1), 5_908_000]);
  timings.suspicion(3);
  expect([...timings.suspicion(30)]).toEqual(thirty);
  expect([timings.retransmitLimit(5), timings.retransmitLimit(10), timings.retransmitLimit(5)]).toEqual([
    4, 8, 4,
  ]);
});
