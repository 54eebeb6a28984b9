/**
 * Where the queues of a cluster keep what waits in them: blocks of thirty-two contents, two words each. A queue fills a
 * block in the order in which broadcasts come, so what a packet takes lies side by side, and nothing is ever moved.
 */

/** Contents in a block: one for each bit of a word. */
export const BLOCK_BITS = 5;
const WORDS_BITS = BLOCK_BITS + 1;
const SLAB_BITS = 12;
const SLAB_MASK = (1 << SLAB_BITS) - 1;
export const NO_BLOCK = -1;

export class ContentBlocks {
  readonly #slabs: Int32Array[] = [];
  #made = 0;
  /** Of those that nobody uses; each holds the next one's number. */
  #free = NO_BLOCK;

  /** The array that a block lies in. */
  wordsOf(block: number): Int32Array {
    return this.#slabs[block >> SLAB_BITS]!;
  }

  /** Where it begins there. */
  placeOf(block: number): number {
    return (block & SLAB_MASK) << WORDS_BITS;
  }

  /** One that nobody uses. */
  take(): number {
    const block = this.#free;
    if (block !== NO_BLOCK) {
      this.#free = this.wordsOf(block)[this.placeOf(block)]!;
      return block;
    }
    if (this.#made >> SLAB_BITS === this.#slabs.length)
      this.#slabs.push(new Int32Array(1 << (SLAB_BITS + WORDS_BITS)));
    return this.#made++;
  }

  /** Nobody uses it any more. */
  giveBack(block: number): void {
    this.wordsOf(block)[this.placeOf(block)] = this.#free;
    this.#free = block;
  }
}
