import { UNKNOWN_TERM } from './log.ts';
import { type Message, newMessage } from './message.ts';
import type { Progress } from './progress.ts';
import { jointIndex, majorityIndex } from './quorum.ts';
import { type RaftState, send } from './state.ts';

/**
 * A leader's sending and committing.
 * Source: facts/consensus.md 1.16, 1.17, 1.33; etcd-io/raft raft.go (maybeSendAppend, maybeSendSnapshot, maybeCommit).
 */
export function broadcastAppend(s: RaftState): void {
  for (const progress of s.progress) {
    if (progress.id !== s.id) maybeSendAppend(s, progress, true);
  }
}

/**
 * Sends the member what it lacks, as far as flow control allows; without news only if `evenIfEmpty` (an empty append
 * carries the commit index). Returns whether a message was sent.
 */
export function maybeSendAppend(s: RaftState, to: Progress, evenIfEmpty: boolean): boolean {
  if (to.isPaused()) return false;
  const log = s.log;
  const prevIndex = to.next - 1;
  const prevTerm = log.termAt(prevIndex);
  if (prevTerm === UNKNOWN_TERM) return maybeSendSnapshot(s, to);
  // A full window is answered by an empty append: if all in it was lost, the refusal frees it.
  const mayCarry = to.next <= log.lastIndex && (to.state !== 'replicate' || !to.windowIsFull());
  if (!mayCarry && !evenIfEmpty) return false;
  const message = send(s, 'MsgApp', to.id);
  message.index = prevIndex;
  message.logTerm = prevTerm;
  message.commit = log.committed;
  if (mayCarry) message.entries = log.slice(to.next, s.config.maxEntriesPerMessage);
  to.sentEntries(message.entries.length);
  to.sentCommit = log.committed;
  return true;
}

/** A snapshot goes only to a member that answered lately: it is expensive (facts 1.33). */
function maybeSendSnapshot(s: RaftState, to: Progress): boolean {
  if (!to.recentActive) return false;
  to.becomeSnapshot(s.log.snapshot.index);
  send(s, 'MsgSnap', to.id).snapshot = s.log.snapshot;
  return true;
}

export function broadcastHeartbeat(s: RaftState): void {
  const context = readPosition(s);
  for (const progress of s.progress) {
    if (progress.id !== s.id) sendHeartbeat(s, progress, context);
  }
}

/** A heartbeat never tells a member to commit beyond what is known to be in its log. */
export function sendHeartbeat(s: RaftState, to: Progress, context: number): void {
  const commit = to.match < s.log.committed ? to.match : s.log.committed;
  const message: Message = newMessage('MsgHeartbeat', s.id, to.id, s.term);
  message.commit = commit;
  message.context = context;
  s.outbox.push(message);
  to.sentCommit = commit;
}

/** The position that a heartbeat must carry for its answers to confirm all waiting reads; 0 = none waits. */
export function readPosition(s: RaftState): number {
  return s.unconfirmedReads.length === 0 ? 0 : s.confirmedReads + s.unconfirmedReads.length;
}

const scratch: number[] = [];

/**
 * Moves the commit index to what a quorum has acknowledged, if that entry is of the own term: entries of older terms
 * are never committed by counting. Returns whether it moved.
 */
export function maybeCommit(s: RaftState): boolean {
  const log = s.log;
  const index = jointIndex(matchedBy(s.incoming), matchedBy(s.outgoing));
  if (index <= log.committed || log.termAt(index) !== s.term) return false;
  const isFirst = log.termAt(log.committed) !== s.term;
  log.commitTo(index);
  if (isFirst && s.observer !== null) {
    s.observer({ kind: 'first-commit', node: s.id, term: s.term, index });
  }
  return true;
}

function matchedBy(voters: readonly Progress[]): number {
  for (let i = 0; i < voters.length; i++) scratch[i] = voters[i]!.match;
  return majorityIndex(scratch, voters.length);
}

/** As `maybeCommit`, for confirmed reads. */
export function readsConfirmedBy(s: RaftState): number {
  return jointIndex(confirmedBy(s.incoming), confirmedBy(s.outgoing));
}

function confirmedBy(voters: readonly Progress[]): number {
  for (let i = 0; i < voters.length; i++) scratch[i] = voters[i]!.readAck;
  return majorityIndex(scratch, voters.length);
}
