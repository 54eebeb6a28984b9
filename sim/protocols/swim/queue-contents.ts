/** What waits in a node's queue of updates: an update's words, the slot of its subject as the key. */
import type { Contents, Keys } from './broadcast-queue.ts';
import { ALIVE_BYTES, incarnationOf, integerBytes, kindOf, SUSPECT_BYTES } from './message.ts';
import { ALIVE } from './states.ts';

const SLOT_MASK = 0xffff;
const FROM_SHIFT = 16;

export class UpdateContents implements Contents {
  readonly counted = false;
  readonly #nameBytes: Uint8Array;
  readonly #subjectOf: readonly number[];

  /** `subjectOf`: members by slot. */
  constructor(nameBytes: Uint8Array, subjectOf: readonly number[]) {
    this.#nameBytes = nameBytes;
    this.#subjectOf = subjectOf;
  }

  bytes(first: number, second: number): number {
    const names = this.#nameBytes;
    const subject = names[this.#subjectOf[first & SLOT_MASK]!]!;
    const fixed = kindOf(second) === ALIVE ? ALIVE_BYTES : SUSPECT_BYTES + names[first >>> FROM_SHIFT]!;
    return fixed + subject + integerBytes(incarnationOf(second)) - 1;
  }

  release(): void {}
}

/** Keys of which few are used. */
export class SparseKeys implements Keys {
  readonly #ages = new Map<number, number>();

  ensure(): void {}

  waits(key: number): boolean {
    return this.#ages.has(key);
  }

  setWaits(key: number, waits: boolean): void {
    if (waits) this.#ages.set(key, 0);
    else this.#ages.delete(key);
  }

  age(key: number): number {
    return this.#ages.get(key)!;
  }

  setAge(key: number, age: number): void {
    this.#ages.set(key, age);
  }
}
