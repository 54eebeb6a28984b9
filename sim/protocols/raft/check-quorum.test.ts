// facts/conformance.md C: CheckQuorum, leases and ForgetLeader.
import { describe, expect, test } from 'vitest';
import type { Observation } from './observer.ts';
import {
  ask,
  drain,
  elect,
  type GroupOptions,
  group,
  linesOf,
  msg,
  play,
  solo,
  states,
} from './testing/group.ts';

const CQ = { checkQuorum: true };
const PVCQ = { preVote: true, checkQuorum: true };

describe('the quorum check', () => {
  test('C1 a leader stays while one of two answers', () => {
    const node = solo({ ...CQ, electionTick: 5 });
    elect(node, [2]);
    for (let i = 0; i < 6; i++) {
      ask(node, msg('MsgHeartbeatResp', 2, 1));
      node.tick();
    }
    expect(node.state).toBe('Leader');
  });

  test('C2 without any answer since the election it steps down at tick E, in the same term', () => {
    const node = solo({ ...CQ, electionTick: 5 });
    elect(node, [2]);
    for (let i = 0; i < 4; i++) node.tick();
    expect(node.state).toBe('Leader');
    node.tick();
    expect([node.state, node.term, node.lead]).toEqual(['Follower', 1, 0]);
  });

  test.each<[string, GroupOptions, string]>([
    [
      'C3 an isolated leader steps down at the second check',
      { startTerm: 1, ...CQ },
      `campaign 1; isolate 1; tick 1 10 => L2 F2 F2 | elapsed 0 0 0
       tick 1 9 => L2 F2 F2
       tick 1 1 => F2 F2 F2 | lead 0 1 1`,
    ],
    ['C4 one follower lost', { startTerm: 1, ...CQ }, 'campaign 1; isolate 3; tick 1 40 => L2 F2 F2'],
    ['C6 a live leader: the vote is ignored', CQ, 'campaign 1; campaign 2 => L1 C2 F1 | lead 1 0 1'],
    ['C8 nobody has a leader', CQ, 'campaign 1 => L1 F1 F1'],
    [
      'C9 the leases ran out',
      CQ,
      `campaign 1; set-timeout 2 15; tick 1 10; isolate 1; tick 2 10 => L1 F1 F1
       campaign 3 => L1 F2 L2
       heal; heartbeat 1 => F2 F2 L2`,
    ],
    [
      'C10 a stuck candidate is freed',
      CQ,
      `campaign 1; isolate 1; campaign 3; campaign 3 => L1 F1 C3
       heal; heartbeat 1 3 => F3 F1 C3
       expire-leases; campaign 3 => F4 F4 L4`,
    ],
    ['C14 with pre-vote', { ...PVCQ, electionTick: 3 }, 'campaign 1; campaign 2 => L1 P1 F1'],
    [
      'C15 after a whole election timeout a follower grants',
      { ...PVCQ, electionTick: 3 },
      'campaign 1; set-timeout 2 5; tick 2 3; campaign 3 => F2 F2 L2',
    ],
    [
      'C16 the lease binds only followers that know a leader',
      { ...PVCQ, electionTick: 3 },
      `campaign 1; set-timeout 2 5; tick 2 3; campaign 3 => F2 F2 L2
       campaign 1 => P2 F2 L2
       campaign 2 => F3 L3 F3`,
    ],
  ])('%s', (_, options, scenario) => {
    expect(play(group(options), scenario)).toBe(linesOf(scenario).join('\n'));
  });

  test('C6 tells the remaining ticks to its observer', () => {
    const seen: Observation[] = [];
    const net = group({ ...CQ, observer: (o) => seen.push(o) });
    play(net, 'campaign 1; tick 1 3; campaign 2');
    const ignored = seen.filter((o) => o.kind === 'vote' && o.outcome === 'ignored');
    expect(ignored).toEqual(
      [1, 3].map((node) => ({
        kind: 'vote',
        node,
        candidate: 2,
        term: 2,
        preVote: false,
        outcome: 'ignored',
        reason: 'lease',
        leaseTicksLeft: node === 1 ? 7 : 10,
      })),
    );
  });

  test('C12 a node that knows it was removed still votes', () => {
    const net = group({ n: 2, ...CQ });
    net.node(2).applyConfChange({ transition: 'auto', changes: [{ type: 'remove', id: 2 }] });
    play(net, 'tick 2 10; campaign 1');
    expect([states(net), net.node(2).lead]).toEqual(['L1 F1', 1]);
  });

  test('C13 a new member counts as active until the next check', () => {
    const node = solo({ n: 1, ...CQ });
    node.campaign();
    drain(node);
    for (let i = 0; i < 9; i++) node.tick();
    node.applyConfChange({ transition: 'auto', changes: [{ type: 'add-voter', id: 2 }] });
    node.tick();
    expect(node.state).toBe('Leader');
    for (let i = 0; i < 10; i++) node.tick();
    expect(node.state).toBe('Follower');
  });

  test('learners do not count', () => {
    const node = solo({ n: 2, learners: [3], ...CQ });
    elect(node, [2]);
    for (let i = 0; i < 10; i++) {
      ask(node, msg('MsgHeartbeatResp', 3, 1));
      node.tick();
    }
    expect(node.state).toBe('Follower');
  });

  test('without it the counter wraps all the same', () => {
    const net = group();
    expect(play(net, 'campaign 1; tick 1 10 => L1 F1 F1 | elapsed 0 0 0')).toContain('elapsed 0 0 0');
  });
});

describe('the lease', () => {
  test('a leader never yields to a vote request, at any time', () => {
    const net = group(CQ);
    play(net, 'campaign 1; isolate 2; tick 1 9; heal; expire-leases');
    net.node(1).step(msg('MsgVote', 2, 9, { logTerm: 9, index: 9 }));
    expect(net.node(1).state).toBe('Leader');
  });

  test('a request of a transfer passes it', () => {
    const net = group(CQ);
    play(net, 'campaign 1');
    net.node(3).step(msg('MsgVote', 2, 2, { to: 3, logTerm: 1, index: 1, transfer: true }));
    expect([net.node(3).term, net.node(3).vote]).toEqual([2, 2]);
  });
});

describe('ForgetLeader', () => {
  test('C17 frees a follower from its lease', () => {
    const net = group(PVCQ);
    play(net, 'campaign 1');
    net.run(2, (node) => node.forgetLeader());
    expect(play(net, 'campaign 3 => F2 F2 L2')).toBe('campaign 3 => F2 F2 L2');
  });

  test('C18 a shorter log is refused all the same', () => {
    const net = group({ ...PVCQ, startTerm: 1 });
    play(net, 'campaign 3; isolate 1; propose 3; heal');
    net.run(2, (node) => node.forgetLeader());
    play(net, 'campaign 1');
    expect([net.node(3).state, net.node(2).term]).toEqual(['Leader', 2]);
  });

  test('C19 is refused with lease-based reads', () => {
    const net = group({ ...CQ, readOnly: 'lease' });
    play(net, 'campaign 1');
    net.node(2).forgetLeader();
    expect(net.node(2).lead).toBe(1);
  });

  test('C20 leaves the timer alone', () => {
    const net = group(PVCQ);
    play(net, 'campaign 1; tick 2 9');
    net.node(2).forgetLeader();
    expect([net.node(2).lead, net.node(2).electionElapsed, net.node(2).term]).toEqual([0, 9, 1]);
    net.node(2).tick();
    expect(net.node(2).state).toBe('PreCandidate');
  });

  test('means nothing to a leader or candidate', () => {
    const net = group();
    play(net, 'campaign 1');
    net.node(1).forgetLeader();
    expect(net.node(1).lead).toBe(1);
  });
});
