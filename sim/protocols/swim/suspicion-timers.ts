/** One node's running suspicions, the one that ends first on top. The deadlines live in the view; a heap of slots orders them. */
import type { View } from './view.ts';

export class SuspicionTimers {
  readonly #view: View;
  #heap = new Uint16Array(8);
  #size = 0;
  /** By slot: place in the heap plus one, 0 when it is not there. */
  #place = new Uint16Array(8);

  constructor(view: View) {
    this.#view = view;
  }

  get size(): number {
    return this.#size;
  }

  /** Infinity when no suspicion runs. */
  get nextUs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#view.deadlineUs(this.#heap[0]!);
  }

  /** The slot whose suspicion ends first. */
  get first(): number {
    return this.#heap[0]!;
  }

  /** Starts a slot's timer, or moves it after a confirmation brought its deadline forward. */
  put(slot: number): void {
    if (slot >= this.#place.length) {
      const larger = new Uint16Array(slot + 8 + (slot >> 1));
      larger.set(this.#place);
      this.#place = larger;
    }
    let place = this.#place[slot]! - 1;
    if (place < 0) {
      if (this.#size === this.#heap.length) {
        const larger = new Uint16Array(this.#size + 8 + (this.#size >> 1));
        larger.set(this.#heap);
        this.#heap = larger;
      }
      place = this.#size++;
    }
    this.#rise(slot, place);
  }

  remove(slot: number): void {
    if (slot >= this.#place.length) return;
    const place = this.#place[slot]! - 1;
    if (place < 0) return;
    this.#place[slot] = 0;
    const last = this.#heap[--this.#size]!;
    if (place === this.#size) return;
    this.#rise(last, place);
    this.#sink(last, this.#place[last]! - 1);
  }

  #rise(slot: number, from: number): void {
    const view = this.#view;
    const deadlineUs = view.deadlineUs(slot);
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = this.#heap[parent]!;
      if (!before(deadlineUs, slot, view.deadlineUs(above), above)) break;
      this.#heap[hole] = above;
      this.#place[above] = hole + 1;
      hole = parent;
    }
    this.#heap[hole] = slot;
    this.#place[slot] = hole + 1;
  }

  #sink(slot: number, from: number): void {
    const view = this.#view;
    const deadlineUs = view.deadlineUs(slot);
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= this.#size) break;
      let below = this.#heap[child]!;
      let belowUs = view.deadlineUs(below);
      if (child + 1 < this.#size) {
        const right = this.#heap[child + 1]!;
        const rightUs = view.deadlineUs(right);
        if (before(rightUs, right, belowUs, below)) {
          child++;
          below = right;
          belowUs = rightUs;
        }
      }
      if (before(deadlineUs, slot, belowUs, below)) break;
      this.#heap[hole] = below;
      this.#place[below] = hole + 1;
      hole = child;
    }
    this.#heap[hole] = slot;
    this.#place[slot] = hole + 1;
  }
}

/** Ties by slot, so that no order of insertion decides. */
function before(aUs: number, a: number, bUs: number, b: number): boolean {
  return aUs < bUs || (aUs === bUs && a < b);
}
