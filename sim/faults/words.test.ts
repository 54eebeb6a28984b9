import { expect, test } from 'vitest';
import type { FaultEffect, NodeSelector } from './fault-spec.ts';
import { faultTitle } from './kinds.ts';
import { durationWords, selectorWords } from './words.ts';

const managers: NodeSelector = { kind: 'role', role: 'manager' };
const all: NodeSelector = { kind: 'all' };
const node = (name: string): NodeSelector => ({ kind: 'node', node: name });
const title = (effect: FaultEffect) => faultTitle(effect, selectorWords);
const delay = (from: NodeSelector, to: NodeSelector, direction: 'both' | 'one-way'): FaultEffect => ({
  kind: 'delay',
  from,
  to,
  direction,
  addUs: 600_000,
  jitterUs: 0,
  multiply: 1,
  shape: 'square',
});

test.each<[FaultEffect, string]>([
  [{ kind: 'kill', target: { kind: 'any', count: 1, of: managers } }, 'any manager is killed'],
  [{ kind: 'pause', target: { kind: 'any', count: 2, of: all } }, 'any 2 nodes are frozen'],
  [
    { kind: 'kill', target: { kind: 'union', of: [node('a'), node('b'), node('c')] } },
    'a, b and c are killed',
  ],
  [{ kind: 'zone-outage', place: 'us/a' }, 'zone us/a loses power'],
  [delay(managers, managers, 'both'), 'messages among every manager take 600 ms longer one way'],
  [delay(node('a'), node('b'), 'one-way'), 'messages from a to b take 600 ms longer one way'],
  [{ kind: 'cut', from: node('a'), to: node('b'), direction: 'both' }, 'the link between a and b is cut'],
  [{ kind: 'cut', from: node('a'), to: node('b'), direction: 'one-way' }, 'nothing gets through from a to b'],
])('%j in words', (effect, words) => {
  expect(title(effect)).toBe(words);
});

test.each([
  [7, '7 us'],
  [1500, '1.5 ms'],
  [600_000, '600 ms'],
  [2_000_000, '2 s'],
  [150_000_000, '2 min 30 s'],
  [3_600_000_000, '1 h'],
  [90_000_000_000, '1 d 1 h'],
])('%s us is %s', (us, words) => {
  expect(durationWords(us)).toBe(words);
});

test.each<[NodeSelector, string]>([
  [all, 'every node'],
  [{ kind: 'intersection', of: [all, { kind: 'not', of: node('b') }] }, 'everything but b'],
  [{ kind: 'intersection', of: [managers, { kind: 'place', place: 'dc/a' }] }, 'every manager in dc/a'],
  [{ kind: 'intersection', of: [all] }, 'every node'],
])('%j is %s', (selector, words) => {
  expect(selectorWords(selector)).toBe(words);
});
