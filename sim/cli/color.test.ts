import { expect, test } from 'vitest';
import { hasColor } from './color.ts';

test.each([
  ['a terminal', undefined, {}, true, true],
  ['a pipe', undefined, {}, false, false],
  ['NO_COLOR in a terminal', undefined, { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR says nothing', undefined, { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR in a pipe', undefined, { FORCE_COLOR: '1' }, false, true],
  ['an empty FORCE_COLOR forces too', undefined, { FORCE_COLOR: '' }, false, true],
  ['FORCE_COLOR=0 in a terminal', undefined, { FORCE_COLOR: '0' }, true, false],
  ['NO_COLOR wins over FORCE_COLOR', undefined, { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['TERM=dumb', undefined, { TERM: 'dumb' }, true, false],
  ['FORCE_COLOR wins over TERM=dumb', undefined, { TERM: 'dumb', FORCE_COLOR: '1' }, false, true],
  ['--no-color wins over all', false, { FORCE_COLOR: '1' }, true, false],
  ['--color wins over all', true, { NO_COLOR: '1' }, false, true],
] as const)('%s', (_what, flag, env, isTTY, expected) => {
  expect(hasColor(flag, env, isTTY)).toBe(expected);
});
