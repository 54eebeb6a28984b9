import { expect, test } from 'vitest';
import { durationWords } from './words.ts';

test.each([
  [500, '500 us'],
  [1_500, '1.5 ms'],
  [600_000, '600 ms'],
  [20_000_000, '20 s'],
  [300_000_000, '5 min'],
  [150_000_000, '2 min 30 s'],
  [5_400_000_000, '1 h 30 min'],
])('%i us is %s', (us, words) => {
  expect(durationWords(us)).toBe(words);
});
