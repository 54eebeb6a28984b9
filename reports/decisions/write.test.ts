import { expect, test } from 'vitest';
import { costsOf } from './write.ts';

test('costs are nodes where the file states none, and money where it does', () => {
  const none = { node: 1, groups: {}, extra: {}, site: 0 };
  expect(costsOf(none)).toBe('nodes');
  expect(costsOf({ ...none, node: 4_000 })).toBe('money');
  expect(costsOf({ ...none, groups: { dtr: 2 } })).toBe('money');
  expect(costsOf({ ...none, extra: { 'us-west/a': 1 } })).toBe('money');
  expect(costsOf({ ...none, site: 1 })).toBe('money');
});
