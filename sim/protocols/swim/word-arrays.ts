/** Arrays that the queues of a cluster give each other: to make one anew costs more than to fill it. */

/** Words of the smallest; each next size is twice the one before. */
const SMALLEST = 96;

export class WordArrays {
  /** By size: those nobody uses. */
  readonly #free: Int32Array[][] = [];

  /** One with at least so many words, whatever stands in them. */
  take(words: number): Int32Array {
    let size = 0;
    let length = SMALLEST;
    for (; length < words; length *= 2) size++;
    return this.#free[size]?.pop() ?? new Int32Array(length);
  }

  /** Nobody uses it any more. */
  giveBack(array: Int32Array): void {
    if (array.length === 0) return;
    let size = 0;
    for (let length = SMALLEST; length < array.length; length *= 2) size++;
    while (this.#free.length <= size) this.#free.push([]);
    this.#free[size]!.push(array);
  }
}
