import { broken } from './broken.ts';
import type { RaftLog } from './log.ts';
import type { Entry, Message, Snapshot } from './message.ts';

/** What survives a crash: the argument with which a node starts again. */
export interface DurableState {
  readonly term: number;
  readonly vote: number;
  readonly commit: number;
  /** The newest snapshot; its membership is the one that the node starts with. */
  readonly snapshot: Snapshot;
  readonly compactedIndex: number;
  readonly compactedTerm: number;
  /** Entries from `compactedIndex + 1` on. */
  readonly entries: readonly Entry[];
}

/**
 * The node's disk: what is on it, and the one batch that is being written. A batch becomes durable as a whole.
 * Source: facts/consensus.md 1.30; etcd-io/raft rawnode.go (Ready, Advance: one batch at a time).
 */
export class Disk {
  term = 0;
  vote = 0;
  commit = 0;
  snapshot: Snapshot;
  compactedIndex: number;
  compactedTerm: number;
  entries: Entry[];

  syncing = false;
  batchTerm = 0;
  batchVote = 0;
  batchCommit = 0;
  batchFrom = 0;
  batchEntries: readonly Entry[] = [];
  batchSnapshot: Snapshot | null = null;
  /** Messages that may leave when the batch is durable. */
  batchMessages: Message[] = [];

  constructor(log: RaftLog) {
    this.snapshot = log.snapshot;
    this.compactedIndex = log.compactedIndex;
    this.compactedTerm = log.compactedTerm;
    this.entries = log.entries.slice();
  }

  /** An fsync is needed for what was not handed out yet: new entries, or another term or vote (facts 1.30). */
  mustSync(log: RaftLog, term: number, vote: number): boolean {
    return log.lastIndex > log.handedOut || term !== this.batchTerm || vote !== this.batchVote;
  }

  begin(log: RaftLog, term: number, vote: number, messages: Message[]): void {
    if (this.syncing) broken('a write to disk is already under way: call persisted() first');
    this.syncing = true;
    this.batchTerm = term;
    this.batchVote = vote;
    this.batchCommit = log.committed;
    this.batchSnapshot = log.pendingSnapshot;
    this.batchFrom = log.stable + 1;
    if (log.lastIndex > log.stable) {
      this.batchEntries = log.slice(this.batchFrom, log.lastIndex);
      log.handedOut = log.lastIndex;
    }
    this.batchMessages = messages;
  }

  /** The batch is durable. */
  end(log: RaftLog): void {
    if (!this.syncing) broken('no write to disk is under way');
    this.syncing = false;
    this.term = this.batchTerm;
    this.vote = this.batchVote;
    this.commit = this.batchCommit;
    if (this.batchSnapshot !== null) {
      this.snapshot = this.batchSnapshot;
      this.compactedIndex = this.batchSnapshot.index;
      this.compactedTerm = this.batchSnapshot.term;
      this.entries = [];
      if (log.pendingSnapshot === this.batchSnapshot) log.pendingSnapshot = null;
      log.applied = Math.max(log.applied, this.batchSnapshot.index);
      this.batchSnapshot = null;
    }
    if (this.batchEntries.length > 0) {
      this.entries.length = this.batchFrom - this.compactedIndex - 1;
      for (const entry of this.batchEntries) this.entries.push(entry);
      this.batchEntries = [];
    }
    log.stable = log.handedOut;
  }

  /** Follows a compaction of the log; the snapshot is durable before entries are dropped. */
  compact(log: RaftLog): void {
    this.snapshot = log.snapshot;
    if (log.compactedIndex <= this.compactedIndex) return;
    this.entries.splice(0, log.compactedIndex - this.compactedIndex);
    this.compactedIndex = log.compactedIndex;
    this.compactedTerm = log.compactedTerm;
  }

  /** A copy of what is durable now. */
  durable(): DurableState {
    return {
      term: this.term,
      vote: this.vote,
      commit: this.commit,
      snapshot: this.snapshot,
      compactedIndex: this.compactedIndex,
      compactedTerm: this.compactedTerm,
      entries: this.entries.slice(),
    };
  }
}
