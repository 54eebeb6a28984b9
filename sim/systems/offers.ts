import type { Kernel } from '../kernel/kernel.ts';
import { LookedUp } from './looked-up.ts';
import type { Access } from './system.ts';

/** What a request meets at each member of a group: found once in a look, because users everywhere ask for the same. */
export class Offers {
  readonly #byOperation: LookedUp<Map<string, (Access | undefined)[]>>;

  constructor(kernel: Kernel) {
    this.#byOperation = new LookedUp(kernel, () => new Map());
  }

  /** By member; undefined where nobody has asked yet, and the caller is to find and enter it. */
  of(operation: string): (Access | undefined)[] {
    const all = this.#byOperation.value;
    let offers = all.get(operation);
    if (offers === undefined) all.set(operation, (offers = []));
    return offers;
  }
}
