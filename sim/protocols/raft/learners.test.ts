// facts/conformance.md E: learners and changes of membership (facts/consensus.md 1.16, 1.27, 1.28).
import { describe, expect, test } from 'vitest';
import type { ConfChange, SingleChange } from './membership.ts';
import { Raft } from './raft.ts';
import { ask, drain, elect, group, membership, msg, play, solo, states } from './testing/group.ts';

const one = (type: SingleChange['type'], id: number): ConfChange => ({
  transition: 'auto',
  changes: [{ type, id }],
});
const explicit = (...changes: SingleChange[]): ConfChange => ({ transition: 'joint-explicit', changes });
const implicit = (...changes: SingleChange[]): ConfChange => ({ transition: 'joint-implicit', changes });

describe('learners', () => {
  test('E1, E2 one does not campaign until it is promoted', () => {
    const node = solo({ voters: [2], learners: [1] });
    for (let i = 0; i < 40; i++) node.tick();
    expect(node.state).toBe('Follower');
    node.applyConfChange(one('add-voter', 1));
    node.tick();
    expect(node.state).toBe('Candidate');
    drain(node);
    ask(node, msg('MsgVoteResp', 2, 1));
    expect(node.state).toBe('Leader');
  });

  test('E3 one that is asked grants its vote', () => {
    const node = solo({ voters: [2, 3], learners: [1] });
    const [answer] = ask(node, msg('MsgVote', 2, 2, { index: 11, logTerm: 11 }));
    expect([answer!.type, answer!.reject]).toEqual(['MsgVoteResp', false]);
  });

  test('E4 its vote lets the group survive a promotion it has not heard of', () => {
    const net = group({ voters: [1, 2], learners: [3] });
    play(net, 'campaign 1; isolate 3');
    net.run(1, (node) => node.proposeConfChange(one('add-voter', 3)));
    expect(net.node(2).membership.voters).toEqual([1, 2, 3]);
    expect(net.node(3).membership.learners).toEqual([3]);
    net.heal();
    net.isolate(1);
    play(net, 'campaign 2');
    expect(states(net)).toBe('L1 L2 F2');
  });

  test('one does not count for commits', () => {
    const node = solo({ voters: [1, 2], learners: [3] });
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 3, 1, { index: 1 }));
    expect(node.commit).toBe(0);
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    expect(node.commit).toBe(1);
  });
});

describe('removal of the leader', () => {
  test('E10 without stepDownOnRemoval it leads on as a non-voter: service is stuck', () => {
    const net = group();
    play(net, 'campaign 1');
    net.run(1, (node) => node.proposeConfChange(one('remove', 1)));
    expect(states(net)).toBe('L1 F1 F1');
    expect(net.node(1).propose(1)).toBe('dropped');
    play(net, 'tick 2 9; tick 3 9; tick 1 1');
    expect([net.node(2).electionElapsed, net.node(2).lead]).toEqual([0, 1]);
  });

  test('E11 with it: follower in the same term, and the others elect', () => {
    const net = group({ stepDownOnRemoval: true });
    play(net, 'campaign 1');
    net.run(1, (node) => node.proposeConfChange(one('remove', 1)));
    expect([states(net), net.node(1).lead]).toEqual(['F1 F1 F1', 0]);
    play(net, 'campaign 1');
    expect(states(net)).toBe('F1 F1 F1');
    // The old leader had no time to tell that its last entry is committed.
    play(net, 'campaign 2');
    expect(states(net)).toMatch(/^F. L2 F2$/);
  });
});

describe('E12 a removal lets a pending proposal commit', () => {
  test('as soon as the change is applied', () => {
    const node = solo({ n: 2 });
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    node.proposeConfChange(one('remove', 2));
    drain(node);
    expect(node.propose('hello')).toBe('accepted');
    drain(node);
    ask(node, msg('MsgAppResp', 2, 1, { index: 2 }));
    expect(node.commit).toBe(2);
    node.applyCommitted();
    expect([node.commit, node.membership.voters]).toEqual([3, [1]]);
  });
});

describe('proposing a change', () => {
  const leader = () => {
    const net = group({ learners: [4] });
    play(net, 'campaign 1');
    return net;
  };

  test.each<[string, ConfChange]>([
    ['leaving when not joint', { transition: 'auto', changes: [] }],
    ['removing all', explicit(...[1, 2, 3].map((id) => ({ type: 'remove' as const, id })))],
  ])('%s is refused: an empty entry takes its place', (_, change) => {
    const node = leader().node(1);
    expect(node.proposeConfChange(change)).toBe('refused');
    expect(node.log.entryAt(2)).toMatchObject({ data: null, change: null });
  });

  test('only one may be pending', () => {
    const net = leader();
    net.notApplying.add(1);
    expect(net.node(1).proposeConfChange(one('add-voter', 4))).toBe('accepted');
    net.settle();
    expect(net.node(1).proposeConfChange(one('remove', 3))).toBe('refused');
    net.notApplying.clear();
    net.settle();
    expect(net.node(1).proposeConfChange(one('remove', 3))).toBe('accepted');
    net.settle();
    expect(net.node(2).membership).toEqual(membership([1, 2, 4]));
  });

  test('a new leader proposes none before it has applied its whole log', () => {
    const net = leader();
    net.notApplying.add(2);
    play(net, 'propose 1; campaign 2');
    expect(net.node(2).proposeConfChange(one('remove', 3))).toBe('refused');
  });

  test('a joint state entered implicitly is left by the leader itself', () => {
    const net = leader();
    net.run(1, (node) =>
      node.proposeConfChange(implicit({ type: 'add-voter', id: 4 }, { type: 'add-learner', id: 3 })),
    );
    for (const node of net.nodes.values()) expect(node.membership).toEqual(membership([1, 2, 4], [3]));
  });

  test('while explicitly joint, only leaving is possible, and both halves must commit', () => {
    const net = leader();
    net.run(1, (node) =>
      node.proposeConfChange(explicit({ type: 'add-voter', id: 4 }, { type: 'remove', id: 3 })),
    );
    expect(net.node(1).membership).toMatchObject({ voters: [1, 2, 4], outgoing: [1, 2, 3] });
    expect(net.node(1).proposeConfChange(one('add-voter', 5))).toBe('refused');
    net.settle();
    net.isolate(2);
    net.cut(1, 3); // (1 2 4) has 1 and 4; (1 2 3) has only 1
    const { commit } = net.node(1);
    play(net, 'propose 1');
    expect(net.node(1).commit).toBe(commit);
    net.heal();
    play(net, 'heartbeat 1');
    net.run(1, (node) => node.proposeConfChange({ transition: 'auto', changes: [] }));
    expect(net.node(1).membership).toEqual(membership([1, 2, 4]));
  });

  test('a node that joins replays the log from the first membership', () => {
    const net = group({ voters: [1, 2, 3] });
    play(net, 'campaign 1; propose 1');
    net.nodes.set(4, new Raft({ ...net.node(1).config, id: 4 }));
    net.run(1, (node) => node.proposeConfChange(one('add-voter', 4)));
    expect(net.node(4).membership).toEqual(membership([1, 2, 3, 4]));
    play(net, 'campaign 4');
    expect(states(net)).toBe('F2 F2 F2 L2');
  });
});
