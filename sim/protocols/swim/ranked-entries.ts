/**
 * The broadcasts in a queue by rank, in each rank the newest first: sorted arrays with room ahead. What comes is mostly
 * newer than all that are there, or comes in one piece, so few entries move.
 *
 * An entry is three words: its order (newest first; and its length in bytes, LENGTH_MAX for that and more), and two words
 * of content, the key in the low 16 bits of the first.
 */
import type { WordArrays } from './word-arrays.ts';

export const WIDTH = 3;
const LENGTH_BITS = 8;
export const LENGTH_MAX = 255;
/** Ages are less than this. */
export const AGE_SPAN = 8_388_608;

/** An empty rank keeps an array of so many words. */
const KEPT = 96;

export function orderOf(age: number, length: number): number {
  return ((AGE_SPAN - 1 - age) << LENGTH_BITS) | length;
}

export function ageOf(order: number): number {
  return AGE_SPAN - 1 - (order >> LENGTH_BITS);
}

export function lengthOf(order: number): number {
  return order & LENGTH_MAX;
}

const NONE = new Int32Array(0);

export class RankedEntries {
  /** Ranks ever used. */
  count = 0;
  /** No lower rank has entries. */
  lowest = 0;
  /** By rank; of its words bounds[2 * rank] .. bounds[2 * rank + 1] are in use. */
  readonly words: Int32Array[] = [];
  bounds: Int32Array = NONE;
  readonly #arrays: WordArrays;

  constructor(arrays: WordArrays) {
    this.#arrays = arrays;
  }

  /** Takes in the newest of a rank. */
  push(rank: number, order: number, first: number, second: number): void {
    if (rank >= this.count) this.#addRank(rank);
    if (rank < this.lowest) this.lowest = rank;
    if (this.bounds[2 * rank]! < WIDTH) this.#makeRoom(rank, WIDTH);
    const begin = this.bounds[2 * rank]! - WIDTH;
    const words = this.words[rank]!;
    words[begin] = order;
    words[begin + 1] = first;
    words[begin + 2] = second;
    this.bounds[2 * rank] = begin;
  }

  /** Takes in words first .. end of `from`, ascending entries of one rank. */
  insert(rank: number, from: Int32Array, first: number, end: number): void {
    if (rank >= this.count) this.#addRank(rank);
    if (rank < this.lowest) this.lowest = rank;
    for (let pieceEnd = end; pieceEnd > first; ) {
      const place = this.#placeOf(rank, from[pieceEnd - WIDTH]!);
      const before = place > this.bounds[2 * rank]! ? this.words[rank]![place - WIDTH]! : -1;
      let pieceFirst = pieceEnd - WIDTH;
      while (pieceFirst > first && from[pieceFirst - WIDTH]! > before) pieceFirst -= WIDTH;
      this.#insertPiece(rank, place, from, pieceFirst, pieceEnd);
      pieceEnd = pieceFirst;
    }
  }

  /** The first of a rank are gone: it begins at `begin`. */
  cut(rank: number, begin: number): void {
    const { bounds } = this;
    bounds[2 * rank] = begin;
    const { length } = this.words[rank]!;
    const used = bounds[2 * rank + 1]! - begin;
    if (2 * used >= length) return;
    if (length > KEPT) this.#move(rank, used + (used >> 2));
    else if (used === 0) bounds[2 * rank] = bounds[2 * rank + 1] = length;
  }

  clear(): void {
    for (let rank = 0; rank < this.count; rank++) this.#clear(rank);
  }

  /** Keeps those that `stays` says. */
  filter(stays: (order: number) => boolean): void {
    for (let rank = this.lowest; rank < this.count; rank++) {
      const words = this.words[rank]!;
      const end = this.bounds[2 * rank + 1]!;
      let live = this.bounds[2 * rank]!;
      for (let at = live; at < end; at += WIDTH) {
        if (!stays(words[at]!)) continue;
        if (live !== at) {
          words[live] = words[at]!;
          words[live + 1] = words[at + 1]!;
          words[live + 2] = words[at + 2]!;
        }
        live += WIDTH;
      }
      this.bounds[2 * rank + 1] = live;
    }
  }

  /** Calls `visit` for each entry: the array it lies in, and its place there. */
  forEach(visit: (words: Int32Array, at: number) => void): void {
    for (let rank = 0; rank < this.count; rank++) {
      const words = this.words[rank]!;
      for (let at = this.bounds[2 * rank]!; at < this.bounds[2 * rank + 1]!; at += WIDTH) visit(words, at);
    }
  }

  #addRank(rank: number): void {
    while (this.count <= rank) {
      this.words.push(NONE);
      this.count++;
    }
    if (2 * this.count <= this.bounds.length) return;
    const larger = new Int32Array(4 * this.count);
    larger.set(this.bounds);
    this.bounds = larger;
  }

  #clear(rank: number): void {
    this.#arrays.giveBack(this.words[rank]!);
    this.words[rank] = NONE;
    this.bounds[2 * rank] = this.bounds[2 * rank + 1] = 0;
  }

  /** Where an entry belongs: the first place whose entry is larger. */
  #placeOf(rank: number, order: number): number {
    const words = this.words[rank]!;
    const begin = this.bounds[2 * rank]!;
    const end = this.bounds[2 * rank + 1]!;
    if (begin === end || order < words[begin]!) return begin;
    if (order > words[end - WIDTH]!) return end;
    let low = 0;
    let high = (end - begin) / WIDTH;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[begin + WIDTH * middle]! < order) low = middle + 1;
      else high = middle;
    }
    return begin + WIDTH * low;
  }

  /** Makes room at a place by moving the shorter side, and puts from[first .. end) there. */
  #insertPiece(rank: number, place: number, from: Int32Array, first: number, end: number): void {
    const size = end - first;
    let at = place;
    if (this.bounds[2 * rank]! < size && this.words[rank]!.length - this.bounds[2 * rank + 1]! < size)
      at += this.#makeRoom(rank, size);
    const words = this.words[rank]!;
    const begin = this.bounds[2 * rank]!;
    const stop = this.bounds[2 * rank + 1]!;
    if (begin >= size && (at - begin <= stop - at || words.length - stop < size)) {
      if (at > begin) words.copyWithin(begin - size, begin, at);
      this.bounds[2 * rank] = begin - size;
      at -= size;
    } else {
      if (at < stop) words.copyWithin(at + size, at, stop);
      this.bounds[2 * rank + 1] = stop + size;
    }
    for (let i = first; i < end; i++) words[at++] = from[i]!;
  }

  /** Makes room ahead for `size` more words and some to come; returns by how much everything has moved. */
  #makeRoom(rank: number, size: number): number {
    const begin = this.bounds[2 * rank]!;
    const length = this.bounds[2 * rank + 1]! - begin;
    const { words } = this;
    // Little room there would soon be used up again.
    const wanted = length + Math.max(size, length >> 3);
    if (words[rank]!.length < wanted) this.#move(rank, wanted);
    else {
      const room = words[rank]!.length - length;
      words[rank]!.copyWithin(room, begin, begin + length);
      this.bounds[2 * rank] = room;
      this.bounds[2 * rank + 1] = room + length;
    }
    return this.bounds[2 * rank]! - begin;
  }

  /** Into an array of at least so many words, to its end. */
  #move(rank: number, size: number): void {
    const begin = this.bounds[2 * rank]!;
    const end = this.bounds[2 * rank + 1]!;
    const old = this.words[rank]!;
    const words = this.#arrays.take(size);
    const room = words.length - (end - begin);
    copy(old, begin, end, words, room);
    this.#arrays.giveBack(old);
    this.words[rank] = words;
    this.bounds[2 * rank] = room;
    this.bounds[2 * rank + 1] = words.length;
  }
}

function copy(from: Int32Array, first: number, end: number, to: Int32Array, at: number): void {
  // A view on a few words costs more than to copy them.
  if (end - first > 400) to.set(from.subarray(first, end), at);
  else for (let i = first; i < end; i++) to[at + i - first] = from[i]!;
}
