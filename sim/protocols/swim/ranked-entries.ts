/**
 * The broadcasts in a queue by rank, in each rank the newest first: a list of chunks. What comes is mostly newer than all
 * that are there, or older than all, so it goes to one end.
 *
 * An entry is three words: its order (newest first; and its length in bytes, LENGTH_MAX for that and more), and two words
 * of content, the key in the low 16 bits of the first.
 */
import { BEGIN, BODY, CHUNK, END, type EntryChunks, NEXT, NO_CHUNK, WIDTH } from './entry-chunks.ts';

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

export const ENDS = 3;
const LAST = 1;
const LATEST = 2;
const NONE = new Int32Array(0);

export class RankedEntries {
  /** Ranks ever used. */
  count = 0;
  /** No lower rank has entries. */
  lowest = 0;
  /** By rank, ENDS words each: the first chunk, the last one, and where entries were last put in between; or NO_CHUNK. No
   * chunk in a list is empty. */
  ends: Int32Array = NONE;
  readonly chunks: EntryChunks;

  constructor(chunks: EntryChunks) {
    this.chunks = chunks;
  }

  /** Takes in the newest of a rank. */
  push(rank: number, order: number, first: number, second: number): void {
    if (rank >= this.count) this.#addRank(rank);
    if (rank < this.lowest) this.lowest = rank;
    const { chunks, ends } = this;
    let chunk = ends[ENDS * rank]!;
    if (chunk !== NO_CHUNK) moveToEnd(chunks.wordsOf(chunk), chunks.placeOf(chunk));
    if (chunk === NO_CHUNK || chunks.wordsOf(chunk)[chunks.placeOf(chunk) + BEGIN] === BODY) {
      chunk = chunks.take(chunk, CHUNK);
      if (ends[ENDS * rank] === NO_CHUNK) ends[ENDS * rank + LAST] = chunk;
      ends[ENDS * rank] = chunk;
    }
    const words = chunks.wordsOf(chunk);
    const place = chunks.placeOf(chunk);
    const begin = (words[place + BEGIN]! -= WIDTH);
    words[place + begin] = order;
    words[place + begin + 1] = first;
    words[place + begin + 2] = second;
  }

  /** Takes in words first .. end of `from`, ascending entries of one rank. */
  insert(rank: number, from: Int32Array, first: number, end: number): void {
    if (rank >= this.count) this.#addRank(rank);
    if (rank < this.lowest) this.lowest = rank;
    const last = this.ends[ENDS * rank + LAST]!;
    if (last === NO_CHUNK || this.#lastOrder(last) < from[first]!) this.#append(rank, from, first, end);
    else this.#merge(rank, from, first, end);
  }

  clear(): void {
    for (let rank = 0; rank < this.count; rank++) {
      for (let chunk = this.ends[ENDS * rank]!; chunk !== NO_CHUNK; ) chunk = this.chunks.giveBack(chunk);
      this.ends.fill(NO_CHUNK, ENDS * rank, ENDS * (rank + 1));
    }
  }

  /** Keeps those that `stays` says. */
  filter(stays: (order: number) => boolean): void {
    const { chunks } = this;
    for (let rank = this.lowest; rank < this.count; rank++) {
      let before = NO_CHUNK;
      for (let chunk = this.ends[ENDS * rank]!; chunk !== NO_CHUNK; ) {
        const words = chunks.wordsOf(chunk);
        const place = chunks.placeOf(chunk);
        keep(words, place, stays);
        if (words[place + BEGIN] === words[place + END] || this.#fitsInto(before, words, place))
          chunk = this.unlink(rank, before, chunk);
        else {
          before = chunk;
          chunk = words[place + NEXT]!;
        }
      }
    }
  }

  /** Moves a chunk's entries to the end of the one before it, if there is room. */
  #fitsInto(before: number, words: Int32Array, place: number): boolean {
    if (before === NO_CHUNK) return false;
    const [first, end] = [place + words[place + BEGIN]!, place + words[place + END]!];
    return appendTo(this.chunks.wordsOf(before), this.chunks.placeOf(before), words, first, end);
  }

  /** Calls `visit` for each entry: the array it lies in, and its place there. */
  forEach(visit: (words: Int32Array, at: number) => void): void {
    const { chunks } = this;
    for (let rank = 0; rank < this.count; rank++) {
      for (let chunk = this.ends[ENDS * rank]!; chunk !== NO_CHUNK; ) {
        const words = chunks.wordsOf(chunk);
        const place = chunks.placeOf(chunk);
        const end = place + words[place + END]!;
        for (let at = place + words[place + BEGIN]!; at < end; at += WIDTH) visit(words, at);
        chunk = words[place + NEXT]!;
      }
    }
  }

  /** Takes a chunk that is empty now out of its list; `before`: the one before it. Returns the one behind it. */
  unlink(rank: number, before: number, chunk: number): number {
    const next = this.chunks.giveBack(chunk);
    if (this.ends[ENDS * rank + LATEST] === chunk) this.ends[ENDS * rank + LATEST] = before;
    if (before === NO_CHUNK) this.ends[ENDS * rank] = next;
    else this.#setNext(before, next);
    if (next === NO_CHUNK) this.ends[ENDS * rank + LAST] = before;
    return next;
  }

  #addRank(rank: number): void {
    this.count = rank + 1;
    if (ENDS * this.count <= this.ends.length) return;
    const larger = new Int32Array(2 * ENDS * this.count).fill(NO_CHUNK);
    larger.set(this.ends);
    this.ends = larger;
  }

  #append(rank: number, from: Int32Array, first: number, end: number): void {
    const { chunks, ends } = this;
    let chunk = ends[ENDS * rank + LAST]!;
    for (let i = first; i < end; ) {
      if (chunk === NO_CHUNK || chunks.wordsOf(chunk)[chunks.placeOf(chunk) + END] === CHUNK) {
        const next = chunks.take(NO_CHUNK, BODY);
        if (chunk === NO_CHUNK) ends[ENDS * rank] = next;
        else this.#setNext(chunk, next);
        ends[ENDS * rank + LAST] = chunk = next;
      }
      const words = chunks.wordsOf(chunk);
      const place = chunks.placeOf(chunk);
      let at = place + words[place + END]!;
      const stop = Math.min(at + end - i, place + CHUNK);
      while (at < stop) words[at++] = from[i++]!;
      words[place + END] = stop - place;
    }
  }

  /** Some belong before others that are there: mostly where the last ones were put, or at the ends. */
  #merge(rank: number, from: Int32Array, first: number, end: number): void {
    const { chunks, ends } = this;
    const oldest = this.#lastOrder(ends[ENDS * rank + LAST]!);
    let before = NO_CHUNK;
    let chunk = ends[ENDS * rank]!;
    let latest = ends[ENDS * rank + LATEST]!;
    let i = first;
    while (i < end && from[i]! < oldest) {
      if (latest !== NO_CHUNK && this.#firstOrder(latest) < from[i]!) {
        chunk = latest;
        latest = NO_CHUNK;
      }
      const words = chunks.wordsOf(chunk);
      const place = chunks.placeOf(chunk);
      if (words[place + words[place + END]! - WIDTH]! < from[i]!) {
        before = chunk;
        chunk = words[place + NEXT]!;
        continue;
      }
      const order = words[place + words[place + BEGIN]!]!;
      if (order < from[i]!) {
        let at = place + words[place + BEGIN]! + WIDTH;
        while (words[at]! < from[i]!) at += WIDTH;
        const pieceEnd = endOfPiece(from, i, end, words[at]!);
        if (insertInside(words, place, at, from, i, pieceEnd)) {
          ends[ENDS * rank + LATEST] = chunk;
          i = pieceEnd;
        } else this.#split(rank, chunk, at);
        continue;
      }
      const pieceEnd = endOfPiece(from, i, end, order);
      const begin = this.#putBefore(rank, before, chunk, from, i, pieceEnd);
      if (before !== NO_CHUNK) ends[ENDS * rank + LATEST] = begin;
      i = pieceEnd;
    }
    if (i < end) this.#append(rank, from, i, end);
  }

  /** Puts a piece before a chunk, where there is room first. Returns the chunk where it begins. */
  #putBefore(
    rank: number,
    before: number,
    chunk: number,
    from: Int32Array,
    first: number,
    end: number,
  ): number {
    const { chunks } = this;
    if (before !== NO_CHUNK && appendTo(chunks.wordsOf(before), chunks.placeOf(before), from, first, end))
      return before;
    moveToEnd(chunks.wordsOf(chunk), chunks.placeOf(chunk));
    let target = chunk;
    for (let i = end; i > first; ) {
      if (chunks.wordsOf(target)[chunks.placeOf(target) + BEGIN] === BODY)
        target = chunks.take(target, CHUNK);
      const words = chunks.wordsOf(target);
      const place = chunks.placeOf(target);
      let at = place + words[place + BEGIN]!;
      const stop = Math.max(at - (i - first), place + BODY);
      while (at > stop) words[--at] = from[--i]!;
      words[place + BEGIN] = stop - place;
    }
    if (before === NO_CHUNK) this.ends[ENDS * rank] = target;
    else this.#setNext(before, target);
    return target;
  }

  /** What lies at `at` and behind it gets a chunk of its own. */
  #split(rank: number, chunk: number, at: number): void {
    const { chunks } = this;
    const words = chunks.wordsOf(chunk);
    const place = chunks.placeOf(chunk);
    const next = words[place + NEXT]!;
    const second = chunks.take(next, CHUNK);
    const end = place + words[place + END]!;
    const begin = CHUNK - (end - at);
    chunks.wordsOf(second).set(words.subarray(at, end), chunks.placeOf(second) + begin);
    chunks.wordsOf(second)[chunks.placeOf(second) + BEGIN] = begin;
    words[place + END] = at - place;
    words[place + NEXT] = second;
    if (next === NO_CHUNK) this.ends[ENDS * rank + LAST] = second;
  }

  #firstOrder(chunk: number): number {
    const words = this.chunks.wordsOf(chunk);
    const place = this.chunks.placeOf(chunk);
    return words[place + words[place + BEGIN]!]!;
  }

  #lastOrder(chunk: number): number {
    const words = this.chunks.wordsOf(chunk);
    const place = this.chunks.placeOf(chunk);
    return words[place + words[place + END]! - WIDTH]!;
  }

  #setNext(chunk: number, next: number): void {
    this.chunks.wordsOf(chunk)[this.chunks.placeOf(chunk) + NEXT] = next;
  }
}

/** Entries of `from` from i on that belong before an order. */
function endOfPiece(from: Int32Array, i: number, end: number, order: number): number {
  let pieceEnd = i + WIDTH;
  while (pieceEnd < end && from[pieceEnd]! < order) pieceEnd += WIDTH;
  return pieceEnd;
}

/** Of one chunk: puts a piece at its end; false when there is no room. */
function appendTo(words: Int32Array, place: number, from: Int32Array, first: number, end: number): boolean {
  let at = place + words[place + END]!;
  if (at + end - first > place + CHUNK) return false;
  for (let i = first; i < end; i++) words[at++] = from[i]!;
  words[place + END] = at - place;
  return true;
}

/** Of one chunk: puts a piece at `at`, which is inside; false when there is no room. */
function insertInside(
  words: Int32Array,
  place: number,
  at: number,
  from: Int32Array,
  first: number,
  end: number,
): boolean {
  const size = end - first;
  const behind = CHUNK - words[place + END]!;
  const ahead = words[place + BEGIN]! - BODY;
  if (size > ahead + behind) return false;
  // As much as there is room for moves ahead, the rest back.
  const back = size > ahead ? size - ahead : 0;
  const forth = size - back;
  if (forth > 0) words.copyWithin(place + words[place + BEGIN]! - forth, place + words[place + BEGIN]!, at);
  if (back > 0) words.copyWithin(at + back, at, place + words[place + END]!);
  words[place + BEGIN]! -= forth;
  words[place + END]! += back;
  let to = at - forth;
  for (let i = first; i < end; i++) words[to++] = from[i]!;
  return true;
}

/** Of one chunk: all its room is ahead then. */
function moveToEnd(words: Int32Array, place: number): void {
  const end = words[place + END]!;
  if (end === CHUNK) return;
  const begin = words[place + BEGIN]!;
  words.copyWithin(place + begin + CHUNK - end, place + begin, place + end);
  words[place + BEGIN] = begin + CHUNK - end;
  words[place + END] = CHUNK;
}

/** Of one chunk: keeps those that `stays` says, and moves them to its beginning. */
function keep(words: Int32Array, place: number, stays: (order: number) => boolean): void {
  const end = place + words[place + END]!;
  let to = place + BODY;
  for (let at = place + words[place + BEGIN]!; at < end; at += WIDTH) {
    if (!stays(words[at]!)) continue;
    words[to] = words[at]!;
    words[to + 1] = words[at + 1]!;
    words[to + 2] = words[at + 2]!;
    to += WIDTH;
  }
  words[place + BEGIN] = BODY;
  words[place + END] = to - place;
}
