/**
 * What Linux's TCP does with data that is not acknowledged: it sends again after RTO, which doubles each time, so that a
 * heal is felt at the next retransmission and not at once: the longer the silence, the later.
 *
 * - RTO is the smoothed round trip and 200 ms (TCP_RTO_MIN), at most 120 s; its timers lie on the kernel's timer wheel.
 * - A lone packet is first probed (tail loss probe) after one RTO, which does not count as a retransmission: data goes out
 *   at R, 2R, 4R ... When more packets follow it within that time the probe is theirs, and it goes out at R, 3R, 7R ...
 * - After 924.6 s the kernel gives up (tcp_retries2 = 15).
 *
 * Source: Linux net/ipv4/tcp_timer.c, tcp_output.c (tcp_schedule_loss_probe), RFC 6298; Documentation ip-sysctl.
 */
import type { Kernel, Stream } from '../kernel/kernel.ts';
import type { EventId } from '../kernel/queue.ts';
import { SECOND } from '../kernel/time.ts';
import { wheelExpiryUs } from './timer-wheel.ts';

const RTO_MIN_US = 200_000;
const RTO_MAX_US = 120 * SECOND;
const GIVE_UP_US = 924_600_000;

export class Retransmission {
  readonly #kernel: Kernel;
  readonly #timers: Stream;
  readonly #phaseUs: number;
  readonly #tryAgain: () => boolean;
  readonly #gaveUp: () => void;
  #event: EventId = -1;
  #number = 0;
  #sinceUs = 0;
  #rtoUs = 0;
  #alone = true;

  /** `tryAgain` sends anew and says whether it got through; `gaveUp` when the kernel closes the socket. */
  constructor(kernel: Kernel, name: string, phaseUs: number, tryAgain: () => boolean, gaveUp: () => void) {
    this.#kernel = kernel;
    this.#phaseUs = phaseUs;
    this.#tryAgain = tryAgain;
    this.#gaveUp = gaveUp;
    this.#timers = kernel.stream(name, () => this.#fire());
  }

  /** Data waits for its acknowledgement. */
  get active(): boolean {
    return this.#event >= 0;
  }

  /** A packet has just been sent into silence. */
  sent(roundTripUs: number): void {
    if (this.active) {
      if (this.#kernel.nowUs - this.#sinceUs < this.#rtoUs) this.#alone = false;
      return;
    }
    this.#sinceUs = this.#kernel.nowUs;
    this.#rtoUs = Math.min(RTO_MIN_US + roundTripUs, RTO_MAX_US);
    this.#alone = true;
    this.#arm(this.#rtoUs);
  }

  /** The socket is gone, or its data was acknowledged. */
  stop(): void {
    if (this.#event >= 0) this.#kernel.cancel(this.#event);
    this.#event = -1;
  }

  #fire(): void {
    this.#event = -1;
    const elapsedUs = this.#kernel.nowUs - this.#sinceUs;
    if (this.#tryAgain()) return;
    if (elapsedUs >= GIVE_UP_US) {
      this.#gaveUp();
      return;
    }
    if (this.#alone) this.#alone = false;
    else this.#rtoUs = Math.min(this.#rtoUs * 2, RTO_MAX_US);
    this.#arm(this.#rtoUs);
  }

  #arm(delayUs: number): void {
    const atUs = wheelExpiryUs(this.#kernel.nowUs, delayUs, this.#phaseUs);
    this.#event = this.#kernel.schedule(atUs, this.#timers, this.#number++);
  }
}
