/**
 * A short TCP connection: dial, request, answer, close. It succeeds where packets pass and takes its round trips; a
 * process that is gone refuses at once, a frozen one lets the kernel accept and answers when it goes on.
 */
import { GridGaps } from '../../kernel/grid-gaps.ts';
import type { Kernel, Stream } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import { Link, LOST } from '../../world/link.ts';
import type { World } from '../../world/world.ts';
import type { TrafficCounter } from '../traffic.ts';
import type { Numbers } from './parking/plain.ts';

/** SYNs are resent after 1, 2, 4 s; data after 200 ms, doubling (RFC 6298; Linux TCP_RTO_MIN). */
const SYN_RESEND_US = 1 * SECOND;
const DATA_RESEND_US = 200_000;
export const SYN_BYTES = 60;
/** Events of a dialler's stream that one connection may use, and draws: one for each message, however often it is sent. */
const EVENTS = 64;
const DRAWS = 4;

/** What a connection is for. Of each kind they are numbered for themselves, so that some may never be made. */
const PURPOSES = ['push-pull', 'bulk-sync', 'reconnect', 'other'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Pings of probes have the numbers of their probes, behind all others of no particular kind. */
const PINGS_FROM = 4_294_967_296;

/** The number of the connection that pings the target of a probe. */
export function pingConnection(probe: number): number {
  return PINGS_FROM + probe;
}

export interface Dial {
  readonly from: number;
  readonly to: number;
  /** Absolute; then it has failed. */
  readonly deadlineUs: number;
  /** Asked when it is sent. */
  readonly requestBytes: () => number;
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
  readonly gaps: GridGaps;
  readonly link: Link;
  readonly #traffic: TrafficCounter;
  #others = 0;

  constructor(kernel: Kernel, world: World, name: string, node: number, traffic: TrafficCounter) {
    this.#kernel = kernel;
    this.#world = world;
    this.#traffic = traffic;
    this.#stream = kernel.stream(name, (_number: number, act: () => void) => act());
    this.gaps = new GridGaps(this.#stream);
    this.link = new Link(world, node, node, this.#stream, this.gaps);
  }

  /** Which numbers the messages of connections of one kind have, as many as come about. */
  numbersOf(purpose: Purpose, messages: number): Numbers {
    const scale = PURPOSES.length * DRAWS;
    return { scale, first: PURPOSES.indexOf(purpose) * DRAWS, count: messages };
  }

  /** The number of the first message of a connection. */
  firstMessage(purpose: Purpose, count: number): number {
    return (count * PURPOSES.length + PURPOSES.indexOf(purpose)) * DRAWS;
  }

  /** `count`: the how many-th of its kind; those of no particular kind are counted here. */
  dial(dial: Dial, purpose: Purpose = 'other', count = this.#others++): void {
    const kernel = this.#kernel;
    const connection = count * PURPOSES.length + PURPOSES.indexOf(purpose);
    let number = connection * EVENTS;
    const last = number + EVENTS - 1;
    let draw = this.firstMessage(purpose, count);
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
      const transitUs = this.link.reliableTransitUs(path, draw++, bytes, resendUs);
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
        leg(from, to, dial.requestBytes(), DATA_RESEND_US, () =>
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
