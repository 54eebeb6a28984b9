/**
 * The kernel: it alone owns time, order and chance. It knows nothing of networks.
 *
 * What can happen is registered as streams (one entity and purpose each); an event is (time, stream, number, payload),
 * and the stream's handler is called when its time has come.
 */
import { type EventId, EventQueue, type PendingEvent } from './queue.ts';
import { RandomStream, type Seed } from './streams.ts';
import { MAX_TIME_US } from './time.ts';
import { Trace, type TraceId } from './trace.ts';

export type EventHandler = (number: number, payload: never) => void;

/** A registered stream: gives events their place among simultaneous ones, and draws by number. */
export class Stream extends RandomStream {
  readonly id: number;

  constructor(id: number, seed: Seed, name: string) {
    super(seed, name);
    this.id = id;
  }
}

/** The domain of streams that belong to no other. */
const WORLD = 0;
/** Domains have a bit each; streams of later ones count as the world's. */
const DOMAINS_MAX = 30;

export interface KernelOptions {
  /** Whether what is steady may leave the queue (DESIGN.md rule 7); without it every event is handled. */
  readonly parking?: boolean;
}

export class Kernel {
  readonly seed: Seed;
  /** What is steady may park: leave the queue and come back through `replay`. */
  readonly parking: boolean;
  /** What has happened is being gone through again (`replay`): nothing is told to anyone. */
  replaying = false;
  readonly trace = new Trace();
  /** Events handled so far. */
  eventCount = 0;
  /** Observers are looking: nothing changes meanwhile. How often they have looked. */
  settling = false;
  settleCount = 0;

  readonly #queue = new EventQueue();
  readonly #handlers: EventHandler[] = [];
  readonly #names = new Set<string>();
  readonly #settled: (() => void)[] = [];
  #nowUs: number;
  #touched = false;
  /** By stream: whose it is. */
  readonly #domains: number[] = [];
  #domain = WORLD;
  /** A bit for each domain in which something was touched; bit 0 stands for all of them. */
  #touchedDomains = 0;

  /** Time begins at `startUs`, which may lie before zero (a warm-up). */
  constructor(seed: Seed, startUs = 0, options: KernelOptions = {}) {
    this.seed = seed;
    this.parking = options.parking ?? false;
    this.#nowUs = startUs;
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  get pendingCount(): number {
    return this.#queue.size;
  }

  /**
   * Registers a stream. Simultaneous events come in the order in which their streams were registered, so registration
   * must follow the scenario's order: then adding an entity reorders no others.
   */
  stream(name: string, handler: EventHandler = unhandled): Stream {
    if (this.#names.has(name)) throw new Error(`two streams are named ${name}`);
    this.#names.add(name);
    this.#handlers.push(handler);
    this.#domains.push(this.#domain);
    return new Stream(this.#handlers.length - 1, this.seed, name);
  }

  /**
   * Registers the streams of one domain (1, 2, ...): a part of the model whose events change nothing that belongs to
   * another one, but through the world.
   */
  within<T>(domain: number, register: () => T): T {
    this.#domain = domain <= DOMAINS_MAX ? domain : WORLD;
    try {
      return register();
    } finally {
      this.#domain = WORLD;
    }
  }

  /** Schedules event `number` of a stream, now or later; its (time, stream, number) must be its own. */
  schedule(timeUs: number, stream: Stream, number: number, payload: unknown = undefined): EventId {
    if (!(timeUs >= this.#nowUs && timeUs <= MAX_TIME_US)) {
      throw new Error(`${stream.name} #${number} scheduled for ${timeUs} us at ${this.#nowUs} us`);
    }
    return this.#queue.push(timeUs, stream.id, number, payload);
  }

  /** False when the event has happened or been cancelled already. */
  cancel(event: EventId): boolean {
    return this.#queue.cancel(event);
  }

  /** Says that something observable has changed: observers will look once the present instant is over. */
  touch(): void {
    if (this.replaying) return;
    this.#touched = true;
    const queue = this.#queue;
    const domain = queue.timeUs === this.#nowUs ? this.#domains[queue.stream]! : WORLD;
    this.#touchedDomains |= 1 << domain;
  }

  /** Says that the world has changed: whatever the event that did it, it concerns every domain. */
  touchWorld(): void {
    if (this.replaying) return;
    this.#touched = true;
    this.#touchedDomains |= 1 << WORLD;
  }

  /** The world was touched, which every domain can feel; for observers, while they look. */
  get concernsAll(): boolean {
    return (this.#touchedDomains & (1 << WORLD)) !== 0;
  }

  /** Something was touched that a domain can feel; for observers, while they look. */
  concerns(domain: number): boolean {
    if (domain > DOMAINS_MAX) return true;
    return (this.#touchedDomains & ((1 << WORLD) | (1 << domain))) !== 0;
  }

  /** Every pending event of the streams that are wanted (by id), in no particular order. */
  pendingOf(wanted: (stream: number) => boolean): PendingEvent[] {
    return this.#queue.find(wanted);
  }

  /** Schedules again an event that was pending once, and was cancelled; from within `replay` too. */
  scheduleAgain({ timeUs, stream, number, payload }: PendingEvent): EventId {
    return this.#queue.push(timeUs, stream, number, payload);
  }

  /** Does event `number` of a stream at that time come before the event that is being handled now? */
  isPast(timeUs: number, stream: number, number: number): boolean {
    const queue = this.#queue;
    if (timeUs !== this.#nowUs) return timeUs < this.#nowUs;
    if (queue.timeUs !== this.#nowUs) return false;
    return stream < queue.stream || (stream === queue.stream && number < queue.number);
  }

  /**
   * Goes through a stretch of the past again, by the ordinary handlers: sets time back to `fromUs`, lets `begin` schedule
   * what was to come then, and handles it and all that follows from it up to, and without, the event that is being handled
   * now (outside of one: without anything at the present instant). What is left pending joins the queue. Nobody hears of
   * it: nothing is recorded or touched. The queue's other events stay untouched, and must have nothing to do with these.
   */
  replay(fromUs: number, begin: () => void): void {
    if (this.replaying) throw new Error('a replay within a replay');
    const queue = this.#queue;
    const handlers = this.#handlers;
    const nowUs = this.#nowUs;
    const { timeUs, stream, number, payload } = queue;
    const inEvent = timeUs === nowUs;
    queue.setAside();
    this.replaying = true;
    this.#nowUs = fromUs;
    try {
      begin();
      while (queue.popBefore(nowUs, inEvent ? stream : -1, inEvent ? number : 0)) {
        this.#nowUs = queue.timeUs;
        this.eventCount++;
        handlers[queue.stream]!(queue.number, queue.payload as never);
      }
    } finally {
      this.replaying = false;
      this.#nowUs = nowUs;
      queue.join();
      queue.timeUs = timeUs;
      queue.stream = stream;
      queue.number = number;
      queue.payload = payload;
    }
  }

  /** Called after the last event of each instant in which something was touched. It must schedule nothing. */
  onSettled(observer: () => void): void {
    this.#settled.push(observer);
  }

  /**
   * Handles every event before `endUs`, then sets the time to `endUs`. False when it stopped before that because it has
   * handled `eventsMax`: the same call goes on.
   */
  runUntil(endUs: number, eventsMax = Number.POSITIVE_INFINITY): boolean {
    const last = this.eventCount + eventsMax;
    const queue = this.#queue;
    const handlers = this.#handlers;
    for (;;) {
      const nextUs = queue.peekTimeUs();
      if (this.#touched && nextUs > this.#nowUs) this.#settle();
      if (nextUs >= endUs) break;
      if (this.eventCount >= last) return false;
      queue.pop();
      this.#nowUs = nextUs;
      this.eventCount++;
      handlers[queue.stream]!(queue.number, queue.payload as never);
    }
    this.#nowUs = endUs;
    return true;
  }

  #settle(): void {
    this.#touched = false;
    this.settling = true;
    this.settleCount++;
    for (const observer of this.#settled) observer();
    this.settling = false;
    this.#touchedDomains = 0;
  }

  /** Records a significant event at the present time. */
  record(system: string, node: string, event: string, term: number, detail: string, cause: TraceId): TraceId {
    if (this.replaying) throw new Error(`${system} ${node}: ${event} in the replay of a quiet time`);
    return this.trace.record(this.#nowUs, system, node, event, term, detail, cause);
  }
}

function unhandled(): void {
  throw new Error('an event of a stream without a handler');
}
