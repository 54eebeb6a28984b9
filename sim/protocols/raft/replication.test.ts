// How a leader brings logs together: probing, windows, snapshots, commit (facts/consensus.md 1.17, 1.33).
import { describe, expect, test } from 'vitest';
import type { Message } from './message.ts';
import type { Raft } from './raft.ts';
import { ask, drain, elect, entriesOf, group, msg, play, solo, states } from './testing/group.ts';

const appends = (messages: Message[], to: number) =>
  messages
    .filter((m) => m.type === 'MsgApp' && m.to === to)
    .map((m) => [m.index, m.entries.length, m.commit]);

/** Node 1 leads term `term + 1` of three; 2 has acknowledged everything. */
function leader(options: Parameters<typeof solo>[0] = {}): Raft {
  const node = solo(options);
  elect(node, [2]);
  ask(node, msg('MsgAppResp', 2, node.term, { index: node.lastIndex }));
  return node;
}

describe('probing', () => {
  test('one message at a time, until the member answers', () => {
    const node = leader();
    expect(node.progressOf(3)?.state).toBe('probe');
    node.propose(1);
    expect(appends(drain(node), 3)).toEqual([]);
    expect(appends(ask(node, msg('MsgHeartbeatResp', 3, 1)), 3)).toEqual([[0, 2, 1]]);
    const [first] = appends(ask(node, msg('MsgAppResp', 3, 1, { index: 2 })), 3);
    expect(first).toEqual([2, 0, 2]); // the commit index that it makes possible
    expect(node.progressOf(3)?.state).toBe('replicate');
  });

  test('a refusal is followed at once from the hint, skipping whole terms', () => {
    // The example of etcd-io/raft: leader 1 3 3 3 5 5 5 5 5, follower 1 1 1 1 2 2.
    const node = solo({ logs: { 1: [1, 3, 3, 3, 5, 5, 5, 5, 5] } });
    elect(node, [2]);
    const follower = solo({ logs: { 2: [1, 1, 1, 1, 2, 2] } }, 2);
    const probe = msg('MsgApp', 1, 6, { to: 2, index: 9, logTerm: 5 });
    const [refusal] = ask(follower, probe);
    expect(refusal).toMatchObject({ reject: true, index: 9, rejectHint: 6, logTerm: 2 });
    expect(appends(ask(node, { ...refusal!, to: 1 }), 2)).toEqual([[1, 9, 0]]);
  });

  test('a refusal of an old append changes nothing', () => {
    const node = leader();
    ask(node, msg('MsgAppResp', 2, 1, { index: 0, reject: true, rejectHint: 0 }));
    expect(node.progressOf(2)).toMatchObject({ state: 'replicate', match: 1, next: 2 });
  });

  test('an unreachable member is probed again', () => {
    const node = leader();
    node.reportUnreachable(2);
    expect(node.progressOf(2)?.state).toBe('probe');
    ask(node, msg('MsgHeartbeatResp', 2, 1));
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    expect(node.progressOf(2)?.state).toBe('replicate');
  });
});

describe('the window', () => {
  test('holds back entries when full, and an answer opens it', () => {
    const node = leader({ maxInflight: 2 });
    for (let i = 0; i < 4; i++) node.propose(i);
    expect(appends(drain(node), 2)).toEqual([
      [1, 1, 1],
      [2, 1, 1],
    ]);
    const more = appends(ask(node, msg('MsgAppResp', 2, 1, { index: 2 })), 2);
    expect(more).toEqual([[3, 2, 2]]); // with the new commit index
  });

  test('full and all lost: a heartbeat answer sends an empty append, whose refusal frees it', () => {
    const node = leader({ maxInflight: 1 });
    node.propose(1);
    node.propose(2);
    drain(node);
    expect(appends(ask(node, msg('MsgHeartbeatResp', 2, 1)), 2)).toEqual([[2, 0, 1]]);
    const refusal = msg('MsgAppResp', 2, 1, { index: 2, reject: true, rejectHint: 1, logTerm: 1 });
    expect(appends(ask(node, refusal), 2)).toEqual([[1, 2, 1]]);
  });

  test('entries are split by maxEntriesPerMessage', () => {
    const node = solo({ logs: { 1: [1, 1, 1] }, maxEntriesPerMessage: 2 });
    elect(node, [2]);
    const refusal = msg('MsgAppResp', 2, 2, { index: 3, reject: true, rejectHint: 0 });
    expect(appends(ask(node, refusal), 2)).toEqual([[0, 2, 0]]);
    expect(appends(ask(node, msg('MsgAppResp', 2, 2, { index: 2 })), 2)).toEqual([[2, 2, 0]]);
  });
});

describe('a follower', () => {
  test('answers an append before its commit index with that index', () => {
    const node = solo({ logs: { 1: [1, 1] } });
    ask(node, msg('MsgApp', 2, 1, { index: 2, logTerm: 1, commit: 2 }));
    const [answer] = ask(node, msg('MsgApp', 2, 1, { index: 0, entries: entriesOf(1, [1]) }));
    expect(answer).toMatchObject({ type: 'MsgAppResp', index: 2, reject: false });
  });

  test('told to commit what it does not have, it stops', () => {
    expect(() => ask(solo(), msg('MsgHeartbeat', 2, 1, { commit: 5 }))).toThrow(/told to commit 5/);
  });

  test.each([
    ['leader', 'accepted'],
    ['follower', 'forwarded'],
    ['loner', 'dropped'],
  ])('a proposal at a %s is %s', (who, result) => {
    const net = group();
    if (who !== 'loner') play(net, 'campaign 1');
    expect(net.node(who === 'leader' ? 1 : 2).propose('x')).toBe(result);
    net.settle();
    const applied = net.node(3).log.entries.map((entry) => entry.data);
    expect(applied).toEqual(who === 'loner' ? [] : [null, 'x']);
  });
});

describe('snapshots', () => {
  test('a member behind the compacted log gets one, and goes on from there', () => {
    const net = group();
    play(net, 'campaign 1; isolate 3; propose 1; propose 1');
    net.node(1).compact();
    net.heal();
    const types: string[] = [];
    net.filter = (m) => {
      if (m.to === 3 || m.from === 3) types.push(m.type);
      return true;
    };
    play(net, 'heartbeat 1');
    expect(types).toContain('MsgSnap');
    play(net, 'propose 1');
    expect([states(net), net.node(3).commit, net.node(3).lastIndex]).toEqual(['L1 F1 F1', 4, 4]);
    expect(net.node(3).log.compactedIndex).toBe(3);
  });

  test('only to a member that answered lately', () => {
    const node = leader({ checkQuorum: true });
    node.propose(1);
    drain(node);
    ask(node, msg('MsgAppResp', 2, 1, { index: 2 }));
    node.applyCommitted();
    node.compact();
    node.progressOf(3)!.paused = false;
    node.progressOf(3)!.recentActive = false;
    node.propose(2);
    expect(drain(node).filter((m) => m.to === 3)).toEqual([]);
    ask(node, msg('MsgHeartbeatResp', 3, 1));
    expect(node.progressOf(3)).toMatchObject({ state: 'snapshot', pendingSnapshot: 2 });
    node.propose(3);
    expect(drain(node).filter((m) => m.to === 3)).toEqual([]);
  });

  test.each([true, false])(
    'reported succeeded %s, it probes from there once the member answers',
    (succeeded) => {
      const node = leader();
      node.progressOf(3)!.becomeSnapshot(5);
      node.reportSnapshot(3, succeeded);
      expect(node.progressOf(3)).toMatchObject({ state: 'probe', paused: true, next: succeeded ? 6 : 1 });
    },
  );

  test('one that is old, or for others, is ignored', () => {
    const node = solo({ logs: { 1: [1, 1] } });
    ask(node, msg('MsgApp', 2, 1, { index: 2, logTerm: 1, commit: 2 }));
    const old = { index: 1, term: 1, membership: node.membership };
    expect(ask(node, msg('MsgSnap', 2, 1, { snapshot: old }))[0]!.index).toBe(2);
    const others = { index: 9, term: 1, membership: { ...node.membership, voters: [2, 3] } };
    expect(ask(node, msg('MsgSnap', 2, 1, { snapshot: others }))[0]!.index).toBe(2);
    expect(node.lastIndex).toBe(2);
  });
});
