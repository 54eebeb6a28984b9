/**
 * The transmit-limited queue of broadcasts (memberlist queue.go): what was sent least often goes first, of those the long
 * ones, of those the newest. A new broadcast under a key replaces the one that waits there. One that has been sent as
 * often as the limit says leaves the queue.
 *
 * One sorted array of entries. What is taken leaves its front and mostly comes back in one piece further behind, what is
 * new goes to the front: few entries move. (With ten thousand nodes the time goes into fetching memory, so what is read
 * together lies together.) An entry that has been replaced stays until it is met.
 *
 * Two classes of length: news of the living is long, accusations are short. (memberlist orders by the exact length; names
 * differ by a few bytes at most.)
 */
import { type Records, WORD_AGE, WORD_PLACE } from './records.ts';
import type { Shelf, Sized } from './shelf.ts';

/** From here on a broadcast counts as long. */
const LONG_BYTES = 64;
const BYTES_MAX = 1023;
/** Entries for which there is room on each side, at least, when everything has been moved. */
const ROOM = 40;

/** An entry: rank (2 * transmissions + class, 7 bits), newest first (30 bits), key (16 bits). */
const KEY_SPAN = 65_536;
const AGE_SPAN = 1_073_741_824;
const RANK = KEY_SPAN * AGE_SPAN;

/** A rank or a key is got out of an entry by a product: powers of two have exact reciprocals. */
const BY_RANK = 1 / RANK;
const BY_KEY = 1 / KEY_SPAN;

export class BroadcastQueue<T extends Sized> {
  /** Broadcasts waiting. */
  count = 0;
  readonly #shelf: Shelf<T>;
  /** By key: age of what waits (0: nothing), its place on the shelf and its bytes. */
  readonly #records: Records;
  /** Entries #begin .. #end of the array, ascending. */
  #entries = new Float64Array(0);
  #begin = 0;
  #end = 0;
  #newest = 0;
  /** No waiting broadcast is shorter. */
  #shortest = Number.POSITIVE_INFINITY;

  constructor(shelf: Shelf<T>, records: Records) {
    this.#shelf = shelf;
    this.#records = records;
  }

  /** Queues a broadcast under a key (0 .. 65535), in place of the one waiting there. */
  add(key: number, item: T): void {
    if (item.bytes > BYTES_MAX) throw new RangeError(`a broadcast of ${item.bytes} bytes`);
    this.#records.ensure(key);
    const { words, perWord } = this.#records;
    const at = key * perWord;
    if (words[at + WORD_AGE] === 0) this.count++;
    else this.#shelf.release(words[at + WORD_PLACE]! >>> 10);
    if (item.bytes < this.#shortest) this.#shortest = item.bytes;
    if (++this.#newest === AGE_SPAN) this.#renumber();
    words[at + WORD_AGE] = this.#newest;
    words[at + WORD_PLACE] = (this.#shelf.put(item) << 10) | item.bytes;
    const entry = (item.bytes >= LONG_BYTES ? 0 : RANK) + (AGE_SPAN - 1 - this.#newest) * KEY_SPAN + key;
    batch[0] = entry;
    this.#insert(1);
  }

  /** What waits under a key. */
  get(key: number): T | undefined {
    const { words, perWord, capacity } = this.#records;
    if (key >= capacity || words[key * perWord + WORD_AGE] === 0) return undefined;
    return this.#shelf.item(words[key * perWord + WORD_PLACE]! >>> 10);
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    const { words, perWord, capacity } = this.#records;
    for (let at = 0; at < capacity * perWord; at += perWord) {
      if (words[at + WORD_AGE] !== 0) this.#shelf.release(words[at + WORD_PLACE]! >>> 10);
      words[at + WORD_AGE] = 0;
    }
    this.count = 0;
    this.#reset();
  }

  /** Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once; null when nothing does. */
  take(overhead: number, limit: number, transmitLimit: number): T[] | null {
    if (this.count === 0) return null;
    const { words, perWord } = this.#records;
    const shelf = this.#shelf;
    const entries = this.#entries;
    const end = this.#end;
    let free = limit - overhead;
    let count = 0;
    let again = 0;
    let passed = 0;
    let at = this.#begin;
    let rank = -1;
    let rankEnd = 0;
    for (; at < end && free >= this.#shortest; at++) {
      const entry = entries[at]!;
      if (entry >= rankEnd) {
        rank = Math.floor(entry * BY_RANK);
        rankEnd = (rank + 1) * RANK;
      }
      const rest = entry - rank * RANK;
      const young = Math.floor(rest * BY_KEY);
      const record = (rest - young * KEY_SPAN) * perWord;
      if (words[record + WORD_AGE] !== AGE_SPAN - 1 - young) continue;
      const place = words[record + WORD_PLACE]!;
      const bytes = place & BYTES_MAX;
      if (bytes > free) {
        passedBy[passed++] = entry;
        continue;
      }
      fitting[count++] = shelf.item(place >>> 10);
      free -= overhead + bytes;
      // The next number of transmissions is two ranks on.
      if ((rank >> 1) + 1 < transmitLimit) batch[again++] = entry + 2 * RANK;
      else {
        words[record + WORD_AGE] = 0;
        shelf.release(place >>> 10);
        this.count--;
      }
    }
    // Those that did not fit stay in front.
    this.#begin = at;
    for (let i = passed - 1; i >= 0; i--) entries[--this.#begin] = passedBy[i]!;
    if (this.count === 0) this.#reset();
    // Only now, lest something be taken twice.
    else if (again > 0) this.#insert(again);
    return count === 0 ? null : (fitting.slice(0, count) as T[]);
  }

  #reset(): void {
    this.#begin = this.#end = this.#entries.length >> 1;
    this.#newest = 0;
    this.#shortest = Number.POSITIVE_INFINITY;
  }

  /** Inserts the first `count` entries of `batch`, ascending, in as few pieces as the order allows. */
  #insert(count: number): void {
    for (let end = count; end > 0; ) {
      const place = this.#placeOf(batch[end - 1]!);
      const before = place > this.#begin ? this.#entries[place - 1]! : -1;
      let first = end - 1;
      while (first > 0 && batch[first - 1]! > before) first--;
      this.#insertPiece(place, first, end);
      end = first;
    }
  }

  /** Where an entry belongs: the first place whose entry is larger. */
  #placeOf(entry: number): number {
    const entries = this.#entries;
    let low = this.#begin;
    let high = this.#end;
    if (low === high || entry < entries[low]!) return low;
    if (entry > entries[high - 1]!) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (entries[middle]! < entry) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Makes room at a place by moving the shorter side, and puts batch[first .. end) there. */
  #insertPiece(place: number, first: number, end: number): void {
    const size = end - first;
    let at = place;
    if (this.#begin < size && this.#entries.length - this.#end < size) {
      this.#makeRoom(size);
      at = this.#placeOf(batch[first]!);
    }
    const entries = this.#entries;
    const shorterAhead = at - this.#begin <= this.#end - at;
    const roomAhead = this.#begin >= size;
    if (roomAhead && (shorterAhead || entries.length - this.#end < size)) {
      entries.copyWithin(this.#begin - size, this.#begin, at);
      this.#begin -= size;
      at -= size;
    } else {
      entries.copyWithin(at + size, at, this.#end);
      this.#end += size;
    }
    for (let i = first; i < end; i++) entries[at++] = batch[i]!;
  }

  /** Makes room for `size` more on both sides, and drops replaced entries where they have become many. */
  #makeRoom(size: number): void {
    const waiting = this.#end - this.#begin;
    if (waiting > this.count + (this.count >> 2) + ROOM) this.#dropReplaced();
    const count = this.#end - this.#begin;
    const room = Math.max(size, ROOM + (count >> 3));
    const old = this.#entries;
    if (count + 2 * room > old.length) {
      this.#entries = new Float64Array(count + 2 * (room + ROOM));
      this.#entries.set(old.subarray(this.#begin, this.#end), room);
    } else this.#entries.copyWithin(room, this.#begin, this.#end);
    this.#begin = room;
    this.#end = room + count;
  }

  #dropReplaced(): void {
    const entries = this.#entries;
    const { words, perWord } = this.#records;
    let live = this.#begin;
    for (let i = this.#begin; i < this.#end; i++) {
      const entry = entries[i]!;
      const rest = entry - Math.floor(entry * BY_RANK) * RANK;
      const young = Math.floor(rest * BY_KEY);
      if (words[(rest - young * KEY_SPAN) * perWord + WORD_AGE] === AGE_SPAN - 1 - young)
        entries[live++] = entry;
    }
    this.#end = live;
  }

  /** Gives what waits new ages in the same order. */
  #renumber(): void {
    const { words, perWord } = this.#records;
    const old = Array.from(this.#entries.subarray(this.#begin, this.#end));
    const waiting = old
      .map((entry) => {
        const rest = entry % RANK;
        const young = Math.floor(rest / KEY_SPAN);
        return { rank: Math.floor(entry / RANK), key: rest - young * KEY_SPAN, age: AGE_SPAN - 1 - young };
      })
      .filter(({ key, age }) => words[key * perWord + WORD_AGE] === age)
      .sort((a, b) => a.age - b.age);
    this.#newest = 0;
    const renewed = waiting.map(({ rank, key }) => {
      words[key * perWord + WORD_AGE] = ++this.#newest;
      return rank * RANK + (AGE_SPAN - 1 - this.#newest) * KEY_SPAN + key;
    });
    this.#newest++;
    this.#begin = this.#end = this.#entries.length >> 1;
    this.#entries.set(Float64Array.from(renewed).sort(), 0);
    this.#begin = 0;
    this.#end = renewed.length;
  }
}

/** Entries on their way into a queue, and those passed by in a `take`. */
const batch: number[] = [];
const passedBy: number[] = [];
/** What one `take` has found. */
const fitting: unknown[] = [];
