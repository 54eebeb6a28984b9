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
import { allMembers, isJoint, isMember, isQuorum, isVoter, type RaftMembers } from './raft-config.ts';
import {
  type Applied,
  compacted,
  type Entry,
  entriesFrom,
  entryAt,
  firstDifference,
  isUpToDate,
  lastIndex,
  snapshotOf,
  termAt,
  withTail,
} from './raft-log.ts';
import type { RaftMessage } from './raft-message.ts';
import { Peer } from './raft-peer.ts';
import { RETRY_FACTOR, SNAPSHOT_THRESHOLD } from './raft-timing.ts';
import type {
  RaftDurable,
  RaftEvent,
  RaftMode,
  RaftSettings,
  RaftTimer,
  RaftTimerRequest,
} from './raft-types.ts';
import { Watchdogs } from './raft-watchdogs.ts';
import { NO_SERVER, type ServerId } from './server-id.ts';

export class RaftMember<S, C> {
  readonly id: ServerId;
  mode: RaftMode = 'follower';
  /** The leader of the present term, as far as this member knows. */
  leader: ServerId = NO_SERVER;
  /** Whose virtual heartbeats hold the watchdogs. */
  heartbeatSender: ServerId = NO_SERVER;
  disk: RaftDurable<S, C>;
  /** Something was written since the host last looked. */
  dirty = false;
  committed: Applied<S>;
  latest: Applied<S>;

  readonly outbox: { readonly to: ServerId; readonly message: RaftMessage<S, C> }[] = [];
  readonly timers: RaftTimerRequest[] = [];
  readonly events: RaftEvent[] = [];

  readonly #settings: RaftSettings<S, C>;
  readonly #watchdogs: Watchdogs;
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
    this.#watchdogs = new Watchdogs(settings.timing, settings.draw, (timer, delayMs) =>
      this.#setTimer(timer, NO_SERVER, delayMs),
    );
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
    this.#watchdogs.block();
  }

  timerFired(timer: RaftTimer, peer: ServerId): void {
    switch (timer) {
      case 'watchdog':
        this.#watchdogs.arm();
        if (this.mode === 'follower') this.#beginCandidacy();
        break;
      case 'leader-watchdog':
        this.#watchdogs.leaderTriggered = true;
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
      (this.mode === 'follower' && !this.#watchdogs.leaderTriggered);
    if (refused) return false;
    if (request.term > this.disk.term) {
      this.#becomeFollower(request.term);
      this.#updateTerm(request.term, NO_SERVER);
    }
    if (request.term < this.disk.term) return false;
    if (this.disk.vote !== NO_SERVER && this.disk.vote !== from) return false;
    if (!isUpToDate(this.disk.log, request.lastIndex, request.lastTerm)) return false;
    this.#write({ vote: from });
    this.#watchdogs.heard();
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
    this.#watchdogs.block();
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
    if (was === 'leader') this.#watchdogs.unblock();
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
    this.#watchdogs.heardLeader();
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
    const index = firstDifference(log, prevIndex, entries);
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
        snapshot: snapshotOf(applied, lastTerm),
        entries: keepsTail ? entriesFrom(log, applied.index + 1) : [],
      },
      commit: Math.max(applied.index, this.disk.commit),
    });
    if (applied.index > this.committed.index) this.committed = applied;
    this.latest = this.#applied(this.committed, lastIndex(this.disk.log));
  }

  #loseHeartbeats(): void {
    this.heartbeatSender = NO_SERVER;
    this.#watchdogs.unblock();
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
    if (dealings === undefined || dealings.call !== 0 || dealings.waiting) return;
    if (!this.#connected.has(peer)) return;
    const request = dealings.nextRequest(this.mode, this.disk, this.#calls + 1);
    if (request === null) return;
    dealings.call = ++this.#calls;
    this.#send(peer, request);
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
    if (dealings.answered(reply)) this.#commitWhatMajorityHas();
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
    const { term, vote, log, commit } = this.disk;
    this.disk = {
      term: what.term ?? term,
      vote: what.vote ?? vote,
      log: what.log ?? log,
      commit: what.commit ?? commit,
    };
    this.dirty = true;
  }

  #send(to: ServerId, message: RaftMessage<S, C>): void {
    this.outbox.push({ to, message });
  }

  #setTimer(timer: RaftTimer, peer: ServerId, delayMs: number | null): void {
    this.timers.push({ timer, peer, delayMs });
  }
}
