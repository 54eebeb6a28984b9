/** An answer that is asked for many times while observers look at a settled instant, and found once. */
import type { Kernel } from '../kernel/kernel.ts';

export class LookedUp<T> {
  readonly #kernel: Kernel;
  readonly #find: () => T;
  #foundAtLook = -1;
  #found: T | undefined;

  constructor(kernel: Kernel, find: () => T) {
    this.#kernel = kernel;
    this.#find = find;
  }

  /** While observers look nothing changes, so the answer stands until they look again. */
  get value(): T {
    if (!this.#kernel.settling) return this.#find();
    if (this.#foundAtLook !== this.#kernel.settleCount) {
      this.#found = this.#find();
      this.#foundAtLook = this.#kernel.settleCount;
    }
    return this.#found as T;
  }
}
