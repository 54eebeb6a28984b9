// The host of bare groups, and with it what waits for the disk (sim/systems/raft/parameters.ts, `syncs`): when a group elects.
import { expect, test } from 'vitest';
import { constant } from '../../sim/kernel/distribution.ts';
import type { RaftParameters } from '../../sim/systems/raft/parameters.ts';
import { RaftHost } from './raft-host.ts';

const MS = 1_000;
const FSYNC = 10 * MS;

/** From a candidate's time-out to its election, with one-way trips of 1 ms; both members start with nothing. */
function electionUs(parameters: Partial<RaftParameters>, fsyncUs = FSYNC): number {
  const host = new RaftHost({
    seed: 1,
    members: 3,
    latencyUs: constant(MS),
    fsyncUs: constant(fsyncUs),
    parameters,
  });
  host.start();
  const candidate = host.members[0]!;
  candidate.raft.campaign();
  candidate.drain();
  host.advance(200 * MS);
  return host.elections[0]!.timeUs;
}

test('durable: the candidate writes, then a voter writes; a pre-vote costs no write', () => {
  expect(electionUs({})).toBe(2 * FSYNC + 2 * MS);
  expect(electionUs({ preVote: true })).toBe(2 * FSYNC + 4 * MS);
});

test('every answer: asking for pre-votes and answering them waits for the disk too', () => {
  expect(electionUs({ syncs: 'every-answer' })).toBe(2 * FSYNC + 2 * MS);
  expect(electionUs({ preVote: true, syncs: 'every-answer' })).toBe(4 * FSYNC + 4 * MS);
});

test('every change: a voter writes the newer term and then its vote', () => {
  expect(electionUs({ syncs: 'every-change' })).toBe(3 * FSYNC + 2 * MS);
});

test('every change: the election timer runs on while the disk works, elsewhere all ticks but one are lost', () => {
  const elapsedAfterWrite = (syncs: 'durable' | 'every-change') => {
    const host = new RaftHost({
      seed: 1,
      members: 3,
      latencyUs: constant(MS),
      fsyncUs: constant(20 * MS),
      parameters: { tickUs: MS, electionTicks: 500, syncs },
    });
    host.start();
    const [candidate] = host.members;
    candidate!.raft.campaign();
    candidate!.drain();
    host.advance(20 * MS);
    host.advance(MS / 2);
    return candidate!.raft.electionElapsed;
  };
  expect(elapsedAfterWrite('every-change')).toBeGreaterThanOrEqual(19);
  expect(elapsedAfterWrite('durable')).toBeLessThanOrEqual(2);
});
