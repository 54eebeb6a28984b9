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
import { AGE_SPAN, ageOf, LENGTH_MAX, lengthOf, orderOf, RankedEntries, WIDTH } from './ranked-entries.ts';
import type { WordArrays } from './word-arrays.ts';

/** From here on a broadcast counts as long. */
const LONG_BYTES = 64;
/** Ranks for each number of transmissions: the long ones, the short ones. */
const CLASSES = 2;
/** No datagram (65 507 bytes at most) holds more. */
const TAKEN_MAX = 4096;
export const KEY_MASK = 0xffff;
const KEY_BITS = 16;

/** Ages that may be told apart at first, and as a multiple of what waits. */
const AGES_MIN = 256;
const AGES_FOR_EACH = 4;
/** So many replaced entries are left to be met, and a quarter of what waits. */
const REPLACED_MIN = 40;

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
  /** Makes room for a key. */
  ensure(key: number): void;
  waits(key: number): boolean;
  setWaits(key: number, waits: boolean): void;
  /** Of what waits under the key. */
  age(key: number): number;
  setAge(key: number, age: number): void;
}

/** The contents that the last `take` has found, of whatever queue: two words each. */
export const taken = new Int32Array(2 * TAKEN_MAX);

export class BroadcastQueue {
  /** Broadcasts waiting. */
  count = 0;
  /** Free bytes that the last `take` left. */
  freeBytes = 0;
  readonly #contents: Contents;
  readonly #keys: Keys;
  /** By rank: 2 * transmissions + class. */
  readonly #ranks: RankedEntries[] = [];
  #newest = 0;
  /** By age, a bit each: that entry has been replaced. */
  #replaced = new Int32Array(AGES_MIN / 32);
  /** Entries that have been replaced and not yet met. */
  #replacedCount = 0;
  /** Entries by length; no entry is shorter than the shortest. */
  readonly #lengths = new Uint16Array(LENGTH_MAX + 1);
  #shortest = LENGTH_MAX;

  readonly #arrays: WordArrays;

  constructor(contents: Contents, keys: Keys, arrays: WordArrays) {
    this.#arrays = arrays;
    this.#contents = contents;
    this.#keys = keys;
  }

  /** Queues a broadcast of that length under a key (0 .. 65535), in place of the one waiting there. `upper`: 16 bits. */
  add(key: number, upper: number, second: number, bytes: number): void {
    const keys = this.#keys;
    keys.ensure(key);
    if (keys.waits(key)) this.#replace(key);
    else keys.setWaits(key, true);
    this.count++;
    if (this.#newest + 1 === this.#replaced.length * 32) this.#makeAges();
    const age = ++this.#newest;
    keys.setAge(key, age);
    const length = bytes < LENGTH_MAX ? bytes : LENGTH_MAX;
    this.#lengths[length]!++;
    if (length < this.#shortest) this.#shortest = length;
    const rank = this.#rank(bytes >= LONG_BYTES ? 0 : 1);
    const order = orderOf(age, length);
    const first = key | (upper << KEY_BITS);
    // It is the newest: it goes to the very front.
    if (rank.begin >= WIDTH) {
      const { words } = rank;
      const begin = rank.begin - WIDTH;
      words[begin] = order;
      words[begin + 1] = first;
      words[begin + 2] = second;
      rank.begin = begin;
      return;
    }
    batch[0] = order;
    batch[1] = first;
    batch[2] = second;
    rank.insert(batch, 0, WIDTH);
  }

  /** Does something wait under a key? */
  has(key: number): boolean {
    return this.#keys.waits(key);
  }

  /** The content that waits under a key, null when none does. */
  get(key: number): readonly [number, number] | null {
    if (!this.has(key)) return null;
    const age = this.#keys.age(key);
    for (const { words, begin, end } of this.#ranks) {
      for (let at = begin; at < end; at += WIDTH)
        if (ageOf(words[at]!) === age) return [words[at + 1]!, words[at + 2]!];
    }
    throw new Error(`nothing waits under key ${key}`);
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    for (const { words, begin, end } of this.#ranks) {
      for (let at = begin; at < end; at += WIDTH) {
        if (this.#isReplaced(ageOf(words[at]!))) continue;
        this.#contents.release(words[at + 2]!);
        this.#keys.setWaits(words[at + 1]! & KEY_MASK, false);
      }
    }
    this.count = 0;
    this.#reset();
  }

  /** Takes what fits into `limit` bytes with `overhead` each, and counts it as sent once; returns how many: see `taken`. */
  take(overhead: number, limit: number, transmitLimit: number): number {
    this.freeBytes = limit;
    if (this.count === 0) return 0;
    const contents = this.#contents;
    const replaced = this.#replaced;
    const shortest = this.#shortest;
    const ranks = this.#ranks;
    const rankCount = ranks.length;
    let free = limit - overhead;
    let count = 0;
    let batched = 0;
    for (let r = 0; r < rankCount && free >= shortest; r++) {
      const rank = ranks[r]!;
      const { words, end } = rank;
      let at = rank.begin;
      batchEnds[r] = batched;
      if (at === end) continue;
      const goesOn = (r >> 1) + 1 < transmitLimit;
      let passed = 0;
      for (; at < end && free >= shortest && count < TAKEN_MAX; at += WIDTH) {
        const order = words[at]!;
        const age = ageOf(order);
        const length = lengthOf(order);
        if (((replaced[age >> 5]! >> (age & 31)) & 1) !== 0) {
          this.#lengths[length]!--;
          this.#replacedCount--;
          continue;
        }
        const first = words[at + 1]!;
        const second = words[at + 2]!;
        const bytes = length < LENGTH_MAX ? length : contents.bytes(first, second);
        if (bytes > free) {
          passedBy[passed++] = at;
          continue;
        }
        taken[2 * count] = first;
        taken[2 * count + 1] = second;
        count++;
        free -= overhead + bytes;
        if (goesOn) {
          batch[batched] = order;
          batch[batched + 1] = first;
          batch[batched + 2] = second;
          batched += WIDTH;
        } else {
          this.#keys.setWaits(first & KEY_MASK, false);
          contents.release(second);
          this.#lengths[length]!--;
          this.count--;
        }
      }
      rank.begin = at;
      if (passed > 0) putBack(rank, passed);
      else if (at === end) rank.clear();
      batchEnds[r] = batched;
    }
    this.freeBytes = free + overhead;
    if (this.count === 0) this.#reset();
    else {
      // Only now, lest something be taken twice.
      this.#sentOnceMore(rankCount, batched);
      while (this.#lengths[this.#shortest] === 0) this.#shortest++;
    }
    return count;
  }

  /** The next number of transmissions is two ranks on. */
  #sentOnceMore(rankCount: number, batched: number): void {
    let first = 0;
    for (let r = 0; r < rankCount && first < batched; r++) {
      const end = batchEnds[r]!;
      if (end > first) this.#rank(r + CLASSES).insert(batch, first, end);
      first = Math.max(first, end);
    }
  }

  #rank(rank: number): RankedEntries {
    while (this.#ranks.length <= rank) this.#ranks.push(new RankedEntries(this.#arrays));
    return this.#ranks[rank]!;
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
    if (++this.#replacedCount > REPLACED_MIN + (this.count >> 2)) this.#dropReplaced();
  }

  #reset(): void {
    for (const rank of this.#ranks) rank.clear();
    this.#replaced.fill(0, 0, (this.#newest >> 5) + 1);
    this.#replacedCount = 0;
    this.#newest = 0;
    this.#lengths.fill(0);
    this.#shortest = LENGTH_MAX;
  }

  #dropReplaced(): void {
    for (const rank of this.#ranks) {
      rank.filter((order) => {
        const stays = !this.#isReplaced(ageOf(order));
        if (!stays) this.#lengths[lengthOf(order)]!--;
        return stays;
      });
    }
    this.#replacedCount = 0;
  }

  /** No age is left: there will be more, or what waits gets new ones in the same order. */
  #makeAges(): void {
    if (AGES_FOR_EACH * this.count >= 32 * this.#replaced.length) {
      const larger = new Int32Array(Math.min(2 * this.#replaced.length, AGE_SPAN / 32));
      larger.set(this.#replaced);
      this.#replaced = larger;
      return;
    }
    this.#dropReplaced();
    this.#replaced.fill(0);
    const places = this.#ranks.flatMap(({ words, begin, end }) =>
      Array.from({ length: (end - begin) / WIDTH }, (_, i) => ({ words, at: begin + WIDTH * i })),
    );
    places.sort((a, b) => ageOf(a.words[a.at]!) - ageOf(b.words[b.at]!));
    this.#newest = 0;
    for (const { words, at } of places) {
      words[at] = orderOf(++this.#newest, lengthOf(words[at]!));
      this.#keys.setAge(words[at + 1]! & KEY_MASK, this.#newest);
    }
  }
}

/** Those that did not fit stay in front. */
function putBack(rank: RankedEntries, passed: number): void {
  const { words } = rank;
  let begin = rank.begin;
  for (let i = passed - 1; i >= 0; i--) {
    const at = passedBy[i]!;
    begin -= WIDTH;
    words[begin + 2] = words[at + 2]!;
    words[begin + 1] = words[at + 1]!;
    words[begin] = words[at]!;
  }
  rank.begin = begin;
}

/** What one `take` moves, by rank up to batchEnds; and places of those passed by. */
const batch = new Int32Array(WIDTH * TAKEN_MAX);
const batchEnds: number[] = [];
const passedBy: number[] = [];
