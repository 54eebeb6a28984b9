// facts/conformance.md A: plain elections, votes and transitions. Each test is named after its case.
import { describe, expect, test } from 'vitest';
import type { Message } from './message.ts';
import { Raft } from './raft.ts';
import { becomeCandidate, becomeLeader, becomePreCandidate } from './roles.ts';
import {
  ask,
  configOf,
  dice,
  diskWith,
  drain,
  elect,
  type GroupOptions,
  group,
  linesOf,
  msg,
  play,
  solo,
} from './testing/group.ts';

const PV = { preVote: true };
const CQ = { checkQuorum: true };
const PVCQ = { preVote: true, checkQuorum: true };

describe('scenarios', () => {
  test.each<[string, GroupOptions, string]>([
    ['A1', {}, 'campaign 1 => L1 F1 F1 | last 1 1 1 | commit 1 1 1 | lead 1 1 1 | vote 1 1 1'],
    ['A1 pre-vote', PV, 'campaign 1 => L1 F1 F1'],
    ['A2', {}, 'isolate 3; campaign 1 => L1 F1 F0'],
    ['A2 pre-vote', PV, 'isolate 3; campaign 1 => L1 F1 F0'],
    [
      'A3',
      {},
      `isolate 2; isolate 3; campaign 1 => C1 F0 F0
       campaign 1 => C2 F0 F0`,
    ],
    [
      'A3 pre-vote',
      PV,
      `isolate 2; isolate 3; campaign 1 => P0 F0 F0
       campaign 1 => P0 F0 F0`,
    ],
    ['A5', { n: 5 }, 'isolate 2; isolate 3; campaign 1 => L1 F0 F0 F1 F1'],
    ['A6', { n: 5, logs: { 2: [1], 3: [1], 4: [1, 1] } }, 'campaign 1 => F1 F1 F1 F1 F1 | lead 0 0 0 0 0'],
    ['A6 pre-vote', { n: 5, ...PV, logs: { 2: [1], 3: [1], 4: [1, 1] } }, 'campaign 1 => F1 F1 F1 F1 F0'],
    [
      'A7',
      { n: 1 },
      `campaign 1 => L1 | last 1 | commit 1
       campaign 1 => L1 | last 1 | commit 1`,
    ],
    ['A7 pre-vote', { n: 1, ...PV }, 'campaign 1 => L1 | commit 1'],
    [
      'A8',
      {},
      `campaign 1 => L1 F1 F1
       campaign 2 => F2 L2 F2
       campaign 3 => F3 F3 L3`,
    ],
    [
      'A8 check-quorum',
      CQ,
      `campaign 1 => L1 F1 F1
       campaign 2 => L1 C2 F1`,
    ],
    [
      'A8 both',
      PVCQ,
      `campaign 1 => L1 F1 F1
       campaign 2 => L1 P1 F1
       campaign 3 => F2 F2 L2`,
    ],
    ['A12', { n: 5 }, 'start => F0 F0 F0 F0 F0'],
  ])('%s', (_, options, scenario) => {
    expect(play(group(options), scenario)).toBe(linesOf(scenario).join('\n'));
  });
});

describe('A9-A11 counting votes', () => {
  test.each<[string, number, Record<number, boolean>, string]>([
    ['A9', 1, {}, 'Leader'],
    ['A9', 3, { 2: true, 3: true }, 'Leader'],
    ['A9', 3, { 2: true }, 'Leader'],
    ['A9', 5, { 2: true, 3: true, 4: true, 5: true }, 'Leader'],
    ['A9', 5, { 2: true, 3: true, 4: true }, 'Leader'],
    ['A9', 5, { 2: true, 3: true }, 'Leader'],
    ['A10', 3, { 2: false, 3: false }, 'Follower'],
    ['A10', 5, { 2: false, 3: false, 4: false, 5: false }, 'Follower'],
    ['A10', 5, { 2: true, 3: false, 4: false, 5: false }, 'Follower'],
    ['A10 a lost vote is known before all answers are in', 5, { 2: false, 3: false, 4: false }, 'Follower'],
    ['A11', 3, {}, 'Candidate'],
    ['A11', 5, { 2: true }, 'Candidate'],
    ['A11', 5, { 2: false, 3: false }, 'Candidate'],
    ['A11', 5, {}, 'Candidate'],
    ['paper: a lost candidate waits for its timer', 3, { 2: false, 3: false }, 'Candidate'],
  ])('%s of %d: %j gives %s', (id, n, votes, state) => {
    const node = solo({ n, mode: id.startsWith('paper') ? 'paper' : 'etcd' });
    node.campaign();
    drain(node);
    for (const [from, granted] of Object.entries(votes))
      ask(node, msg('MsgVoteResp', Number(from), 1, { reject: !granted }));
    expect([node.state, node.term]).toEqual([state, 1]);
  });

  test('the first answer of a voter counts', () => {
    const node = solo();
    node.campaign();
    drain(node);
    ask(node, msg('MsgVoteResp', 2, 1, { reject: true }));
    ask(node, msg('MsgVoteResp', 2, 1));
    expect(node.state).toBe('Candidate');
  });
});

describe('timers', () => {
  test.each(['follower', 'candidate'])('A13 a silent %s campaigns within 2E-1 ticks', (role) => {
    const node = solo({ startTerm: 1, logs: { 1: [1, 1] }, drawTimeout: (spread) => spread - 1 });
    if (role === 'follower') ask(node, msg('MsgHeartbeat', 2, 1));
    else {
      node.campaign();
      drain(node);
    }
    const term = node.term;
    for (let i = 0; i < 18; i++) node.tick();
    expect(node.term).toBe(term);
    node.tick();
    expect([node.state, node.term, node.vote, node.electionElapsed]).toEqual(['Candidate', term + 1, 1, 0]);
    const sent = drain(node).map((m) => [m.type, m.to, m.term, m.index, m.logTerm]);
    expect(sent).toEqual([2, 3].map((to) => ['MsgVote', to, term + 1, 2, 1]));
  });

  test.each(['Follower', 'Candidate'] as const)(
    'A14 every timeout of a %s is in [E, 2E-1], and all occur',
    (role) => {
      const node = solo({ drawTimeout: dice(1) });
      const seen = new Set<number>();
      for (let round = 0; round < 500; round++) {
        if (role === 'Follower') ask(node, msg('MsgHeartbeat', 2, node.term + 1));
        let ticks = 0;
        const { term } = node;
        while (node.term === term) {
          node.tick();
          ticks++;
        }
        drain(node);
        seen.add(ticks);
      }
      expect([...seen].sort((a, b) => a - b)).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    },
  );

  test.each([
    [5, 0],
    [10, 0.1],
    [13, 0.4],
    [15, 0.6],
    [18, 0.9],
    [20, 1],
  ])('A15 of those %d ticks old, a share of %d has timed out', (elapsed, share) => {
    const drawTimeout = dice(1);
    let fired = 0;
    for (let i = 0; i < 1000; i++) {
      const node = solo({ drawTimeout });
      node.electionElapsed = elapsed - 1;
      node.tick();
      if (node.state === 'Candidate') fired++;
    }
    expect(fired / 1000).toBeCloseTo(share, 1);
  });

  test('A16 most rounds of five nodes in lock-step have one first', () => {
    const drawTimeout = dice(1);
    let conflicts = 0;
    for (let round = 0; round < 1000; round++) {
      const timeouts = Array.from({ length: 5 }, () => solo({ n: 5, drawTimeout }).randomizedElectionTimeout);
      const first = Math.min(...timeouts);
      if (timeouts.filter((t) => t === first).length > 1) conflicts++;
    }
    expect(conflicts / 1000).toBeLessThanOrEqual(0.3);
  });

  test('the timeout is drawn again only by a reset', () => {
    let draws = 0;
    const node = solo({ ...PV, drawTimeout: () => draws++ % 10 });
    expect(draws).toBe(1);
    ask(node, msg('MsgHeartbeat', 2, 1)); // higher term: follower again
    expect(draws).toBe(2);
    ask(node, msg('MsgHeartbeat', 2, 1));
    ask(node, msg('MsgPreVote', 3, 2));
    node.forgetLeader();
    node.campaign();
    expect([node.state, draws]).toEqual(['PreCandidate', 2]);
    node.campaign();
    expect([node.state, draws]).toEqual(['PreCandidate', 2]);
    drain(node);
    for (const from of [2, 3]) ask(node, msg('MsgPreVoteResp', from, 1, { reject: true }));
    expect([node.state, node.term, draws]).toEqual(['Follower', 1, 3]);
  });

  test('a pre-candidate keeps its elapsed ticks when told to campaign, and its timeout when it fires', () => {
    const node = solo({ ...PV, drawTimeout: () => 3 });
    for (let i = 0; i < 4; i++) node.tick();
    node.campaign();
    expect([node.state, node.electionElapsed, node.randomizedElectionTimeout]).toEqual([
      'PreCandidate',
      4,
      13,
    ]);
    for (let i = 0; i < 9; i++) node.tick();
    expect([node.state, node.electionElapsed, node.randomizedElectionTimeout]).toEqual([
      'PreCandidate',
      0,
      13,
    ]);
  });
});

describe('A17 a vote is given once a term', () => {
  test.each([
    [0, 2, true],
    [0, 3, true],
    [2, 2, true],
    [3, 3, true],
    [2, 3, false],
    [3, 2, false],
  ])('vote %d, asked by %d: granted %s', (vote, from, granted) => {
    const node = solo({ startTerm: 1 });
    node.vote = vote;
    const [answer] = ask(node, msg('MsgVote', from, 1));
    expect([answer!.type, answer!.term, answer!.reject]).toEqual(['MsgVoteResp', 1, !granted]);
    expect(node.vote).toBe(granted ? from : vote);
  });

  test('the same candidate may ask again', () => {
    const node = solo();
    expect(ask(node, msg('MsgVote', 2, 1))[0]!.reject).toBe(false);
    expect(ask(node, msg('MsgVote', 2, 1))[0]!.reject).toBe(false);
  });

  test('refused at the same term when a leader is known, even without a vote given', () => {
    const node = solo({ startTerm: 1 });
    ask(node, msg('MsgHeartbeat', 3, 1));
    expect(node.vote).toBe(0);
    expect(ask(node, msg('MsgVote', 2, 1))[0]!.reject).toBe(true);
  });

  test('a granted vote resets the timer, a granted pre-vote or a refusal at the same term does not', () => {
    const node = solo({ startTerm: 1 });
    for (let i = 0; i < 5; i++) node.tick();
    ask(node, msg('MsgPreVote', 2, 2));
    expect(node.electionElapsed).toBe(5);
    ask(node, msg('MsgVote', 2, 1));
    expect(node.electionElapsed).toBe(0);
    for (let i = 0; i < 5; i++) node.tick();
    ask(node, msg('MsgVote', 3, 1));
    expect(node.electionElapsed).toBe(5);
  });

  test('a refused request of a higher term resets it, because it makes the node a follower', () => {
    const node = solo({ logs: { 1: [1] } });
    for (let i = 0; i < 5; i++) node.tick();
    expect(ask(node, msg('MsgVote', 2, 2))[0]!.reject).toBe(true);
    expect([node.electionElapsed, node.term, node.vote]).toEqual([0, 2, 0]);
  });
});

describe('A18 the log must be up to date', () => {
  test.each<[number[], number, number, boolean]>([
    [[1], 1, 1, true],
    [[1], 1, 2, true],
    [[1], 2, 1, true],
    [[1], 2, 2, true],
    [[1, 1], 1, 1, false],
    [[1, 1], 2, 1, true],
    [[2], 1, 1, false],
    [[2], 1, 2, false],
    [[2, 2], 1, 9, false],
  ])('own terms %j, candidate (term %d, index %d): %s', (own, logTerm, index, granted) => {
    const node = solo({ logs: { 1: own } });
    expect(ask(node, msg('MsgVote', 2, 3, { logTerm, index }))[0]!.reject).toBe(!granted);
  });
});

describe('A19 votes and pre-votes for own log (2, 2)', () => {
  const table: [number, number, number, boolean][] = [
    ...[0, 1, 2, 3].flatMap((index): [number, number, number, boolean][] => [
      [0, index, 0, false],
      [1, index, 0, false],
      [2, index, 0, index >= 2],
      [3, index, 0, true],
    ]),
    [3, 2, 2, true],
    [3, 2, 1, false],
  ];
  test.each(table)('candidate (term %d, index %d), vote %d: %s', (logTerm, index, vote, granted) => {
    for (const type of ['MsgVote', 'MsgPreVote'] as const) {
      const node = solo({ logs: { 1: [2, 2] }, startTerm: 3 });
      node.vote = vote;
      const answer = ask(node, msg(type, 2, 3, { logTerm, index }))[0]!;
      expect([answer.type, answer.reject]).toEqual([`${type}Resp`, !granted]);
    }
  });

  test.each(['PreCandidate', 'Candidate', 'Leader'] as const)('refused by a %s of the same term', (state) => {
    for (const type of ['MsgVote', 'MsgPreVote'] as const) {
      const node = solo({ n: 3, preVote: state === 'PreCandidate', startTerm: 3, logs: { 1: [2, 2] } });
      node.campaign();
      drain(node);
      if (state === 'PreCandidate') node.vote = 1;
      if (state === 'Leader') ask(node, msg('MsgVoteResp', 3, node.term));
      expect(node.state).toBe(state);
      const answer = ask(node, msg(type, 2, node.term, { logTerm: 3, index: 3 })).find((m) => m.to === 2)!;
      expect([answer.type, answer.reject, node.state]).toEqual([`${type}Resp`, true, state]);
    }
  });
});

/** A node of term 1 in the given role, three voters. */
function inRole(role: string): Raft {
  const node = new Raft(configOf(1, { preVote: role === 'PreCandidate' }), diskWith(configOf(1), [], 1));
  if (role === 'Follower') return node;
  if (role !== 'PreCandidate') node.term = node.disk.batchTerm = 0;
  node.campaign();
  drain(node);
  if (role === 'Leader') ask(node, msg('MsgVoteResp', 2, 1));
  expect([node.state, node.term]).toEqual([role, 1]);
  return node;
}

const ROLES = ['Follower', 'PreCandidate', 'Candidate', 'Leader'];

describe('messages of a higher term', () => {
  test.each(ROLES)('A20 a %s grants a vote and follows', (role) => {
    const node = inRole(role);
    const answer = ask(node, msg('MsgVote', 2, 2, { logTerm: 9, index: 9 })).find(
      (m) => m.type === 'MsgVoteResp',
    )!;
    expect([answer.term, answer.reject]).toEqual([2, false]);
    expect([node.state, node.term, node.vote]).toEqual(['Follower', 2, 2]);
  });

  test.each(ROLES)('A21 a %s grants a pre-vote and stays what it is', (role) => {
    const node = inRole(role);
    const before = [node.state, node.term, node.vote];
    const answers = ask(node, msg('MsgPreVote', 2, 2, { logTerm: 9, index: 9 }));
    const answer = answers.find((m) => m.type === 'MsgPreVoteResp' && m.to === 2)!;
    expect([answer.term, answer.reject]).toEqual([2, false]); // the term of the request
    expect([node.state, node.term, node.vote]).toEqual(before);
  });

  test.each(ROLES)('A22 a %s follows the sender of an append, or nobody', (role) => {
    for (const type of ['MsgVote', 'MsgApp'] as const) {
      const node = inRole(role);
      const { lastIndex } = node;
      ask(node, msg(type, 2, 3, { logTerm: 9, index: 9 }));
      expect([node.state, node.term, node.lead]).toEqual(['Follower', 3, type === 'MsgApp' ? 2 : 0]);
      expect(node.lastIndex).toBe(lastIndex);
    }
  });

  test.each([1, 2])('A23 a candidate of term 1 follows an append of term %d', (term) => {
    const node = inRole('Candidate');
    ask(node, msg('MsgApp', 2, term));
    expect([node.state, node.term, node.lead]).toEqual(['Follower', term, 2]);
  });

  test.each(['MsgHeartbeat', 'MsgSnap'] as const)('A23 and a %s', (type) => {
    const node = inRole('Candidate');
    const snapshot = { index: 5, term: 1, membership: node.membership };
    ask(node, msg(type, 2, 1, { snapshot }));
    expect([node.state, node.term, node.lead]).toEqual(['Follower', 1, 2]);
  });
});

describe('messages of a lower term', () => {
  const types = [
    'MsgApp',
    'MsgHeartbeat',
    'MsgVote',
    'MsgPreVote',
    'MsgVoteResp',
    'MsgAppResp',
    'MsgTimeoutNow',
  ] as const;
  const answerTo = (type: (typeof types)[number], options: GroupOptions): Message[] => {
    const node = solo({ startTerm: 2, ...options });
    const answers = ask(node, msg(type, 2, 1, { logTerm: 9, index: 9 }));
    expect([node.state, node.term, node.vote]).toEqual(['Follower', 2, 0]);
    return answers;
  };

  test.each(types)('A24 %s: dropped, but a pre-vote is refused with the own term', (type) => {
    const answers = answerTo(type, {});
    if (type !== 'MsgPreVote') expect(answers).toEqual([]);
    else expect(answers.map((m) => [m.type, m.term, m.reject])).toEqual([['MsgPreVoteResp', 2, true]]);
  });

  test.each([PV, CQ, PVCQ])(
    'with %j a stale leader is told the term, a stale candidate is not',
    (options) => {
      for (const type of types) {
        const answers = answerTo(type, options).map((m) => [m.type, m.term, m.reject]);
        if (type === 'MsgApp' || type === 'MsgHeartbeat') expect(answers).toEqual([['MsgAppResp', 2, false]]);
        else if (type === 'MsgPreVote') expect(answers).toEqual([['MsgPreVoteResp', 2, true]]);
        else expect(answers).toEqual([]);
      }
    },
  );

  test('paper: a newer term alone does not restart the election timer, a granted vote does', () => {
    const draws = dice(3);
    const timersAfter = (mode: 'paper' | 'etcd', candidateLog: number) => {
      const node = solo({ mode, startTerm: 1, logs: { 1: [1, 1] }, drawTimeout: draws });
      const { randomizedElectionTimeout } = node;
      for (let i = 0; i < 7; i++) node.tick();
      ask(node, msg('MsgVote', 2, 2, { index: candidateLog, logTerm: 1 }));
      expect(node.term).toBe(2);
      return {
        elapsed: node.electionElapsed,
        same: node.randomizedElectionTimeout === randomizedElectionTimeout,
      };
    };
    expect(timersAfter('paper', 1)).toEqual({ elapsed: 7, same: true });
    expect(timersAfter('paper', 2).elapsed).toBe(0);
    expect(timersAfter('etcd', 1).elapsed).toBe(0);
    const redrawn = Array.from({ length: 20 }, () => timersAfter('paper', 2).same);
    expect(redrawn).toContain(false);
  });

  test('an election timeout is drawn from the spread that is stated', () => {
    const drawn = new Set<number>();
    const drawTimeout = dice(1);
    for (let i = 0; i < 500; i++)
      drawn.add(solo({ electionSpread: 3, drawTimeout }).randomizedElectionTimeout);
    expect([...drawn].sort()).toEqual([10, 11, 12]);
    const wide = new Set<number>();
    for (let i = 0; i < 500; i++)
      wide.add(solo({ electionSpread: 25, drawTimeout }).randomizedElectionTimeout);
    expect([Math.min(...wide), Math.max(...wide)]).toEqual([10, 34]);
  });

  test('paper: every stale request is answered with the own term', () => {
    for (const type of types) {
      const answers = answerTo(type, { mode: 'paper' }).map((m) => [m.type, m.term]);
      if (type === 'MsgApp' || type === 'MsgHeartbeat') expect(answers).toEqual([['MsgAppResp', 2]]);
      else if (type === 'MsgVote') expect(answers).toEqual([['MsgVoteResp', 2]]);
      else if (type === 'MsgPreVote') expect(answers).toEqual([['MsgPreVoteResp', 2]]);
      else expect(answers).toEqual([]);
    }
  });
});

describe('transitions', () => {
  test('A25 illegal ones throw', () => {
    expect(() => becomeLeader(solo())).toThrow(
      /raft node 1 \(Follower, term 0\): a follower cannot become leader/,
    );
    const leader = inRole('Leader');
    expect(() => becomeCandidate(leader, 'campaign-asked', 0, 0)).toThrow(/cannot become candidate/);
    expect(() => becomePreCandidate(leader, 'campaign-asked', 0)).toThrow(/cannot become pre-candidate/);
  });

  test('a message for another node is a mistake of the host', () => {
    expect(() => solo().step(msg('MsgApp', 2, 1, { to: 3 }))).toThrow(/got a MsgApp for node 3/);
  });

  test('a new leader appends an empty entry, sends it at once, and thinks nobody active', () => {
    const node = solo({ logs: { 1: [1] }, startTerm: 1 });
    node.campaign();
    drain(node);
    const sent = ask(node, msg('MsgVoteResp', 2, 2));
    expect(sent.map((m) => [m.type, m.to, m.index, m.logTerm, m.entries.length])).toEqual([
      ['MsgApp', 2, 1, 1, 1],
      ['MsgApp', 3, 1, 1, 1],
    ]);
    expect(node.progress.map((p) => p.recentActive)).toEqual([true, false, false]);
    expect([node.lastIndex, node.lastTerm, node.commit]).toEqual([2, 2, 0]);
  });
});

describe('A27-A29 what waits for the disk', () => {
  test.each([{}, PV])('A27 an own vote that is late does not count (%j)', (options) => {
    const node = solo(options);
    node.campaign();
    node.startSync();
    ask(node, msg('MsgHeartbeat', 2, 1)); // persisted() inside: the own vote arrives now
    expect([node.state, node.lead]).toEqual(['Follower', 2]);
    expect(node.progress.map((p) => p.vote)).toEqual([0, 0, 0]);
  });

  test('A28 a late own pre-vote is ignored by a candidate; its own vote then counts', () => {
    const node = solo({ n: 3, ...PV });
    node.campaign();
    node.startSync();
    for (const from of [2, 3]) node.step(msg('MsgPreVoteResp', from, 1));
    expect(node.state).toBe('Candidate');
    node.persisted(); // own pre-vote
    expect(node.state).toBe('Candidate');
    node.step(msg('MsgVoteResp', 2, 1));
    expect(node.state).toBe('Candidate');
    node.persisted(); // own vote
    expect(node.state).toBe('Leader');
  });

  test('A29 an own acknowledgement is ignored after stepping down', () => {
    const node = solo();
    node.campaign();
    drain(node);
    node.step(msg('MsgVoteResp', 2, 1));
    node.startSync();
    node.step(msg('MsgHeartbeat', 3, 2));
    expect(node.state).toBe('Follower');
    drain(node);
    expect([node.state, node.commit, node.log.stable]).toEqual(['Follower', 0, 1]);
  });

  test('an entry of an older term is not committed by counting', () => {
    const node = solo({ logs: { 1: [1, 1] }, startTerm: 1 });
    elect(node, [2]);
    ask(node, msg('MsgAppResp', 2, 2, { index: 2 }));
    expect(node.commit).toBe(0);
    ask(node, msg('MsgAppResp', 2, 2, { index: 3 }));
    expect(node.commit).toBe(3);
  });
});
