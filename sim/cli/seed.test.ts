import { expect, test } from 'vitest';
import { readSeed } from './seed.ts';

test('numbers are numbers, 0 too; what only looks like one stays a text', () => {
  expect(
    ['0', '7', '-5', '1.5', '007', '1e3', 'tuesday', '9007199254740993'].map((text) => readSeed(text).seed),
  ).toEqual([0, 7, -5, '1.5', '007', '1e3', 'tuesday', '9007199254740993']);
});

test('random draws a seed, and another one the next time', () => {
  const drawn = [readSeed('random'), readSeed('random'), readSeed('random')];
  expect(drawn.every(({ seed, drawn }) => drawn && Number.isSafeInteger(seed))).toBe(true);
  expect(new Set(drawn.map(({ seed }) => seed)).size).toBeGreaterThan(1);
});

test('none given', () => {
  expect(readSeed(undefined)).toEqual({ seed: undefined, drawn: false });
});
