/**
 * The ticker of one process: tick k at anchor + k * period of the machine's clock. A tick that finds the process frozen
 * is remembered once and handed over on thawing, as Go's time.Ticker does (its channel holds one). Numbers never restart.
 */

import type { Kernel, Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';
import { periodicTimeUs } from '../../kernel/time.ts';

const PHASE_LANE = 1;

export class TickTimer {
  /** Ticks so far, over all lives of the process. */
  number = 0;
  readonly #kernel: Kernel;
  readonly #stream: Stream;
  readonly #tickUs: number;
  readonly #onTick: () => void;
  #periodUs: number;
  #anchorUs = 0;
  #anchorNumber = 0;
  #pending: EventId = -1;

  /** `tickUs` by the machine's clock; `onTick` is called at each tick while started. */
  constructor(kernel: Kernel, name: string, tickUs: number, onTick: () => void) {
    this.#kernel = kernel;
    this.#tickUs = tickUs;
    this.#periodUs = tickUs;
    this.#onTick = onTick;
    this.#stream = kernel.stream(name, (number: number) => this.#tick(number));
  }

  /** The process starts: its first tick comes after a part of a tick that differs from process to process. */
  start(clockRate: number): void {
    this.#periodUs = this.#tickUs / clockRate;
    const phase = this.#stream.uniform(this.number, PHASE_LANE);
    this.#anchorNumber = this.number;
    this.#anchorUs = this.#kernel.nowUs + Math.round(phase * this.#periodUs) - Math.round(this.#periodUs);
    this.#scheduleNext();
  }

  /** The number of the first tick at or after a time within this life. */
  firstFrom(timeUs: number): number {
    let number = this.#anchorNumber + Math.ceil((timeUs - this.#anchorUs) / this.#periodUs);
    while (this.timeOf(number) < timeUs) number++;
    while (this.timeOf(number - 1) >= timeUs) number--;
    return number;
  }

  /** Goes on (after `stop`) as if tick `number` had been the last one. */
  goOnAfter(number: number): void {
    this.number = number;
    this.#scheduleNext();
  }

  /** One tick, microseconds of model time. */
  get periodUs(): number {
    return this.#periodUs;
  }

  get streamId(): number {
    return this.#stream.id;
  }

  stop(): void {
    if (this.#pending >= 0) this.#kernel.cancel(this.#pending);
    this.#pending = -1;
  }

  /** The machine's clock now runs at another rate: the part of the present tick still to come is stretched. */
  changeRate(clockRate: number): void {
    const running = this.#pending >= 0;
    const nextUs = this.timeOf(this.number + 1);
    const restUs = (nextUs - this.#kernel.nowUs) * (this.#tickUs / clockRate / this.#periodUs);
    this.#periodUs = this.#tickUs / clockRate;
    this.#anchorNumber = this.number;
    this.#anchorUs = this.#kernel.nowUs + Math.round(restUs) - Math.round(this.#periodUs);
    if (!running) return;
    this.stop();
    this.#scheduleNext();
  }

  /** When tick `number` of this life comes, or came. */
  timeOf(number: number): number {
    return periodicTimeUs(this.#anchorUs, this.#periodUs, number - this.#anchorNumber);
  }

  #scheduleNext(): void {
    const next = this.number + 1;
    const atUs = this.timeOf(next);
    this.#pending = this.#kernel.schedule(Math.max(atUs, this.#kernel.nowUs), this.#stream, next);
  }

  #tick(number: number): void {
    this.number = number;
    this.#scheduleNext();
    this.#onTick();
  }
}
