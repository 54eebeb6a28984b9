import { expect, test } from 'vitest';
import { votingSystems } from '../systems/system-spec.ts';
import { smallPlatform } from './testing.ts';
import { meanLeastTimeoutTicks, type RaftTimers, type RethinkTimers, sourceOf, timersOf } from './timers.ts';

function timers(kind: 'swarm' | 'etcd' | 'rethink' | 'raft', profile: string, members = 3) {
  const { systems } = smallPlatform({ zones: [members], systems: [{ kind, profile }] });
  return timersOf(votingSystems(systems)[0]!);
}

test("the deck's time-outs in seconds: swarm 3-5 s, etcd 5-9.5 s, RethinkDB 14-16 s of silence", () => {
  expect(timers('swarm', 'deck-2017')).toMatchObject({
    heartbeatUs: 1_000_000,
    electionUs: { fromUs: 3_000_000, toUs: 5_000_000 },
    stepDownUs: null,
  });
  expect(timers('etcd', 'deck-2017')).toMatchObject({
    heartbeatUs: 500_000,
    electionUs: { fromUs: 5_000_000, toUs: 9_500_000 },
  });
  expect((timers('rethink', 'deck-2017') as RethinkTimers).silenceUs).toEqual({
    fromUs: 14_000_000,
    toUs: 16_000_000,
  });
});

test('later SwarmKit: 10-19 s, and a leader without a quorum steps down (facts/platform.md 1.1)', () => {
  expect(timers('swarm', 'swarmkit-18.03')).toMatchObject({
    electionUs: { fromUs: 10_000_000, toUs: 19_000_000 },
    stepDownUs: { fromUs: 10_000_000, toUs: 20_000_000 },
  });
});

test('the least of N - 1 draws and the mean detection are the figures of facts/numbers.md 8', () => {
  expect([2, 4, 6].map((draws) => meanLeastTimeoutTicks(10, draws).toFixed(2))).toEqual([
    '12.85',
    '11.53',
    '10.98',
  ]);
  const means = [3, 5, 7].map((n) => (timers('raft', 'etcd-raft', n) as RaftTimers).meanDetectionUs! / 1e6);
  expect(means.map((mean) => mean.toFixed(3))).toEqual(['1.185', '1.053', '0.998']);
});

test('one member alone never waits for an election', () => {
  expect((timers('etcd', 'etcd-3.5', 1) as RaftTimers).meanDetectionUs).toBeNull();
});

test('the source of a profile is known also when the scenario changed some of it', () => {
  const [spec] = smallPlatform({ zones: [3], systems: [{ kind: 'etcd', profile: 'etcd-3.5' }] }).systems;
  expect(sourceOf(spec!)).toMatchObject({ changed: false });
  const changed = sourceOf({ ...spec!, profile: 'etcd-3.5+' });
  expect(changed.changed).toBe(true);
  expect(changed.source).toBe(sourceOf(spec!).source);
});
