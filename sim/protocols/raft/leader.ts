import { isQuorumActive } from './election.ts';
import { type ConfChange, changeMembership, isJoint, LEAVE_JOINT } from './membership.ts';
import type { Message } from './message.ts';
import type { Progress } from './progress.ts';
import { confirmReads, readAtLeader, releasePostponedReads } from './reading.ts';
import { broadcastAppend, maybeCommit, maybeSendAppend } from './replication.ts';
import { abortTransfer, appendOwn, becomeFollower } from './roles.ts';
import { progressOf, type RaftState, send } from './state.ts';

/** What became of a proposal. `refused`: a membership change that is not possible now left an empty entry instead. */
export type ProposeResult = 'accepted' | 'forwarded' | 'dropped' | 'refused';

/**
 * A leader's answers, in the term of the message.
 * Source: facts/consensus.md 1.17-1.24; etcd-io/raft raft.go (stepLeader).
 */
export function stepLeader(s: RaftState, m: Message): void {
  switch (m.type) {
    case 'MsgProp':
      for (const entry of m.entries) proposeAtLeader(s, entry.data, entry.change);
      return;
    case 'MsgReadIndex':
      readAtLeader(s, m.context, m.origin);
      return;
    case 'MsgTransferLeader':
      startTransfer(s, m.origin);
      return;
  }
  const from = progressOf(s, m.from);
  if (from === null) return;
  if (m.type === 'MsgHeartbeatResp') handleHeartbeatResponse(s, from, m);
  else if (m.type === 'MsgAppResp') {
    from.recentActive = true;
    if (m.reject) handleRefusal(s, from, m);
    else handleAcknowledgement(s, from, m.index);
  }
}

function handleHeartbeatResponse(s: RaftState, from: Progress, m: Message): void {
  from.recentActive = true;
  from.paused = false;
  if (from.match < s.log.lastIndex || from.state === 'probe') maybeSendAppend(s, from, true);
  if (m.context === 0 || s.config.readOnly !== 'safe') return;
  if (m.context > from.readAck) from.readAck = m.context;
  confirmReads(s);
}

/** Goes back at once to where the logs may match, skipping entries whose term is above the follower's there. */
function handleRefusal(s: RaftState, from: Progress, m: Message): void {
  const hint = m.logTerm > 0 ? s.log.findConflictByTerm(m.rejectHint, m.logTerm) : m.rejectHint;
  if (!from.maybeDecreaseTo(m.index, hint)) return;
  if (from.state === 'replicate') from.becomeProbe();
  maybeSendAppend(s, from, true);
}

function handleAcknowledgement(s: RaftState, from: Progress, index: number): void {
  const isNews = from.maybeUpdate(index);
  if (!isNews && !(from.match === index && from.state === 'probe')) return;
  if (from.state === 'probe') {
    from.becomeReplicate();
  } else if (from.state === 'replicate') {
    from.freeInflight(index);
  } else if (from.match + 1 >= s.log.firstIndex) {
    from.becomeProbe();
    from.becomeReplicate();
  }
  const isOther = from.id !== s.id;
  if (maybeCommit(s)) {
    releasePostponedReads(s);
    broadcastAppend(s);
  } else if (isOther && from.canBumpCommit(s.log.committed)) {
    maybeSendAppend(s, from, true);
  }
  if (!isOther) return;
  while (maybeSendAppend(s, from, false)) {
    // The window may have opened for several messages.
  }
  if (from.id === s.leadTransferee && from.match === s.log.lastIndex) sendTimeoutNow(s, from.id);
}

/** Appends a proposal and sends it out, unless the node is no member any more or hands over its leadership. */
export function proposeAtLeader(s: RaftState, data: unknown, change: ConfChange | null): ProposeResult {
  if (s.own === null || s.leadTransferee !== 0) return 'dropped';
  const isRefused = change !== null && !isChangePossible(s, change);
  if (isRefused) {
    data = null;
    change = null;
  }
  if (change !== null) s.pendingConfIndex = s.log.lastIndex + 1;
  appendOwn(s, data, change);
  broadcastAppend(s);
  return isRefused ? 'refused' : 'accepted';
}

/**
 * One change at a time, and only leaving while joint. A change that could not be applied is refused here as well,
 * where etcd-io/raft would panic on applying it.
 */
function isChangePossible(s: RaftState, change: ConfChange): boolean {
  if (s.pendingConfIndex > s.log.applied) return false;
  if (isJoint(s.membership) !== (change.changes.length === 0)) return false;
  try {
    changeMembership(s.membership, change);
    return true;
  } catch {
    return false;
  }
}

/** Leaves a joint state that was entered to be left by itself; tried again with each entry applied. */
export function leaveJointIfDue(s: RaftState): void {
  if (s.state !== 'Leader' || !s.membership.autoLeave || s.log.applied < s.pendingConfIndex) return;
  proposeAtLeader(s, null, LEAVE_JOINT);
}

/** Source: facts/consensus.md 1.22. The order of the checks matters. */
export function startTransfer(s: RaftState, target: number): void {
  const to = progressOf(s, target);
  if (to === null || to.isLearner) {
    noteTransfer(s, target, 'refused', 'not-a-voter');
    return;
  }
  if (s.leadTransferee === target) return;
  abortTransfer(s, 'other-target');
  if (target === s.id) return;
  // It gets one election timeout, counted from now.
  s.electionElapsed = 0;
  s.leadTransferee = target;
  noteTransfer(s, target, 'started', 'asked');
  if (to.match === s.log.lastIndex) sendTimeoutNow(s, target);
  else maybeSendAppend(s, to, true);
}

function sendTimeoutNow(s: RaftState, target: number): void {
  send(s, 'MsgTimeoutNow', target);
  noteTransfer(s, target, 'timeout-now-sent', 'log-current');
}

function noteTransfer(
  s: RaftState,
  target: number,
  step: 'started' | 'timeout-now-sent' | 'refused',
  reason: 'asked' | 'log-current' | 'not-a-voter',
): void {
  if (s.observer !== null) {
    s.observer({ kind: 'transfer', node: s.id, term: s.term, target, step, reason });
  }
}

/** Every E ticks: steps down without an active quorum, and asks everybody anew for a sign of life (facts 1.18). */
export function checkQuorumActive(s: RaftState): void {
  if (!isQuorumActive(s)) becomeFollower(s, s.term, 0, 'quorum-lost');
  for (const progress of s.progress) {
    if (progress.id !== s.id) progress.recentActive = false;
  }
}
