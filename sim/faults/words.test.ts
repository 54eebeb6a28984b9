import { expect, test } from 'vitest';
import type { NodeSelector } from './fault-spec.ts';
import { selectorWords } from './words.ts';

const b: NodeSelector = { kind: 'node', node: 'b' };
const all: NodeSelector = { kind: 'all' };

test.each<[NodeSelector, string]>([
  [all, 'every node'],
  [{ kind: 'intersection', of: [all, { kind: 'not', of: b }] }, 'everything but b'],
  [
    {
      kind: 'intersection',
      of: [
        { kind: 'role', role: 'manager' },
        { kind: 'place', place: 'dc/a' },
      ],
    },
    'every manager in dc/a',
  ],
  [{ kind: 'intersection', of: [all] }, 'every node'],
])('a selector as a person would say it (%#)', (selector, words) => {
  expect(selectorWords(selector)).toBe(words);
});
