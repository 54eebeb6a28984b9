/**
 * The transmit-limited queue of broadcasts (memberlist queue.go): what was sent least often goes first, of those the long
 * ones, of those the newest. A new broadcast under a key replaces the one that waits there. One that has been sent as
 * often as the limit says leaves the queue.
 *
 * A broadcast stays where it was put when it came, at its age; a bit tells that it still waits. How often it has been sent
 * is not kept for each: what came in a row goes out in a row, so neighbours have mostly been sent equally often, and a run of
 * ages has one rank. In a saturated queue of thousands there are ten or twenty runs, and a `take` reads what it takes and
 * little else. With ten thousand nodes that is what counts.
 *
 * Two classes of length: news of the living is long, accusations are short. (memberlist orders by the exact length; names
 * differ by a few bytes at most.)
 */
import { AgedContents, LONG, SHORT } from './aged-contents.ts';
import { BLOCK_BITS, type ContentBlocks } from './content-blocks.ts';
import { CLASS_MASK, LATER, RankRuns } from './rank-runs.ts';

/** From here on a broadcast counts as long. */
const LONG_BYTES = 64;
export const KEY_MASK = 0xffff;
const KEY_BITS = 16;

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

const BLOCK_MASK = (1 << BLOCK_BITS) - 1;
/** The next number of transmissions is two ranks on. */
const CLASSES = 2;

/** Above every length; a small integer, because other numbers lie elsewhere than the object that holds them. */
const NO_LENGTH = 0x3fffffff;

export class BroadcastQueue {
  /** Broadcasts waiting. */
  count = 0;
  /** Free bytes that the last `take` left. */
  freeBytes = 0;
  readonly #contents: Contents;
  readonly #keys: Keys;
  readonly #aged: AgedContents;
  readonly #runs = new RankRuns();
  /** Nothing that waits is shorter. */
  #shortest = NO_LENGTH;

  /** Of no use but to be written: what was fetched ahead. */
  protected fetched = 0;

  constructor(contents: Contents, keys: Keys, blocks: ContentBlocks) {
    this.#contents = contents;
    this.#keys = keys;
    this.#aged = new AgedContents(blocks);
  }

  /** Queues a broadcast of that length under a key (0 .. 65535), in place of the one waiting there. `upper`: 16 bits. */
  add(key: number, upper: number, second: number, bytes: number): void {
    if (this.#keys.waits(key)) this.#replace(key);
    const aged = this.#aged;
    if ((aged.newest & BLOCK_MASK) === BLOCK_MASK && !aged.hasRoom(this.count)) this.#makeAges();
    const inClass = bytes >= LONG_BYTES ? LONG : SHORT;
    const age = aged.add(inClass, key | (upper << KEY_BITS), second);
    this.#keys.begin(key, age);
    this.count++;
    if (bytes < this.#shortest) this.#shortest = bytes;
    this.#runs.push(age, inClass);
  }

  /** Reads what a `take` or an `add` will look at first, side by side (Records.fetch). */
  fetch(): number {
    if (this.count === 0) return 0;
    const { words, count } = this.#runs;
    return this.#shortest ^ this.#aged.fetch() ^ words[2 * count - 1]!;
  }

  /** Reads what will be looked at if what waits at these ages is replaced. */
  fetchAges(ages: Int32Array, count: number): number {
    return this.count === 0 ? 0 : this.#aged.fetchAges(ages, count);
  }

  /** Does something wait under a key? */
  has(key: number): boolean {
    return this.#keys.waits(key);
  }

  /** The content that waits under a key, null when none does. */
  get(key: number): readonly [number, number] | null {
    return this.has(key) ? this.#aged.content(this.#keys.age(key)) : null;
  }

  /** Nothing waits any more: the process is gone. */
  clear(): void {
    this.#aged.forEach((_inClass, _age, first, second) => {
      this.#contents.release(second);
      this.#keys.end(first & KEY_MASK);
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
    const runs = this.#runs;
    packet.into = into;
    packet.put = 0;
    packet.overhead = overhead;
    packet.free = limit - overhead;
    packet.shortest = NO_LENGTH;
    let full = packet.free < this.#shortest;
    for (let rank = runs.next(-1); rank < LATER && !full; rank = runs.next(rank)) {
      const goesOn = (rank >> 1) + 1 < transmitLimit;
      let end = this.#aged.newest;
      for (let run = runs.count - 1; run >= 0 && !full; run--) {
        const runRank = runs.rank(run);
        if (((runRank ^ rank) & CLASS_MASK) !== 0) continue;
        const beginning = runs.beginning(run);
        if (runRank === rank) full = this.#takeRun(run, beginning, end, rank, goesOn);
        end = beginning - 1;
      }
    }
    runs.settle();
    this.freeBytes = packet.free + overhead;
    if (this.count === 0) this.#reset();
    // Nothing was passed over unseen.
    else if (!full) this.#shortest = packet.shortest;
    return packet.put >> 1;
  }

  /** Takes from one run, from its end on; true when nothing fits any more. What stays and what went become runs. */
  #takeRun(run: number, beginning: number, end: number, rank: number, goesOn: boolean): boolean {
    const aged = this.#aged;
    const runs = this.#runs;
    const contents = this.#contents;
    const inClass = rank & CLASS_MASK;
    const { into, overhead } = packet;
    const most = into.length;
    const least = this.#shortest;
    const sent = (goesOn ? rank + CLASSES : rank) | LATER;
    let { free, put, shortest } = packet;
    /** Rank of those looked at last; none yet. */
    let piece = -1;
    const firstPlace = beginning >> BLOCK_BITS;
    const lastPlace = Math.max(firstPlace, aged.oldest);
    for (let place = end >> BLOCK_BITS; place >= lastPlace; place--) {
      let waiting = aged.waiting(place, inClass);
      if (waiting === 0) continue;
      if (place === end >> BLOCK_BITS) waiting &= (2 << (end & BLOCK_MASK)) - 1;
      if (place === firstPlace) waiting &= -1 << (beginning & BLOCK_MASK);
      const block = aged.cells[aged.cellOf(place)]!;
      const words = aged.blocks.wordsOf(block);
      const first = aged.blocks.placeOf(block);
      // Read side by side, which is faster than one after the other.
      this.fetched ^= words[first]! ^ words[first + 16]! ^ words[first + 32]! ^ words[first + 48]!;
      while (waiting !== 0) {
        const bit = 31 - Math.clz32(waiting);
        waiting ^= 1 << bit;
        const at = first + 2 * bit;
        const one = words[at]!;
        const two = words[at + 1]!;
        const bytes = contents.bytes(one, two);
        const fits = bytes <= free;
        const becomes = fits ? sent : rank;
        const age = (place << BLOCK_BITS) + bit;
        if (becomes !== piece) {
          if (piece >= 0) runs.insert(run + 1, age + 1, piece);
          piece = becomes;
        }
        if (!fits) {
          if (bytes < shortest) shortest = bytes;
          continue;
        }
        into[put] = one;
        into[put + 1] = two;
        put += 2;
        free -= overhead + bytes;
        if (!goesOn) {
          this.#keys.end(one & KEY_MASK);
          contents.release(two);
          aged.remove(age);
          this.count--;
        } else if (bytes < shortest) shortest = bytes;
        if (free < least || put === most) {
          packet.free = free;
          packet.put = put;
          if (age > beginning) runs.insert(run + 1, age, piece);
          else runs.setRank(run, piece);
          return true;
        }
      }
    }
    packet.free = free;
    packet.put = put;
    packet.shortest = shortest;
    if (piece < 0) runs.end(run);
    else runs.setRank(run, piece);
    return false;
  }

  /** What waits under the key ceases to. */
  #replace(key: number): void {
    this.count--;
    const age = this.#keys.age(key);
    if (this.#contents.counted) this.#contents.release(this.#aged.content(age)[1]);
    this.#aged.remove(age);
  }

  #reset(): void {
    this.#aged.clear();
    this.#runs.clear();
    this.#shortest = NO_LENGTH;
  }

  /** What waits gets new ages in the same order: the old ones lie too far apart. */
  #makeAges(): void {
    const runs = this.#runs;
    const waiting: { first: number; second: number; rank: number }[] = [];
    this.#aged.forEach((inClass, age, first, second) => {
      waiting.push({ first, second, rank: runs.rankOf(age, inClass) });
    });
    this.#aged.clear();
    runs.clear();
    for (const { first, second, rank } of waiting) {
      const age = this.#aged.add(rank & CLASS_MASK, first, second);
      this.#keys.begin(first & KEY_MASK, age);
      runs.push(age, rank);
    }
  }
}

interface Take {
  into: Int32Array;
  /** Words put into it. */
  put: number;
  overhead: number;
  free: number;
  /** Of what was looked at and stays. */
  shortest: number;
}

/** The `take` under way. */
const packet: Take = {
  into: new Int32Array(0),
  put: 0,
  overhead: 0,
  free: 0,
  shortest: NO_LENGTH,
};
