import { startElection } from './election.ts';
import { memberIds } from './membership.ts';
import { type Message, newMessage, type Snapshot } from './message.ts';
import { becomeFollower } from './roles.ts';
import { fail, type RaftState, rebuildProgress, send } from './state.ts';

/**
 * A follower's answers, in the term of the message.
 * Source: facts/consensus.md 1.5, 1.23, 1.24; etcd-io/raft raft.go (stepFollower, handle*).
 */
export function stepFollower(s: RaftState, m: Message): void {
  switch (m.type) {
    case 'MsgHeartbeat':
      hearLeader(s, m.from);
      handleHeartbeat(s, m);
      break;
    case 'MsgApp':
      hearLeader(s, m.from);
      handleAppend(s, m);
      break;
    case 'MsgSnap':
      hearLeader(s, m.from);
      handleSnapshot(s, m);
      break;
    case 'MsgProp':
    case 'MsgReadIndex':
      if (s.lead !== 0) forward(s, m, 0);
      break;
    case 'MsgTransferLeader':
      if (s.lead !== 0) forward(s, m, s.term);
      break;
    case 'MsgTimeoutNow':
      startElection(s, 'transfer', 0, m.from);
      break;
    case 'MsgReadIndexResp':
      s.readStates.push({ index: m.index, context: m.context });
      break;
    default: // answers to a role that this node has left
  }
}

function hearLeader(s: RaftState, from: number): void {
  s.electionElapsed = 0;
  if (s.lead === from) return;
  s.lead = from;
  if (s.observer !== null) s.observer({ kind: 'leader', node: s.id, lead: from, term: s.term });
}

/** Sends a request on to the leader, as it came. */
export function forward(s: RaftState, m: Message, term: number): void {
  const message = send(s, m.type, s.lead);
  message.term = term;
  message.context = m.context;
  message.origin = m.origin;
  message.entries = m.entries;
}

export function handleHeartbeat(s: RaftState, m: Message): void {
  if (m.commit > s.log.committed) s.log.commitTo(m.commit);
  const answer = newMessage('MsgHeartbeatResp', s.id, m.from, s.term);
  answer.context = m.context;
  s.outbox.push(answer);
}

export function handleAppend(s: RaftState, m: Message): void {
  const log = s.log;
  if (m.index < log.committed) {
    send(s, 'MsgAppResp', m.from).index = log.committed;
    return;
  }
  const last = log.maybeAppend(m.index, m.logTerm, m.commit, m.entries);
  const answer = send(s, 'MsgAppResp', m.from);
  if (last >= 0) {
    answer.index = last;
    return;
  }
  // The hint skips the whole tail whose terms are too high to match anything before the refused index.
  const hint = log.findConflictByTerm(Math.min(m.index, log.lastIndex), m.logTerm);
  answer.index = m.index;
  answer.reject = true;
  answer.rejectHint = hint;
  answer.logTerm = Math.max(log.termAt(hint), 0);
}

export function handleSnapshot(s: RaftState, m: Message): void {
  if (m.snapshot === null) fail(s, `MsgSnap of ${m.from} carries no snapshot`);
  const restored = restore(s, m.snapshot);
  send(s, 'MsgAppResp', m.from).index = restored ? s.log.lastIndex : s.log.committed;
}

/** Takes the snapshot over; false if it is of no use (old, matching the log already, or not for this node). */
function restore(s: RaftState, snapshot: Snapshot): boolean {
  if (snapshot.index <= s.log.committed) return false;
  if (s.state !== 'Follower') {
    becomeFollower(s, s.term + 1, 0, 'higher-term');
    return false;
  }
  if (!memberIds(snapshot.membership).includes(s.id)) return false;
  if (s.log.termAt(snapshot.index) === snapshot.term) {
    s.log.commitTo(snapshot.index);
    return false;
  }
  s.log.restore(snapshot);
  s.membership = snapshot.membership;
  s.progress = [];
  rebuildProgress(s);
  return true;
}
