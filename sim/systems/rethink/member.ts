/**
 * One RethinkDB server of a store on its node: the process around the pure machine. It owns what the machine leaves to
 * its host: timers, the inbox of a frozen process, and the disk, whose writes share an fsync when they come together.
 */
import { quantile } from '../../kernel/distribution.ts';
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { MILLISECOND } from '../../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import {
  type Message,
  type RaftTiming,
  type ServerDurable,
  type ServerEvent,
  type ServerId,
  type ServerTimer,
  TableServer,
} from '../../protocols/rethinkdb/index.ts';
import type { Node } from '../../world/node.ts';

export interface MemberOwner {
  send(from: Member, to: ServerId, message: Message): void;
  /** Something happened in its machine, due to `member.cause`. */
  happened(member: Member, event: ServerEvent): void;
  /** After every input. */
  looked(member: Member): void;
}

/** Timers of each peer have a place each. */
const TIMER_PLACES: Readonly<Record<ServerTimer, number>> = {
  watchdog: 0,
  'leader-watchdog': 1,
  election: 2,
  'vote-retry': 3,
  'append-retry': 4,
  pump: 5,
};
const TIMERS = Object.keys(TIMER_PLACES).length;
const NOT_RUNNING: EventId = -1;

interface TimerCall {
  /** Where it runs. */
  readonly place: number;
  readonly timer: ServerTimer;
  readonly peer: ServerId;
  readonly cause: TraceId;
}

export class Member {
  readonly id: ServerId;
  readonly node: Node;
  server: TableServer | null = null;
  /** The trace event that its doings are due to. */
  cause: TraceId = NO_CAUSE;

  readonly #kernel: Kernel;
  readonly #owner: MemberOwner;
  readonly #timing: RaftTiming;
  readonly #timers: Stream;
  readonly #dice: Stream;
  readonly #disk: Stream;
  #durable: ServerDurable;
  #timersSet = 0;
  #drawn = 0;
  #numbers = 0;
  #flushes = 0;
  /** By timer and peer; nothing where none ever ran. */
  readonly #running: EventId[] = [];
  #inbox: { readonly cause: TraceId; readonly act: (server: TableServer) => void }[] = [];
  /** Writes of the fsync under way, and those that wait for the next. */
  #flushing: { readonly number: number; readonly cause: TraceId }[] = [];
  #waiting: { readonly number: number; readonly cause: TraceId }[] = [];
  #flushEvent: EventId = -1;

  constructor(
    kernel: Kernel,
    owner: MemberOwner,
    name: string,
    node: Node,
    id: ServerId,
    timing: RaftTiming,
    durable: ServerDurable,
  ) {
    this.#kernel = kernel;
    this.#owner = owner;
    this.node = node;
    this.id = id;
    this.#timing = timing;
    this.#durable = durable;
    this.#timers = kernel.stream(`${name}/timers`, (_n: number, call: TimerCall) => this.#timerFired(call));
    this.#disk = kernel.stream(`${name}/disk`, () => this.#flushed());
    this.#dice = kernel.stream(`${name}/watchdog`);
  }

  /** Its process runs and no fault freezes it. */
  get active(): boolean {
    return this.server !== null && !this.node.paused;
  }

  /** Writes wait for a disk that does not answer; what is in memory is served all the same. */
  get stalled(): boolean {
    return this.server !== null && this.node.diskStalled;
  }

  start(): void {
    if (this.server !== null) return;
    this.server = new TableServer(
      {
        id: this.id,
        timing: this.#timing,
        draw: (spread) => this.#dice.integer(this.#drawn++, spread),
        nextNumber: () => ++this.#numbers,
      },
      this.#durable,
    );
    this.#drain();
  }

  /** The process is gone; what was not on disk is lost. */
  kill(): void {
    if (this.server === null) return;
    this.#durable = this.server.durable;
    this.server = null;
    for (let place = 0; place < this.#running.length; place++) this.#cancelTimer(place);
    if (this.#flushEvent >= 0) this.#kernel.cancel(this.#flushEvent);
    this.#flushEvent = -1;
    this.#flushing = [];
    this.#waiting = [];
    this.#inbox = [];
  }

  /** Operators change what its disk holds, while its process is gone. */
  reform(change: (durable: ServerDurable) => ServerDurable): void {
    this.#durable = change(this.#durable);
  }

  /** Gives the machine an input, now or when its process goes on. */
  input(cause: TraceId, act: (server: TableServer) => void): void {
    if (this.server === null) return;
    if (this.node.paused) {
      this.#inbox.push({ cause, act });
      return;
    }
    this.cause = cause;
    act(this.server);
    this.#drain();
    this.#owner.looked(this);
  }

  thaw(): void {
    while (this.#inbox.length > 0 && this.active) {
      const { cause, act } = this.#inbox.shift()!;
      this.input(cause, act);
    }
  }

  diskChanged(): void {
    if (this.server === null || this.node.diskStalled || this.#flushEvent >= 0) return;
    if (this.#flushing.length > 0) this.#awaitDisk(this.#fsyncUs());
  }

  #timerFired({ place, timer, peer, cause }: TimerCall): void {
    this.#running[place] = NOT_RUNNING;
    this.input(cause, (server) => server.timerFired(timer, peer));
  }

  #drain(): void {
    const server = this.server!;
    this.#emit(server);
    while (this.#waiting.length > 0 && this.#flushing.length === 0) {
      this.#flushing = this.#waiting;
      this.#waiting = [];
      if (this.node.diskStalled) return;
      const fsyncUs = this.#fsyncUs();
      if (fsyncUs > 0) this.#awaitDisk(fsyncUs);
      else this.#takeFlushed(server);
    }
  }

  #emit(server: TableServer): void {
    for (const effect of server.takeEffects()) {
      switch (effect.kind) {
        case 'send':
          this.#owner.send(this, effect.to, effect.message);
          break;
        case 'timer':
          this.#setTimer(effect.timer, effect.peer, effect.delayMs);
          break;
        case 'sync':
          this.#waiting.push({ number: effect.number, cause: this.cause });
          break;
        case 'event':
          this.#owner.happened(this, effect.event);
      }
    }
  }

  #flushed(): void {
    this.#flushEvent = -1;
    // The disk got stuck under it: it begins again when that is over.
    if (this.node.diskStalled) return;
    this.input(this.cause, (server) => this.#takeFlushed(server));
  }

  #takeFlushed(server: TableServer): void {
    const done = this.#flushing;
    this.#flushing = [];
    for (const { number, cause } of done) {
      this.cause = cause;
      server.synced(number);
      this.#emit(server);
    }
  }

  #awaitDisk(fsyncUs: number): void {
    this.#flushEvent = this.#kernel.schedule(this.#kernel.nowUs + fsyncUs, this.#disk, this.#flushes);
  }

  #fsyncUs(): number {
    const u = this.#disk.uniform(this.#flushes++);
    return Math.max(0, Math.round(quantile(this.node.fsyncUs, u)));
  }

  #setTimer(timer: ServerTimer, peer: ServerId, delayMs: number | null): void {
    const place = (peer + 1) * TIMERS + TIMER_PLACES[timer];
    while (this.#running.length <= place) this.#running.push(NOT_RUNNING);
    this.#cancelTimer(place);
    if (delayMs === null) return;
    const atUs = this.#kernel.nowUs + Math.round((delayMs * MILLISECOND) / this.node.clockRate);
    const call: TimerCall = { place, timer, peer, cause: this.cause };
    this.#running[place] = this.#kernel.schedule(atUs, this.#timers, this.#timersSet++, call);
  }

  #cancelTimer(place: number): void {
    if (this.#running[place] !== NOT_RUNNING) this.#kernel.cancel(this.#running[place]!);
    this.#running[place] = NOT_RUNNING;
  }
}
