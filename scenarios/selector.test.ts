import { describe, expect, test } from 'vitest';
import { parseSelector } from './selector.ts';
import { load, MINIMAL, minimalWith } from './testing/minimal.ts';

/** What `kill: TEXT` comes to in the minimal scenario. */
function killed(text: string): unknown {
  const { scenario } = load(minimalWith('zone-outage: us-west/b', `kill: ${JSON.stringify(text)}`));
  const { effect } = scenario.faults[0]!;
  return 'target' in effect ? effect.target : undefined;
}

const manager = { kind: 'role', role: 'manager' };
const worker = { kind: 'role', role: 'worker' };

describe('selectors choose what they say', () => {
  test.each([
    ['manager-1', { kind: 'node', node: 'manager-1' }],
    ['node:manager-1', { kind: 'node', node: 'manager-1' }],
    ['us-west', { kind: 'place', place: 'us-west' }],
    ['place:us-west/a', { kind: 'place', place: 'us-west/a' }],
    ['manager', manager],
    ['managers', manager],
    ['role:manager', manager],
    ['all', { kind: 'all' }],
    ['all managers', manager],
    ['label:disk=ssd', { kind: 'label', key: 'disk', value: 'ssd' }],
    ['leader of etcd', { kind: 'leader', system: 'etcd' }],
    ['followers of swarm', { kind: 'followers', system: 'swarm' }],
    ['members of etcd', { kind: 'members', system: 'etcd' }],
    ['majority of etcd', { kind: 'majority', system: 'etcd' }],
    ['minority of etcd', { kind: 'minority', system: 'etcd' }],
    ['any manager', { kind: 'any', count: 1, of: manager }],
    ['any two managers', { kind: 'any', count: 2, of: manager }],
    ['any 2 of role:manager', { kind: 'any', count: 2, of: manager }],
    ['managers in us-west/a', { kind: 'intersection', of: [manager, { kind: 'place', place: 'us-west/a' }] }],
    [
      'any two workers in us-west/a',
      {
        kind: 'any',
        count: 2,
        of: { kind: 'intersection', of: [worker, { kind: 'place', place: 'us-west/a' }] },
      },
    ],
    ['all except workers', { kind: 'intersection', of: [{ kind: 'all' }, { kind: 'not', of: worker }] }],
    [
      'manager-1, worker-2',
      {
        kind: 'union',
        of: [
          { kind: 'node', node: 'manager-1' },
          { kind: 'node', node: 'worker-2' },
        ],
      },
    ],
    [
      'managers, workers except manager-1, worker-1',
      {
        kind: 'intersection',
        of: [
          { kind: 'union', of: [manager, worker] },
          {
            kind: 'not',
            of: {
              kind: 'union',
              of: [
                { kind: 'node', node: 'manager-1' },
                { kind: 'node', node: 'worker-1' },
              ],
            },
          },
        ],
      },
    ],
    [
      'any one of (managers, workers)',
      { kind: 'any', count: 1, of: { kind: 'union', of: [manager, worker] } },
    ],
  ])('%s', (text, selector) => {
    expect(killed(text)).toEqual(selector);
  });

  test('a list of selectors is their union', () => {
    const { scenario } = load(minimalWith('zone-outage: us-west/b', 'kill: [manager-1, workers]'));
    expect(scenario.faults[0]!.effect).toEqual({
      kind: 'kill',
      target: { kind: 'union', of: [{ kind: 'node', node: 'manager-1' }, worker] },
    });
  });

  test('a family of systems means each of them', () => {
    const text = minimalWith(
      'etcd: { members: manager }',
      'etcd: { members: manager }\n  rethink: { members: [managers, worker] }',
    ).replace('zone-outage: us-west/b', 'kill: leader of rethink');
    expect(load(text).scenario.faults[0]!.effect).toEqual({
      kind: 'kill',
      target: {
        kind: 'union',
        of: [
          { kind: 'leader', system: 'rethink-manager' },
          { kind: 'leader', system: 'rethink-worker' },
        ],
      },
    });
  });
});

test.each([
  ['', 'a selector is missing'],
  ['any two', 'the selector ends too early'],
  ['leader etcd', 'write "leader of" and a system, like "leader of etcd"'],
  ['leader of', 'the selector ends too early'],
  ['managers workers', '"workers" does not follow here; separate selectors with commas'],
  ['managers,', 'the selector ends too early'],
  ['(managers', 'the closing parenthesis is missing'],
  ['managers)', 'a ) without its ('],
  ['any zero managers', '"any" takes at least one node'],
  ['except managers', 'expected a node, a place, a role or a system, not "except"'],
  ['all except a except b', '"except" may stand once'],
  ['label:disk', 'write a label with its value, like label:disk=ssd'],
  ['role:', 'a name is missing behind role:'],
  ['in in in', 'expected a node, a place, a role or a system, not "in"'],
])('%s is refused', (text, message) => {
  expect(() => parseSelector(text)).toThrow(message);
});

test('nesting and length have limits', () => {
  for (const word of ['(', 'any ', 'all ']) {
    expect(() => parseSelector(word.repeat(500))).toThrow('a selector is nested more than 20 deep');
  }
  expect(() => parseSelector('a, '.repeat(600))).toThrow('a selector has at most 1000 words');
});

test('the minimal scenario is valid', () => {
  expect(load(MINIMAL).warnings).toEqual([]);
});
