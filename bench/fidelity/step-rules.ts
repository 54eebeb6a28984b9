/**
 * Rules of etcd-io/raft that no step trace and no timing shows, read in its source (facts/consensus.md 1, with the numbers below):
 * each is asked of one node whose peers are the question. Some break nothing that can be timed in a healthy group (a time-out drawn
 * anew at each heartbeat gives the same distribution after a crash), so they are held here.
 */
import type { Message } from '../../sim/protocols/raft/index.ts';
import { ask, dice, drain, elect, msg, solo } from '../../sim/protocols/raft/testing/group.ts';
import type { FigureCheck } from './judge.ts';
import { judgeFigures } from './judge.ts';
import { suite } from './suite.ts';

/** What the library does is true of ours. */
const RULES: Readonly<Record<string, () => boolean>> = {
  '1.2 time-outs are E to 2E-1 ticks': () => {
    const drawTimeout = dice(1);
    const drawn = Array.from({ length: 400 }, () => solo({ drawTimeout }).randomizedElectionTimeout);
    return Math.min(...drawn) === 10 && Math.max(...drawn) === 19;
  },
  '1.3 it campaigns on the tick that reaches the time-out, not before': () => {
    const node = solo({ drawTimeout: () => 4 });
    for (let i = 0; i < 13; i++) node.tick();
    const before = node.state;
    node.tick();
    return before === 'Follower' && node.state === 'Candidate' && node.electionElapsed === 0;
  },
  '1.5 a heartbeat starts the timer again': () => {
    const node = follower();
    for (let i = 0; i < 7; i++) node.tick();
    ask(node, msg('MsgHeartbeat', 2, 1));
    return node.electionElapsed === 0;
  },
  '1.5 a granted vote starts the timer again': () => {
    const node = solo({ startTerm: 1 });
    for (let i = 0; i < 7; i++) node.tick();
    const [answer] = ask(node, msg('MsgVote', 2, 1));
    return answer?.reject === false && node.electionElapsed === 0;
  },
  '1.5 a vote refused in the same term does not': () => {
    const node = solo({ startTerm: 1, logs: { 1: [1, 1] } });
    for (let i = 0; i < 7; i++) node.tick();
    const [answer] = ask(node, msg('MsgVote', 2, 1, { index: 1, logTerm: 1 }));
    return answer?.reject === true && node.electionElapsed === 7;
  },
  '1.5 a granted pre-vote does not': () => {
    const node = solo({ startTerm: 1, preVote: true });
    for (let i = 0; i < 7; i++) node.tick();
    const [answer] = ask(node, msg('MsgPreVote', 2, 2));
    return answer?.reject === false && node.electionElapsed === 7 && node.vote === 0;
  },
  '1.6 a heartbeat does not draw the time-out anew': () =>
    keepsTimeout((node) => ask(node, msg('MsgHeartbeat', 2, 1))),
  '1.6 an append does not draw the time-out anew': () =>
    keepsTimeout((node) => ask(node, msg('MsgApp', 2, 1))),
  '1.6 a newer term does': () => {
    const node = follower();
    const drawn = new Set<number>();
    for (let term = 2; term < 40; term++) {
      ask(node, msg('MsgHeartbeat', 2, term));
      drawn.add(node.randomizedElectionTimeout);
    }
    return drawn.size > 3;
  },
  '1.6 a pre-candidate without answers tries again with the same time-out': () => {
    const node = solo({ preVote: true, drawTimeout: dice(2) });
    const timeout = node.randomizedElectionTimeout;
    for (let i = 0; i < 3 * timeout; i++) {
      node.tick();
      drain(node);
    }
    return node.state === 'PreCandidate' && node.randomizedElectionTimeout === timeout;
  },
  '1.9 it votes again for the same candidate, and for no other': () => {
    const node = solo({ startTerm: 1 });
    const answers = [2, 2, 3].map((from) => ask(node, msg('MsgVote', from, 1))[0]?.reject);
    return answers.join() === 'false,false,true';
  },
  '1.9 it refuses while it knows a leader of the term': () =>
    ask(follower(), msg('MsgVote', 3, 1))[0]?.reject === true,
  '1.9 the last term beats the length of the log': () => {
    const node = solo({ startTerm: 2, logs: { 1: [1, 2] } });
    const longer = ask(node, msg('MsgVote', 2, 3, { index: 9, logTerm: 1 }))[0];
    const newer = ask(node, msg('MsgVote', 3, 4, { index: 1, logTerm: 3 }))[0];
    return longer?.reject === true && newer?.reject === false;
  },
  '1.10 a pre-vote grant carries the term of the request': () =>
    ask(solo({ startTerm: 1, preVote: true }), msg('MsgPreVote', 2, 5))[0]?.term === 5,
  '1.11 within the lease a campaign is ignored without an answer': () => {
    const node = follower({ checkQuorum: true });
    for (let i = 0; i < 9; i++) node.tick();
    return ask(node, msg('MsgVote', 3, 2)).length === 0 && node.term === 1;
  },
  '1.11 after E ticks it is answered': () => {
    const node = follower({ checkQuorum: true, drawTimeout: () => 9 });
    for (let i = 0; i < 10; i++) node.tick();
    return ask(node, msg('MsgVote', 3, 2))[0]?.reject === false;
  },
  '1.14 a request of an older term gets no answer, a heartbeat only with CheckQuorum or PreVote': () => {
    const silent = solo({ startTerm: 5 });
    const strict = solo({ startTerm: 5, checkQuorum: true });
    const lengths = [
      ask(silent, msg('MsgVote', 2, 3)),
      ask(silent, msg('MsgHeartbeat', 2, 3)),
      ask(strict, msg('MsgVote', 2, 3)),
    ].map((answers) => answers.length);
    const told = ask(strict, msg('MsgHeartbeat', 2, 3))[0];
    return lengths.join() === '0,0,0' && told?.type === 'MsgAppResp' && told.term === 5;
  },
  '1.15 a vote is lost as soon as it cannot be won': () => {
    const node = solo({ n: 5 });
    node.campaign();
    drain(node);
    for (const from of [2, 3, 4]) ask(node, msg('MsgVoteResp', from, 1, { reject: true }));
    return node.state === 'Follower' && node.term === 1;
  },
  '1.17 only entries of the own term are committed by counting': () => {
    const node = solo({ startTerm: 1, logs: { 1: [1] } });
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, node.term, { index: 1 }));
    const before = node.commit;
    ask(node, msg('MsgAppResp', 2, node.term, { index: 2 }));
    return before === 0 && node.commit === 2;
  },
  '1.18 the quorum is checked every E ticks, and nobody counts as active at the election': () => {
    const node = solo({ checkQuorum: true });
    elect(node, [2]);
    for (let i = 0; i < 9; i++) node.tick();
    const before = node.state;
    node.tick();
    return before === 'Leader' && node.state === 'Follower';
  },
  '1.22 a transfer lasts E ticks from its start, and meanwhile proposals are dropped': () => {
    const node = solo();
    elect(node, [2, 3]);
    for (let i = 0; i < 6; i++) node.tick();
    node.transferLeadership(2);
    const dropped = node.propose(null) === 'dropped';
    for (let i = 0; i < 9; i++) node.tick();
    const pending = node.leadTransferee === 2;
    node.tick();
    return dropped && pending && node.leadTransferee === 0;
  },
  '1.23 a candidate ignores the order to take over': () => {
    const node = solo();
    node.campaign();
    drain(node);
    const { term } = node;
    ask(node, msg('MsgTimeoutNow', 2, term));
    return node.term === term;
  },
  '1.30 a granted vote waits for the disk': () => {
    const node = solo({ startTerm: 1 });
    node.step(msg('MsgVote', 2, 1));
    const early: Message[] = [...node.outbox];
    return early.length === 0 && drain(node).length === 1;
  },
};

function follower(options: Parameters<typeof solo>[0] = {}) {
  const node = solo({ startTerm: 1, drawTimeout: dice(5), ...options });
  ask(node, msg('MsgHeartbeat', 2, 1));
  return node;
}

function keepsTimeout(hear: (node: ReturnType<typeof follower>) => void): boolean {
  const node = follower();
  const drawn = new Set<number>();
  for (let i = 0; i < 60; i++) {
    hear(node);
    drawn.add(node.randomizedElectionTimeout);
  }
  return drawn.size === 1;
}

export const stepRules = suite('step-rules', () => {
  const checks: Record<string, FigureCheck> = {};
  for (const [rule, holds] of Object.entries(RULES)) {
    checks[rule] = { measured: 1, predicted: holds() ? 1 : 0, allowed: 0 };
  }
  return [
    judgeFigures(
      {
        name: 'step-rules/etcd-raft',
        source: 'facts/consensus.md 1: etcd-io/raft raft.go, as read',
        unit: '',
      },
      { measured: 0, predicted: Object.keys(RULES).length },
      'every rule of the library holds (1 = it does)',
      checks,
    ),
  ];
});
