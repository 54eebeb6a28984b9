// facts/conformance.md F: linearizable reads (facts/consensus.md 1.24-1.26).
import { describe, expect, test } from 'vitest';
import type { Message } from './message.ts';
import type { Raft } from './raft.ts';
import { ask, drain, elect, group, msg, play, solo } from './testing/group.ts';

const answersOf = (node: Raft) => node.readStates.splice(0).map(({ index, context }) => [context, index]);

describe('ReadIndex', () => {
  test.each([{}, { checkQuorum: true, readOnly: 'lease' as const }])(
    'F1, F3 at leader and follower (%j)',
    (options) => {
      const net = group(options);
      play(net, 'campaign 2');
      let context = 0;
      for (const [round, at] of [2, 1, 3, 2].entries()) {
        for (let i = 0; i < 10; i++) play(net, 'propose 2');
        net.run(at, (node) => node.readIndex(++context));
        expect(answersOf(net.node(at))).toEqual([[context, 11 + 10 * round]]);
      }
    },
  );

  test('F3 lease-based reads need no round trip', () => {
    const net = group({ checkQuorum: true, readOnly: 'lease' });
    play(net, 'campaign 1; isolate 1');
    net.node(1).readIndex(7);
    expect(answersOf(net.node(1))).toEqual([[7, 1]]);
    expect(net.node(1).outbox).toEqual([]);
  });

  test('F2 one voter and one learner', () => {
    const net = group({ voters: [1], learners: [2] });
    play(net, 'campaign 1; propose 1');
    net.node(1).readIndex(1);
    expect(answersOf(net.node(1))).toEqual([[1, 2]]);
    net.run(2, (node) => node.readIndex(2));
    expect(answersOf(net.node(2))).toEqual([[2, 2]]);
  });

  test('F4 a new leader postpones reads until its first commit', () => {
    const net = group();
    play(net, 'campaign 1; propose 1');
    net.filter = (m) => m.type !== 'MsgApp';
    play(net, 'campaign 2');
    net.run(2, (node) => node.readIndex(1));
    expect(answersOf(net.node(2))).toEqual([]);
    net.filter = null;
    play(net, 'heartbeat 2');
    expect(answersOf(net.node(2))).toEqual([[1, 3]]);
  });

  test('F5 a read that reaches an old leader goes on to the new one', () => {
    const net = group({ voters: [1, 2, 3] });
    play(net, 'campaign 2; campaign 1');
    net.node(3).lead = 2;
    const path: string[] = [];
    net.filter = (m: Message) => {
      if (m.type.startsWith('MsgReadIndex')) path.push(`${m.type} ${m.from}>${m.to}`);
      return true;
    };
    net.run(3, (node) => node.readIndex(1));
    expect(path).toEqual(['MsgReadIndex 3>2', 'MsgReadIndex 2>1', 'MsgReadIndexResp 1>3']);
    expect(answersOf(net.node(3))).toEqual([[1, 2]]);
  });

  test('F6 an isolated leader never confirms a read, whatever acknowledgements of earlier ones arrive', () => {
    const node = solo();
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    node.readIndex(1);
    const first = drain(node).filter((m) => m.type === 'MsgHeartbeat');
    expect(first.map((m) => m.context)).toEqual([1, 1]);
    node.readIndex(2); // of a later time: another leader may have committed in between
    drain(node);
    ask(node, msg('MsgHeartbeatResp', 2, 1, { context: 1 }));
    expect(answersOf(node)).toEqual([[1, 1]]);
    ask(node, msg('MsgHeartbeatResp', 3, 1, { context: 1 }));
    expect(answersOf(node)).toEqual([]);
    ask(node, msg('MsgHeartbeatResp', 3, 1, { context: 2 }));
    expect(answersOf(node)).toEqual([[2, 1]]);
  });

  test('later heartbeats carry waiting reads; one answer confirms all up to it', () => {
    const node = solo();
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, 1, { index: 1 }));
    for (const context of [5, 6, 7]) node.readIndex(context);
    drain(node);
    node.tick();
    expect(drain(node).map((m) => [m.type, m.context])).toEqual([
      ['MsgHeartbeat', 3],
      ['MsgHeartbeat', 3],
    ]);
    ask(node, msg('MsgHeartbeatResp', 2, 1, { context: 3 }));
    expect(answersOf(node)).toEqual([
      [5, 1],
      [6, 1],
      [7, 1],
    ]);
    node.tick();
    expect(drain(node).map((m) => m.context)).toEqual([0, 0]);
  });

  test('without a leader it is dropped', () => {
    expect(solo().readIndex(1)).toBe('dropped');
  });
});
