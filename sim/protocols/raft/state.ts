import { RaftError } from './broken.ts';
import { type RaftConfig, resolveConfig } from './config.ts';
import { Disk, type DurableState } from './disk.ts';
import { RaftLog } from './log.ts';
import { type Membership, memberIds, membershipOf } from './membership.ts';
import { type Message, type MessageType, newMessage } from './message.ts';
import type { Observer, Role } from './observer.ts';
import { Progress } from './progress.ts';

/** A read that may be served once the host has applied `index`. */
export interface ReadState {
  readonly index: number;
  readonly context: number;
}

/** A read that waits until a quorum has confirmed the leader. */
export interface UnconfirmedRead {
  readonly index: number;
  readonly context: number;
  readonly origin: number;
}

/**
 * All state of one node. Plain fields, so that a host can read them at no cost and rebuild the timers
 * (`electionElapsed`, `heartbeatElapsed`, `randomizedElectionTimeout`, each progress' `recentActive`) from outside.
 */
export class RaftState {
  readonly config: Required<RaftConfig>;
  readonly id: number;
  readonly electionTick: number;
  readonly heartbeatTick: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly paper: boolean;
  observer: Observer | null;

  state: Role = 'Follower';
  term = 0;
  vote = 0;
  /** The leader as this node knows it; 0 = none. */
  lead = 0;
  log: RaftLog;
  disk: Disk;

  membership: Membership;
  /** One record for each member, in the order of ids. */
  progress: Progress[] = [];
  /** The voters of the two halves; `outgoing` is empty unless joint. */
  incoming: Progress[] = [];
  outgoing: Progress[] = [];
  /** The own record; null if this node is not a member. */
  own: Progress | null = null;

  /** Ticks since the election timer started. */
  electionElapsed = 0;
  heartbeatElapsed = 0;
  /** In ticks, from [E, 2E-1]; drawn again only by a reset (facts 1.6). */
  randomizedElectionTimeout = 0;

  /** The member that shall take over; 0 = none. */
  leadTransferee = 0;
  /** No membership change may be proposed until this index is applied. */
  pendingConfIndex = 0;

  unconfirmedReads: UnconfirmedRead[] = [];
  /** Reads of this term that were confirmed: positions count from here. */
  confirmedReads = 0;
  /** Reads that came before the leader's first commit of its term. */
  postponedReads: UnconfirmedRead[] = [];
  readStates: ReadState[] = [];

  /** Messages that may leave now. */
  outbox: Message[] = [];
  /** Messages that must wait until what they promise is on disk. */
  outboxAfterSync: Message[] = [];

  constructor(config: RaftConfig, durable: DurableState | null, observer: Observer | null) {
    this.config = resolveConfig(config);
    this.id = config.id;
    this.electionTick = config.electionTick;
    this.heartbeatTick = config.heartbeatTick;
    this.preVote = this.config.preVote;
    this.checkQuorum = this.config.checkQuorum;
    this.paper = this.config.mode === 'paper';
    this.observer = observer;
    const snapshot = durable?.snapshot ?? {
      index: 0,
      term: 0,
      membership: membershipOf(this.config.voters, this.config.learners),
    };
    this.log = new RaftLog(
      snapshot,
      durable?.compactedIndex ?? 0,
      durable?.compactedTerm ?? 0,
      durable?.entries ?? [],
    );
    this.disk = new Disk(this.log);
    this.membership = snapshot.membership;
    rebuildProgress(this);
    if (durable === null) return;
    this.term = this.disk.term = this.disk.batchTerm = durable.term;
    this.vote = this.disk.vote = this.disk.batchVote = durable.vote;
    this.log.commitTo(durable.commit);
    this.disk.commit = this.disk.batchCommit = durable.commit;
  }
}

/** Makes the progress records fit the membership; records of those who stay are kept. */
export function rebuildProgress(s: RaftState): void {
  const before = s.progress;
  s.progress = memberIds(s.membership).map((id) => {
    const isLearner = s.membership.learners.includes(id);
    const known = before.find((p) => p.id === id);
    if (known !== undefined) {
      known.isLearner = isLearner;
      return known;
    }
    const added = new Progress(id, isLearner, Math.max(s.log.lastIndex, 1), s.config.maxInflight);
    // Otherwise a quorum check before its first answer could depose the leader that added it.
    added.recentActive = true;
    return added;
  });
  s.incoming = s.progress.filter((p) => s.membership.voters.includes(p.id));
  s.outgoing = s.progress.filter((p) => s.membership.outgoing.includes(p.id));
  s.own = progressOf(s, s.id);
}

/** The record of member `id`, or null. A scan, because groups are small. */
export function progressOf(s: RaftState, id: number): Progress | null {
  const all = s.progress;
  for (let i = 0; i < all.length; i++) {
    if (all[i]!.id === id) return all[i]!;
  }
  return null;
}

/**
 * Puts a message of the own term into the outbox and returns it for its fields to be filled in. Answers that promise
 * something (a vote, an acknowledgement) wait for the disk, refusals too (facts 1.30).
 */
export function send(s: RaftState, type: MessageType, to: number): Message {
  const message = newMessage(type, s.id, to, s.term);
  if (type === 'MsgAppResp' || type === 'MsgVoteResp' || type === 'MsgPreVoteResp') {
    s.outboxAfterSync.push(message);
  } else {
    if (to === s.id) fail(s, `${type} is addressed to itself`);
    s.outbox.push(message);
  }
  return message;
}

/** Throws for a state that the protocol rules out, naming the node. */
export function fail(s: RaftState, message: string): never {
  throw new RaftError(`raft node ${s.id} (${s.state}, term ${s.term}): ${message}`);
}
