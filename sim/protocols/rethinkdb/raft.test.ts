// RethinkDB's deviations from the Raft paper, one member at a time (facts/consensus.md 3.7-3.13).
import { describe, expect, test } from 'vitest';
import { RaftMember } from './raft.ts';
import type { RaftMessage } from './raft-message.ts';
import { newRaftDurable, type RaftDurable, type RaftTimer } from './raft-types.ts';
import { NO_SERVER } from './server-id.ts';

const TIMING = { electionTimeoutMinMs: 1000, electionTimeoutMaxMs: 2000, electionRetryTimeoutMaxMs: 30_000 };
type Member = RaftMember<number, number>;

function member(
  id: number,
  options: { draw?: (spread: number) => number; members?: number[]; disk?: RaftDurable<number, number> } = {},
): Member {
  const { draw = () => 0, members = [0, 1, 2] } = options;
  const disk = options.disk ?? newRaftDurable<number, number>(0, { voting: members, nonVoting: [] });
  return new RaftMember({ id, timing: TIMING, draw, apply: (state, change) => state + change }, disk);
}

function delaysOf(raft: Member, timer: RaftTimer): (number | null)[] {
  return raft.timers
    .splice(0)
    .filter((request) => request.timer === timer)
    .map((request) => request.delayMs);
}

/** How a timer was set last. */
function delays(raft: Member, timer: RaftTimer): number | null | undefined {
  return raft.timers.filter((request) => request.timer === timer).at(-1)?.delayMs;
}

function ask(
  raft: Member,
  from: number,
  term: number,
  log: { lastIndex?: number; lastTerm?: number } = {},
): boolean {
  raft.receive(from, { kind: 'request-vote', call: 1, term, lastIndex: 0, lastTerm: 0, ...log });
  const { message } = raft.outbox.splice(0).at(-1)!;
  return message.kind === 'vote' && message.granted;
}

/** Elected with the vote of server 1. */
function leader(): Member {
  const raft = member(0);
  raft.connected(1);
  raft.connected(2);
  raft.timerFired('watchdog', NO_SERVER);
  const request = raft.outbox.find(({ to }) => to === 1)!.message as Extract<
    RaftMessage<number, number>,
    { kind: 'request-vote' }
  >;
  raft.receive(1, { kind: 'vote', call: request.call, term: 1, granted: true });
  raft.outbox.length = 0;
  return raft;
}

describe('time-outs', () => {
  test('a watchdog waits a whole number of milliseconds from 1000 to 2000, both included', () => {
    const spreads: number[] = [];
    const draw = (spread: number) => {
      spreads.push(spread);
      return spread - 1;
    };
    expect(delaysOf(member(0, { draw }), 'watchdog')).toEqual([2000]);
    expect(spreads).toEqual([1001]);
    expect(delaysOf(member(0), 'watchdog')).toEqual([1000]);
  });

  test('attempts last [1000, 2000), then [b/2, b) with b = 3000, 4500 ... 30000', () => {
    const bounds = (draw: (spread: number) => number) => {
      const raft = member(0, { draw });
      raft.timers.length = 0;
      raft.timerFired('watchdog', NO_SERVER);
      const delays = delaysOf(raft, 'election');
      for (let i = 0; i < 9; i++) {
        raft.timerFired('election', NO_SERVER);
        delays.push(...delaysOf(raft, 'election'));
      }
      return delays;
    };
    expect(bounds(() => 0)).toEqual([1000, 1500, 2250, 3375, 5062, 7593, 11_390, 15_000, 15_000, 15_000]);
    expect(bounds((s) => s - 1)).toEqual([
      1999, 2999, 4499, 6749, 10_124, 15_186, 22_779, 29_999, 29_999, 29_999,
    ]);
  });

  test('each attempt is a new term', () => {
    const raft = member(0);
    raft.timerFired('watchdog', NO_SERVER);
    raft.timerFired('election', NO_SERVER);
    raft.timerFired('election', NO_SERVER);
    expect(raft.term).toBe(3);
    expect(raft.events.filter(({ kind }) => kind === 'campaign').length).toBe(3);
  });
});

describe('votes', () => {
  test('are given by a process that has just started', () => {
    expect(ask(member(0), 1, 1)).toBe(true);
  });

  test('are refused while the leader is heard and for exactly 1000 ms after, with the term unchanged', () => {
    const raft = member(0);
    raft.connected(1);
    raft.heartbeatsFrom(1, 1);
    expect(ask(raft, 2, 5)).toBe(false);
    expect(raft.term).toBe(1);
    raft.timers.length = 0;
    raft.disconnected(1);
    expect(delaysOf(raft, 'leader-watchdog')).toEqual([1000]);
    expect(ask(raft, 2, 5)).toBe(false);
    raft.timerFired('leader-watchdog', NO_SERVER);
    expect(ask(raft, 2, 5)).toBe(true);
  });

  test('go only to logs that are at least as up to date', () => {
    const disk = leader().disk;
    const raft = member(1, { disk: { ...disk, vote: NO_SERVER } });
    expect(ask(raft, 2, 2, { lastIndex: 0, lastTerm: 0 })).toBe(false);
    expect(ask(raft, 2, 3, { lastIndex: 1, lastTerm: 1 })).toBe(true);
  });

  test('go to one candidate a term', () => {
    const raft = member(0);
    expect(ask(raft, 1, 1)).toBe(true);
    expect(ask(raft, 2, 1)).toBe(false);
    expect(ask(raft, 1, 1)).toBe(true);
  });

  test('a refusal is asked again at once, then after 100, 150, 225 ... 1000 ms', () => {
    const raft = member(0);
    raft.connected(1);
    raft.timerFired('watchdog', NO_SERVER);
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      raft.timers.length = 0;
      const request = raft.outbox.splice(0).at(-1)!.message as { call: number };
      raft.receive(1, { kind: 'vote', call: request.call, term: 0, granted: false });
      const wait = delaysOf(raft, 'vote-retry')[0];
      waits.push(wait ?? 0);
      if (wait !== undefined) raft.timerFired('vote-retry', 1);
    }
    expect(waits).toEqual([0, 100, 150, 225, 337, 505, 757, 1000, 1000]);
  });
});

describe('a leader', () => {
  test('announces its term once; its own watchdogs stand still', () => {
    const raft = leader();
    expect(raft.mode).toBe('leader');
    expect(raft.heartbeats).toBe(1);
    expect([delays(raft, 'watchdog'), delays(raft, 'leader-watchdog')]).toEqual([null, null]);
  });

  test('steps down for a higher term of any member, and grants the vote where the log allows', () => {
    const raft = leader();
    expect(ask(raft, 2, 7, { lastIndex: 1, lastTerm: 1 })).toBe(true);
    expect(raft.mode).toBe('follower');
    expect(raft.heartbeats).toBeNull();
    expect(raft.term).toBe(7);
  });

  test('ignores strangers', () => {
    const raft = leader();
    expect(ask(raft, 9, 7, { lastIndex: 1, lastTerm: 1 })).toBe(false);
    expect(raft.mode).toBe('leader');
    expect(raft.term).toBe(1);
  });

  test('without a majority of connections stays leader, but takes no changes until they are back', () => {
    const raft = leader();
    expect(raft.propose(1)).toBe(true);
    raft.disconnected(1);
    expect(raft.propose(1)).toBe(true);
    raft.disconnected(2);
    expect(raft.propose(1)).toBe(false);
    expect(raft.mode).toBe('leader');
    raft.connected(2);
    expect(raft.propose(1)).toBe(true);
  });

  test('commits with a majority of its own term, and tells the followers at once', () => {
    const raft = leader();
    const append = () =>
      raft.outbox
        .splice(0)
        .filter(({ to }) => to === 1)
        .at(-1)!.message as { call: number; commit: number };
    raft.propose(5);
    raft.disconnected(1);
    raft.connected(1);
    const { call } = append();
    raft.receive(1, { kind: 'appended', call, term: 1, success: true });
    expect(raft.committed.state).toBe(5);
    expect(append().commit).toBe(2);
  });
});

test('a follower whose leader says that it leads no more waits as if the connection were lost', () => {
  const raft = member(0);
  raft.connected(1);
  raft.heartbeatsFrom(1, 1);
  raft.timers.length = 0;
  raft.heartbeatsFrom(1, null);
  const timers = raft.timers.map(({ timer, delayMs }) => [timer, delayMs]);
  expect(timers).toEqual([
    ['watchdog', 1000],
    ['leader-watchdog', 1000],
  ]);
});

test('more than 20 committed entries go into a snapshot, and a member that lacks them is sent it', () => {
  const lone = member(0, { members: [0] });
  lone.timerFired('watchdog', NO_SERVER);
  for (let i = 0; i < 25; i++) lone.propose(1);
  expect(lone.disk.log.entries.length).toBeLessThan(21);
  expect(lone.committed.state).toBe(25);
  lone.proposeConfig({ voting: [0, 1], nonVoting: [] });
  lone.connected(1);
  const fresh = member(1, { members: [0] });
  for (let i = 0; i < 200 && fresh.committed.state !== 25; i++) {
    for (const { message } of lone.outbox.splice(0)) fresh.receive(0, message);
    for (const { message } of fresh.outbox.splice(0)) lone.receive(1, message);
  }
  expect(fresh.committed.state).toBe(25);
});
