import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeast, binomial, majorityOdds, quorumOf, toleratedFailures } from './majority.ts';

/** The table of facts/numbers.md 5, per cent as printed there. */
const TABLE: readonly (readonly [n: number, ...percent: string[]])[] = [
  [1, '99.0000', '98.0000', '96.0000', '92.0000'],
  [2, '98.0100', '96.0400', '92.1600', '84.6400'],
  [3, '99.9702', '99.8816', '99.5328', '98.1824'],
  [4, '99.94080', '99.76635', '99.09043', '96.55731'],
  [5, '99.999015', '99.992238', '99.939779', '99.547474'],
  [6, '99.998045', '99.984709', '99.883155', '99.148786'],
  [7, '99.9999658', '99.9994664', '99.9918718', '99.8823721'],
  [8, '99.9999322', '99.9989499', '99.9842617', '99.7796700'],
  [9, '99.99999878', '99.99996230', '99.99887315', '99.9686418'],
];

test('majority availability is the table of facts/numbers.md 5, digit by digit', () => {
  for (const [n, ...percents] of TABLE) {
    percents.forEach((percent, i) => {
      const p = [0.01, 0.02, 0.04, 0.08][i]!;
      expect((majorityOdds(n, p).up * 100).toFixed(percent.split('.')[1]!.length), `n=${n} p=${p}`).toBe(
        percent,
      );
    });
  }
});

test("Aurora's quorums of six copies (facts/numbers.md 5)", () => {
  expect((atLeast(4, 6, 0.01).up * 100).toFixed(6)).toBe('99.998045');
  expect((atLeast(3, 6, 0.01).up * 100).toFixed(8)).toBe('99.99998524');
});

test('quorum and tolerated failures of one to nine members (facts/consensus.md 2.23)', () => {
  const table = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [quorumOf(n), toleratedFailures(n)]);
  expect(table).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
    [3, 1],
    [3, 2],
    [4, 2],
    [4, 3],
    [5, 3],
    [5, 4],
  ]);
});

test('binomial coefficients', () => {
  expect([0, 1, 2, 3, 4, 5].map((k) => binomial(5, k))).toEqual([1, 5, 10, 10, 5, 1]);
  expect(binomial(50, 25)).toBe(126410606437752);
});

const odd = fc.integer({ min: 0, max: 20 }).map((k) => 2 * k + 1);
const probability = fc.double({ min: 0, max: 1, noNaN: true });

test('up and down are the whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 41 }), probability, (n, p) => {
      const { up, down } = majorityOdds(n, p);
      expect(up + down).toBeCloseTo(1, 12);
    }),
  );
});

test('two more members never harm while a member is more likely up than down (Peleg and Wool)', () => {
  fc.assert(
    fc.property(odd, fc.double({ min: 0, max: 0.5, noNaN: true }), (n, p) => {
      expect(majorityOdds(n + 2, p).down).toBeLessThanOrEqual(majorityOdds(n, p).down * (1 + 1e-12));
    }),
  );
});

test('an even member more is never better', () => {
  fc.assert(
    fc.property(odd, fc.double({ min: 0, max: 0.5, noNaN: true }), (n, p) => {
      expect(majorityOdds(n + 1, p).down).toBeGreaterThanOrEqual(majorityOdds(n, p).down * (1 - 1e-12));
    }),
  );
});

test('with even chances an odd group is up half of the time', () => {
  fc.assert(
    fc.property(odd, (n) => {
      expect(majorityOdds(n, 0.5).up).toBeCloseTo(0.5, 12);
    }),
  );
});
