/** Where the queues of a cluster keep what waits in them: many hold the same, and a number is smaller than a reference. */

/** Something that can wait in queues. */
export interface Sized {
  readonly bytes: number;
  /** Its place on the shelf; the shelf's business. */
  shelf: number;
}

/** Places are numbered in so many. */
export const SHELF_SPAN = 2_097_152;

export class Shelf<T extends Sized> {
  readonly #items: T[] = [];
  /** In how many queues each place waits. */
  #holders = new Int32Array(64);
  readonly #free: number[] = [];

  item(place: number): T {
    return this.#items[place]!;
  }

  /** One more queue holds the item. */
  put(item: T): number {
    let place = item.shelf;
    if (this.#items[place] !== item || this.#holders[place] === 0) {
      place = this.#free.pop() ?? this.#items.length;
      if (place === SHELF_SPAN) throw new Error(`more than ${SHELF_SPAN} different broadcasts wait`);
      if (place === this.#holders.length) {
        const larger = new Int32Array(2 * place);
        larger.set(this.#holders);
        this.#holders = larger;
      }
      this.#items[place] = item;
      item.shelf = place;
    }
    this.#holders[place]!++;
    return place;
  }

  /** One queue less holds it. */
  release(place: number): void {
    if (--this.#holders[place]! === 0) this.#free.push(place);
  }
}
