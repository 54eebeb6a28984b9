import { empty } from '../../kernel/empty.ts';
import { broken } from './broken.ts';

/** `probe`: one message at a time; `replicate`: optimistic, in a window; `snapshot`: waits for one to be applied. */
export type ProgressState = 'probe' | 'replicate' | 'snapshot';

/**
 * What a leader knows of one member, and the flow control towards it.
 * Source: facts/consensus.md 1.17, 1.33; etcd-io/raft tracker/progress.go, tracker/inflights.go (v3.6).
 */
export class Progress {
  readonly id: number;
  readonly maxInflight: number;
  isLearner: boolean;
  state: ProgressState = 'probe';
  /** Highest index known to be in the member's log (0: none). */
  match = 0;
  /** Index of the next entry to send; always above `match`. */
  next: number;
  /** Highest commit index sent so far. */
  sentCommit = 0;
  /** `snapshot` only: index of the snapshot on its way. */
  pendingSnapshot = 0;
  /** An answer came since the leader last checked its quorum. */
  recentActive = false;
  /** No append until an answer comes: a probe is on its way, or the window is full. */
  paused = false;
  /** This member's answer in the running election of the node that owns this record: 1 yes, -1 no, 0 none yet. */
  vote = 0;
  /** Newest read position that the member has confirmed. */
  readAck = 0;
  /** Last indexes of the appends on their way, oldest first. */
  readonly inflight: number[] = [];

  constructor(id: number, isLearner: boolean, next: number, maxInflight: number) {
    this.id = id;
    this.isLearner = isLearner;
    this.next = next;
    this.maxInflight = maxInflight;
  }

  /** Forgets all but identity and vote, as at the start of a term. */
  reset(match: number, next: number): void {
    this.match = match;
    this.next = next;
    this.sentCommit = 0;
    this.recentActive = false;
    this.readAck = 0;
    this.enter('probe');
  }

  becomeProbe(): void {
    // After a snapshot the member is probed from there, if the host reported that it arrived.
    const from = this.state === 'snapshot' ? this.pendingSnapshot : 0;
    this.enter('probe');
    this.next = Math.max(this.match, from) + 1;
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
  }

  becomeReplicate(): void {
    this.enter('replicate');
    this.next = this.match + 1;
    this.sentCommit = Math.min(this.sentCommit, this.match);
  }

  becomeSnapshot(index: number): void {
    this.enter('snapshot');
    this.pendingSnapshot = index;
    this.next = index + 1;
    this.sentCommit = index;
  }

  isPaused(): boolean {
    return this.state === 'snapshot' || this.paused;
  }

  windowIsFull(): boolean {
    return this.inflight.length >= this.maxInflight;
  }

  /** Accounts for a MsgApp with `count` entries from `next` on. */
  sentEntries(count: number): void {
    if (this.state === 'snapshot') broken(`member ${this.id} was sent entries while it waits for a snapshot`);
    if (this.state === 'probe') {
      if (count > 0) this.paused = true;
      return;
    }
    if (count > 0) {
      this.next += count;
      this.inflight.push(this.next - 1);
    }
    this.paused = this.windowIsFull();
  }

  /** Sending `commit` could move the member's commit index. */
  canBumpCommit(commit: number): boolean {
    return commit > this.sentCommit && this.sentCommit < this.next - 1;
  }

  /** Takes an acknowledgement of `index`; false if it was known already. */
  maybeUpdate(index: number): boolean {
    if (index <= this.match) return false;
    this.match = index;
    this.next = Math.max(this.next, index + 1);
    this.paused = false;
    return true;
  }

  /** Takes a refusal of the append at `rejected`; false if it is an old one. */
  maybeDecreaseTo(rejected: number, hint: number): boolean {
    if (this.state === 'replicate') {
      if (rejected <= this.match) return false;
      this.next = this.match + 1;
      this.sentCommit = Math.min(this.sentCommit, this.match);
      return true;
    }
    if (this.next - 1 !== rejected) return false;
    this.next = Math.max(Math.min(rejected, hint + 1), this.match + 1);
    this.sentCommit = Math.min(this.sentCommit, this.next - 1);
    this.paused = false;
    return true;
  }

  /** Frees the window up to and including the append that ended at `index`. */
  freeInflight(index: number): void {
    let count = 0;
    while (count < this.inflight.length && this.inflight[count]! <= index) count++;
    if (count === this.inflight.length) empty(this.inflight);
    else if (count > 0) this.inflight.splice(0, count);
  }

  private enter(state: ProgressState): void {
    this.state = state;
    this.paused = false;
    this.pendingSnapshot = 0;
    empty(this.inflight);
  }
}
