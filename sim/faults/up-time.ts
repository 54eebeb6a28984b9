/** The time to the next failure of something: it runs while nothing holds it, and what is left of it is kept meanwhile. */

import type { Kernel, Stream } from '../kernel/kernel.ts';
import type { EventId } from '../kernel/queue.ts';
import { MAX_TIME_US } from '../kernel/time.ts';

export class UpTime {
  readonly #kernel: Kernel;
  readonly #stream: Stream;
  readonly #nextNumber: () => number;
  readonly #over: () => void;
  /** What is left while it is held; null when it is not wound up. */
  #leftUs: number | null = null;
  #dueUs: number | null = null;
  #event: EventId = -1;
  #holds = 0;

  /** `nextNumber` gives the events of the stream their numbers; `over` is called when the time is up. */
  constructor(kernel: Kernel, stream: Stream, nextNumber: () => number, over: () => void) {
    this.#kernel = kernel;
    this.#stream = stream;
    this.#nextNumber = nextNumber;
    this.#over = over;
  }

  /** Winds it up: so long from now, or from when it is let go. */
  wind(us: number): void {
    this.#leftUs = us;
    if (this.#holds === 0) this.#run();
  }

  hold(): void {
    this.#holds++;
    if (this.#dueUs === null) return;
    this.#leftUs = this.#dueUs - this.#kernel.nowUs;
    this.#dueUs = null;
    if (this.#event >= 0) this.#kernel.cancel(this.#event);
    this.#event = -1;
  }

  release(): void {
    this.#holds--;
    if (this.#holds === 0 && this.#leftUs !== null) this.#run();
  }

  #run(): void {
    const dueUs = this.#kernel.nowUs + this.#leftUs!;
    this.#leftUs = null;
    this.#dueUs = dueUs;
    // What would fail after the end of time does not.
    if (dueUs > MAX_TIME_US) return;
    this.#event = this.#kernel.schedule(dueUs, this.#stream, this.#nextNumber(), () => {
      this.#dueUs = null;
      this.#event = -1;
      this.#over();
    });
  }
}
