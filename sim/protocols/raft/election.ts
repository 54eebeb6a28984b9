import { voterIds } from './membership.ts';
import type { RoleReason } from './observer.ts';
import type { Progress } from './progress.ts';
import { jointVote, majorityVote, type VoteResult } from './quorum.ts';
import { becomeCandidate, becomePreCandidate } from './roles.ts';
import { progressOf, type RaftState, send } from './state.ts';

/** Member, voter, and not in the middle of taking over a snapshot (facts 1.4). */
export function isPromotable(s: RaftState): boolean {
  return s.own !== null && !s.own.isLearner && s.log.pendingSnapshot === null;
}

/**
 * Starts an election if this node may lead: pre-vote first where configured, but never for a transfer. `ticks` is the
 * age of the election timer that caused it, `from` the old leader of a transfer.
 * Source: facts/consensus.md 1.4, 1.23; etcd-io/raft raft.go (hup).
 */
export function startElection(s: RaftState, reason: RoleReason, ticks: number, from: number): void {
  if (s.state === 'Leader' || !isPromotable(s) || hasUnappliedChange(s)) return;
  if (s.preVote && reason !== 'transfer') requestPreVotes(s, reason, ticks);
  else requestVotes(s, reason, ticks, from);
}

/** Asks for real votes in the next term. Its own vote counts when it is on disk. */
export function requestVotes(s: RaftState, reason: RoleReason, ticks: number, from: number): void {
  becomeCandidate(s, reason, ticks, from);
  for (const id of voterIds(s.membership)) {
    if (id === s.id) {
      send(s, 'MsgVoteResp', id);
      continue;
    }
    const message = send(s, 'MsgVote', id);
    message.index = s.log.lastIndex;
    message.logTerm = s.log.lastTerm;
    message.transfer = reason === 'transfer';
  }
}

/** Asks who would vote for it in the next term, without entering that term. */
function requestPreVotes(s: RaftState, reason: RoleReason, ticks: number): void {
  becomePreCandidate(s, reason, ticks);
  for (const id of voterIds(s.membership)) {
    const message = send(s, id === s.id ? 'MsgPreVoteResp' : 'MsgPreVote', id);
    message.term = s.term + 1;
    if (id === s.id) continue;
    message.index = s.log.lastIndex;
    message.logTerm = s.log.lastTerm;
  }
}

/** Counts an answer; the first of each voter counts. */
export function recordVote(s: RaftState, from: number, granted: boolean): VoteResult {
  const voter = progressOf(s, from);
  if (voter !== null && voter.vote === 0) voter.vote = granted ? 1 : -1;
  return jointVote(tally(s.incoming), tally(s.outgoing));
}

function tally(voters: readonly Progress[]): VoteResult {
  let yes = 0;
  let no = 0;
  for (const voter of voters) {
    if (voter.vote > 0) yes++;
    else if (voter.vote < 0) no++;
  }
  return majorityVote(yes, no, voters.length);
}

/** A voter majority (in both halves) answered since the last check; the leader itself always has. */
export function isQuorumActive(s: RaftState): boolean {
  return jointVote(activity(s, s.incoming), activity(s, s.outgoing)) === 'won';
}

function activity(s: RaftState, voters: readonly Progress[]): VoteResult {
  let active = 0;
  for (const voter of voters) {
    if (voter.recentActive || voter.id === s.id) active++;
  }
  return majorityVote(active, voters.length - active, voters.length);
}

/** Committed membership changes that are not applied: until then the node does not know who may vote. */
function hasUnappliedChange(s: RaftState): boolean {
  for (let index = s.log.applied + 1; index <= s.log.committed; index++) {
    if (s.log.entryAt(index).change !== null) return true;
  }
  return false;
}
