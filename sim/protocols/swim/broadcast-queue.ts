/**
 * The transmit-limited queue of broadcasts (memberlist queue.go): what was sent least often goes first, of those the long
 * ones, of those the newest. A new broadcast under a key replaces the one that waits there. One that has been sent as
 * often as the limit says leaves the queue.
 *
 * A sorted linked list for each number of transmissions and each of two classes of length: news of the living is long,
 * accusations are short. (memberlist orders by the exact length; names differ by a few bytes at most.)
 */
import { TRANSMITS_MAX } from './config.ts';

/** From here on a broadcast counts as long. */
const LONG_BYTES = 64;
const NIL = 0xffff;
const NOWHERE = 0xff;
const LISTS = 2 * (TRANSMITS_MAX + 1);

/** Something that can wait in queues. */
export interface Sized {
  readonly bytes: number;
  /** Its place on the shelf; the shelf's business. */
  shelf: number;
}

/**
 * Where the queues of a cluster keep what waits in them: many hold the same, and a number is smaller than a reference.
 */
export class Shelf<T extends Sized> {
  #items: T[] = [];
  #waiting = 0;

  item(place: number): T {
    return this.#items[place]!;
  }

  /** One more queue holds the item. */
  put(item: T): number {
    this.#waiting++;
    if (this.#items[item.shelf] !== item) {
      item.shelf = this.#items.length;
      this.#items.push(item);
    }
    return item.shelf;
  }

  /** One queue less holds something; when none does any more, the shelf is emptied. */
  release(): void {
    if (--this.#waiting === 0) this.#items = [];
  }
}

export class BroadcastQueue<T extends Sized> {
  /** Broadcasts waiting. */
  count = 0;
  readonly #shelf: Shelf<T>;
  #items = new Int32Array(0);
  /** By key: neighbours in the list, list (2 * transmissions + class), and age (larger = newer). */
  #next = new Uint16Array(0);
  #previous = new Uint16Array(0);
  #list = new Uint8Array(0);
  #order = new Int32Array(0);
  readonly #heads: Uint16Array = new Uint16Array(LISTS).fill(NIL);
  readonly #tails: Uint16Array = new Uint16Array(LISTS).fill(NIL);
  /** No list past this one has an entry. */
  #lastList = 0;
  #newest = 0;
  /** No waiting broadcast is shorter. */
  #shortest = Number.POSITIVE_INFINITY;

  constructor(shelf: Shelf<T>) {
    this.#shelf = shelf;
  }

  /** Queues a broadcast under a key (0 .. 65534), in place of the one waiting there. */
  add(key: number, item: T): void {
    if (key >= this.#list.length) this.#growTo(key);
    if (this.#list[key] !== NOWHERE) {
      this.#unlink(key);
      this.#shelf.release();
    } else this.count++;
    this.#items[key] = this.#shelf.put(item);
    if (item.bytes < this.#shortest) this.#shortest = item.bytes;
    this.#order[key] = ++this.#newest;
    this.#insert(key, item.bytes >= LONG_BYTES ? 0 : 1, NIL);
  }

  /** What waits under a key. */
  get(key: number): T | undefined {
    const waits = key < this.#list.length && this.#list[key] !== NOWHERE;
    return waits ? this.#shelf.item(this.#items[key]!) : undefined;
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    for (; this.count > 0; this.count--) this.#shelf.release();
    this.#list.fill(NOWHERE);
    this.#heads.fill(NIL);
    this.#tails.fill(NIL);
    this.#reset();
  }

  /** Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once; null when nothing does. */
  take(overhead: number, limit: number, transmitLimit: number): T[] | null {
    if (this.count === 0) return null;
    const again = scratch;
    let againCount = 0;
    let free = limit - overhead;
    let taken: T[] | null = null;
    for (let list = 0; list <= this.#lastList && free >= this.#shortest; list++) {
      let key = this.#heads[list]!;
      if (key === NIL) continue;
      const stays = (list >> 1) + 1 < transmitLimit;
      while (key !== NIL) {
        const item = this.#shelf.item(this.#items[key]!);
        if (item.bytes > free) break;
        (taken ??= []).push(item);
        free -= overhead + item.bytes;
        const next = this.#next[key]!;
        this.#unlink(key);
        if (stays) again[againCount++] = key * LISTS + list + 2;
        else {
          this.#list[key] = NOWHERE;
          this.count--;
          this.#shelf.release();
        }
        key = next;
      }
    }
    if (this.count === 0) this.#reset();
    // Only now, lest something be taken twice. Within a list they come newest first, so each goes behind the one before.
    let listBefore = -1;
    let place = NIL;
    for (let i = 0; i < againCount; i++) {
      const key = Math.floor(again[i]! / LISTS);
      const list = again[i]! - key * LISTS;
      if (list !== listBefore) place = NIL;
      this.#insert(key, list, place);
      listBefore = list;
      place = key;
    }
    return taken;
  }

  #reset(): void {
    this.#newest = 0;
    this.#lastList = 0;
    this.#shortest = Number.POSITIVE_INFINITY;
  }

  /** Puts a key into a list by age, somewhere behind `after` (NIL: anywhere). */
  #insert(key: number, list: number, after: number): void {
    const order = this.#order[key]!;
    this.#list[key] = list;
    if (list > this.#lastList) this.#lastList = list;
    const tail = this.#tails[list]!;
    let before: number;
    if (tail === NIL || order < this.#order[tail]!) before = tail;
    else {
      before = after;
      let next = before === NIL ? this.#heads[list]! : this.#next[before]!;
      while (next !== NIL && this.#order[next]! > order) {
        before = next;
        next = this.#next[next]!;
      }
    }
    const next = before === NIL ? this.#heads[list]! : this.#next[before]!;
    this.#previous[key] = before;
    this.#next[key] = next;
    if (before === NIL) this.#heads[list] = key;
    else this.#next[before] = key;
    if (next === NIL) this.#tails[list] = key;
    else this.#previous[next] = key;
  }

  #unlink(key: number): void {
    const list = this.#list[key]!;
    const previous = this.#previous[key]!;
    const next = this.#next[key]!;
    if (previous === NIL) this.#heads[list] = next;
    else this.#next[previous] = next;
    if (next === NIL) this.#tails[list] = previous;
    else this.#previous[next] = previous;
  }

  #growTo(key: number): void {
    const from = this.#list.length;
    const size = Math.max(8, key + 1 + (key >> 1));
    this.#items = grown(this.#items, new Int32Array(size));
    this.#next = grown(this.#next, new Uint16Array(size));
    this.#previous = grown(this.#previous, new Uint16Array(size));
    this.#order = grown(this.#order, new Int32Array(size));
    this.#list = grown(this.#list, new Uint8Array(size));
    this.#list.fill(NOWHERE, from);
  }
}

/** Keys that go back into the queue at the end of one `take`. */
const scratch: number[] = [];

function grown<A extends Uint8Array | Uint16Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
