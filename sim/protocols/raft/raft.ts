import type { RaftConfig } from './config.ts';
import type { DurableState } from './disk.ts';
import { isPromotable, startElection } from './election.ts';
import { forward } from './follower.ts';
import {
  checkQuorumActive,
  leaveJointIfDue,
  type ProposeResult,
  proposeAtLeader,
  startTransfer,
} from './leader.ts';
import { type ConfChange, changeMembership, type Membership } from './membership.ts';
import { type Entry, type Message, newMessage } from './message.ts';
import type { Observer } from './observer.ts';
import type { Progress } from './progress.ts';
import { readAtLeader } from './reading.ts';
import {
  broadcastAppend,
  broadcastHeartbeat,
  maybeCommit,
  maybeSendAppend,
  readPosition,
  sendHeartbeat,
} from './replication.ts';
import { abortTransfer, becomeFollower } from './roles.ts';
import { fail, progressOf, RaftState, rebuildProgress } from './state.ts';
import { step } from './step.ts';

/** One Raft node. See index.ts for how a host drives it. */
export class Raft extends RaftState {
  /** `durable`: what a crashed node left on disk, or null for a new one. Throws RangeError for an invalid config. */
  constructor(config: RaftConfig, durable: DurableState | null = null, observer: Observer | null = null) {
    super(config, durable, observer);
    becomeFollower(this, this.term, 0, 'start');
  }

  /** Index of the last committed entry, as far as this node knows. */
  get commit(): number {
    return this.log.committed;
  }

  get lastIndex(): number {
    return this.log.lastIndex;
  }

  get lastTerm(): number {
    return this.log.lastTerm;
  }

  /** Takes a message that is addressed to this node. */
  step(message: Message): void {
    step(this, message);
  }

  /** One tick of the node's clock (facts/consensus.md 1.1, 1.3, 1.18). */
  tick(): void {
    this.electionElapsed++;
    if (this.state === 'Leader') this.tickLeader();
    else if (this.electionElapsed >= this.randomizedElectionTimeout && isPromotable(this)) {
      const ticks = this.electionElapsed;
      this.electionElapsed = 0;
      startElection(this, 'election-timeout', ticks, 0);
    }
  }

  private tickLeader(): void {
    this.heartbeatElapsed++;
    if (this.electionElapsed >= this.electionTick) {
      this.electionElapsed = 0;
      if (this.checkQuorum) checkQuorumActive(this);
      if (this.state !== 'Leader') return;
      abortTransfer(this, 'deadline');
    }
    if (this.heartbeatElapsed >= this.heartbeatTick) {
      this.heartbeatElapsed = 0;
      broadcastHeartbeat(this);
    }
  }

  /** Starts an election now, as if the timer had run out; the timer itself is not touched. A leader ignores it. */
  campaign(): void {
    startElection(this, 'campaign-asked', 0, 0);
  }

  /** On `accepted` the entry is (`lastIndex`, `term`). `forwarded` may still be lost on its way, or dropped there. */
  propose(data: unknown): ProposeResult {
    return this.proposeEntry(data, null);
  }

  /** As `propose`; `refused`: not possible now (another change pending, or a joint state to leave first). */
  proposeConfChange(change: ConfChange): ProposeResult {
    return this.proposeEntry(null, change);
  }

  private proposeEntry(data: unknown, change: ConfChange | null): ProposeResult {
    if (this.state === 'Leader') return proposeAtLeader(this, data, change);
    if (this.state !== 'Follower' || this.lead === 0) return 'dropped';
    const message = newMessage('MsgProp', this.id, this.id, 0);
    message.entries = [{ index: 0, term: 0, data, change }];
    forward(this, message, 0);
    return 'forwarded';
  }

  /** Asks for `target` to lead; a follower passes it on to its leader, and it is dropped where none is known. */
  transferLeadership(target: number): void {
    if (this.state === 'Leader') {
      startTransfer(this, target);
    } else if (this.state === 'Follower' && this.lead !== 0) {
      const message = newMessage('MsgTransferLeader', this.id, this.id, 0);
      message.origin = target;
      forward(this, message, this.term);
    }
  }

  /**
   * Asks for a linearizable read; the answer comes as a `readStates` item with this `context` (a positive integer),
   * or never, if a leader or a message is lost: the host tries again.
   */
  readIndex(context: number): 'accepted' | 'forwarded' | 'dropped' {
    if (this.state === 'Leader') {
      readAtLeader(this, context, this.id);
      return 'accepted';
    }
    if (this.state !== 'Follower' || this.lead === 0) return 'dropped';
    const message = newMessage('MsgReadIndex', this.id, this.id, 0);
    message.context = context;
    message.origin = this.id;
    forward(this, message, 0);
    return 'forwarded';
  }

  /** A follower forgets its leader, and with it its lease; the timer runs on. Refused with lease-based reads (1.29). */
  forgetLeader(): void {
    if (this.state !== 'Follower' || this.config.readOnly === 'lease' || this.lead === 0) return;
    this.lead = 0;
    this.observer?.({ kind: 'leader', node: this.id, lead: 0, term: this.term });
  }

  /** The host could not deliver to `id`: the leader goes back to sending one append at a time. */
  reportUnreachable(id: number): void {
    const progress = this.state === 'Leader' ? progressOf(this, id) : null;
    if (progress?.state === 'replicate') progress.becomeProbe();
  }

  /** The host learned how a snapshot to `id` ended; the next append waits for an answer of `id`. */
  reportSnapshot(id: number, succeeded: boolean): void {
    const progress = this.state === 'Leader' ? progressOf(this, id) : null;
    if (progress?.state !== 'snapshot') return;
    if (!succeeded) progress.pendingSnapshot = 0;
    progress.becomeProbe();
    progress.paused = true;
  }

  /** A leader sends heartbeats now, to all or to one member; no timer is touched. */
  sendHeartbeats(to = 0): void {
    if (this.state !== 'Leader') return;
    if (to === 0) {
      broadcastHeartbeat(this);
      return;
    }
    const progress = to === this.id ? null : progressOf(this, to);
    if (progress !== null) sendHeartbeat(this, progress, readPosition(this));
  }

  /** Handing out what is new needs an fsync: entries, or another term or vote. */
  get mustSync(): boolean {
    return this.disk.mustSync(this.log, this.term, this.vote);
  }

  /** There is something for the disk, or a message waits for it. */
  get hasUnsynced(): boolean {
    return (
      this.outboxAfterSync.length > 0 ||
      this.log.committed > this.disk.batchCommit ||
      this.mustSync ||
      (this.log.pendingSnapshot !== null && this.log.pendingSnapshot !== this.disk.batchSnapshot)
    );
  }

  /**
   * Hands everything new to the disk, as one batch; returns whether it needs an fsync (if not, it may be called
   * durable at once). One batch at a time: throws while one is under way.
   */
  startSync(): boolean {
    const mustSync = this.mustSync;
    this.disk.begin(this.log, this.term, this.vote, this.outboxAfterSync);
    this.outboxAfterSync = [];
    return mustSync;
  }

  /**
   * The batch is on disk (without `startSync` before: everything up to now is). Messages that waited for it move to
   * `outbox`; the node's own vote and acknowledgement are counted here, which may produce more.
   */
  persisted(): void {
    if (!this.disk.syncing) this.startSync();
    const messages = this.disk.batchMessages;
    this.disk.batchMessages = [];
    this.disk.end(this.log);
    for (const message of messages) {
      if (message.to === this.id) step(this, message);
      else this.outbox.push(message);
    }
  }

  /** What a crash at this moment would leave: the argument for starting again. */
  durable(): DurableState {
    return this.disk.durable();
  }

  /**
   * Applies what the disk knows to be committed, entry by entry, membership changes included; `visit` is told of each.
   * (What was applied must not be uncommitted after a crash: the node would come back with an older membership.)
   */
  applyCommitted(visit: ((entry: Entry) => void) | null = null): void {
    if (visit === null && !this.membership.autoLeave && this.log.pendingSnapshot === null) this.applyPlain();
    while (this.log.applied < this.disk.commit && this.log.applied < this.log.stable) {
      if (this.log.pendingSnapshot !== null) return;
      const entry = this.log.entryAt(this.log.applied + 1);
      if (entry.change !== null) this.applyConfChange(entry.change);
      this.appliedTo(entry.index);
      visit?.(entry);
    }
  }

  /** Entries up to the next change of membership, with which nothing is to be done. */
  private applyPlain(): void {
    const { log } = this;
    const end = Math.min(this.disk.commit, log.stable);
    while (log.applied < end && log.entryAt(log.applied + 1).change === null) log.applied++;
  }

  /** For a host that applies entries itself: everything up to `index` is applied. */
  appliedTo(index: number): void {
    if (index > this.log.committed || index < this.log.applied) {
      fail(this, `applied ${index} is outside [${this.log.applied}, commit ${this.log.committed}]`);
    }
    this.log.applied = index;
    leaveJointIfDue(this);
  }

  /** Switches to the membership after `change`. Throws RaftError if it cannot be applied. */
  applyConfChange(change: ConfChange): Membership {
    this.membership = changeMembership(this.membership, change);
    rebuildProgress(this);
    this.observer?.({ kind: 'membership', node: this.id, membership: this.membership });
    if (this.state === 'Leader') this.leadNewMembership();
    return this.membership;
  }

  private leadNewMembership(): void {
    if (this.own === null || this.own.isLearner) {
      if (this.config.stepDownOnRemoval) becomeFollower(this, this.term, 0, 'removed');
      return;
    }
    // A smaller quorum may have been reached already; new members need not wait for a heartbeat.
    if (maybeCommit(this)) {
      broadcastAppend(this);
    } else {
      for (const progress of this.progress) {
        if (progress.id !== this.id) maybeSendAppend(this, progress, false);
      }
    }
    const target = this.leadTransferee;
    if (target === 0) return;
    const { voters, outgoing } = this.membership;
    if (!voters.includes(target) && !outgoing.includes(target)) abortTransfer(this, 'removed');
  }

  /**
   * Takes a snapshot of what is applied and drops the entries before it, but for the newest `keep` of them: a
   * follower that needs older ones is sent the snapshot.
   */
  compact(keep = 0): void {
    const { log } = this;
    if (log.pendingSnapshot !== null) return;
    const index = log.applied;
    log.snapshot = { index, term: log.termAt(index), membership: this.membership };
    log.compactTo(Math.max(index - keep, log.compactedIndex));
    this.disk.compact(log);
  }

  /** The record of a member, or null: match, recentActive, state ... A leader's view only. */
  progressOf(id: number): Progress | null {
    return progressOf(this, id);
  }
}
