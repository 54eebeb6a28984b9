import { recordVote, requestVotes } from './election.ts';
import { handleAppend, handleHeartbeat, handleSnapshot } from './follower.ts';
import type { Message } from './message.ts';
import { broadcastAppend } from './replication.ts';
import { becomeFollower, becomeLeader } from './roles.ts';
import type { RaftState } from './state.ts';

/**
 * Candidates and pre-candidates, in the term of the message: they count answers of their own kind and yield to the
 * leader of the term. Whatever else comes (also MsgTimeoutNow) they ignore.
 * Source: facts/consensus.md 1.7, 1.15, 1.23; etcd-io/raft raft.go (stepCandidate).
 */
export function stepCandidate(s: RaftState, m: Message): void {
  switch (m.type) {
    case 'MsgApp':
      becomeFollower(s, m.term, m.from, 'leader-heard', m.from, m.type);
      handleAppend(s, m);
      break;
    case 'MsgHeartbeat':
      becomeFollower(s, m.term, m.from, 'leader-heard', m.from, m.type);
      handleHeartbeat(s, m);
      break;
    case 'MsgSnap':
      becomeFollower(s, m.term, m.from, 'leader-heard', m.from, m.type);
      handleSnapshot(s, m);
      break;
    case 'MsgVoteResp':
      if (s.state === 'Candidate') countVote(s, m);
      break;
    case 'MsgPreVoteResp':
      if (s.state === 'PreCandidate') countVote(s, m);
      break;
    default:
  }
}

function countVote(s: RaftState, m: Message): void {
  const result = recordVote(s, m.from, !m.reject);
  if (result === 'won') {
    if (s.state === 'PreCandidate') {
      requestVotes(s, 'pre-vote-won', 0, 0);
    } else {
      becomeLeader(s);
      broadcastAppend(s);
    }
  } else if (result === 'lost' && !s.paper) {
    // The paper's candidate stays one until its timer runs out again.
    becomeFollower(s, s.term, 0, s.state === 'PreCandidate' ? 'pre-vote-lost' : 'vote-lost');
  }
}
