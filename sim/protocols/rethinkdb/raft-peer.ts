import { entriesFrom, lastIndex, termAt } from './raft-log.ts';
import type { RaftMessage } from './raft-message.ts';
import { CallBackoff } from './raft-timing.ts';
import type { RaftDurable, RaftMode } from './raft-types.ts';

/** A candidate's or leader's dealings with one other member: one call at a time. */
export class Peer {
  readonly backoff = new CallBackoff();
  /** The call that waits for a reply, 0 when none does. */
  call = 0;
  /** A call has failed, and a while must pass before the next. */
  waiting = false;
  /** It has voted for this candidate. */
  granted = false;
  /** Raft's nextIndex and matchIndex. */
  next = 0;
  match = 0;
  #sentIndex = 0;
  #sentCommit = 0;
  #knownCommit = 0;
  /** A new leader makes itself known with an append even if that is empty. */
  #introduced = false;

  /** What is to be sent to it now, null if nothing. */
  nextRequest<S, C>(mode: RaftMode, disk: RaftDurable<S, C>, call: number): RaftMessage<S, C> | null {
    const { log, term, commit } = disk;
    const last = lastIndex(log);
    if (mode === 'candidate') {
      if (this.granted) return null;
      return { kind: 'request-vote', call, term, lastIndex: last, lastTerm: termAt(log, last) };
    }
    if (this.next <= log.snapshot.index) {
      const { term: lastTerm, ...applied } = log.snapshot;
      this.#sentIndex = applied.index;
      return { kind: 'snapshot', call, term, lastTerm, applied };
    }
    // A commit is told at once: virtual heartbeats would never tell it.
    if (this.#introduced && this.next > last && this.#knownCommit >= commit) return null;
    const prevIndex = this.next - 1;
    const entries = entriesFrom(log, this.next);
    this.#sentIndex = last;
    this.#sentCommit = commit;
    return { kind: 'append', call, term, prevIndex, prevTerm: termAt(log, prevIndex), entries, commit };
  }

  /** Takes the answer to an append or a snapshot; true when it is known to have more than before. */
  answered(reply: Extract<RaftMessage<unknown, unknown>, { kind: 'appended' | 'installed' }>): boolean {
    this.backoff.succeeded();
    this.#introduced = true;
    if (reply.kind === 'appended' && !reply.success) {
      this.next--;
      return false;
    }
    this.next = this.#sentIndex + 1;
    if (reply.kind === 'appended') this.#knownCommit = this.#sentCommit;
    if (this.match >= this.#sentIndex) return false;
    this.match = this.#sentIndex;
    return true;
  }
}
