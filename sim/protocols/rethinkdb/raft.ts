/**
 * RethinkDB's variant of Raft, one member of one table, as a pure state machine: calls in, `outbox` and `timers` out.
 * It deviates from the paper (raft_core.hpp, raft_core.tcc; facts/consensus.md 3.7-3.13):
 *
 * - no periodic heartbeats: a leader announces once that it leads (`heartbeats`), and its followers' watchdogs stand
 *   still for as long as the connection to it lives ("virtual heartbeats");
 * - a follower refuses its vote while it has that stream and for exactly the minimum time-out after it;
 * - a leader steps down for a request with a higher term from any member of its latest configuration, because nobody
 *   answers a virtual heartbeat; there is no PreVote, so that a member that comes back with a higher term disrupts once;
 * - a leader without a majority of connections stays leader, but takes no changes (no CheckQuorum);
 * - a commit is told to the followers at once, and the commit index is written to disk.
 *
 * After a call that left `dirty` true, the host writes to disk before it sends the outbox or makes the next call.
 */
import {
  allMembers,
  isJoint,
  isMember,
  isQuorum,
  isVoter,
  type RaftConfig,
  type RaftMembers,
} from './raft-config.ts';
import {
  type Applied,
  compacted,
  type Entry,
  entriesFrom,
  entryAt,
  type Log,
  lastIndex,
  termAt,
  withTail,
} from './raft-log.ts';
import type { RaftMessage } from './raft-message.ts';
import { CallBackoff, type RaftTiming, RETRY_FACTOR, SNAPSHOT_THRESHOLD } from './raft-timing.ts';
import { NO_SERVER, type ServerId } from './server-id.ts';

/** What a member keeps on disk. A value: a write makes a new one. */
export interface RaftDurable<S, C> {
  readonly term: number;
  readonly vote: ServerId;
  readonly log: Log<S, C>;
  readonly commit: number;
}

export type RaftTimer = 'watchdog' | 'leader-watchdog' | 'election' | 'vote-retry' | 'append-retry';

/** Set (replacing) or, with null, cancel a timer; `peer` is NO_SERVER for the member's own. */
export interface RaftTimerRequest {
  readonly timer: RaftTimer;
  readonly peer: ServerId;
  readonly delayMs: number | null;
}

export interface RaftSettings<S, C> {
  readonly id: ServerId;
  readonly timing: RaftTiming;
  /** A fresh uniform integer in [0, spread). */
  readonly draw: (spread: number) => number;
  readonly apply: (state: S, change: C) => S;
}

export type RaftMode = 'follower' | 'candidate' | 'leader';

export type RaftEvent =
  | { readonly kind: 'campaign'; readonly term: number; readonly attempt: number }
  | { readonly kind: 'election-timed-out'; readonly term: number }
  | { readonly kind: 'raft-leader'; readonly term: number; readonly votes: number }
  | { readonly kind: 'step-down'; readonly term: number; readonly was: RaftMode; readonly newTerm: number };

/** A candidate's or leader's dealings with one other member. */
class Peer {
  readonly backoff = new CallBackoff();
  /** The call that waits for a reply, 0 when none does. */
  call = 0;
  waiting = false;
  /** Of the request under way. */
  sentIndex = 0;
  sentCommit = 0;
  next = 0;
  match = 0;
  knownCommit = 0;
  sendEvenIfEmpty = true;
  granted = false;
}

export class RaftMember<S, C> {
  readonly id: ServerId;
  mode: RaftMode = 'follower';
  /** The leader of the present term, as far as this member knows. */
  leader: ServerId = NO_SERVER;
  /** Whose virtual heartbeats hold the watchdogs. */
  heartbeatSender: ServerId = NO_SERVER;
  /** Votes are refused until the leader's watchdog has run out; it has when a process starts. */
  leaderWatchdogTriggered = true;
  disk: RaftDurable<S, C>;
  /** Something was written since the host last looked. */
  dirty = false;
  committed: Applied<S>;
  latest: Applied<S>;

  readonly outbox: { readonly to: ServerId; readonly message: RaftMessage<S, C> }[] = [];
  readonly timers: RaftTimerRequest[] = [];
  readonly events: RaftEvent[] = [];

  readonly #settings: RaftSettings<S, C>;
  readonly #connected = new Set<ServerId>();
  readonly #peers = new Map<ServerId, Peer>();
  #calls = 0;
  #attempt = 0;
  #retryBoundMs = 0;

  constructor(settings: RaftSettings<S, C>, disk: RaftDurable<S, C>) {
    this.#settings = settings;
    this.id = settings.id;
    this.disk = disk;
    this.committed = this.#applied(disk.log.snapshot, disk.commit);
    this.latest = this.#applied(this.committed, lastIndex(disk.log));
    this.#armWatchdog();
  }

  get term(): number {
    return this.disk.term;
  }

  /** What it announces to every member: the term it leads, or null. */
  get heartbeats(): number | null {
    return this.mode === 'leader' ? this.disk.term : null;
  }

  /** It leads and is connected to a majority: changes may be proposed (3.12). */
  get readyForChange(): boolean {
    return (
      this.mode === 'leader' &&
      isQuorum(this.latest.config, (id) => id === this.id || this.#connected.has(id))
    );
  }

  isConnected(peer: ServerId): boolean {
    return this.#connected.has(peer);
  }

  connected(peer: ServerId): void {
    this.#connected.add(peer);
    this.#callPeer(peer);
  }

  disconnected(peer: ServerId): void {
    this.#connected.delete(peer);
    if (this.heartbeatSender === peer) this.#loseHeartbeats();
    const dealings = this.#peers.get(peer);
    if (dealings !== undefined && dealings.call !== 0) this.#callFailed(peer, dealings);
  }

  /** A member announces that it leads `term`, or that it leads no more. */
  heartbeatsFrom(peer: ServerId, term: number | null): void {
    if (term === null) {
      if (this.heartbeatSender === peer) this.#loseHeartbeats();
      return;
    }
    if (!this.#hearLeader(peer, term) || this.heartbeatSender === peer) return;
    this.heartbeatSender = peer;
    this.#blockWatchdogs();
  }

  timerFired(timer: RaftTimer, peer: ServerId): void {
    switch (timer) {
      case 'watchdog':
        this.#armWatchdog();
        if (this.mode === 'follower') this.#beginCandidacy();
        break;
      case 'leader-watchdog':
        this.leaderWatchdogTriggered = true;
        break;
      case 'election':
        if (this.mode !== 'candidate') break;
        this.events.push({ kind: 'election-timed-out', term: this.disk.term });
        this.#runElection();
        break;
      case 'vote-retry':
      case 'append-retry': {
        const dealings = this.#peers.get(peer);
        if (dealings === undefined) break;
        dealings.waiting = false;
        this.#callPeer(peer);
      }
    }
  }

  receive(from: ServerId, message: RaftMessage<S, C>): void {
    switch (message.kind) {
      case 'request-vote':
        this.#send(from, {
          kind: 'vote',
          call: message.call,
          granted: this.#vote(from, message),
          term: this.disk.term,
        });
        break;
      case 'append':
        this.#send(from, {
          kind: 'appended',
          call: message.call,
          success: this.#append(from, message),
          term: this.disk.term,
        });
        break;
      case 'snapshot':
        this.#install(from, message);
        this.#send(from, { kind: 'installed', call: message.call, term: this.disk.term });
        break;
      default:
        this.#reply(from, message);
    }
  }

  /** Appends a change at the leader; false when it is not ready for changes. */
  propose(change: C): boolean {
    if (!this.readyForChange) return false;
    this.#leaderAppend({ term: this.disk.term, kind: 'change', change });
    return true;
  }

  /** Begins a joint change of the members; false while another one is under way, or when it is not ready for changes. */
  proposeConfig(next: RaftMembers): boolean {
    if (!this.readyForChange || isJoint(this.latest.config) || isJoint(this.committed.config)) return false;
    this.#leaderAppend({
      term: this.disk.term,
      kind: 'config',
      config: { members: this.latest.config.members, next },
    });
    return true;
  }

  // ---- elections

  #beginCandidacy(): void {
    this.mode = 'candidate';
    this.#attempt = 0;
    this.#retryBoundMs = this.#settings.timing.electionTimeoutMaxMs;
    this.#runElection();
  }

  /** The first attempt lasts as long as a watchdog; each further one up to 1.5 times the one before (3.8). */
  #runElection(): void {
    const { timing, draw } = this.#settings;
    this.#attempt++;
    let shortestMs = timing.electionTimeoutMinMs;
    if (this.#attempt > 1) {
      this.#retryBoundMs = Math.min(
        Math.floor(this.#retryBoundMs * RETRY_FACTOR),
        timing.electionRetryTimeoutMaxMs,
      );
      shortestMs = Math.floor(this.#retryBoundMs / 2);
    }
    const lengthMs = shortestMs + draw(Math.max(1, this.#retryBoundMs - shortestMs));
    this.#endCalls();
    this.#updateTerm(this.disk.term + 1, this.id);
    this.events.push({ kind: 'campaign', term: this.disk.term, attempt: this.#attempt });
    this.#setTimer('election', NO_SERVER, lengthMs);
    for (const peer of allMembers(this.latest.config)) {
      if (peer === this.id) continue;
      this.#peers.set(peer, new Peer());
      this.#callPeer(peer);
    }
    this.#leadIfElected();
  }

  #vote(from: ServerId, request: Extract<RaftMessage<S, C>, { kind: 'request-vote' }>): boolean {
    const refused =
      (this.mode === 'leader' && !isMember(this.latest.config, from)) ||
      (this.mode === 'follower' && !this.leaderWatchdogTriggered);
    if (refused) return false;
    if (request.term > this.disk.term) {
      this.#becomeFollower(request.term);
      this.#updateTerm(request.term, NO_SERVER);
    }
    if (request.term < this.disk.term) return false;
    if (this.disk.vote !== NO_SERVER && this.disk.vote !== from) return false;
    const { log } = this.disk;
    const ownTerm = termAt(log, lastIndex(log));
    const upToDate =
      request.lastTerm > ownTerm || (request.lastTerm === ownTerm && request.lastIndex >= lastIndex(log));
    if (!upToDate) return false;
    this.#write({ vote: from });
    this.#notifyWatchdog();
    return true;
  }

  #leadIfElected(): void {
    const votes = 1 + [...this.#peers.values()].filter((peer) => peer.granted).length;
    if (!isQuorum(this.latest.config, (id) => id === this.id || this.#peers.get(id)?.granted === true))
      return;
    this.#endCalls();
    this.#setTimer('election', NO_SERVER, null);
    this.mode = 'leader';
    this.leader = this.id;
    this.events.push({ kind: 'raft-leader', term: this.disk.term, votes });
    this.#blockWatchdogs();
    this.#meetPeers();
    // So that entries of earlier terms can be committed (Raft paper, section 8).
    this.#leaderAppend({ term: this.disk.term, kind: 'noop' });
  }

  #becomeFollower(newTerm: number): void {
    if (this.mode === 'follower') return;
    const was = this.mode;
    this.events.push({ kind: 'step-down', term: this.disk.term, was, newTerm });
    this.mode = 'follower';
    this.#endCalls();
    this.#setTimer('election', NO_SERVER, null);
    if (was === 'leader') this.#notifyBoth();
  }

  #updateTerm(term: number, vote: ServerId): void {
    this.#write({ term, vote });
    this.leader = NO_SERVER;
    if (this.heartbeatSender !== NO_SERVER) this.#loseHeartbeats();
  }

  /** Takes note of a leader's term; false when it is stale. */
  #hearLeader(from: ServerId, term: number): boolean {
    if (term > this.disk.term) {
      this.#becomeFollower(term);
      this.#updateTerm(term, NO_SERVER);
    }
    if (term < this.disk.term) return false;
    if (this.mode === 'leader') throw new Error(`servers ${this.id} and ${from} both lead term ${term}`);
    this.#becomeFollower(term);
    this.#notifyWatchdog();
    this.#notifyLeaderWatchdog();
    this.leader = from;
    return true;
  }

  // ---- followers

  #append(from: ServerId, request: Extract<RaftMessage<S, C>, { kind: 'append' }>): boolean {
    if (!this.#hearLeader(from, request.term)) return false;
    const { log } = this.disk;
    const { prevIndex, entries } = request;
    if (prevIndex > lastIndex(log)) return false;
    if (prevIndex >= log.snapshot.index && termAt(log, prevIndex) !== request.prevTerm) return false;
    const lastSent = prevIndex + entries.length;
    let index = Math.max(prevIndex, log.snapshot.index) + 1;
    while (
      index <= lastSent &&
      index <= lastIndex(log) &&
      termAt(log, index) === entries[index - prevIndex - 1]!.term
    ) {
      index++;
    }
    if (index <= lastSent) {
      if (index <= this.disk.commit) throw new Error(`server ${this.id} would cut committed entry ${index}`);
      this.#write({ log: withTail(log, index, entries.slice(index - prevIndex - 1)) });
      this.latest = this.#applied(this.committed, lastIndex(this.disk.log));
    }
    const commit = Math.min(request.commit, lastSent);
    if (commit > this.committed.index) this.#commitTo(commit);
    return true;
  }

  #install(from: ServerId, request: Extract<RaftMessage<S, C>, { kind: 'snapshot' }>): void {
    if (!this.#hearLeader(from, request.term)) return;
    const { log } = this.disk;
    const { applied, lastTerm } = request;
    if (applied.index <= log.snapshot.index) return;
    const keepsTail = applied.index <= lastIndex(log) && termAt(log, applied.index) === lastTerm;
    this.#write({
      log: {
        snapshot: { ...applied, term: lastTerm },
        entries: keepsTail ? entriesFrom(log, applied.index + 1) : [],
      },
      commit: Math.max(applied.index, this.disk.commit),
    });
    if (applied.index > this.committed.index) this.committed = applied;
    this.latest = this.#applied(this.committed, lastIndex(this.disk.log));
  }

  #loseHeartbeats(): void {
    this.heartbeatSender = NO_SERVER;
    this.#notifyBoth();
  }

  // ---- leaders

  #leaderAppend(entry: Entry<C>): void {
    const { log } = this.disk;
    this.#write({ log: withTail(log, lastIndex(log) + 1, [entry]) });
    this.latest = this.#applied(this.latest, lastIndex(this.disk.log));
    if (entry.kind === 'config') this.#meetPeers();
    this.#commitWhatMajorityHas();
    this.#callAll();
  }

  /** Begins to serve members that the latest configuration added, and leaves those it dropped. */
  #meetPeers(): void {
    const members = allMembers(this.latest.config);
    for (const peer of members) {
      if (peer === this.id || this.#peers.has(peer)) continue;
      const dealings = new Peer();
      dealings.next = lastIndex(this.disk.log) + 1;
      this.#peers.set(peer, dealings);
    }
    for (const peer of [...this.#peers.keys()]) if (!members.includes(peer)) this.#forget(peer);
  }

  #commitWhatMajorityHas(): void {
    const { log, term } = this.disk;
    let commit = this.committed.index;
    for (let index = commit + 1; index <= lastIndex(log); index++) {
      if (termAt(log, index) !== term) continue;
      const has = (id: ServerId) => id === this.id || (this.#peers.get(id)?.match ?? 0) >= index;
      if (!isQuorum(this.latest.config, has)) break;
      commit = index;
    }
    if (commit > this.committed.index) {
      this.#commitTo(commit);
      this.#continueReconfiguration();
      this.#callAll();
    }
  }

  #continueReconfiguration(): void {
    if (this.mode !== 'leader') return;
    const { next } = this.committed.config;
    if (!isVoter(this.committed.config, this.id) && !isVoter(this.latest.config, this.id)) {
      this.#becomeFollower(this.disk.term + 1);
      this.#updateTerm(this.disk.term + 1, NO_SERVER);
    } else if (next !== null && isJoint(this.latest.config)) {
      this.#leaderAppend({ term: this.disk.term, kind: 'config', config: { members: next, next: null } });
    }
  }

  #commitTo(index: number): void {
    this.committed = this.#applied(this.committed, index);
    let log = this.disk.log;
    if (index - log.snapshot.index > SNAPSHOT_THRESHOLD) log = compacted(log, this.committed);
    this.#write({ commit: index, log });
  }

  // ---- calls

  #callAll(): void {
    for (const peer of this.#peers.keys()) this.#callPeer(peer);
  }

  /** Sends what is due to a peer, one call at a time. */
  #callPeer(peer: ServerId): void {
    const dealings = this.#peers.get(peer);
    if (dealings === undefined || dealings.call !== 0 || dealings.waiting || !this.#connected.has(peer))
      return;
    const { log, term } = this.disk;
    if (this.mode === 'candidate') {
      if (dealings.granted) return;
      const last = lastIndex(log);
      const call = (dealings.call = ++this.#calls);
      this.#send(peer, { kind: 'request-vote', call, term, lastIndex: last, lastTerm: termAt(log, last) });
      return;
    }
    const commit = this.committed.index;
    if (dealings.next <= log.snapshot.index) {
      const { term: lastTerm, ...applied } = log.snapshot;
      dealings.sentIndex = applied.index;
      const call = (dealings.call = ++this.#calls);
      this.#send(peer, { kind: 'snapshot', call, term, lastTerm, applied });
    } else if (dealings.next <= lastIndex(log) || dealings.knownCommit < commit || dealings.sendEvenIfEmpty) {
      const prevIndex = dealings.next - 1;
      const entries = entriesFrom(log, dealings.next);
      dealings.sentIndex = prevIndex + entries.length;
      dealings.sentCommit = commit;
      const call = (dealings.call = ++this.#calls);
      const prevTerm = termAt(log, prevIndex);
      this.#send(peer, { kind: 'append', call, term, prevIndex, prevTerm, entries, commit });
    }
  }

  #reply(
    from: ServerId,
    reply: Extract<RaftMessage<S, C>, { kind: 'vote' | 'appended' | 'installed' }>,
  ): void {
    const dealings = this.#peers.get(from);
    if (dealings === undefined || dealings.call !== reply.call) return;
    dealings.call = 0;
    if (reply.term > this.disk.term) {
      this.#becomeFollower(reply.term);
      this.#updateTerm(reply.term, NO_SERVER);
      return;
    }
    if (reply.kind === 'vote') {
      dealings.granted = reply.granted;
      if (reply.granted) this.#leadIfElected();
      // It keeps asking: a follower that has just lost its leader refuses now and grants later in the same term.
      else this.#callFailed(from, dealings);
      return;
    }
    dealings.backoff.succeeded();
    dealings.sendEvenIfEmpty = false;
    if (reply.kind === 'appended' && !reply.success) {
      dealings.next--;
    } else {
      dealings.next = dealings.sentIndex + 1;
      if (reply.kind === 'appended') dealings.knownCommit = dealings.sentCommit;
      if (dealings.match < dealings.sentIndex) {
        dealings.match = dealings.sentIndex;
        this.#commitWhatMajorityHas();
      }
    }
    this.#callPeer(from);
  }

  #callFailed(peer: ServerId, dealings: Peer): void {
    dealings.call = 0;
    const waitMs = dealings.backoff.failedMs();
    if (waitMs === 0) {
      this.#callPeer(peer);
      return;
    }
    dealings.waiting = true;
    this.#setTimer(this.mode === 'candidate' ? 'vote-retry' : 'append-retry', peer, waitMs);
  }

  #endCalls(): void {
    for (const peer of [...this.#peers.keys()]) this.#forget(peer);
  }

  #forget(peer: ServerId): void {
    if (this.#peers.get(peer)!.waiting) {
      this.#setTimer('vote-retry', peer, null);
      this.#setTimer('append-retry', peer, null);
    }
    this.#peers.delete(peer);
  }

  // ---- watchdogs: repeating timers that a leader's stream holds still (watchdog_timer.cc)

  get #blocked(): boolean {
    return this.mode === 'leader' || this.heartbeatSender !== NO_SERVER;
  }

  #blockWatchdogs(): void {
    this.leaderWatchdogTriggered = false;
    this.#setTimer('watchdog', NO_SERVER, null);
    this.#setTimer('leader-watchdog', NO_SERVER, null);
  }

  #notifyBoth(): void {
    this.#notifyWatchdog();
    this.#notifyLeaderWatchdog();
  }

  #notifyWatchdog(): void {
    if (!this.#blocked) this.#armWatchdog();
  }

  #notifyLeaderWatchdog(): void {
    this.leaderWatchdogTriggered = false;
    // Exactly the minimum: Raft paper, section 6 (3.10).
    if (!this.#blocked)
      this.#setTimer('leader-watchdog', NO_SERVER, this.#settings.timing.electionTimeoutMinMs);
  }

  #armWatchdog(): void {
    const { electionTimeoutMinMs: min, electionTimeoutMaxMs: max } = this.#settings.timing;
    this.#setTimer('watchdog', NO_SERVER, min + this.#settings.draw(max - min + 1));
  }

  // ---- small things

  #applied(from: Applied<S>, to: number): Applied<S> {
    let { state, config } = from;
    const { log } = this.disk;
    for (let index = from.index + 1; index <= to; index++) {
      const entry = entryAt(log, index);
      if (entry.kind === 'change') state = this.#settings.apply(state, entry.change);
      else if (entry.kind === 'config') config = entry.config;
    }
    return { index: to, state, config };
  }

  #write(what: Partial<RaftDurable<S, C>>): void {
    this.disk = { ...this.disk, ...what };
    this.dirty = true;
  }

  #send(to: ServerId, message: RaftMessage<S, C>): void {
    this.outbox.push({ to, message });
  }

  #setTimer(timer: RaftTimer, peer: ServerId, delayMs: number | null): void {
    this.timers.push({ timer, peer, delayMs });
  }
}

/** A new table's Raft state: nothing in the log, the given state as its snapshot. */
export function newRaftDurable<S, C>(state: S, members: RaftMembers): RaftDurable<S, C> {
  const config: RaftConfig = { members, next: null };
  return {
    term: 0,
    vote: NO_SERVER,
    log: { snapshot: { index: 0, term: 0, state, config }, entries: [] },
    commit: 0,
  };
}
