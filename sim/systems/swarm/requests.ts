/**
 * What clients and the manager's own agent send to the leader through a manager's connection to it. Into silence it meets
 * TCP's clock sooner than Raft's own messages may.
 */
import type { Stream } from '../../kernel/kernel.ts';
import type { EventId } from '../../kernel/queue.ts';

const LANE = 2;

interface Timed {
  schedule(inUs: number, act: () => void): EventId;
  cancel(event: EventId): -1;
}

export class Requests {
  /** How often they come, should the sender follow the receiver; 0 = none do. */
  readonly #everyUs: () => number;
  readonly #timers: Stream;
  readonly #channel: Timed;
  readonly #send: () => boolean;
  #event: EventId = -1;
  #cuts = 0;

  /** `timers` and `channel` are the connection's; `send`: false when nothing vanishes any more. */
  constructor(everyUs: () => number, timers: Stream, channel: Timed, send: () => boolean) {
    this.#everyUs = everyUs;
    this.#timers = timers;
    this.#channel = channel;
    this.#send = send;
  }

  /** Packets vanish from now on. */
  await(): void {
    const everyUs = this.#everyUs();
    if (everyUs <= 0 || this.#event >= 0) return;
    const inUs = everyUs * this.#timers.uniform(this.#cuts++, LANE);
    this.#event = this.#channel.schedule(inUs, () => {
      this.#event = -1;
      if (!this.#send()) return;
      // A second one within the first time-out keeps TCP from treating the first as the last of its flight.
      this.#event = this.#channel.schedule(everyUs, () => {
        this.#event = -1;
        this.#send();
      });
    });
  }

  stop(): void {
    this.#event = this.#channel.cancel(this.#event);
  }
}
