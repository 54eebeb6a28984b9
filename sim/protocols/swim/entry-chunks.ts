/**
 * Where the queues of a cluster keep their entries: chunks of twenty, linked to lists. A saturated queue passes thousands of
 * entries from one list to the next; so nothing is moved or made anew for that, and what a packet takes lies side by side.
 */

/** Words of an entry. */
export const WIDTH = 3;
const CHUNK_BITS = 6;
/** Words of a chunk: the next one, where its entries begin, where they end; then, from BODY on, the entries. */
export const CHUNK = 1 << CHUNK_BITS;
export const NEXT = 0;
export const BEGIN = 1;
export const END = 2;
export const BODY = 4;
export const NO_CHUNK = -1;
const SLAB_BITS = 12;
const SLAB_MASK = (1 << SLAB_BITS) - 1;

export class EntryChunks {
  readonly #slabs: Int32Array[] = [];
  #made = 0;
  /** Of those that nobody uses. */
  #free = NO_CHUNK;

  /** The array that a chunk lies in. */
  wordsOf(chunk: number): Int32Array {
    return this.#slabs[chunk >> SLAB_BITS]!;
  }

  /** Where it begins there. */
  placeOf(chunk: number): number {
    return (chunk & SLAB_MASK) << CHUNK_BITS;
  }

  /** One that holds nothing yet: its entries will begin, and end, at `begin`. */
  take(next: number, begin: number): number {
    let chunk = this.#free;
    if (chunk === NO_CHUNK) {
      chunk = this.#made++;
      if (chunk >> SLAB_BITS === this.#slabs.length)
        this.#slabs.push(new Int32Array(1 << (SLAB_BITS + CHUNK_BITS)));
    } else this.#free = this.wordsOf(chunk)[this.placeOf(chunk) + NEXT]!;
    const words = this.wordsOf(chunk);
    const place = this.placeOf(chunk);
    words[place + NEXT] = next;
    words[place + BEGIN] = begin;
    words[place + END] = begin;
    return chunk;
  }

  /** Nobody uses it any more; returns the one behind it. */
  giveBack(chunk: number): number {
    const words = this.wordsOf(chunk);
    const at = this.placeOf(chunk) + NEXT;
    const next = words[at]!;
    words[at] = this.#free;
    this.#free = chunk;
    return next;
  }
}
