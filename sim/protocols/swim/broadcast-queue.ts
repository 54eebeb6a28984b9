/**
 * The transmit-limited queue of broadcasts (memberlist queue.go): what was sent least often goes first, of those the long
 * ones, of those the newest. A new broadcast under a key replaces the one that waits there. One that has been sent as
 * often as the limit says leaves the queue.
 *
 * Entries lie sorted, by rank. One that has been replaced stays until it is met; which ones those are is noted by their
 * age. So a `take` reads a few pieces of memory, and with ten thousand nodes that is what counts.
 *
 * Two classes of length: news of the living is long, accusations are short. (memberlist orders by the exact length; names
 * differ by a few bytes at most.)
 */
import { BEGIN, END, type EntryChunks, NEXT, NO_CHUNK, WIDTH } from './entry-chunks.ts';
import { ageOf, ENDS, LENGTH_MAX, lengthOf, orderOf, RankedEntries } from './ranked-entries.ts';

/** From here on a broadcast counts as long. */
const LONG_BYTES = 64;
/** Ranks for each number of transmissions: the long ones, the short ones. */
const CLASSES = 2;
export const KEY_MASK = 0xffff;
const KEY_BITS = 16;

/** Ages that may be told apart at first, and as a multiple of what waits. */
const AGES_MIN = 256;
const AGES_FOR_EACH = 4;
/** So many replaced entries are left to be met, and half as many as wait. */
const REPLACED_MIN = 40;

const NONE = new Int32Array(0);

/** What the numbers mean that wait in queues. */
export interface Contents {
  /** It wants to know when something ceases to wait. */
  readonly counted: boolean;
  /** Length on the wire. */
  bytes(first: number, second: number): number;
  /** It waits in one queue less. */
  release(second: number): void;
}

/** Where a queue notes what waits under which key. */
export interface Keys {
  waits(key: number): boolean;
  /** Something waits under the key from now on; its age. */
  begin(key: number, age: number): void;
  end(key: number): void;
  /** Of what waits under the key. */
  age(key: number): number;
}

export class BroadcastQueue {
  /** Broadcasts waiting. */
  count = 0;
  /** Free bytes that the last `take` left. */
  freeBytes = 0;
  readonly #contents: Contents;
  readonly #keys: Keys;
  /** A rank is 2 * transmissions + class. */
  readonly #entries: RankedEntries;
  #newest = 0;
  /** By age, a bit each: that entry has been replaced. */
  #replaced = NONE;
  /** Entries that have been replaced and not yet met. */
  #replacedCount = 0;
  /** Entries by length; no entry is shorter than the shortest. */
  #lengths = NONE;
  #shortest = LENGTH_MAX;

  constructor(contents: Contents, keys: Keys, chunks: EntryChunks) {
    this.#contents = contents;
    this.#keys = keys;
    this.#entries = new RankedEntries(chunks);
  }

  /** Queues a broadcast of that length under a key (0 .. 65535), in place of the one waiting there. `upper`: 16 bits. */
  add(key: number, upper: number, second: number, bytes: number): void {
    if (this.#lengths === NONE) {
      this.#lengths = new Int32Array(LENGTH_MAX + 1);
      this.#replaced = new Int32Array(AGES_MIN / 32);
    }
    if (this.#keys.waits(key)) this.#replace(key);
    if (this.#newest + 1 === this.#replaced.length * 32) this.#makeAges();
    const age = ++this.#newest;
    this.#keys.begin(key, age);
    this.count++;
    const length = bytes < LENGTH_MAX ? bytes : LENGTH_MAX;
    this.#lengths[length]!++;
    if (length < this.#shortest) this.#shortest = length;
    this.#entries.push(bytes >= LONG_BYTES ? 0 : 1, orderOf(age, length), key | (upper << KEY_BITS), second);
  }

  /** Does something wait under a key? */
  has(key: number): boolean {
    return this.#keys.waits(key);
  }

  /** The content that waits under a key, null when none does. */
  get(key: number): readonly [number, number] | null {
    if (!this.has(key)) return null;
    const age = this.#keys.age(key);
    let found: readonly [number, number] | null = null;
    this.#entries.forEach((words, at) => {
      if (ageOf(words[at]!) === age) found = [words[at + 1]!, words[at + 2]!];
    });
    return found;
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    this.#entries.forEach((words, at) => {
      if (this.#isReplaced(ageOf(words[at]!))) return;
      this.#contents.release(words[at + 2]!);
      this.#keys.end(words[at + 1]! & KEY_MASK);
    });
    this.count = 0;
    this.#reset();
  }

  /**
   * Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once. Puts the contents into `into`, two
   * words each; returns how many.
   */
  take(into: Int32Array, overhead: number, limit: number, transmitLimit: number): number {
    this.freeBytes = limit;
    if (this.count === 0) return 0;
    const replaced = this.#replaced;
    const shortest = this.#shortest;
    const entries = this.#entries;
    const { chunks } = entries;
    const most = into.length;
    let free = limit - overhead;
    let put = 0;
    let batched = 0;
    const { lowest, count } = entries;
    for (let rank = lowest; rank < count && free >= shortest; rank++) {
      batchEnds[rank] = batched;
      let chunk = entries.ends[ENDS * rank]!;
      if (chunk === NO_CHUNK) {
        if (rank === entries.lowest) entries.lowest++;
        continue;
      }
      const goesOn = (rank >> 1) + 1 < transmitLimit;
      for (let before = NO_CHUNK; chunk !== NO_CHUNK && free >= shortest && put < most; ) {
        const words = chunks.wordsOf(chunk);
        const place = chunks.placeOf(chunk);
        const begin = place + words[place + BEGIN]!;
        const end = place + words[place + END]!;
        /** Entries that stay lie before this one. */
        let kept = begin;
        let at = begin;
        for (; at < end && free >= shortest && put < most; at += WIDTH) {
          const order = words[at]!;
          const length = lengthOf(order);
          const age = ageOf(order);
          if (((replaced[age >> 5]! >> (age & 31)) & 1) !== 0) {
            this.#lengths[length]!--;
            this.#replacedCount--;
            continue;
          }
          const first = words[at + 1]!;
          const second = words[at + 2]!;
          const bytes = length < LENGTH_MAX ? length : this.#contents.bytes(first, second);
          if (bytes > free) {
            words[kept] = order;
            words[kept + 1] = first;
            words[kept + 2] = second;
            kept += WIDTH;
            continue;
          }
          into[put] = first;
          into[put + 1] = second;
          put += 2;
          free -= overhead + bytes;
          if (goesOn) {
            if (batched === batch.length) growBatch();
            batch[batched] = order;
            batch[batched + 1] = first;
            batch[batched + 2] = second;
            batched += WIDTH;
          } else {
            this.#keys.end(first & KEY_MASK);
            this.#contents.release(second);
            this.#lengths[length]!--;
            this.count--;
          }
        }
        if (kept === begin) words[place + BEGIN] = at - place;
        else if (at === end) words[place + END] = kept - place;
        else {
          words.copyWithin(at - (kept - begin), begin, kept);
          words[place + BEGIN] = at - (kept - begin) - place;
        }
        if (words[place + BEGIN] === words[place + END]) chunk = entries.unlink(rank, before, chunk);
        else {
          before = chunk;
          chunk = words[place + NEXT]!;
        }
      }
      batchEnds[rank] = batched;
    }
    this.freeBytes = free + overhead;
    if (this.count === 0) this.#reset();
    else {
      // Only now, lest something be taken twice.
      this.#sentOnceMore(lowest, batched);
      while (this.#lengths[this.#shortest] === 0) this.#shortest++;
    }
    return put >> 1;
  }

  /** The next number of transmissions is two ranks on. */
  #sentOnceMore(lowest: number, batched: number): void {
    let first = 0;
    for (let rank = lowest; first < batched; rank++) {
      const end = batchEnds[rank]!;
      if (end > first) this.#entries.insert(rank + CLASSES, batch, first, end);
      first = end;
    }
  }

  #isReplaced(age: number): boolean {
    return ((this.#replaced[age >> 5]! >> (age & 31)) & 1) !== 0;
  }

  /** What waits under the key is met no more. */
  #replace(key: number): void {
    this.count--;
    if (this.#contents.counted) this.#contents.release(this.get(key)![1]);
    const age = this.#keys.age(key);
    this.#replaced[age >> 5]! |= 1 << (age & 31);
    if (++this.#replacedCount > REPLACED_MIN + (this.count >> 1)) this.#dropReplaced();
  }

  #reset(): void {
    this.#entries.clear();
    this.#replaced.fill(0, 0, (this.#newest >> 5) + 1);
    this.#replacedCount = 0;
    this.#newest = 0;
    this.#lengths.fill(0);
    this.#shortest = LENGTH_MAX;
  }

  #dropReplaced(): void {
    this.#entries.filter((order) => {
      const stays = !this.#isReplaced(ageOf(order));
      if (!stays) this.#lengths[lengthOf(order)]!--;
      return stays;
    });
    this.#replacedCount = 0;
  }

  /** No age is left: there will be more, or what waits gets new ones in the same order. */
  #makeAges(): void {
    if (AGES_FOR_EACH * this.count >= 32 * this.#replaced.length) {
      const larger = new Int32Array(2 * this.#replaced.length);
      larger.set(this.#replaced);
      this.#replaced = larger;
      return;
    }
    this.#dropReplaced();
    this.#replaced.fill(0);
    const places: { words: Int32Array; at: number }[] = [];
    this.#entries.forEach((words, at) => {
      places.push({ words, at });
    });
    places.sort((a, b) => ageOf(a.words[a.at]!) - ageOf(b.words[b.at]!));
    this.#newest = 0;
    for (const { words, at } of places) {
      words[at] = orderOf(++this.#newest, lengthOf(words[at]!));
      this.#keys.begin(words[at + 1]! & KEY_MASK, this.#newest);
    }
  }
}

/** What one `take` moves, by rank up to batchEnds. */
let batch = new Int32Array(WIDTH * 64);
const batchEnds: number[] = [];

function growBatch(): void {
  const larger = new Int32Array(2 * batch.length);
  larger.set(batch);
  batch = larger;
}
