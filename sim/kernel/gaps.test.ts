import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GapProcess } from './gaps.ts';
import { RandomStream } from './streams.ts';

const process = (probability: number, from = 0, name = 'loss') => {
  const gaps = new GapProcess(new RandomStream(3, name));
  gaps.setProbability(probability, from);
  return gaps;
};
const marks = (gaps: GapProcess, from: number, to: number) => {
  const found: number[] = [];
  for (let n = from; n < to; n++) if (gaps.isIrregular(n)) found.push(n);
  return found;
};

test('each number is irregular with the given probability, independently', () => {
  for (const p of [0.001, 0.05, 0.5, 1]) {
    const count = 200_000;
    const found = marks(process(p), 0, count);
    const sd = Math.sqrt(count * p * (1 - p));
    expect(Math.abs(found.length - count * p)).toBeLessThanOrEqual(4 * sd);
    const pairs = found.filter((n, i) => found[i + 1] === n + 1).length;
    expect(Math.abs(pairs - count * p * p)).toBeLessThanOrEqual(5 * Math.sqrt(count * p * p) + 2);
  }
});

test('asking in another order, or skipping, changes nothing', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2000), { minLength: 1 }),
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      (asked, p) => {
        const inOrder = new Set(marks(process(p), 0, 2001));
        const gaps = process(p);
        for (const n of asked) expect(gaps.isIrregular(n)).toBe(inOrder.has(n));
      },
    ),
  );
});

test('the next mark is found without visiting those between', () => {
  const all = marks(process(0.01), 0, 10_000);
  const gaps = process(0.01);
  expect(gaps.nextFrom(0)).toBe(all[0]);
  expect(gaps.nextFrom(all[5]! + 1)).toBe(all[6]);
  expect(gaps.nextFrom(all[2]!)).toBe(all[2]);
  expect(process(0).nextFrom(5)).toBe(Number.POSITIVE_INFINITY);
});

test('a change of probability starts a new epoch at its number', () => {
  const gaps = process(0.5);
  const before = marks(gaps, 0, 100);
  gaps.setProbability(0.01, 100);
  const after = marks(gaps, 100, 10_100).length;
  expect(before.length).toBeGreaterThan(30);
  expect(after).toBeGreaterThan(60);
  expect(after).toBeLessThan(140);
  gaps.setProbability(0, 10_100);
  expect(marks(gaps, 10_100, 11_000)).toEqual([]);
});

test('what follows a skip depends on where it begins, not on how far anybody has looked', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(5000)),
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0.001, max: 0.9, noNaN: true }),
      (asked, from, p) => {
        const fresh = process(p);
        fresh.skipTo(from);
        const walked = process(p);
        for (const n of asked) walked.nextFrom(n);
        walked.skipTo(from);
        expect(marks(walked, from, from + 500)).toEqual(marks(fresh, from, from + 500));
      },
    ),
  );
});

test('nothing is drawn for the numbers that a skip passes over', () => {
  let drawn = 0;
  const stream = new RandomStream(3, 'loss');
  const uniform = stream.uniform.bind(stream);
  stream.uniform = (...draw: Parameters<typeof uniform>) => {
    drawn++;
    return uniform(...draw);
  };
  const gaps = new GapProcess(stream);
  gaps.setProbability(0.1, 0);
  gaps.skipTo(1_000_000);
  gaps.nextFrom(1_000_010);
  expect(drawn).toBeLessThan(20);
});
