/** What waits in a node's queue of updates: an update's words, its subject as the key. */
import type { Contents, Keys } from './broadcast-queue.ts';
import { ALIVE_BYTES, incarnationOf, integerBytes, kindOf, SUSPECT_BYTES } from './message.ts';
import { ALIVE } from './states.ts';

const SUBJECT_MASK = 0xffff;
const FROM_SHIFT = 16;

export class UpdateContents implements Contents {
  readonly counted = false;
  readonly #nameBytes: Uint8Array;

  constructor(nameBytes: Uint8Array) {
    this.#nameBytes = nameBytes;
  }

  bytes(first: number, second: number): number {
    const names = this.#nameBytes;
    const subject = names[first & SUBJECT_MASK]!;
    const fixed = kindOf(second) === ALIVE ? ALIVE_BYTES : SUSPECT_BYTES + names[first >>> FROM_SHIFT]!;
    return fixed + subject + integerBytes(incarnationOf(second)) - 1;
  }

  release(): void {}
}

/** Keys of which few are used. */
export class SparseKeys implements Keys {
  readonly #ages = new Map<number, number>();

  waits(key: number): boolean {
    return this.#ages.has(key);
  }

  begin(key: number, age: number): void {
    this.#ages.set(key, age);
  }

  end(key: number): void {
    this.#ages.delete(key);
  }

  age(key: number): number {
    return this.#ages.get(key)!;
  }
}
