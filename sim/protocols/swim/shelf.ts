/** Where the queues of a cluster keep what waits in them: many hold the same, and a number is smaller than a reference. */
import type { Contents } from './broadcast-queue.ts';

/** Something that can wait in queues. */
export interface Sized {
  readonly bytes: number;
  /** Its place on the shelf; the shelf's business. */
  shelf: number;
}

export class Shelf<T extends Sized> implements Contents {
  readonly #items: T[] = [];
  /** In how many queues each place waits. */
  readonly #holders: number[] = [];
  readonly #free: number[] = [];

  item(place: number): T {
    return this.#items[place]!;
  }

  readonly counted = true;

  bytes(_first: number, place: number): number {
    return this.#items[place]!.bytes;
  }

  /** One more queue holds the item. */
  put(item: T): number {
    let place = item.shelf;
    if (this.#items[place] !== item || this.#holders[place] === 0) {
      place = this.#free.pop() ?? this.#items.length;
      this.#items[place] = item;
      this.#holders[place] = 0;
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
