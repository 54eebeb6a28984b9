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
/** Words of a record: previous and next neighbour (16 bits each), age (larger = newer), item on the shelf or NOTHING, bytes. */
const STRIDE = 4;
const AGE = 1;
const ITEM = 2;
const BYTES = 3;
const NOTHING = -1;
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
  /** Records by key; in one array, as what is read together should lie together. */
  #records = new Int32Array(0);
  /** By list (2 * transmissions + class). */
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
    const at = key * STRIDE;
    if (at >= this.#records.length) this.#growTo(key);
    const records = this.#records;
    if (records[at + ITEM] === NOTHING) this.count++;
    else {
      this.#unlink(key);
      this.#shelf.release();
    }
    if (item.bytes < this.#shortest) this.#shortest = item.bytes;
    records[at + AGE] = ++this.#newest;
    records[at + ITEM] = this.#shelf.put(item);
    records[at + BYTES] = item.bytes;
    const list = item.bytes >= LONG_BYTES ? 0 : 1;
    if (list > this.#lastList) this.#lastList = list;
    // The newest: it goes in front.
    this.#place(list, NIL, key, this.#heads[list]!);
  }

  /** What waits under a key. */
  get(key: number): T | undefined {
    const at = key * STRIDE + ITEM;
    if (at >= this.#records.length || this.#records[at] === NOTHING) return undefined;
    return this.#shelf.item(this.#records[at]!);
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    for (; this.count > 0; this.count--) this.#shelf.release();
    this.#records.fill(NOTHING);
    this.#heads.fill(NIL);
    this.#tails.fill(NIL);
    this.#reset();
  }

  /** Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once; null when nothing does. */
  take(overhead: number, limit: number, transmitLimit: number): T[] | null {
    if (this.count === 0) return null;
    const records = this.#records;
    const shelf = this.#shelf;
    let free = limit - overhead;
    let taken: T[] | null = null;
    let runs = 0;
    for (let list = 0; list <= this.#lastList && free >= this.#shortest; list++) {
      const first = this.#heads[list]!;
      if (first === NIL) continue;
      const stays = (list >> 1) + 1 < transmitLimit;
      let key = first;
      let last = NIL;
      while (key !== NIL) {
        const at = key * STRIDE;
        const bytes = records[at + BYTES]!;
        if (bytes > free) break;
        (taken ??= []).push(shelf.item(records[at + ITEM]!));
        free -= overhead + bytes;
        if (!stays) {
          records[at + ITEM] = NOTHING;
          this.count--;
          shelf.release();
        }
        last = key;
        key = records[at]! & 0xffff;
      }
      if (last === NIL) continue;
      this.#heads[list] = key;
      if (key === NIL) this.#tails[list] = NIL;
      else records[key * STRIDE]! |= NIL << 16;
      if (!stays) continue;
      scratch[runs++] = list + 2;
      scratch[runs++] = first;
      scratch[runs++] = last;
    }
    if (this.count === 0) this.#reset();
    // Only now, lest something be taken twice.
    for (let i = 0; i < runs; i += 3) this.#append(scratch[i]!, scratch[i + 1]!, scratch[i + 2]!);
    return taken;
  }

  #reset(): void {
    this.#newest = 0;
    this.#lastList = 0;
    this.#shortest = Number.POSITIVE_INFINITY;
  }

  /** Puts a run of linked keys, newest first, into a list by age: mostly all of it fits in one place. */
  #append(list: number, first: number, last: number): void {
    const records = this.#records;
    if (list > this.#lastList) this.#lastList = list;
    const head = this.#heads[list]!;
    const tail = this.#tails[list]!;
    if (tail === NIL || records[first * STRIDE + AGE]! < records[tail * STRIDE + AGE]!) {
      this.#splice(list, tail, first, last, NIL);
      return;
    }
    if (records[last * STRIDE + AGE]! > records[head * STRIDE + AGE]!) {
      this.#splice(list, NIL, first, last, head);
      return;
    }
    let previous = NIL;
    let next = head;
    for (let key = first; ; ) {
      const following = records[key * STRIDE]! & 0xffff;
      const age = records[key * STRIDE + AGE]!;
      while (next !== NIL && records[next * STRIDE + AGE]! > age) {
        previous = next;
        next = records[next * STRIDE]! & 0xffff;
      }
      this.#place(list, previous, key, next);
      if (key === last) return;
      previous = key;
      key = following;
    }
  }

  #place(list: number, previous: number, key: number, next: number): void {
    this.#splice(list, previous, key, key, next);
  }

  /** Links first .. last between two neighbours; NIL is an end of the list. */
  #splice(list: number, previous: number, first: number, last: number, next: number): void {
    const records = this.#records;
    if (first === last) records[first * STRIDE] = (previous << 16) | next;
    else {
      records[first * STRIDE] = (previous << 16) | (records[first * STRIDE]! & 0xffff);
      records[last * STRIDE] = (records[last * STRIDE]! & ~0xffff) | next;
    }
    if (previous === NIL) this.#heads[list] = first;
    else records[previous * STRIDE] = (records[previous * STRIDE]! & ~0xffff) | first;
    if (next === NIL) this.#tails[list] = last;
    else records[next * STRIDE] = (last << 16) | (records[next * STRIDE]! & 0xffff);
  }

  #unlink(key: number): void {
    const records = this.#records;
    const link = records[key * STRIDE]!;
    const previous = link >>> 16;
    const next = link & 0xffff;
    // A record does not say in which list it is: only the ends need to know, and there are few lists.
    if (previous === NIL) this.#heads[this.#heads.indexOf(key)] = next;
    else records[previous * STRIDE] = (records[previous * STRIDE]! & ~0xffff) | next;
    if (next === NIL) this.#tails[this.#tails.indexOf(key)] = previous;
    else records[next * STRIDE] = (previous << 16) | (records[next * STRIDE]! & 0xffff);
  }

  #growTo(key: number): void {
    const from = this.#records.length;
    const larger = new Int32Array(STRIDE * Math.max(8, key + 1 + (key >> 2)));
    larger.set(this.#records);
    larger.fill(NOTHING, from);
    this.#records = larger;
  }
}

/** Runs of keys that go back into the queue at the end of one `take`: list, first, last. */
const scratch: number[] = [];
