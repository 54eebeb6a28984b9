/**
 * Broadcasts of one rank in a queue, the newest first: a sorted array with room on both sides. What comes is mostly newer
 * than all that are there, or comes in one piece, so few entries move.
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
  /** Words begin .. end are in use. */
  words: Int32Array = NONE;
  begin = 0;
  end = 0;
  readonly #arrays: WordArrays;

  constructor(arrays: WordArrays) {
    this.#arrays = arrays;
  }

  clear(): void {
    this.#arrays.giveBack(this.words);
    this.words = NONE;
    this.begin = this.end = 0;
  }

  /** Takes in words first .. end of `from`, ascending entries. */
  insert(from: Int32Array, first: number, end: number): void {
    for (let pieceEnd = end; pieceEnd > first; ) {
      const place = this.#placeOf(from[pieceEnd - WIDTH]!);
      const before = place > this.begin ? this.words[place - WIDTH]! : -1;
      let pieceFirst = pieceEnd - WIDTH;
      while (pieceFirst > first && from[pieceFirst - WIDTH]! > before) pieceFirst -= WIDTH;
      this.#insertPiece(place, from, pieceFirst, pieceEnd);
      pieceEnd = pieceFirst;
    }
  }

  /** Keeps those that `stays` says. */
  filter(stays: (order: number) => boolean): void {
    const { words } = this;
    let live = this.begin;
    for (let at = this.begin; at < this.end; at += WIDTH) {
      if (!stays(words[at]!)) continue;
      if (live !== at) words.copyWithin(live, at, at + WIDTH);
      live += WIDTH;
    }
    this.end = live;
  }

  /** Where an entry belongs: the first place whose entry is larger. */
  #placeOf(order: number): number {
    const { words, begin, end } = this;
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
  #insertPiece(place: number, from: Int32Array, first: number, end: number): void {
    const size = end - first;
    let at = place;
    if (this.begin < size && this.words.length - this.end < size) {
      at += this.#makeRoom(size);
    }
    const { words } = this;
    const shorterAhead = at - this.begin <= this.end - at;
    if (this.begin >= size && (shorterAhead || words.length - this.end < size)) {
      if (at > this.begin) words.copyWithin(this.begin - size, this.begin, at);
      this.begin -= size;
      at -= size;
    } else {
      if (at < this.end) words.copyWithin(at + size, at, this.end);
      this.end += size;
    }
    for (let i = first; i < end; i++) words[at++] = from[i]!;
  }

  /** Makes room ahead for `size` more words and some to come; returns by how much everything has moved. */
  #makeRoom(size: number): number {
    const length = this.end - this.begin;
    const old = this.words;
    const spare = old.length - length;
    // Little room there would soon be used up again.
    if (spare < Math.max(size, length >> 2)) this.words = this.#arrays.take(length + size + (length >> 2));
    const room = this.words.length - length;
    if (this.words === old) old.copyWithin(room, this.begin, this.end);
    else {
      copy(old, this.begin, this.end, this.words, room);
      this.#arrays.giveBack(old);
    }
    const moved = room - this.begin;
    this.begin = room;
    this.end = room + length;
    return moved;
  }
}

function copy(from: Int32Array, first: number, end: number, to: Int32Array, at: number): void {
  // A view on a few words costs more than to copy them.
  if (end - first > 400) to.set(from.subarray(first, end), at);
  else for (let i = first; i < end; i++) to[at + i - first] = from[i]!;
}
