/**
 * What waits in one queue, by age: 0, 1, 2, ... in the order in which it came. Each content is of one of two classes, and a
 * bit in its class tells that it still waits; thirty-two ages share a block (ContentBlocks), which goes back when nothing in
 * it waits any more.
 */
import { BLOCK_BITS, type ContentBlocks, NO_BLOCK } from './content-blocks.ts';

/** Classes, in the order in which they are sent. */
export const LONG = 0;
export const SHORT = 1;

const BLOCK_AGES = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_AGES - 1;
const CELLS_MIN = 4;
/** Ages are less than this. */
const AGE_SPAN = 1 << 30;
/** With less than this share of the ages waiting, the ages had better begin anew. */
const SPARSE = 1 / 16;

/** Words of a cell: the block, and a bit for each of its ages, in each class. */
const CELL = 3;
const BITS = 1;

export class AgedContents {
  /** The latest age given; -1 when there has been none. */
  newest = -1;
  /** A cell for each block from the oldest that something waits in; a ring by the block's place (age >> BLOCK_BITS). */
  cells = new Int32Array(0);
  /** Cells less one; their number is a power of two. */
  mask = -1;
  readonly blocks: ContentBlocks;
  /** No earlier place has a block: its cell may be another one's by now. */
  oldest = 0;

  constructor(blocks: ContentBlocks) {
    this.blocks = blocks;
  }

  /** Something new waits; its age. For the first of a block there must be room (`hasRoom`). */
  add(inClass: number, first: number, second: number): number {
    const age = ++this.newest;
    if ((age & BLOCK_MASK) === 0) this.#open(age >> BLOCK_BITS);
    const cell = this.cellOf(age >> BLOCK_BITS);
    const { cells, blocks } = this;
    cells[cell + BITS + inClass]! |= 1 << (age & BLOCK_MASK);
    const block = cells[cell]!;
    const at = blocks.placeOf(block) + 2 * (age & BLOCK_MASK);
    const words = blocks.wordsOf(block);
    words[at] = first;
    words[at + 1] = second;
    return age;
  }

  /** What has this age ceases to wait. */
  remove(age: number): void {
    const cell = this.cellOf(age >> BLOCK_BITS);
    const { cells } = this;
    const others = ~(1 << (age & BLOCK_MASK));
    const long = (cells[cell + BITS + LONG]! &= others);
    const short = (cells[cell + BITS + SHORT]! &= others);
    if ((long | short) === 0 && age >> BLOCK_BITS !== this.newest >> BLOCK_BITS) this.#close(cell);
  }

  /** What is of that age: two words. */
  content(age: number): readonly [number, number] {
    const block = this.cells[this.cellOf(age >> BLOCK_BITS)]!;
    const words = this.blocks.wordsOf(block);
    const at = this.blocks.placeOf(block) + 2 * (age & BLOCK_MASK);
    return [words[at]!, words[at + 1]!];
  }

  /** Where the cell of a block's place begins. */
  cellOf(place: number): number {
    return CELL * (place & this.mask);
  }

  /** The ages of a class that wait in the block at a place, a bit each. */
  waiting(place: number, inClass: number): number {
    return this.cells[this.cellOf(place) + BITS + inClass]!;
  }

  /** Reads what is needed first of what came last; there must have been something. */
  fetch(): number {
    const block = this.cells[this.cellOf(this.newest >> BLOCK_BITS)]!;
    return this.blocks.wordsOf(block)[this.blocks.placeOf(block)]!;
  }

  /** Reads the cells of these ages, as far as there are any. */
  fetchAges(ages: Int32Array, count: number): number {
    const { cells, mask, oldest, newest } = this;
    let fetched = 0;
    for (let i = 0; i < count; i++) {
      const place = ages[i]! >> BLOCK_BITS;
      if (place >= oldest && ages[i]! <= newest) fetched ^= cells[CELL * (place & mask)]!;
    }
    return fetched;
  }

  /** Calls `visit` for all that wait, the oldest first. */
  forEach(visit: (inClass: number, age: number, first: number, second: number) => void): void {
    for (let place = this.oldest; place <= this.newest >> BLOCK_BITS; place++) {
      const both = this.waiting(place, LONG) | this.waiting(place, SHORT);
      for (let bit = 0; bit < BLOCK_AGES; bit++) {
        if (((both >> bit) & 1) === 0) continue;
        const age = (place << BLOCK_BITS) + bit;
        const inClass = ((this.waiting(place, LONG) >> bit) & 1) !== 0 ? LONG : SHORT;
        visit(inClass, age, ...this.content(age));
      }
    }
  }

  /** Can one more come, the first of a block, while so many wait? No: the ages had better begin anew. */
  hasRoom(count: number): boolean {
    const age = this.newest + 1;
    this.#passClosed();
    const span = (age >> BLOCK_BITS) + 1 - this.oldest;
    if (span <= Math.max(CELLS_MIN, this.mask + 1)) return true;
    return age < AGE_SPAN - BLOCK_AGES && count >= SPARSE * BLOCK_AGES * span;
  }

  /** Nothing waits any more, and ages begin anew. */
  clear(): void {
    for (let place = this.oldest; place <= this.newest >> BLOCK_BITS; place++) {
      const cell = this.cellOf(place);
      if (this.cells[cell] !== NO_BLOCK) this.#close(cell);
    }
    this.oldest = 0;
    this.newest = -1;
  }

  #open(place: number): void {
    this.#passClosed();
    if (place - this.oldest > this.mask) this.#grow(place);
    const { cells } = this;
    if (place > this.oldest) {
      const before = this.cellOf(place - 1);
      if (cells[before] !== NO_BLOCK && (cells[before + BITS + LONG]! | cells[before + BITS + SHORT]!) === 0)
        this.#close(before);
    }
    const cell = this.cellOf(place);
    cells[cell] = this.blocks.take();
    cells[cell + BITS + LONG] = 0;
    cells[cell + BITS + SHORT] = 0;
  }

  #close(cell: number): void {
    const { cells } = this;
    this.blocks.giveBack(cells[cell]!);
    cells[cell] = NO_BLOCK;
    cells[cell + BITS + LONG] = 0;
    cells[cell + BITS + SHORT] = 0;
  }

  /** The oldest places that have no block any more are room for new ones. */
  #passClosed(): void {
    const last = this.newest >> BLOCK_BITS;
    while (this.oldest < last && this.cells[this.cellOf(this.oldest)] === NO_BLOCK) this.oldest++;
  }

  #grow(place: number): void {
    const before = this.cells;
    const maskBefore = this.mask;
    const count = Math.max(CELLS_MIN, 2 * (this.mask + 1));
    this.cells = new Int32Array(CELL * count);
    this.mask = count - 1;
    for (let old = this.oldest; old < place; old++) {
      const from = CELL * (old & maskBefore);
      this.cells.set(before.subarray(from, from + CELL), this.cellOf(old));
    }
  }
}
