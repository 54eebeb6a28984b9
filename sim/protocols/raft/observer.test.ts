// What a node tells its observer: enough for a cause chain in words, and nothing when nobody asks.
import { expect, test } from 'vitest';
import type { Observation } from './observer.ts';
import { group, play } from './testing/group.ts';

/** One line for each observation, with what a report would use. */
function line(o: Observation): string {
  switch (o.kind) {
    case 'role': {
      const by = o.from === 0 ? '' : ` by ${o.message} of ${o.from}`;
      const ticks = o.ticks === 0 ? '' : ` at ${o.ticks} ticks`;
      return `${o.node}: ${o.before} ${o.termBefore} -> ${o.role} ${o.term}: ${o.reason}${by}${ticks}`;
    }
    case 'leader':
      return `${o.node}: knows leader ${o.lead} of ${o.term}`;
    case 'vote':
      return `${o.node}: ${o.outcome} ${o.preVote ? 'pre-vote' : 'vote'} ${o.term} of ${o.candidate}: ${o.reason}`;
    case 'stale':
      return `${o.node}: ${o.message} ${o.messageTerm} of ${o.from}: ${o.answered ? 'answered' : 'dropped'}`;
    case 'first-commit':
      return `${o.node}: first commit ${o.index} of ${o.term}`;
    case 'transfer':
      return `${o.node}: transfer to ${o.target} ${o.step}: ${o.reason}`;
    case 'membership':
      return `${o.node}: voters ${o.membership.voters.join(' ')}`;
  }
}

function told(options: Parameters<typeof group>[0], before: string, script: string): string[] {
  const lines: string[] = [];
  const net = group({ ...options, observer: (o) => lines.push(line(o)) });
  play(net, before);
  lines.length = 0;
  play(net, script);
  return lines;
}

test('an election by timeout', () => {
  expect(told({}, 'start', 'set-timeout 2 14; tick 2 14')).toEqual([
    '2: Follower 0 -> Candidate 1: election-timeout at 14 ticks',
    '1: Follower 0 -> Follower 1: higher-term by MsgVote of 2',
    '1: granted vote 1 of 2: up-to-date',
    '3: Follower 0 -> Follower 1: higher-term by MsgVote of 2',
    '3: granted vote 1 of 2: up-to-date',
    '2: Candidate 1 -> Leader 1: vote-won',
    '1: knows leader 2 of 1',
    '3: knows leader 2 of 1',
    '2: first commit 1 of 1',
  ]);
});

test('a lost pre-vote', () => {
  expect(told({ preVote: true }, 'campaign 1; cut 1-3; propose 1; heal', 'campaign 3')).toEqual([
    '3: Follower 1 -> PreCandidate 1: campaign-asked',
    '1: refused pre-vote 2 of 3: log-behind',
    '2: refused pre-vote 2 of 3: log-behind',
    '3: PreCandidate 1 -> Follower 1: pre-vote-lost',
  ]);
});

test('a lease, and the candidate that frees itself by deposing the leader', () => {
  expect(told({ checkQuorum: true }, 'campaign 1', 'campaign 3; heartbeat 1 3')).toEqual([
    '3: Follower 1 -> Candidate 2: campaign-asked',
    '1: ignored vote 2 of 3: lease',
    '2: ignored vote 2 of 3: lease',
    '3: MsgHeartbeat 1 of 1: answered',
    '1: Leader 1 -> Follower 2: higher-term by MsgAppResp of 3',
  ]);
});

test('a quorum check that fails', () => {
  expect(told({ checkQuorum: true }, 'campaign 1; tick 1 10; isolate 1', 'tick 1 20')).toEqual([
    '1: Leader 1 -> Follower 1: quorum-lost at 10 ticks',
  ]);
});

test('a transfer', () => {
  const lines = told({}, 'campaign 1', 'transfer 2 at 1');
  expect(lines.slice(0, 3)).toEqual([
    '1: transfer to 2 started: asked',
    '1: transfer to 2 timeout-now-sent: log-current',
    '2: Follower 1 -> Candidate 2: transfer by MsgTimeoutNow of 1',
  ]);
  expect(told({}, 'campaign 1; isolate 3', 'transfer 3 at 1; tick 1 10')).toContain(
    '1: transfer to 3 aborted: deadline',
  );
});
