/** Messages and bytes of a system by class of link. */
import type { LinkClass } from '../world/topology.ts';
import { LINK_CLASSES } from '../world/topology.ts';
import type { Traffic } from './system.ts';

export class TrafficCounter {
  readonly rows: readonly Traffic[];
  readonly #byClass = new Map<LinkClass, Traffic>();

  constructor() {
    this.rows = LINK_CLASSES.map((linkClass) => ({ linkClass, messages: 0, lost: 0, bytes: 0 }));
    for (const [i, linkClass] of LINK_CLASSES.entries()) this.#byClass.set(linkClass, this.rows[i]!);
  }

  of(linkClass: LinkClass): Traffic {
    return this.#byClass.get(linkClass)!;
  }

  reset(): void {
    for (const row of this.rows) row.messages = row.lost = row.bytes = 0;
  }
}
