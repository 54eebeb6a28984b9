/**
 * A short TCP connection: dial, request, answer, close. It succeeds where packets pass and takes its round trips; a
 * process that is gone refuses at once, a frozen one lets the kernel accept and answers when it goes on.
 */
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import { Link, LOST } from '../../world/link.ts';
import type { World } from '../../world/world.ts';
import type { TrafficCounter } from '../traffic.ts';

/** SYNs are resent after 1, 2, 4 s; data after 200 ms, doubling (RFC 6298; Linux TCP_RTO_MIN). */
const SYN_RESEND_US = 1 * SECOND;
const DATA_RESEND_US = 200_000;
const SYN_BYTES = 60;
/** Numbers of a dialler's stream that one connection may use. */
const NUMBERS = 64;

export interface Dial {
  readonly from: number;
  readonly to: number;
  /** Absolute; then it has failed. */
  readonly deadlineUs: number;
  readonly requestBytes: number;
  /** The request is at the other machine; call `answer` with the size of the answer, now or later, or `refuse`. */
  readonly requested: (answer: (bytes: number) => void, refuse: () => void) => void;
  /** Is there a process to take the connection? */
  readonly listens: () => boolean;
  /** Dialled; what the request says is fixed now. */
  readonly opened?: () => void;
  readonly answered: () => void;
  /** Once, when it is refused or its deadline passes. */
  readonly failed: () => void;
}

/** Dials of one node. */
export class Dialler {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #stream: Stream;
  readonly #link: Link;
  readonly #traffic: TrafficCounter;
  #count = 0;

  constructor(kernel: Kernel, world: World, name: string, node: number, traffic: TrafficCounter) {
    this.#kernel = kernel;
    this.#world = world;
    this.#traffic = traffic;
    this.#stream = kernel.stream(name, (_number: number, act: () => void) => act());
    this.#link = new Link(world, node, node, this.#stream);
  }

  dial(dial: Dial): void {
    const kernel = this.#kernel;
    let number = this.#count++ * NUMBERS;
    const last = number + NUMBERS - 1;
    let over = false;
    const end = (act: () => void) => {
      if (over) return;
      over = true;
      kernel.cancel(timer);
      act();
    };
    const schedule = (atUs: number, act: () => void) =>
      kernel.schedule(atUs, this.#stream, number++, () => {
        if (!over) act();
      });
    const timer = kernel.schedule(Math.max(kernel.nowUs, dial.deadlineUs), this.#stream, last, () =>
      end(dial.failed),
    );
    const leg = (from: number, to: number, bytes: number, resendUs: number, arrived: () => void): void => {
      if (number >= last - 1) return;
      if (!this.#world.passable(from, to)) {
        for (const effect of this.#world.network.path(from, to).effects) effect.felt++;
        schedule(kernel.nowUs + resendUs, () => leg(from, to, bytes, 2 * resendUs, arrived));
        return;
      }
      const path = this.#world.network.path(from, to);
      const transitUs = this.#link.reliableTransitUs(path, number, bytes, resendUs);
      if (transitUs === LOST) throw new Error('a reliable transport lost a message');
      const traffic = this.#traffic.of(path.linkClass);
      traffic.messages++;
      traffic.bytes += bytes;
      schedule(kernel.nowUs + transitUs, arrived);
    };
    const { from, to } = dial;
    const refuse = () => leg(to, from, SYN_BYTES, DATA_RESEND_US, () => end(dial.failed));
    leg(from, to, SYN_BYTES, SYN_RESEND_US, () => {
      if (!dial.listens()) {
        refuse();
        return;
      }
      leg(to, from, SYN_BYTES, SYN_RESEND_US, () => {
        dial.opened?.();
        leg(from, to, dial.requestBytes, DATA_RESEND_US, () =>
          dial.requested(
            (bytes) => {
              if (!over) leg(to, from, bytes, DATA_RESEND_US, () => end(dial.answered));
            },
            () => {
              if (!over) refuse();
            },
          ),
        );
      });
    });
  }
}
