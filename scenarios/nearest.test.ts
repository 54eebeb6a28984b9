import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, listOf, nearest } from './nearest.ts';

test.each([
  ['manger', 'manager', 1],
  ['amnager', 'manager', 1],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['same', 'same', 0],
])('from %s to %s is %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps);
});

test('a limit only cuts', () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, fc.nat(12), (a, b, limit) => {
      const exact = editDistance(a, b);
      expect(editDistance(b, a)).toBe(exact);
      expect(Math.min(editDistance(a, b, limit), limit + 1)).toBe(Math.min(exact, limit + 1));
    }),
  );
});

test.each([
  ['manger', ['worker', 'manager'], 'manager'],
  ['b', ['us-west/a', 'us-west/b'], 'us-west/b'],
  ['Manager', ['manager'], 'manager'],
  ['count', ['kill', 'stop'], undefined],
  ['zone', ['zone-outage', 'kill'], 'zone-outage'],
  ['x', ['y'], undefined],
])('%s of %j is %s', (word, candidates, expected) => {
  expect(nearest(word, candidates)).toBe(expected);
});

test('lists read as sentences do', () => {
  expect(listOf([])).toBe('none');
  expect(listOf(['a'])).toBe('a');
  expect(listOf(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listOf(['a', 'b', 'c'], 2)).toBe('a, b and 1 more');
});
