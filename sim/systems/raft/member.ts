/**
 * One member of a Raft group on its node: the process around the state machine. It owns what the machine leaves to its
 * host: the ticker, the inbox of a frozen process, and the disk (facts/consensus.md 1.30, 2.13). While an fsync is under
 * way the process neither ticks nor sends, as in etcd's and SwarmKit's single loop over ticker, Ready and WAL.
 */

import { quantile } from '../../kernel/distribution.ts';
import { empty } from '../../kernel/empty.ts';
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import {
  type DurableState,
  type Message,
  type MessageType,
  type Observation,
  Raft,
  type RaftConfig,
} from '../../protocols/raft/index.ts';
import type { Node } from '../../world/node.ts';
import type { RaftParameters } from './parameters.ts';
import { TickTimer } from './tick-timer.ts';

/** What a member needs of the group around it. */
export interface MemberOwner {
  send(member: Member, message: Message): void;
  observed(member: Member, observation: Observation): void;
  /** A tick has been handled, and all that it produced. */
  ticked(member: Member): void;
}

/** Messages that only a leader sends. */
const LEADERS_WORDS: ReadonlySet<MessageType> = new Set(['MsgApp', 'MsgHeartbeat', 'MsgSnap']);

/** How long a log may grow, and what of it is kept for members that lag behind (facts/consensus.md 2.20). */
const COMPACT_AT = 10_000;
const COMPACT_KEEP = 5_000;

export class Member {
  readonly id: number;
  readonly node: Node;
  readonly parameters: RaftParameters;
  raft: Raft;
  /** The process exists. */
  running = false;
  /** The trace event that its messages are due to. */
  cause: TraceId = NO_CAUSE;
  /** The last term in which it committed an entry of its own as leader. */
  committedTerm = -1;
  /** When its present life began, and how many ticks of the timer that runs since then were counted without having passed. */
  startedUs = 0;
  ticksAdvanced = 0;
  /** When the leader that it knows was last heard from; before the first word: NaN. */
  heardLeaderUs = Number.NaN;
  /** Counts its process's starts. */
  life = 0;
  readonly ticker: TickTimer;

  readonly #kernel: Kernel;
  readonly #owner: MemberOwner;
  #voters: readonly number[];
  #learners: readonly number[];
  /** Of its state machine, in every life; null until it is asked for. */
  #config: RaftConfig | null = null;
  readonly #observer = (observation: Observation) => this.#owner.observed(this, observation);
  readonly #disk: Stream;
  readonly #dice: Stream;
  #diskWrites = 0;
  #timeoutsDrawn = 0;
  #syncing = false;
  #syncEvent: EventId = -1;
  #inbox: Message[] = [];
  #ticksMissed = 0;

  constructor(
    kernel: Kernel,
    owner: MemberOwner,
    name: string,
    node: Node,
    id: number,
    voters: readonly number[],
    learners: readonly number[],
    parameters: RaftParameters,
  ) {
    this.#kernel = kernel;
    this.#owner = owner;
    this.node = node;
    this.id = id;
    this.parameters = parameters;
    this.#voters = voters;
    this.#learners = learners;
    this.ticker = new TickTimer(kernel, `${name}/tick`, parameters.tickUs, () => this.#onTick());
    this.#disk = kernel.stream(`${name}/disk`, () => this.#synced());
    this.#dice = kernel.stream(`${name}/election-timeout`);
    this.raft = this.#newRaft(null);
  }

  /** Its process runs and is neither stopped by a fault nor waiting for its disk. */
  get active(): boolean {
    return this.running && !this.node.paused && !(this.#syncing && this.node.diskStalled);
  }

  /** Nothing is under way in it: no write, nothing unsent, nothing unread, nothing unapplied. */
  get idle(): boolean {
    const { raft } = this;
    return (
      !this.#frozen() &&
      this.#inbox.length === 0 &&
      this.#ticksMissed === 0 &&
      raft.outbox.length === 0 &&
      !raft.hasUnsynced &&
      raft.commit === raft.log.applied
    );
  }

  get diskStreamId(): number {
    return this.#disk.id;
  }

  /** Waits for a disk that does not answer. */
  get stalled(): boolean {
    return this.running && this.#syncing && this.node.diskStalled;
  }

  /** Starts the process, from what its last life left on disk. */
  start(): void {
    if (this.running) return;
    this.running = true;
    this.life++;
    this.startedUs = this.#kernel.nowUs;
    this.ticksAdvanced = 0;
    this.ticker.start(this.node.clockRate);
  }

  /** The process is gone; what was not on disk is lost. */
  kill(): void {
    if (!this.running) return;
    this.running = false;
    this.ticker.stop();
    if (this.#syncEvent >= 0) this.#kernel.cancel(this.#syncEvent);
    this.#syncEvent = -1;
    this.#syncing = false;
    this.#inbox = [];
    this.#ticksMissed = 0;
    this.raft = this.#newRaft(this.raft.durable());
  }

  /** Its group is made anew while its process is gone: with these voters, and what it shall find on its disk (null: nothing). */
  reform(voters: readonly number[], durable: DurableState | null): void {
    this.#voters = voters;
    this.#learners = [];
    this.#config = null;
    this.committedTerm = -1;
    this.heardLeaderUs = Number.NaN;
    this.raft = this.#newRaft(durable);
  }

  /** The process goes on after a pause: first the tick that waited, then the messages. */
  thaw(): void {
    if (!this.running || this.#frozen()) return;
    while (this.#ticksMissed > 0 && !this.#frozen()) this.#tickNow();
    this.#readInbox();
  }

  diskChanged(): void {
    if (!this.running || !this.#syncing || this.node.diskStalled) return;
    if (this.#syncEvent < 0) this.#awaitDisk();
  }

  receive(message: Message): void {
    if (!this.running) return;
    if (this.#frozen()) {
      this.#inbox.push(message);
      return;
    }
    this.#handle(message);
  }

  /** A leader takes one entry from its users. */
  write(): void {
    if (this.raft.state !== 'Leader' || !this.active || this.#frozen()) return;
    this.raft.propose(null);
    this.drain();
    if (this.raft.log.applied - this.raft.log.compactedIndex > COMPACT_AT) this.raft.compact(COMPACT_KEEP);
  }

  /** So many ticks at once, as etcd's server does with a starting member (facts/consensus.md 2.7). */
  advanceTicks(count: number): void {
    if (this.#frozen()) return;
    this.ticksAdvanced += count;
    for (let i = 0; i < count; i++) this.raft.tick();
    this.drain();
  }

  /** Hands out what the last input produced. To be called after every input. */
  drain(): void {
    const { raft } = this;
    for (;;) {
      // A leader's messages leave beside its own disk write, everyone else's after it (facts/consensus.md 1.30, 2.13).
      // So does what a candidate may only send when its own vote is on disk: also while that write is under way.
      if (raft.outbox.length > 0 && (raft.state === 'Leader' || !(raft.hasUnsynced || this.#syncing))) {
        this.#send();
      }
      if (!raft.hasUnsynced || this.#syncing) break;
      const answers = this.parameters.syncs === 'every-answer' && raft.outboxAfterSync.length > 0;
      const writes = this.#writesDue();
      if ((raft.startSync() || answers) && this.#writeTakesTime(writes)) return;
      raft.persisted();
    }
    if (raft.commit > raft.log.applied) raft.applyCommitted();
  }

  #onTick(): void {
    if (this.#frozen()) {
      // Go's ticker keeps one; a thread that sleeps until a deadline loses nothing.
      const keepsAll = this.parameters.syncs === 'every-change' && !this.node.paused;
      this.#ticksMissed = keepsAll ? this.#ticksMissed + 1 : 1;
      return;
    }
    this.#ticksMissed = 0;
    this.#tickNow();
  }

  #tickNow(): void {
    if (this.#ticksMissed > 0) this.#ticksMissed--;
    this.raft.tick();
    this.#stamp('MsgHeartbeat', this.ticker.number);
    this.drain();
    this.#owner.ticked(this);
  }

  #handle(message: Message): void {
    this.cause = message.cause;
    this.raft.step(message);
    if (message.from === this.raft.lead && LEADERS_WORDS.has(message.type))
      this.heardLeaderUs = this.#kernel.nowUs;
    this.#stamp('MsgHeartbeatResp', message.number);
    this.drain();
  }

  /** A heartbeat takes the number of its tick, its answer the number of the heartbeat (PARKING.md, rule 2). */
  #stamp(type: MessageType, number: number): void {
    const { outbox } = this.raft;
    for (let i = 0; i < outbox.length; i++) {
      const message = outbox[i]!;
      if (message.type === type && message.number < 0) message.number = number;
    }
  }

  #readInbox(): void {
    while (this.#inbox.length > 0 && this.running && !this.#frozen()) this.#handle(this.#inbox.shift()!);
  }

  #send(): void {
    const { outbox } = this.raft;
    for (let i = 0; i < outbox.length; i++) this.#owner.send(this, outbox[i]!);
    empty(outbox);
  }

  #frozen(): boolean {
    return this.#syncing || this.node.paused;
  }

  /** A vote for another in a newer term is written after the term where every change is. */
  #writesDue(): number {
    const { raft, parameters } = this;
    const votes = raft.vote !== 0 && raft.vote !== this.id && raft.term !== raft.disk.batchTerm;
    return parameters.syncs === 'every-change' && votes ? 2 : 1;
  }

  #writeTakesTime(writes: number): boolean {
    this.#syncing = true;
    if (this.node.diskStalled) {
      this.#kernel.touch();
      return true;
    }
    let us = 0;
    for (let i = 0; i < writes; i++) us += this.#fsyncUs();
    if (us === 0) {
      this.#syncing = false;
      return false;
    }
    this.#syncEvent = this.#kernel.schedule(this.#kernel.nowUs + us, this.#disk, this.#diskWrites);
    return true;
  }

  #awaitDisk(): void {
    this.#syncEvent = this.#kernel.schedule(
      this.#kernel.nowUs + this.#fsyncUs(),
      this.#disk,
      this.#diskWrites,
    );
  }

  #fsyncUs(): number {
    const u = this.#disk.uniform(this.#diskWrites++);
    return Math.max(0, Math.round(quantile(this.node.fsyncUs, u)));
  }

  #synced(): void {
    this.#syncEvent = -1;
    if (this.node.diskStalled) return;
    this.#syncing = false;
    this.raft.persisted();
    this.drain();
    if (!this.node.paused) this.thaw();
  }

  #newRaft(durable: DurableState | null): Raft {
    this.#config ??= this.#makeConfig();
    return new Raft(this.#config, durable, this.#observer);
  }

  #makeConfig(): RaftConfig {
    const { parameters } = this;
    return {
      id: this.id,
      voters: this.#voters,
      learners: this.#learners,
      electionTick: parameters.electionTicks,
      electionSpread: parameters.electionSpreadTicks ?? parameters.electionTicks,
      heartbeatTick: parameters.heartbeatTicks,
      preVote: parameters.preVote,
      checkQuorum: parameters.checkQuorum,
      mode: parameters.mode,
      drawTimeout: (spread) => this.#dice.integer(this.#timeoutsDrawn++, spread),
    };
  }
}
