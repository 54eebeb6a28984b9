// facts/conformance.md D: leadership transfer (facts/consensus.md 1.22, 1.23).
import { describe, expect, test } from 'vitest';
import {
  ask,
  drain,
  elect,
  type GroupOptions,
  group,
  linesOf,
  membership,
  msg,
  play,
  solo,
  states,
} from './testing/group.ts';

const CQ = { checkQuorum: true };
const remove = (id: number) => ({ transition: 'auto', changes: [{ type: 'remove', id }] }) as const;

describe('scenarios', () => {
  test.each<[string, GroupOptions, string]>([
    [
      'D1',
      {},
      `campaign 1; transfer 2 at 1; expect-transferee 0 => F2 L2 F2
       propose 1; transfer 1 at 2 => L3 F3 F3 | last 4 4 4`,
    ],
    ['D2', {}, 'campaign 1; transfer 2 at 2 => F2 L2 F2'],
    ['D3', CQ, 'campaign 1; transfer 2 at 1 => F2 L2 F2'],
    ['D3 from a follower', CQ, 'campaign 1; transfer 2 at 3 => F2 L2 F2'],
    ['D3 never with pre-vote', { ...CQ, preVote: true }, 'campaign 1; transfer 2 at 1 => F2 L2 F2'],
    ['D6 self', {}, 'campaign 1; transfer 1 at 1; expect-transferee 0 => L1 F1 F1'],
    ['D6 unknown', {}, 'campaign 1; transfer 9 at 1; expect-transferee 0 => L1 F1 F1'],
    ['D6 to a learner', { learners: [4] }, 'campaign 1; transfer 4 at 1; expect-transferee 0 => L1 F1 F1 F1'],
    ['without a leader', {}, 'transfer 2 at 1 => F0 F0 F0'],
    ['D8', {}, 'campaign 1; isolate 3; transfer 3 at 1; propose 1 => L1 F1 F1 | last 1 1 1'],
    ['D11', {}, 'campaign 1; isolate 3; transfer 3 at 1; transfer 1 at 1; expect-transferee 0 => L1 F1 F1'],
    [
      'an unknown target leaves it pending',
      {},
      'campaign 1; isolate 3; transfer 3 at 1; transfer 9 at 1; expect-transferee 3 => L1 F1 F1',
    ],
    ['D12', {}, 'campaign 1; isolate 3; transfer 3 at 1; transfer 2 at 1 => F2 L2 F1'],
    [
      'D13 the same target again does not extend it',
      {},
      `campaign 1; tick 1 4; isolate 3; transfer 3 at 1 => L1 F1 F1 | elapsed 0 0 0
       tick 1 1; transfer 3 at 1 => L1 F1 F1 | elapsed 1 0 0
       tick 1 8; expect-transferee 3 => L1 F1 F1
       tick 1 1; expect-transferee 0 => L1 F1 F1 | elapsed 0 0 0`,
    ],
    [
      'a target that lacks entries gets them first',
      {},
      `campaign 1; isolate 3; propose 1; heal => L1 F1 F1 | last 2 2 1
       transfer 3 at 1 => F2 F2 L2 | last 3 3 3`,
    ],
  ])('%s', (_, options, scenario) => {
    expect(play(group(options), scenario)).toBe(linesOf(scenario).join('\n'));
  });
});

describe('D8 proposals while it is pending', () => {
  test('are dropped, and accepted again when it is aborted', () => {
    const node = solo();
    elect(node, [2]);
    node.transferLeadership(3);
    expect(node.propose(1)).toBe('dropped');
    for (let i = 0; i < 10; i++) node.tick();
    expect(node.propose(1)).toBe('accepted');
  });
});

describe('D5 the target needs a snapshot', () => {
  test('the leader stays until it is applied and acknowledged', () => {
    const net = group();
    play(net, 'campaign 1; isolate 3; propose 1');
    net.node(1).compact();
    net.heal();
    net.filter = (m) => !(m.type === 'MsgAppResp' && m.from === 3 && m.index === 2 && !m.reject);
    play(net, 'heartbeat 1; transfer 3 at 1');
    expect([states(net), net.node(1).leadTransferee, net.node(3).lastIndex]).toEqual(['L1 F1 F1', 3, 2]);
    net.filter = null;
    net.node(1).step(msg('MsgAppResp', 3, 1, { index: 2 }));
    net.settle();
    expect(states(net)).toBe('F2 F2 L2');
  });
});

describe('D10 the target leaves', () => {
  test.each([
    ['removed', remove(3)],
    ['demoted', { transition: 'auto', changes: [{ type: 'add-learner', id: 3 }] } as const],
  ])('%s: the transfer is aborted', (_, change) => {
    const net = group();
    play(net, 'campaign 1; isolate 3; transfer 3 at 1');
    net.run(1, (node) => node.applyConfChange(change));
    expect([states(net), net.node(1).leadTransferee]).toEqual(['L1 F1 F1', 0]);
  });
});

describe('MsgTimeoutNow', () => {
  test('D14 is ignored by a node that is no member, also with forged votes', () => {
    const node = solo({ voters: [2, 3, 4] });
    ask(node, msg('MsgTimeoutNow', 2, 0));
    expect(node.state).toBe('Follower');
    for (const from of [2, 3]) ask(node, msg('MsgVoteResp', from, 0));
    expect(node.state).toBe('Follower');
  });

  test('D15 by a learner', () => {
    const node = solo({ voters: [2, 3], learners: [1] });
    ask(node, msg('MsgTimeoutNow', 2, 1));
    expect([node.state, node.term]).toEqual(['Follower', 1]);
  });

  test.each([false, true])('by a candidate (pre-vote %s)', (preVote) => {
    const node = solo({ preVote, startTerm: 1 });
    node.campaign();
    drain(node);
    const { state, term } = node;
    expect(ask(node, msg('MsgTimeoutNow', 2, term))).toEqual([]);
    expect([node.state, node.term]).toEqual([state, term]);
  });

  test('of an older term is dropped', () => {
    const node = solo({ startTerm: 3 });
    expect(ask(node, msg('MsgTimeoutNow', 2, 2))).toEqual([]);
    expect(node.state).toBe('Follower');
  });
});

describe('D16 a membership change that is committed but not applied', () => {
  test('keeps the target from campaigning until it is applied', () => {
    const net = group();
    play(net, 'campaign 1');
    net.notApplying.add(2);
    net.run(1, (node) =>
      node.proposeConfChange({ transition: 'auto', changes: [{ type: 'add-learner', id: 4 }] }),
    );
    net.run(1, (node) => node.transferLeadership(2));
    expect(states(net)).toBe('L1 F1 F1');
    net.run(2, (node) => node.campaign());
    expect(states(net)).toBe('L1 F1 F1');
    net.notApplying.delete(2);
    play(net, 'tick 1 10; expect-transferee 0; transfer 2 at 1');
    expect(states(net)).toBe('F2 L2 F2');
  });
});

describe('D17 in a joint state (1 2 3)->(2 3 4)', () => {
  test('to 4, which wins both halves; then the joint state is left and 1 cannot campaign', () => {
    const net = group({ learners: [4] });
    play(net, 'campaign 1');
    net.run(1, (node) =>
      node.proposeConfChange({
        transition: 'joint-explicit',
        changes: [
          { type: 'add-voter', id: 4 },
          { type: 'remove', id: 1 },
        ],
      }),
    );
    expect(net.node(4).membership).toMatchObject({ voters: [2, 3, 4], outgoing: [1, 2, 3] });
    play(net, 'transfer 4 at 1');
    expect(states(net)).toBe('F2 F2 F2 L2');
    net.run(4, (node) => node.proposeConfChange({ transition: 'auto', changes: [] }));
    expect(net.node(4).membership).toEqual(membership([2, 3, 4]));
    expect(net.node(1).membership).toEqual(membership([2, 3, 4]));
    play(net, 'campaign 1');
    expect(states(net)).toBe('F2 F2 F2 L2');
  });
});
