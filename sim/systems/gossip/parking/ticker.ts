/**
 * Something that a member does again and again, by ticks that are numbered over all its lives. Ticks that nobody could see
 * anything of may be left out: the ticker rests, and wakes as if they had been handled (DESIGN.md rule 7, docs/parking.md).
 */
import type { Kernel, Stream } from '../../../kernel/kernel.ts';
import type { EventId } from '../../../kernel/queue.ts';

/** A stretch of plain ticks. */
export interface Rest {
  /** So many, from the present one on; Infinity: all to come. */
  readonly ticks: number;
  readonly periodUs: number;
  /** What a plain tick sets going is over within less than this, and that within less than the period. */
  readonly windowUs: number;
}

/** What its ticks are: what news of anyone can be felt in, what the number of members known besides, what is its member's own. */
export type TickKind = 'probes' | 'exchanges' | 'own';

/** What a ticker is for. */
export interface Ticked {
  readonly kind: TickKind;
  /** Does what there is to do at the tick, and schedules the next one, now or later. */
  tick(number: number): void;
  /** Looks whether this tick, and those that follow, are plain as things stand; null when this one is not. */
  rest(number: number): Rest | null;
  /** The same of the ticks from this one on, right after the one before it: when nothing of that is under way. */
  restAfter?(number: number): Rest | null;
  /** Makes up for so many plain ticks, from this number on. */
  pass(count: number, first: number): void;
}

/** Who counts what rests. */
export interface RestKeeper {
  readonly kernel: Kernel;
  /** A ticker that did not tick does from now on, or ceases to. */
  lives(by: number): void;
  rests(ticker: Ticker, resting: boolean): void;
}

export class Ticker {
  /** Of the last tick that was handled or made up for. */
  number = -1;
  resting = false;
  readonly #keeper: RestKeeper;
  readonly #stream: Stream;
  readonly #ticked: Ticked;
  /** Event number of tick k: k * scale + offset. */
  readonly #scale: number;
  readonly #offset: number;
  #event: EventId = -1;
  #nextUs = 0;
  #live = false;
  /** While it rests: the first tick to be made up for, and the time of it. */
  #first = 0;
  #firstUs = 0;
  #periodUs = 0;
  #windowUs = 0;

  /** Events of its stream must be passed to `fire`. */
  constructor(keeper: RestKeeper, stream: Stream, ticked: Ticked, scale = 1, offset = 0) {
    this.#keeper = keeper;
    this.#stream = stream;
    this.#ticked = ticked;
    this.#scale = scale;
    this.#offset = offset;
  }

  get kind(): TickKind {
    return this.#ticked.kind;
  }

  /** A tick is to come. */
  get waits(): boolean {
    return this.resting || this.#event >= 0;
  }

  /** Schedules the next tick. */
  schedule(atUs: number): void {
    if (!this.#live) {
      this.#live = true;
      this.#keeper.lives(1);
    }
    this.#event = this.#keeper.kernel.schedule(atUs, this.#stream, this.#eventOf(this.number + 1));
    this.#nextUs = atUs;
  }

  /** No more ticks, until one is scheduled. */
  stop(): void {
    if (this.resting) throw new Error(`${this.#stream.name} is stopped at rest`);
    if (this.#event >= 0) this.#keeper.kernel.cancel(this.#event);
    this.#event = -1;
    if (!this.#live) return;
    this.#live = false;
    this.#keeper.lives(-1);
  }

  /** An event of its stream has come. */
  fire(event: number): void {
    const number = (event - this.#offset) / this.#scale;
    this.#event = -1;
    if (this.resting) {
      this.#end();
      this.#ticked.pass(number - this.#first, this.#first);
    }
    const { kernel } = this.#keeper;
    const mayRest = kernel.parking && !kernel.replaying;
    this.number = number - 1;
    const rest = mayRest ? this.#ticked.rest(number) : null;
    if (rest !== null) {
      this.#begin(rest, number, kernel.nowUs);
      return;
    }
    this.number = number;
    this.#ticked.tick(number);
    // The next one has its event already.
    if (!mayRest || this.#event < 0) return;
    const next = this.#ticked.restAfter?.(number + 1) ?? null;
    if (next === null) return;
    kernel.cancel(this.#event);
    this.#begin(next, number + 1, this.#nextUs);
  }

  /** Rests from tick `first` on, now or later. */
  #begin({ ticks, periodUs, windowUs }: Rest, first: number, firstUs: number): void {
    this.resting = true;
    this.#keeper.rests(this, true);
    this.#event = -1;
    this.#first = first;
    this.#firstUs = firstUs;
    this.#periodUs = periodUs;
    this.#windowUs = windowUs;
    const untilUs = firstUs + ticks * periodUs;
    if (untilUs < Number.MAX_SAFE_INTEGER)
      this.#event = this.#keeper.kernel.schedule(untilUs, this.#stream, this.#eventOf(first + ticks));
  }

  /**
   * Wakes: back to the state just before the event that is being handled now. Returns the time of the tick from which on
   * things must be gone through again (`again`), because what it set going may still be under way; Infinity when
   * nothing is.
   */
  wake(): number {
    this.#end();
    const passed = this.#passed();
    const lastUs = this.#firstUs + (passed - 1) * this.#periodUs;
    const underWay = passed > 0 && lastUs + this.#windowUs >= this.#keeper.kernel.nowUs;
    const over = underWay ? passed - 1 : passed;
    if (over > 0) this.#ticked.pass(over, this.#first);
    this.number = this.#first + over - 1;
    if (underWay) return lastUs;
    this.schedule(this.#firstUs + passed * this.#periodUs);
    return Number.POSITIVE_INFINITY;
  }

  /** Within a replay that has begun at or before the time that `wake` returned. */
  again(): void {
    this.schedule(this.#firstUs + (this.number + 1 - this.#first) * this.#periodUs);
  }

  #end(): void {
    this.resting = false;
    this.#keeper.rests(this, false);
    if (this.#event >= 0) this.#keeper.kernel.cancel(this.#event);
    this.#event = -1;
  }

  /** Ticks since it rests that come before the event that is being handled now. */
  #passed(): number {
    const { kernel } = this.#keeper;
    const last = Math.floor((kernel.nowUs - this.#firstUs) / this.#periodUs);
    if (last < 0) return 0;
    const lastUs = this.#firstUs + last * this.#periodUs;
    return kernel.isPast(lastUs, this.#stream.id, this.#eventOf(this.#first + last)) ? last + 1 : last;
  }

  #eventOf(number: number): number {
    return number * this.#scale + this.#offset;
  }
}
