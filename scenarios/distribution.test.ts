import { describe, expect, test } from 'vitest';
import { mean, quantile } from '../sim/kernel/distribution.ts';
import { parseDistribution } from './distribution.ts';

const none = (): never => {
  throw new Error('no file is read here');
};
const MS = 1_000;
const DAY = 86_400_000_000;

describe('distributions have the figures they are written with', () => {
  test('a duration alone is constant', () => {
    expect(parseDistribution('5ms', none)).toEqual({ kind: 'constant', value: 5 * MS });
    expect(parseDistribution('PT5S', none)).toEqual({ kind: 'constant', value: 5000 * MS });
    expect(parseDistribution('constant(5ms)', none)).toEqual({ kind: 'constant', value: 5 * MS });
  });

  test('lognormal by p50 and p99', () => {
    const d = parseDistribution('lognormal(p50 20ms, p99 80ms)', none);
    expect(quantile(d, 0.5)).toBeCloseTo(20 * MS, 6);
    expect(quantile(d, 0.99)).toBeCloseTo(80 * MS, 6);
  });

  test('lognormal by mean and p95, in either order', () => {
    const d = parseDistribution('lognormal(p95 60ms, mean 20ms)', none);
    expect(mean(d)).toBeCloseTo(20 * MS, 6);
    expect(quantile(d, 0.95)).toBeCloseTo(60 * MS, 6);
  });

  test.each([
    'exponential(mean 90d)',
    'exponential(90d)',
    'exponential(mtbf 90d)',
    'exponential(mean: 90d)',
    'exponential( mean = 90d )',
  ])('%s', (text) => {
    expect(parseDistribution(text, none)).toEqual({ kind: 'exponential', mean: 90 * DAY });
  });

  test('the others', () => {
    expect(parseDistribution('uniform(1ms, 2ms)', none)).toEqual({ kind: 'uniform', low: MS, high: 2 * MS });
    expect(parseDistribution('normal(mean 1ms, sd 0.1ms)', none)).toEqual({
      kind: 'normal',
      mean: MS,
      sd: 100,
    });
    expect(mean(parseDistribution('weibull(shape 0.7, mean 30d)', none)) / 86_400e6).toBeCloseTo(30, 9);
    expect(parseDistribution('weibull(shape 0.7, scale 30d)', none)).toEqual({
      kind: 'weibull',
      shape: 0.7,
      scale: 30 * DAY,
    });
  });

  test('empirical asks for its file', () => {
    const asked: unknown[] = [];
    const read = (reference: unknown) => {
      asked.push(reference);
      return [1, 2];
    };
    expect(parseDistribution('empirical(rtt.csv)', read)).toEqual({ kind: 'empirical', samples: [1, 2] });
    parseDistribution('empirical(file: rtt.csv, column rtt_ms)', read);
    parseDistribution('empirical(data/rtt.csv, column rtt, unit ms)', read);
    expect(asked).toEqual([
      { file: 'rtt.csv', column: undefined, unit: undefined },
      { file: 'rtt.csv', column: 'rtt_ms', unit: undefined },
      { file: 'data/rtt.csv', column: 'rtt', unit: 'ms' },
    ]);
  });
});

test.each([
  ['20', 'a duration needs a unit: write 20ms or 20s'],
  [
    'lognormal(p50 20ms)',
    'lognormal(...) needs p99: write lognormal(p50 20ms, p99 80ms) or lognormal(mean 20ms, p95 60ms)',
  ],
  ['lognormal(p50 20ms, p98 80ms)', 'lognormal(...) does not take "p98"'],
  ['lognormal(p50 80ms, p99 20ms)', 'lognormal(p50, p99) needs a p99 that is not below the p50'],
  ['lognormal(p50 0ms, p99 20ms)', 'p50 must be above zero'],
  [
    'lognormal(mean 20ms, p95 600ms)',
    'lognormal(mean, p95) needs a p95 between the mean and 3.86 times the mean',
  ],
  ['lognormal(20ms, 80ms)', 'lognormal(...) does not take "20ms"'],
  ['uniform(2ms, 1ms)', 'uniform(low, high) needs the smaller value first'],
  ['uniform(1ms)', 'uniform(...) needs high'],
  ['uniform(1ms, 2ms, 3ms)', 'uniform(...) does not take "3ms"'],
  ['uniform(1ms, , 2ms)', 'a parameter is missing beside the comma'],
  ['exponential(mean 90d, mean 3d)', 'exponential(...) states mean twice'],
  ['weibull(shape 0, scale 30d)', 'the shape of a weibull is a number between 0.1 and 100, not "0"'],
  ['gamma(1, 2)', 'unknown distribution "gamma"'],
  ['lognormal(p50 20ms', 'the closing parenthesis is missing'],
  ['fast', '"fast" is not a distribution'],
  ['-1m', 'a duration has no sign'],
])('%s is refused', (text, message) => {
  expect(() => parseDistribution(text, none)).toThrow(message);
});

test('a mistyped word finds the right one', () => {
  expect(() => parseDistribution('lognormel(p50 1ms, p99 2ms)', none)).toThrow(
    expect.objectContaining({ suggestion: 'lognormal' }),
  );
  expect(() => parseDistribution('lognormal(p50 1ms, p90 2ms)', none)).toThrow(
    expect.objectContaining({ suggestion: 'p50' }),
  );
});
