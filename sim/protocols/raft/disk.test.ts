// Durability: what must be on disk before a message leaves, and what a crash leaves (facts/consensus.md 1.30).
import { describe, expect, test } from 'vitest';
import { Raft } from './raft.ts';
import { ask, configOf, drain, elect, entriesOf, group, msg, play, solo } from './testing/group.ts';

describe('mustSync', () => {
  test('for a vote, a term or entries, not for a commit index or a pre-vote', () => {
    const node = solo({ preVote: true });
    const needed = (run: () => void): boolean => {
      run();
      const { mustSync } = node;
      drain(node);
      return mustSync;
    };
    expect(needed(() => node.campaign())).toBe(false);
    expect(needed(() => node.step(msg('MsgPreVote', 2, 1)))).toBe(false);
    expect(needed(() => node.step(msg('MsgVote', 2, 1)))).toBe(true);
    expect(needed(() => node.step(msg('MsgApp', 2, 1, { entries: entriesOf(1, [1]) })))).toBe(true);
    expect(needed(() => node.step(msg('MsgHeartbeat', 2, 1, { commit: 1 })))).toBe(false);
    expect(needed(() => node.step(msg('MsgHeartbeat', 2, 2)))).toBe(true);
  });
});

describe('what waits', () => {
  test('votes and acknowledgements, refusals too; requests and heartbeat answers do not', () => {
    const node = solo();
    node.step(msg('MsgVote', 2, 1));
    node.step(msg('MsgVote', 3, 1));
    node.step(msg('MsgApp', 2, 1, { entries: entriesOf(1, [1]) }));
    node.step(msg('MsgHeartbeat', 2, 1));
    expect(node.outbox.map((m) => m.type)).toEqual(['MsgHeartbeatResp']);
    expect(node.outboxAfterSync.map((m) => m.type)).toEqual(['MsgVoteResp', 'MsgVoteResp', 'MsgAppResp']);
    node.persisted();
    expect(node.outbox.map((m) => m.type)).toEqual([
      'MsgHeartbeatResp',
      'MsgVoteResp',
      'MsgVoteResp',
      'MsgAppResp',
    ]);
    expect(node.hasUnsynced).toBe(false);
  });

  test('what comes during a write waits for the next', () => {
    const node = solo();
    node.step(msg('MsgVote', 2, 1));
    expect(node.startSync()).toBe(true);
    node.step(msg('MsgApp', 2, 1, { entries: entriesOf(1, [1]) }));
    expect(() => node.startSync()).toThrow(/already under way/);
    node.persisted();
    expect(node.outbox.map((m) => m.type)).toEqual(['MsgVoteResp']);
    expect([node.durable().vote, node.durable().entries.length]).toEqual([2, 0]);
    node.persisted();
    expect([node.outbox.length, node.durable().entries.length]).toEqual([2, 1]);
  });

  test("a leader's own entry counts only when it is on disk, but is sent at once", () => {
    const node = solo();
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    node.propose('x');
    expect(node.outbox.map((m) => m.type)).toContain('MsgApp');
    node.step(msg('MsgAppResp', 2, 1, { index: 2 }));
    expect(node.commit).toBe(1);
    node.persisted();
    expect(node.commit).toBe(2);
  });

  test('a stalled disk freezes commits, not heartbeats', () => {
    const net = group();
    play(net, 'campaign 1');
    net.stalledDisks.add(2).add(3);
    play(net, 'propose 1; tick 1 30');
    expect([net.node(1).state, net.node(1).commit]).toEqual(['Leader', 1]);
    net.stalledDisks.clear();
    net.settle();
    expect([1, 2, 3].map((id) => net.node(id).commit)).toEqual([2, 2, 2]);
  });
});

describe('a crash', () => {
  const restart = (node: Raft) => new Raft(configOf(node.id), node.durable());

  test('keeps term, vote and entries that were on disk, and loses the rest', () => {
    const node = solo();
    ask(node, msg('MsgVote', 2, 3));
    node.step(msg('MsgApp', 2, 3, { entries: entriesOf(1, [3]) }));
    const after = restart(node);
    expect([after.term, after.vote, after.lastIndex, after.state]).toEqual([3, 2, 0, 'Follower']);
    expect(ask(after, msg('MsgVote', 3, 3))[0]!.reject).toBe(true);
  });

  test('during a replacement brings the old tail back', () => {
    const node = solo();
    ask(node, msg('MsgApp', 2, 1, { entries: entriesOf(1, [1, 1, 1]) }));
    node.step(msg('MsgApp', 3, 2, { index: 1, logTerm: 1, entries: entriesOf(2, [2]) }));
    expect([node.lastIndex, node.lastTerm]).toEqual([2, 2]);
    expect(restart(node).log.entries.map((e) => e.term)).toEqual([1, 1, 1]);
    node.persisted();
    expect(restart(node).log.entries.map((e) => e.term)).toEqual([1, 2]);
  });

  test('keeps snapshot and membership', () => {
    const net = group();
    play(net, 'campaign 1; propose 1');
    net.run(1, (node) =>
      node.proposeConfChange({ transition: 'auto', changes: [{ type: 'add-learner', id: 4 }] }),
    );
    net.node(1).compact(1);
    play(net, 'propose 1');
    const after = restart(net.node(1));
    expect(after.membership.learners).toEqual([4]);
    expect([after.log.compactedIndex, after.log.applied, after.lastIndex, after.commit]).toEqual([
      2, 3, 4, 4,
    ]);
    after.applyCommitted();
    expect(after.log.applied).toBe(4);
  });

  test('nothing is applied before the disk knows that it is committed', () => {
    const node = solo();
    ask(node, msg('MsgApp', 2, 1, { entries: entriesOf(1, [1]) }));
    node.step(msg('MsgHeartbeat', 2, 1, { commit: 1 }));
    node.applyCommitted();
    expect(node.log.applied).toBe(0);
    expect(node.startSync()).toBe(false); // written, but no fsync needed
    node.persisted();
    node.applyCommitted();
    expect([node.log.applied, node.durable().commit]).toEqual([1, 1]);
  });
});
