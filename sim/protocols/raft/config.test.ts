import { describe, expect, test } from 'vitest';
import type { RaftConfig } from './config.ts';
import { Raft } from './raft.ts';
import { configOf } from './testing/group.ts';

describe('a configuration is refused', () => {
  test.each<[string, Partial<RaftConfig>, RegExp]>([
    ['C21 lease reads without checkQuorum', { readOnly: 'lease' }, /lease-based reads need checkQuorum/],
    ['id 0', { id: 0 }, /id must be a positive integer, not 0/],
    ['no heartbeat', { heartbeatTick: 0 }, /heartbeatTick must be a positive integer/],
    [
      'election not above heartbeat',
      { electionTick: 3, heartbeatTick: 3 },
      /must be greater than heartbeatTick/,
    ],
    ['broken ticks', { electionTick: 9.5 }, /electionTick must be a positive integer, not 9.5/],
    ['no window', { maxInflight: 0 }, /maxInflight must be a positive integer/],
    ['no voters', { voters: [] }, /at least one voter/],
    ['a member twice', { voters: [1, 2], learners: [2] }, /member 2 is listed twice/],
    ['paper with pre-vote', { mode: 'paper', preVote: true }, /neither preVote nor checkQuorum/],
    ['paper with check-quorum', { mode: 'paper', checkQuorum: true }, /neither preVote nor checkQuorum/],
  ])('%s', (_, change, message) => {
    expect(() => new Raft({ ...configOf(1), ...change })).toThrow(message);
  });

  test('a draw outside its range', () => {
    expect(() => new Raft(configOf(1, { drawTimeout: (spread) => spread }))).toThrow(
      /drawTimeout\(10\) returned 10/,
    );
  });
});
