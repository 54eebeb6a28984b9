import { expect, test } from 'vitest';
import { type Branch, commonPosition, descendsFrom, ZERO } from './version.ts';

const first: Branch = { id: 'first', origin: ZERO };
const second: Branch = { id: 'second', origin: { branch: first, position: 10 } };
const other: Branch = { id: 'other', origin: { branch: first, position: 8 } };

test('a version on the branch itself counts whole', () => {
  expect(commonPosition({ branch: second, position: 14 }, second)).toBe(14);
});

test('a version on an ancestor counts up to the fork', () => {
  expect(commonPosition({ branch: first, position: 9 }, second)).toBe(9);
  expect(commonPosition({ branch: first, position: 12 }, second)).toBe(10);
});

test('a version on a dead branch counts up to where that left the path', () => {
  expect(commonPosition({ branch: other, position: 20 }, second)).toBe(8);
  expect(commonPosition(ZERO, second)).toBe(0);
});

test('descent', () => {
  expect(descendsFrom({ branch: second, position: 11 }, { branch: first, position: 10 })).toBe(true);
  expect(descendsFrom({ branch: second, position: 11 }, { branch: first, position: 11 })).toBe(false);
  expect(descendsFrom({ branch: other, position: 11 }, { branch: first, position: 9 })).toBe(false);
  expect(descendsFrom({ branch: first, position: 3 }, { branch: first, position: 4 })).toBe(false);
});
