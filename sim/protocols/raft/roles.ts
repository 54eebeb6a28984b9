import { empty } from '../../kernel/empty.ts';
import type { ConfChange } from './membership.ts';
import type { MessageType } from './message.ts';
import type { Role, RoleReason } from './observer.ts';
import { fail, type RaftState, send } from './state.ts';

/**
 * The four transitions. Only `reset` draws the election timeout again; a pre-candidate is not reset, so one whose
 * requests are lost tries again with the same timeout.
 * Source: facts/consensus.md 1.5-1.8; etcd-io/raft raft.go (reset, become*).
 */
export function becomeFollower(
  s: RaftState,
  term: number,
  lead: number,
  reason: RoleReason,
  from = 0,
  message: MessageType | null = null,
): void {
  const before = s.state;
  const termBefore = s.term;
  // In the paper only a granted vote and a word from the leader restart the election timer, a newer term alone does not
  // (facts: dissertation, section "What happens when logs differ?"; LogCabin's stepDown sets it only for an old leader).
  const keepsTimer = s.paper && reason === 'higher-term' && before !== 'Leader';
  reset(s, term, keepsTimer);
  s.state = 'Follower';
  s.lead = lead;
  if (s.observer !== null) {
    noteRole(s, before, termBefore, reason, from, message, reason === 'quorum-lost' ? s.electionTick : 0);
  }
}

export function becomePreCandidate(s: RaftState, reason: RoleReason, ticks: number): void {
  if (s.state === 'Leader') fail(s, 'a leader cannot become pre-candidate');
  const before = s.state;
  forgetVotes(s);
  s.lead = 0;
  s.state = 'PreCandidate';
  if (s.observer !== null) noteRole(s, before, s.term, reason, 0, null, ticks);
}

export function becomeCandidate(s: RaftState, reason: RoleReason, ticks: number, from: number): void {
  if (s.state === 'Leader') fail(s, 'a leader cannot become candidate');
  const before = s.state;
  const termBefore = s.term;
  reset(s, s.term + 1);
  s.vote = s.id;
  s.state = 'Candidate';
  if (s.observer !== null) {
    noteRole(s, before, termBefore, reason, from, from === 0 ? null : 'MsgTimeoutNow', ticks);
  }
}

/** The new leader's first act is an empty entry of its term: only with it can it commit (facts 1.7). */
export function becomeLeader(s: RaftState): void {
  if (s.state === 'Follower') fail(s, 'a follower cannot become leader');
  const before = s.state;
  reset(s, s.term);
  s.lead = s.id;
  s.state = 'Leader';
  if (s.own !== null) {
    s.own.becomeReplicate();
    s.own.recentActive = true;
  }
  // There may be a membership change in the tail that is not applied: allow none until all of it is.
  s.pendingConfIndex = s.log.lastIndex;
  if (s.observer !== null) noteRole(s, before, s.term, 'vote-won', 0, null, 0);
  appendOwn(s, null, null);
}

/** Appends one entry to a leader's own log; its acknowledgement to itself waits for the disk like any other. */
export function appendOwn(s: RaftState, data: unknown, change: ConfChange | null): void {
  const index = s.log.lastIndex + 1;
  s.log.truncateAndAppend([{ index, term: s.term, data, change }], 0);
  send(s, 'MsgAppResp', s.id).index = index;
}

export function abortTransfer(
  s: RaftState,
  reason: 'deadline' | 'other-target' | 'role-lost' | 'removed',
): void {
  if (s.leadTransferee === 0) return;
  const target = s.leadTransferee;
  s.leadTransferee = 0;
  if (s.observer !== null) {
    s.observer({ kind: 'transfer', node: s.id, term: s.term, target, step: 'aborted', reason });
  }
}

function reset(s: RaftState, term: number, keepsTimer = false): void {
  abortTransfer(s, 'role-lost');
  if (s.term !== term) {
    s.term = term;
    s.vote = 0;
  }
  s.lead = 0;
  s.heartbeatElapsed = 0;
  if (!keepsTimer) {
    s.electionElapsed = 0;
    drawElectionTimeout(s);
  }
  forgetVotes(s);
  for (const progress of s.progress) {
    progress.reset(progress.id === s.id ? s.log.lastIndex : 0, s.log.lastIndex + 1);
  }
  s.pendingConfIndex = 0;
  empty(s.unconfirmedReads);
  s.confirmedReads = 0;
}

export function drawElectionTimeout(s: RaftState): void {
  const spread = s.config.electionSpread;
  const drawn = s.config.drawTimeout(spread);
  if (!Number.isInteger(drawn) || drawn < 0 || drawn >= spread) {
    fail(s, `drawTimeout(${spread}) returned ${drawn}, not an integer in [0, ${spread})`);
  }
  s.randomizedElectionTimeout = s.electionTick + drawn;
}

function forgetVotes(s: RaftState): void {
  for (const progress of s.progress) progress.vote = 0;
}

function noteRole(
  s: RaftState,
  before: Role,
  termBefore: number,
  reason: RoleReason,
  from: number,
  message: MessageType | null,
  ticks: number,
): void {
  s.observer?.({
    kind: 'role',
    node: s.id,
    role: s.state,
    before,
    term: s.term,
    termBefore,
    lead: s.lead,
    reason,
    from,
    message,
    ticks,
  });
}
