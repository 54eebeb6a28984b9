import { broken } from './broken.ts';
import type { Entry, Snapshot } from './message.ts';

/** `termAt` of an index that the log does not hold: compacted away, or not there yet. */
export const UNKNOWN_TERM = -1;

/**
 * The log in memory: entries from `compactedIndex + 1` to `lastIndex`, the marks on it, and the newest snapshot.
 * `applied <= committed <= lastIndex`, and `stable <= handedOut <= lastIndex`, where stable entries are on disk and
 * those up to `handedOut` are being written.
 * Source: etcd-io/raft log.go, log_unstable.go.
 */
export class RaftLog {
  entries: Entry[];
  compactedIndex: number;
  compactedTerm: number;
  /** What a follower behind `compactedIndex` is sent. */
  snapshot: Snapshot;
  /** A snapshot that was received and is not on disk yet: until then the node does not campaign or apply. */
  pendingSnapshot: Snapshot | null = null;
  lastIndex: number;
  lastTerm: number;
  committed: number;
  applied: number;
  stable: number;
  handedOut: number;

  constructor(snapshot: Snapshot, compactedIndex: number, compactedTerm: number, entries: readonly Entry[]) {
    this.snapshot = snapshot;
    this.compactedIndex = compactedIndex;
    this.compactedTerm = compactedTerm;
    this.entries = entries.slice();
    this.lastIndex = compactedIndex + entries.length;
    this.lastTerm = entries.length > 0 ? entries[entries.length - 1]!.term : compactedTerm;
    this.committed = snapshot.index;
    this.applied = snapshot.index;
    this.stable = this.lastIndex;
    this.handedOut = this.lastIndex;
  }

  /** The first index that can still be sent as an entry. */
  get firstIndex(): number {
    return this.compactedIndex + 1;
  }

  /** Term of the entry at `index`, or UNKNOWN_TERM. The last compacted entry's term is still known. */
  termAt(index: number): number {
    if (index === this.lastIndex) return this.lastTerm;
    if (index === this.compactedIndex) return this.compactedTerm;
    if (index < this.compactedIndex || index > this.lastIndex) return UNKNOWN_TERM;
    return this.entries[index - this.compactedIndex - 1]!.term;
  }

  entryAt(index: number): Entry {
    if (index <= this.compactedIndex || index > this.lastIndex) broken(`no entry ${index} in the log`);
    return this.entries[index - this.compactedIndex - 1]!;
  }

  /** Up to `limit` entries from index `from` on; empty past the end. */
  slice(from: number, limit: number): Entry[] {
    const start = from - this.compactedIndex - 1;
    return this.entries.slice(start, start + limit);
  }

  /** The candidate's log ends no earlier than ours: last term first, then last index (facts 1.9). */
  isUpToDate(lastTerm: number, lastIndex: number): boolean {
    return lastTerm > this.lastTerm || (lastTerm === this.lastTerm && lastIndex >= this.lastIndex);
  }

  /** Appends entries, first dropping what stands at their place. Committed entries cannot be dropped. */
  truncateAndAppend(entries: readonly Entry[], from: number): void {
    if (from >= entries.length) return;
    const after = entries[from]!.index - 1;
    if (after < this.committed)
      broken(`entry ${after + 1} would replace a committed one (commit ${this.committed})`);
    if (after > this.lastIndex) broken(`entry ${after + 1} leaves a gap after ${this.lastIndex}`);
    this.entries.length = after - this.compactedIndex;
    for (let i = from; i < entries.length; i++) this.entries.push(entries[i]!);
    const last = this.entries[this.entries.length - 1]!;
    this.lastIndex = last.index;
    this.lastTerm = last.term;
    this.stable = Math.min(this.stable, after);
    this.handedOut = Math.min(this.handedOut, after);
  }

  /**
   * A follower's append: if the entry before them matches, takes over the entries that differ or are new and
   * commits as far as the leader has. Returns the index of the last of them, or -1 if the log does not match.
   */
  maybeAppend(prevIndex: number, prevTerm: number, commit: number, entries: readonly Entry[]): number {
    if (this.termAt(prevIndex) !== prevTerm) return -1;
    let same = 0;
    while (same < entries.length && this.termAt(entries[same]!.index) === entries[same]!.term) same++;
    this.truncateAndAppend(entries, same);
    const last = prevIndex + entries.length;
    this.commitTo(Math.min(commit, last));
    return last;
  }

  /** Never goes back; throws if told to commit what the log does not hold. */
  commitTo(index: number): void {
    if (index <= this.committed) return;
    if (index > this.lastIndex)
      broken(`told to commit ${index}, but the log ends at ${this.lastIndex}: entries were lost`);
    this.committed = index;
  }

  /** The largest index up to `index` whose term is at most `term` or unknown: where logs may still match. */
  findConflictByTerm(index: number, term: number): number {
    while (index > 0) {
      const own = this.termAt(index);
      if (own === UNKNOWN_TERM || own <= term) break;
      index--;
    }
    return index;
  }

  /** Replaces the whole log by a received snapshot. */
  restore(snapshot: Snapshot): void {
    this.entries = [];
    this.compactedIndex = snapshot.index;
    this.compactedTerm = snapshot.term;
    this.lastIndex = snapshot.index;
    this.lastTerm = snapshot.term;
    this.committed = snapshot.index;
    this.stable = snapshot.index;
    this.handedOut = snapshot.index;
    this.snapshot = snapshot;
    this.pendingSnapshot = snapshot;
  }

  /** Drops entries up to and including `index`, which must be applied. */
  compactTo(index: number): void {
    if (index > this.applied) broken(`cannot compact to ${index}: applied only to ${this.applied}`);
    if (index <= this.compactedIndex) return;
    const term = this.termAt(index);
    this.entries.splice(0, index - this.compactedIndex);
    this.compactedIndex = index;
    this.compactedTerm = term;
  }
}
