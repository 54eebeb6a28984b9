import { expect, test } from 'vitest';
import { type SystemKind, votingSystems } from '../systems/system-spec.ts';
import { checkLinks } from './link-check.ts';
import { Ground } from './remains.ts';
import { smallPlatform } from './testing.ts';

function check(kind: SystemKind, profile: string, rttMs: number, zones = [1, 1, 1]) {
  const scenario = smallPlatform({ zones, systems: [{ kind, profile }], oneWayUs: (rttMs * 1000) / 2 });
  return checkLinks(votingSystems(scenario.systems)[0]!, new Ground(scenario.world));
}

const rules = (...args: Parameters<typeof check>) => check(...args).warnings.map(({ rule }) => rule);

test('at 1 ms every profile has room', () => {
  for (const [kind, profile] of [
    ['swarm', 'deck-2017'],
    ['etcd', 'etcd-3.5'],
    ['rethink', 'deck-2017'],
  ] as const)
    expect(rules(kind, profile, 1)).toEqual([]);
});

test("etcd's defaults are too short for 100 ms and for an ocean (facts/consensus.md 2.21)", () => {
  expect(rules('etcd', 'etcd-3.5', 99)).toEqual([]);
  expect(rules('etcd', 'etcd-3.5', 110)).toEqual(['election-below-ten-rtt', 'rtt-reaches-heartbeat']);
  expect(rules('etcd', 'etcd-3.5', 400)).toEqual(['election-below-ten-rtt', 'rtt-reaches-heartbeat']);
  expect(rules('etcd', 'etcd-3.5', 1200)).toEqual(['rtt-reaches-election', 'rtt-reaches-heartbeat']);
});

test("UCP's 500/5000 ms carry 400 ms", () => {
  expect(rules('etcd', 'deck-2017', 400)).toEqual([]);
  expect(rules('etcd', 'deck-2017', 500)).toEqual(['rtt-reaches-heartbeat']);
});

test('the slowest pair is named with its distance', () => {
  expect(check('etcd', 'etcd-3.5', 40).slowest).toEqual({
    a: 'm1',
    b: 'm2',
    linkClass: 'between-zones',
    rttP50Us: 40_000,
    rttP99Us: 40_000,
  });
});

test('one voter has nobody to be far from', () => {
  expect(check('etcd', 'etcd-3.5', 40, [1])).toMatchObject({ slowest: null, warnings: [] });
});
