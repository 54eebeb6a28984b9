/** Arrays that the queues of a cluster give each other: to make one anew costs more than to fill it. */

/** Words of the smallest; each next size is a third larger. Multiples of three. */
const SIZES = [96];
while (SIZES.at(-1)! < 262_144) SIZES.push(SIZES.at(-1)! + 3 * Math.ceil(SIZES.at(-1)! / 9));
/** Larger ones are not kept: there would be too many that wait for their size to be wanted again. */
const KEPT_MAX = 1600;

export class WordArrays {
  /** By size: those nobody uses. */
  readonly #free: Int32Array[][] = SIZES.map(() => []);

  /** One with at least so many words, whatever stands in them; an empty one for none. */
  take(words: number): Int32Array {
    if (words === 0) return NONE;
    let size = 0;
    while (SIZES[size]! < words) size++;
    return this.#free[size]!.pop() ?? new Int32Array(SIZES[size]!);
  }

  /** Nobody uses it any more. */
  giveBack(array: Int32Array): void {
    if (array.length === 0 || array.length > KEPT_MAX) return;
    let size = 0;
    while (SIZES[size]! < array.length) size++;
    this.#free[size]!.push(array);
  }
}

const NONE = new Int32Array(0);
