import { broadcastHeartbeat, readPosition, readsConfirmedBy } from './replication.ts';
import { type RaftState, send, type UnconfirmedRead } from './state.ts';

/**
 * Linearizable reads without a log entry. Reads are numbered within a term; a heartbeat carries the newest number,
 * its answer confirms all up to it (cumulative, so that a retried read is never answered too early).
 * Source: facts/consensus.md 1.24-1.26; etcd-io/raft raft.go (MsgReadIndex), read_only.go (v3.7).
 *
 * As in the library, one voter means an answer at once. Two corners of that are not linearizable: a removed leader
 * that still leads (no stepDownOnRemoval), and a lone voter that has lost its commit index and not committed since.
 */
export function readAtLeader(s: RaftState, context: number, origin: number): void {
  if (s.incoming.length === 1 && s.outgoing.length === 0) {
    answerRead(s, s.log.committed, context, origin);
    return;
  }
  const read: UnconfirmedRead = { index: 0, context, origin };
  // Before its first commit a leader may not know the newest commit index of earlier terms.
  if (!hasCommittedInTerm(s)) s.postponedReads.push(read);
  else startRead(s, read);
}

/** Call when the commit index moved. */
export function releasePostponedReads(s: RaftState): void {
  if (s.postponedReads.length === 0 || !hasCommittedInTerm(s)) return;
  const reads = s.postponedReads;
  s.postponedReads = [];
  for (const read of reads) startRead(s, read);
}

/** Answers the reads that a quorum has confirmed by now. */
export function confirmReads(s: RaftState): void {
  const confirmed = readsConfirmedBy(s);
  while (s.confirmedReads < confirmed && s.unconfirmedReads.length > 0) {
    const read = s.unconfirmedReads.shift()!;
    s.confirmedReads++;
    answerRead(s, read.index, read.context, read.origin);
  }
}

function hasCommittedInTerm(s: RaftState): boolean {
  return s.log.termAt(s.log.committed) === s.term;
}

function startRead(s: RaftState, read: UnconfirmedRead): void {
  if (s.config.readOnly === 'lease') {
    answerRead(s, s.log.committed, read.context, read.origin);
    return;
  }
  s.unconfirmedReads.push({ index: s.log.committed, context: read.context, origin: read.origin });
  if (s.own !== null) s.own.readAck = readPosition(s);
  broadcastHeartbeat(s);
}

function answerRead(s: RaftState, index: number, context: number, origin: number): void {
  if (origin === s.id) {
    s.readStates.push({ index, context });
    return;
  }
  const message = send(s, 'MsgReadIndexResp', origin);
  message.index = index;
  message.context = context;
}
