import { expect, test } from 'vitest';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { judgeFigures, judgeQuantiles, judgeSamples } from './judge.ts';

const uniform = (name: string, count: number, low: number, high: number) => {
  const random = new RandomStream(3, name);
  return Array.from({ length: count }, (_, i) => low + (high - low) * random.uniform(i));
};
const labels = { name: 'a/b', source: 'x.csv', unit: 'ms' };

test('samples pass when neither the distance nor the median speaks against them', () => {
  const measured = uniform('m', 100, 1000, 2000);
  const same = judgeSamples(labels, measured, uniform('p', 3000, 1000, 2000));
  expect(same).toMatchObject({ verdict: 'pass', note: '', n: { measured: 100, predicted: 3000 } });
  expect(same.p).toBeGreaterThan(0.01);
  expect(same.predicted.p50).toBeCloseTo(1500, -2);
  const shifted = judgeSamples(labels, measured, uniform('p', 3000, 1300, 2300));
  expect(shifted.verdict).toBe('fail');
  expect(shifted.note).toMatch(/KS rejects .*; median 1\d\d\d outside /);
});

test('a sample that only its median speaks against fails too', () => {
  // So few that the distance proves nothing; all the same value, so that the bootstrap interval is a point.
  const measured = [100, 100, 100];
  const predicted = [80, 81, 100, ...new Array<number>(20).fill(120), 121, 122, 123];
  const { verdict, note } = judgeSamples(labels, measured, predicted);
  expect([verdict, note]).toEqual(['fail', 'median 120.0 outside 100.0..100.0']);
  // With few runs the predicted median itself is not known better.
  expect(judgeSamples(labels, measured, [80, 81, 100, 120, 121, 122, 123]).verdict).toBe('pass');
});

test('a published table passes within its tolerance or within what the sample sizes leave', () => {
  const predicted = uniform('t', 5000, 100, 200);
  const judge = (p50: number, count: number, tolerance: number) =>
    judgeQuantiles(labels, { p50, max: 900 }, count, predicted, { within: { p50: tolerance }, words: 'w' });
  expect(judge(152, 1_000_000, 0.02).verdict).toBe('pass');
  expect(judge(160, 1_000_000, 0.02)).toMatchObject({ verdict: 'fail' });
  expect(judge(160, 1_000_000, 0.02).note).toMatch(/^p50 differs by -6\.\d %$/);
  // Of twenty a median of 160 is no surprise.
  expect(judge(160, 20, 0.02).verdict).toBe('pass');
  // A figure without a tolerance is shown only.
  expect(judge(152, 1_000_000, 0.02).measured.max).toBe(900);
});

test('what is known to differ is open, with its reason, and passes silently where it does not', () => {
  const open = { ...labels, openIfDifferent: true, note: 'another disk' };
  const judge = (predicted: number) =>
    judgeFigures(open, { measured: 0, predicted: 1 }, 'c', { x: { measured: 1, predicted, allowed: 0.1 } });
  expect(judge(1.05)).toMatchObject({ verdict: 'pass', note: '' });
  expect(judge(2)).toMatchObject({ verdict: 'open', note: 'x: 2, measured 1. another disk' });
});

test('a figure that is not a number never passes', () => {
  const check = { x: { measured: 1, predicted: Number.NaN, allowed: 1 } };
  expect(judgeFigures(labels, { measured: 0, predicted: 1 }, 'c', check).verdict).toBe('fail');
});
