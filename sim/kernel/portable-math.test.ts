import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exp, log, log1p, pow } from './portable-math.ts';

function ulp(x: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, Math.abs(x));
  view.setBigInt64(0, view.getBigInt64(0) + 1n);
  return view.getFloat64(0) - Math.abs(x);
}

// Computed to 40 digits with mpmath and rounded to the nearest double.
const LOGS: [number, number][] = [
  [2, 0.6931471805599453],
  [10, 2.302585092994046],
  [0.1, -2.3025850929940455],
  [1.0000001, 9.999999505838704e-8],
  [5e-324, -744.4400719213812],
  [1.7976931348623157e308, 709.782712893384],
];
const EXPS: [number, number][] = [
  [1, 2.718281828459045],
  [-1, 0.36787944117144233],
  [0.5, 1.6487212707001282],
  [100, 2.6881171418161356e43],
  [-745, 5e-324],
];

test('log and exp are within 1 ulp of the true value', () => {
  for (const [x, y] of LOGS) expect(Math.abs(log(x) - y)).toBeLessThanOrEqual(ulp(y));
  for (const [x, y] of EXPS) expect(Math.abs(exp(x) - y)).toBeLessThanOrEqual(ulp(y));
});

test('log and exp agree with the engine to 2 ulp everywhere', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(2 * ulp(Math.log(x)));
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) - Math.exp(x))).toBeLessThanOrEqual(2 * ulp(Math.exp(x)));
    }),
    { numRuns: 5000 },
  );
});

test('log1p keeps its digits near zero', () => {
  for (const x of [1e-18, 1e-12, -1e-9, 1e-4, 0.5]) {
    expect(Math.abs(log1p(x) / Math.log1p(x) - 1)).toBeLessThan(1e-15);
  }
});

test('the edges are those of Math', () => {
  expect([log(0), log(-1), log(1), log(Infinity)]).toEqual([-Infinity, NaN, 0, Infinity]);
  expect([exp(0), exp(710), exp(-750), exp(NaN)]).toEqual([1, Infinity, 0, NaN]);
  expect([pow(2, 10), pow(0, 2), pow(0, -1), pow(3, 0), pow(4, 0.5)]).toEqual([1024, 0, Infinity, 1, 2]);
});

test('gives these very bits on every engine', () => {
  let hash = 0;
  const view = new DataView(new ArrayBuffer(8));
  for (let i = 1; i <= 20_000; i++) {
    for (const y of [log(i * 0.37), exp((i - 10_000) / 17), pow(i * 0.01, 0.7)]) {
      view.setFloat64(0, y);
      hash = (Math.imul(hash, 31) + view.getInt32(0)) | 0;
      hash = (Math.imul(hash, 31) + view.getInt32(4)) | 0;
    }
  }
  expect(hash).toMatchInlineSnapshot(`-895492403`);
});
