/**
 * The kernel: it alone owns time, order and chance. It knows nothing of networks.
 *
 * What can happen is registered as streams (one entity and purpose each); an event is (time, stream, number, payload),
 * and the stream's handler is called when its time has come.
 */
import { type EventId, EventQueue } from './queue.ts';
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

export class Kernel {
  readonly seed: Seed;
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

  /** Time begins at `startUs`, which may lie before zero (a warm-up). */
  constructor(seed: Seed, startUs = 0) {
    this.seed = seed;
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
    return new Stream(this.#handlers.length - 1, this.seed, name);
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
    this.#touched = true;
  }

  /** Called after the last event of each instant in which something was touched. It must schedule nothing. */
  onSettled(observer: () => void): void {
    this.#settled.push(observer);
  }

  /** Handles every event before `endUs`, then sets the time to `endUs`. */
  runUntil(endUs: number): void {
    const queue = this.#queue;
    const handlers = this.#handlers;
    for (;;) {
      const nextUs = queue.peekTimeUs();
      if (this.#touched && nextUs > this.#nowUs) this.#settle();
      if (nextUs >= endUs) break;
      queue.pop();
      this.#nowUs = nextUs;
      this.eventCount++;
      handlers[queue.stream]!(queue.number, queue.payload as never);
    }
    this.#nowUs = endUs;
  }

  #settle(): void {
    this.#touched = false;
    this.settling = true;
    this.settleCount++;
    for (const observer of this.#settled) observer();
    this.settling = false;
  }

  /** Records a significant event at the present time. */
  record(system: string, node: string, event: string, term: number, detail: string, cause: TraceId): TraceId {
    return this.trace.record(this.#nowUs, system, node, event, term, detail, cause);
  }
}

function unhandled(): void {
  throw new Error('an event of a stream without a handler');
}
