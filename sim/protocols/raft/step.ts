import { stepCandidate } from './candidate.ts';
import { stepFollower } from './follower.ts';
import { stepLeader } from './leader.ts';
import type { Message } from './message.ts';
import type { VoteReason } from './observer.ts';
import { becomeFollower, drawElectionTimeout } from './roles.ts';
import { fail, type RaftState, send } from './state.ts';

/**
 * Takes one message: first the rules on terms and votes, which hold in every role, then those of the role.
 * Source: facts/consensus.md 1.9-1.14; etcd-io/raft raft.go (Step).
 */
export function step(s: RaftState, m: Message): void {
  if (m.to !== s.id) fail(s, `got a ${m.type} for node ${m.to}`);
  // Term 0: a forwarded request, which counts as a local one.
  if (m.term !== s.term && m.term !== 0) {
    if (m.term < s.term) {
      handleLowerTerm(s, m);
      return;
    }
    if (!handleHigherTerm(s, m)) return;
  }
  if (m.type === 'MsgVote' || m.type === 'MsgPreVote') {
    handleVoteRequest(s, m);
    return;
  }
  if (s.state === 'Follower') stepFollower(s, m);
  else if (s.state === 'Leader') stepLeader(s, m);
  else stepCandidate(s, m);
}

/** Returns whether the message is to be handled further; the lease silently stops requests for votes. */
function handleHigherTerm(s: RaftState, m: Message): boolean {
  if ((m.type === 'MsgVote' || m.type === 'MsgPreVote') && !m.transfer) {
    if (s.checkQuorum && s.lead !== 0 && s.electionElapsed < s.electionTick) {
      noteVote(s, m, 'ignored', 'lease', s.electionTick - s.electionElapsed);
      return false;
    }
  }
  // A pre-vote is a question about a term that nobody has entered; its grant repeats that term.
  if (m.type === 'MsgPreVote' || (m.type === 'MsgPreVoteResp' && !m.reject)) return true;
  const isFromLeader = m.type === 'MsgApp' || m.type === 'MsgHeartbeat' || m.type === 'MsgSnap';
  becomeFollower(s, m.term, isFromLeader ? m.from : 0, 'higher-term', m.from, m.type);
  return true;
}

/**
 * etcd: with pre-vote or check-quorum a stale leader is told the newer term (otherwise a node that went ahead could
 * never come back), and a pre-vote is refused; all else is dropped. Paper: every stale request is answered.
 */
function handleLowerTerm(s: RaftState, m: Message): void {
  const isFromLeader = m.type === 'MsgApp' || m.type === 'MsgHeartbeat';
  const answersLeader = s.paper
    ? isFromLeader || m.type === 'MsgSnap'
    : isFromLeader && (s.checkQuorum || s.preVote);
  const refusesVote = m.type === 'MsgPreVote' || (s.paper && m.type === 'MsgVote');
  if (answersLeader) {
    send(s, 'MsgAppResp', m.from);
  } else if (refusesVote) {
    refuseVote(s, m, 'stale-term');
  }
  if (s.observer !== null) {
    s.observer({
      kind: 'stale',
      node: s.id,
      from: m.from,
      message: m.type,
      messageTerm: m.term,
      term: s.term,
      answered: answersLeader || refusesVote,
    });
  }
}

/** Learners vote too: one may have been promoted without knowing it yet (facts 1.27). */
function handleVoteRequest(s: RaftState, m: Message): void {
  const isPreVote = m.type === 'MsgPreVote';
  const isAhead = isPreVote && m.term > s.term;
  const mayVote = s.vote === m.from || (s.vote === 0 && s.lead === 0) || isAhead;
  if (!mayVote) {
    refuseVote(s, m, s.vote === 0 ? 'leader-known' : 'voted-other');
    return;
  }
  if (!s.log.isUpToDate(m.logTerm, m.index)) {
    refuseVote(s, m, 'log-behind');
    return;
  }
  // The grant carries the term of the request: the asker ignores answers of any other.
  send(s, isPreVote ? 'MsgPreVoteResp' : 'MsgVoteResp', m.from).term = m.term;
  if (!isPreVote) {
    s.electionElapsed = 0;
    if (s.paper) drawElectionTimeout(s);
    s.vote = m.from;
  }
  noteVote(s, m, 'granted', 'up-to-date', 0);
}

/** A refusal carries the own term, so that a candidate behind it learns of it. */
function refuseVote(s: RaftState, m: Message, reason: VoteReason): void {
  send(s, m.type === 'MsgPreVote' ? 'MsgPreVoteResp' : 'MsgVoteResp', m.from).reject = true;
  noteVote(s, m, 'refused', reason, 0);
}

function noteVote(
  s: RaftState,
  m: Message,
  outcome: 'granted' | 'refused' | 'ignored',
  reason: VoteReason,
  leaseTicksLeft: number,
): void {
  if (s.observer === null) return;
  s.observer({
    kind: 'vote',
    node: s.id,
    candidate: m.from,
    term: m.term,
    preVote: m.type === 'MsgPreVote',
    outcome,
    reason,
    leaseTicksLeft,
  });
}
