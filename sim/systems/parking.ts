/**
 * Parking (DESIGN.md rule 7, docs/parking.md): a group whose near future is known leaves the event queue, and comes back
 * as if it had never left. What a system does for it:
 *
 * 1. When its group is steady, and `kernel.parking` is on, it looks at what is pending of its streams
 *    (`kernel.pendingOf`), sees that there is nothing but the periodic, keeps what it found and cancels it. It schedules an
 *    event of a stream of its own for the moment before the first danger, if there is one: an irregular message that the
 *    group's timers could feel (`Link.nextIrregular`; `Link.nextSevere` where what is lost once cannot be felt).
 * 2. It wakes at that event, and from `WorldListener.changing` when a change concerns it: while the world is still what it
 *    was. Waking is `kernel.replay(fromUs, begin)`: soon after parking `begin` puts back what was pending
 *    (`kernel.scheduleAgain`) and the ordinary code goes on from there; later it starts over a stretch ago, so long that
 *    whatever was before it has no effect any more, with the state that arithmetic gives for that moment.
 * 3. While it is parked, what measures read of it (roles, terms, whether channels flow) must stay true as it stands; what
 *    a replay rebuilds (elapsed ticks, what was heard last) must not be read.
 * 4. Messages that were not simulated are counted: those sent by arithmetic, those lost from the links' gap processes and
 *    counted gaps.
 * 5. A ParkingTally keeps how long it was parked, and why not, for the manifest; `System.catchUp` wakes it at the end.
 *
 * Nothing of this may show in any output but the manifest's own words on it: a replay neither records nor touches anything,
 * numbers nothing and draws nothing that would not have been drawn.
 */
import type { Kernel } from '../kernel/kernel.ts';

/** How a group fared in a run, for the manifest. Times since the beginning of the warm-up, microseconds. */
export interface ParkingReport {
  readonly system: string;
  readonly group: string;
  readonly parkedUs: number;
  readonly awakeUs: number;
  /** How often it went to rest. */
  readonly times: number;
  /** What kept it awake, the longest first. */
  readonly reasons: readonly { readonly reason: string; readonly us: number }[];
}

export class ParkingTally {
  readonly #kernel: Kernel;
  readonly #system: string;
  readonly #group: string;
  readonly #reasons = new Map<string, number>();
  #sinceUs: number;
  #parkedUs = 0;
  #awakeUs = 0;
  #times = 0;

  constructor(kernel: Kernel, system: string, group: string) {
    this.#kernel = kernel;
    this.#system = system;
    this.#group = group;
    this.#sinceUs = kernel.nowUs;
  }

  /** It has been awake until now, because of that. */
  awake(reason: string): void {
    const us = this.#elapsed();
    this.#awakeUs += us;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + us);
  }

  /** It was awake until now, and parks. */
  parks(): void {
    this.#awakeUs += this.#elapsed();
    this.#times++;
  }

  /** It was parked until now. */
  wakes(): void {
    this.#parkedUs += this.#elapsed();
  }

  report(): ParkingReport {
    return {
      system: this.#system,
      group: this.#group,
      parkedUs: this.#parkedUs,
      awakeUs: this.#awakeUs + this.#kernel.nowUs - this.#sinceUs,
      times: this.#times,
      reasons: [...this.#reasons]
        .map(([reason, us]) => ({ reason, us }))
        .sort((a, b) => b.us - a.us || (a.reason < b.reason ? -1 : 1)),
    };
  }

  #elapsed(): number {
    const us = this.#kernel.nowUs - this.#sinceUs;
    this.#sinceUs = this.#kernel.nowUs;
    return us;
  }
}
