import type { TableConfig, TableState } from '../contract.ts';
import { newTableState } from '../contract.ts';
import type { Message } from '../message.ts';
import { newRaftDurable } from '../raft-types.ts';
import { type ServerDurable, type ServerEvent, type ServerTimer, TableServer } from '../server.ts';
import type { ServerId } from '../server-id.ts';
import { descendsFrom, type Version, ZERO } from '../version.ts';

export interface ClusterSettings {
  readonly servers: number;
  /** Servers that hold no replica yet. */
  readonly spares?: number;
  readonly nonVoters?: readonly ServerId[];
  readonly seed: number;
  /** Shortest and longest, milliseconds. */
  readonly latencyMs?: readonly [number, number];
  readonly syncMs?: readonly [number, number];
  /** How long until an end notices that its connection is silent. */
  readonly noticeMs?: readonly [number, number];
}

interface Timed {
  readonly atMs: number;
  readonly number: number;
  readonly act: () => void;
}

interface Host {
  server: TableServer | null;
  durable: ServerDurable;
  incarnation: number;
  numbers: number;
  flushStartsMs: number;
  flushEndsMs: number;
  readonly timers: Map<string, object>;
}

/** One direction of a connection. */
interface Way {
  open: boolean;
  epoch: number;
  lastArrivalMs: number;
}

export const TIMING = {
  electionTimeoutMinMs: 1000,
  electionTimeoutMaxMs: 2000,
  electionRetryTimeoutMaxMs: 30_000,
};

/**
 * Servers of one table with time, a network and disks of the simplest kind, and checks after each step: one leader a
 * term, one history of commits, and one history of acknowledged writes.
 */
export class Cluster {
  nowMs = 0;
  readonly hosts: Host[] = [];
  readonly events: { atMs: number; server: ServerId; event: ServerEvent }[] = [];
  acknowledged: Version[] = [];
  refused = 0;
  readonly blocked = new Set<string>();
  readonly #isolated = new Set<ServerId>();

  readonly #settings: Required<Pick<ClusterSettings, 'latencyMs' | 'syncMs' | 'noticeMs'>> & ClusterSettings;
  #queue: Timed[] = [];
  #count = 0;
  #random: number;
  readonly #ways = new Map<string, Way>();
  readonly #leaders = new Map<number, string>();
  readonly #commits = new Map<number, string>();
  #writeNumber = 0;
  /** Of the acknowledged versions. */
  #newest = ZERO;

  constructor(settings: ClusterSettings) {
    this.#settings = { latencyMs: [1, 1], syncMs: [0, 0], noticeMs: [14_000, 16_000], ...settings };
    this.#random = (settings.seed >>> 0) + 1;
    const all = Array.from({ length: settings.servers + (settings.spares ?? 0) }, (_, i) => i);
    const replicas = all.slice(0, settings.servers);
    const nonVoters = settings.nonVoters ?? [];
    const config: TableConfig = {
      voters: replicas.filter((id) => !nonVoters.includes(id)),
      nonVoters,
      primary: 0,
    };
    const state: TableState = newTableState(config, ZERO.branch);
    for (const _ of all) {
      const durable: ServerDurable = {
        raft: newRaftDurable(state, { voting: config.voters, nonVoting: nonVoters }),
        version: ZERO,
      };
      this.hosts.push({
        server: null,
        durable,
        incarnation: 0,
        numbers: 0,
        flushStartsMs: -1,
        flushEndsMs: 0,
        timers: new Map(),
      });
    }
    for (const id of replicas) this.start(id);
  }

  get live(): TableServer[] {
    return this.hosts.flatMap(({ server }) => (server === null ? [] : [server]));
  }

  /** Servers that would take a write now. */
  get primaries(): ServerId[] {
    return this.live.filter((s) => s.executor.primary?.acceptsWrites).map((s) => s.id);
  }

  get raftLeaders(): ServerId[] {
    return this.live.filter((s) => s.raft.mode === 'leader').map((s) => s.id);
  }

  start(id: ServerId): void {
    const host = this.hosts[id]!;
    if (host.server !== null) return;
    host.incarnation++;
    host.flushStartsMs = this.nowMs - 1;
    host.flushEndsMs = this.nowMs;
    host.timers.clear();
    host.server = new TableServer(
      { id, timing: TIMING, draw: (spread) => this.#draw(spread), nextNumber: () => ++host.numbers },
      host.durable,
    );
    this.#drain(id);
    for (const other of this.live) if (other.id !== id) this.#dial(id, other.id);
  }

  /** The process dies: its peers see the connections close. */
  kill(id: ServerId): void {
    const host = this.hosts[id]!;
    if (host.server === null) return;
    host.durable = host.server.durable;
    host.server = null;
    for (const other of this.hosts.keys()) {
      const own = this.#way(id, other);
      own.open = false;
      own.epoch++;
      const { epoch } = this.#way(other, id);
      this.#after(this.#latency(), () => {
        if (this.#way(other, id).epoch === epoch) this.#close(other, id);
      });
    }
  }

  /** Packets between the two vanish from now on; both ends notice sooner or later. */
  cut(a: ServerId, b: ServerId): void {
    const name = pair(a, b);
    if (a === b || this.blocked.has(name)) return;
    this.blocked.add(name);
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const way = this.#way(one, other);
      const { epoch } = way;
      if (!way.open) continue;
      this.#after(this.#between(this.#settings.noticeMs), () => {
        if (way.epoch === epoch) this.#close(one, other);
      });
    }
  }

  isolate(id: ServerId): void {
    this.#isolated.add(id);
    for (const other of this.hosts.keys()) this.cut(id, other);
  }

  /** Mended: where an end gave up, the other's connection is reset and both begin anew. */
  heal(a: ServerId, b: ServerId): void {
    if (!this.blocked.delete(pair(a, b))) return;
    this.#close(a, b);
    this.#close(b, a);
    this.#dial(a, b);
  }

  rejoin(id: ServerId): void {
    this.#isolated.delete(id);
    for (const other of this.hosts.keys()) if (!this.#isolated.has(other)) this.heal(id, other);
  }

  /** Where a server without data learns the table's Raft state from another one, as RethinkDB does for new members. */
  introduce(id: ServerId, by: ServerId): void {
    const { raft } = this.hosts[by]!.server!.durable;
    this.hosts[id]!.durable = { raft: { ...raft, vote: -1 }, version: ZERO };
    this.start(id);
  }

  /** A new Raft group takes over: terms and entries count anew. */
  beginEpoch(): void {
    this.#leaders.clear();
    this.#commits.clear();
  }

  /** Carries out what a server was made to do from outside. */
  settle(id: ServerId): void {
    this.#drain(id);
  }

  /** A client's write at every server that says it is primary. */
  write(): void {
    const primaries = this.primaries;
    if (primaries.length === 0) this.refused++;
    for (const id of primaries) {
      const { server } = this.hosts[id]!;
      const number = ++this.#writeNumber;
      if (!server!.write(number)) continue;
      this.#drain(id);
    }
  }

  runFor(ms: number, writeEveryMs = 0): void {
    const endMs = this.nowMs + ms;
    let nextWriteMs = writeEveryMs > 0 ? this.nowMs + writeEveryMs : Number.POSITIVE_INFINITY;
    for (;;) {
      const next = this.#queue[0];
      if (nextWriteMs <= endMs && nextWriteMs <= (next?.atMs ?? Number.POSITIVE_INFINITY)) {
        this.nowMs = nextWriteMs;
        nextWriteMs += writeEveryMs;
        this.write();
        continue;
      }
      if (next === undefined || next.atMs > endMs) break;
      this.#queue.shift();
      this.nowMs = next.atMs;
      next.act();
    }
    this.nowMs = endMs;
  }

  /** Runs until the check holds; how long it took, or Infinity. */
  runUntil(check: () => boolean, limitMs: number, writeEveryMs = 0): number {
    const fromMs = this.nowMs;
    while (this.nowMs < fromMs + limitMs) {
      if (check()) return this.nowMs - fromMs;
      this.runFor(5, writeEveryMs === 0 ? 0 : 5);
    }
    return check() ? limitMs : Number.POSITIVE_INFINITY;
  }

  #dial(a: ServerId, b: ServerId): void {
    const attempt = () => {
      if (this.blocked.has(pair(a, b))) return;
      if (this.hosts[a]!.server === null || this.hosts[b]!.server === null) return;
      if (this.#way(a, b).open && this.#way(b, a).open) return;
      // What one end still holds of an earlier connection goes first.
      this.#close(a, b);
      this.#close(b, a);
      for (const [one, other] of [
        [a, b],
        [b, a],
      ] as const) {
        const way = this.#way(one, other);
        way.open = true;
        way.epoch++;
        way.lastArrivalMs = this.nowMs;
        this.hosts[one]!.server!.opened(other);
      }
      this.#drain(a);
      this.#drain(b);
    };
    this.#after(2 * this.#latency(), attempt);
  }

  #close(at: ServerId, peer: ServerId): void {
    const way = this.#way(at, peer);
    if (!way.open) return;
    way.open = false;
    way.epoch++;
    this.hosts[at]!.server?.closed(peer);
    this.#drain(at);
    // The other end learns of it when packets pass.
    const back = this.#way(peer, at);
    const { epoch } = back;
    if (back.open && !this.blocked.has(pair(at, peer))) {
      this.#after(this.#latency(), () => {
        if (back.epoch === epoch) this.#close(peer, at);
      });
    }
    this.#dial(at, peer);
  }

  #drain(id: ServerId): void {
    const host = this.hosts[id]!;
    const { server, incarnation } = host;
    if (server === null) return;
    for (const effect of server.takeEffects()) {
      switch (effect.kind) {
        case 'send':
          this.#transmit(id, effect.to, effect.message);
          break;
        case 'timer':
          this.#setTimer(id, effect.timer, effect.peer, effect.delayMs);
          break;
        case 'sync': {
          this.#after(this.#flushedAtMs(host) - this.nowMs, () => {
            if (host.incarnation !== incarnation || host.server === null) return;
            server.synced(effect.number);
            this.#drain(id);
          });
          break;
        }
        case 'event':
          this.events.push({ atMs: this.nowMs, server: id, event: effect.event });
          this.#noteEvent(server, effect.event);
      }
    }
    this.#check(server);
  }

  /** Writes that come during a flush share the next one. */
  #flushedAtMs(host: Host): number {
    if (this.nowMs > host.flushStartsMs) {
      host.flushStartsMs = Math.max(this.nowMs, host.flushEndsMs);
      host.flushEndsMs = host.flushStartsMs + this.#between(this.#settings.syncMs);
    }
    return host.flushEndsMs;
  }

  #transmit(from: ServerId, to: ServerId, message: Message): void {
    const way = this.#way(from, to);
    const back = this.#way(to, from);
    if (!way.open || !back.open || this.blocked.has(pair(from, to))) return;
    const atMs = Math.max(this.nowMs + this.#latency(), way.lastArrivalMs);
    way.lastArrivalMs = atMs;
    const { epoch } = back;
    this.#after(atMs - this.nowMs, () => {
      if (back.epoch !== epoch || this.blocked.has(pair(from, to))) return;
      this.hosts[to]!.server?.receive(from, message);
      this.#drain(to);
    });
  }

  #setTimer(id: ServerId, timer: ServerTimer, peer: ServerId, delayMs: number | null): void {
    const host = this.hosts[id]!;
    const { incarnation } = host;
    const name = `${timer} ${peer}`;
    const token = {};
    host.timers.set(name, token);
    if (delayMs === null) return;
    this.#after(delayMs, () => {
      if (host.incarnation !== incarnation || host.server === null || host.timers.get(name) !== token) return;
      host.server.timerFired(timer, peer);
      this.#drain(id);
    });
  }

  #noteEvent(server: TableServer, event: ServerEvent): void {
    const name = `${server.id}.${this.hosts[server.id]!.incarnation}`;
    if (event.kind === 'raft-leader') {
      const known = this.#leaders.get(event.term) ?? name;
      if (known !== name) throw new Error(`election safety: ${known} and ${name} lead term ${event.term}`);
      this.#leaders.set(event.term, name);
    } else if (event.kind === 'write-done' && event.outcome === 'acknowledged') {
      const { version } = event;
      const newest = this.#newest;
      // One may be answered late, but they all lie on one path.
      if (descendsFrom(version, newest)) this.#newest = version;
      else if (!descendsFrom(newest, version)) {
        throw new Error(
          `a write was lost: ${show(newest)} is not in ${show(version)}, acknowledged by ${name}`,
        );
      }
      this.acknowledged.push(version);
    }
  }

  #check(server: TableServer): void {
    const { committed } = server.raft;
    const text = JSON.stringify([committed.config, committed.state.contractId, committed.state.contract]);
    const known = this.#commits.get(committed.index) ?? text;
    if (known !== text)
      throw new Error(`state machine safety at ${committed.index}: ${known} and ${text} on ${server.id}`);
    this.#commits.set(committed.index, text);
  }

  #way(from: ServerId, to: ServerId): Way {
    const name = `${from}>${to}`;
    let way = this.#ways.get(name);
    if (way === undefined) this.#ways.set(name, (way = { open: false, epoch: 0, lastArrivalMs: 0 }));
    return way;
  }

  #after(ms: number, act: () => void): void {
    const timed = { atMs: this.nowMs + ms, number: ++this.#count, act };
    // Queues are short: insertion is enough.
    let at = this.#queue.length;
    while (at > 0 && this.#queue[at - 1]!.atMs > timed.atMs) at--;
    this.#queue.splice(at, 0, timed);
  }

  #latency(): number {
    return this.#between(this.#settings.latencyMs);
  }

  #between([low, high]: readonly [number, number]): number {
    return low + this.#draw(high - low + 1);
  }

  /** A small linear congruential generator: any sequence will do. */
  #draw(spread: number): number {
    this.#random = (Math.imul(this.#random, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#random / 4_294_967_296) * spread);
  }
}

function pair(a: ServerId, b: ServerId): string {
  return a < b ? `${a}-${b}` : `${b}-${a}`;
}

function show(version: Version): string {
  return `${version.branch.id}:${version.position}`;
}
