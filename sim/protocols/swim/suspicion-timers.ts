/**
 * One node's running suspicions, the one that ends first on top. A heap of slots for each number of confirmations: within
 * one, suspicions mostly end in the order in which they began, so a new one finds its place at once.
 */
import type { View } from './view.ts';

class Heap {
  slots = new Uint16Array(8);
  size = 0;
}

export class SuspicionTimers {
  readonly #view: View;
  readonly #heaps: Heap[] = [];
  /** By slot: place in its heap plus one, 0 when it is in none. */
  #place = new Uint16Array(8);
  size = 0;

  constructor(view: View) {
    this.#view = view;
  }

  /** When the first one ends; Infinity when none runs. */
  get nextUs(): number {
    let nextUs = Number.POSITIVE_INFINITY;
    for (let c = 0; c < this.#heaps.length; c++) {
      const heap = this.#heaps[c]!;
      if (heap.size === 0) continue;
      const deadlineUs = this.#view.deadlineUs(heap.slots[0]!, c);
      if (deadlineUs < nextUs) nextUs = deadlineUs;
    }
    return nextUs;
  }

  /** The slot whose suspicion ends first; -1 when none runs. */
  get first(): number {
    let first = -1;
    let firstUs = Number.POSITIVE_INFINITY;
    for (let c = 0; c < this.#heaps.length; c++) {
      const heap = this.#heaps[c]!;
      if (heap.size === 0) continue;
      const slot = heap.slots[0]!;
      const deadlineUs = this.#view.deadlineUs(slot, c);
      if (first < 0 || before(deadlineUs, slot, firstUs, first)) {
        first = slot;
        firstUs = deadlineUs;
      }
    }
    return first;
  }

  /** A suspicion begins, without confirmations. */
  begin(slot: number): void {
    if (slot >= this.#place.length) {
      const larger = new Uint16Array(slot + 8 + (slot >> 2));
      larger.set(this.#place);
      this.#place = larger;
    }
    this.#add(slot, 0);
    this.size++;
  }

  /** The view has counted one more confirmation. */
  confirmed(slot: number): void {
    const confirmations = this.#view.confirmations(slot);
    this.#take(slot, confirmations - 1);
    this.#add(slot, confirmations);
  }

  /** A suspicion is over; the view still holds it. */
  remove(slot: number): void {
    this.#take(slot, this.#view.confirmations(slot));
    this.size--;
  }

  #add(slot: number, confirmations: number): void {
    while (this.#heaps.length <= confirmations) this.#heaps.push(new Heap());
    const heap = this.#heaps[confirmations]!;
    if (heap.size === heap.slots.length) {
      const larger = new Uint16Array(heap.size + 8 + (heap.size >> 2));
      larger.set(heap.slots);
      heap.slots = larger;
    }
    this.#rise(heap, confirmations, slot, heap.size++);
  }

  #take(slot: number, confirmations: number): void {
    const heap = this.#heaps[confirmations]!;
    const place = this.#place[slot]! - 1;
    this.#place[slot] = 0;
    const last = heap.slots[--heap.size]!;
    if (place === heap.size) return;
    this.#rise(heap, confirmations, last, place);
    this.#sink(heap, confirmations, last, this.#place[last]! - 1);
  }

  #rise(heap: Heap, confirmations: number, slot: number, from: number): void {
    const view = this.#view;
    const { slots } = heap;
    const deadlineUs = view.deadlineUs(slot, confirmations);
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      const above = slots[parent]!;
      if (!before(deadlineUs, slot, view.deadlineUs(above, confirmations), above)) break;
      slots[hole] = above;
      this.#place[above] = hole + 1;
      hole = parent;
    }
    slots[hole] = slot;
    this.#place[slot] = hole + 1;
  }

  #sink(heap: Heap, confirmations: number, slot: number, from: number): void {
    const view = this.#view;
    const { slots, size } = heap;
    const deadlineUs = view.deadlineUs(slot, confirmations);
    let hole = from;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      let below = slots[child]!;
      let belowUs = view.deadlineUs(below, confirmations);
      if (child + 1 < size) {
        const right = slots[child + 1]!;
        const rightUs = view.deadlineUs(right, confirmations);
        if (before(rightUs, right, belowUs, below)) {
          child++;
          below = right;
          belowUs = rightUs;
        }
      }
      if (before(deadlineUs, slot, belowUs, below)) break;
      slots[hole] = below;
      this.#place[below] = hole + 1;
      hole = child;
    }
    slots[hole] = slot;
    this.#place[slot] = hole + 1;
  }
}

/** Ties by slot, so that no order of insertion decides. */
function before(aUs: number, a: number, bUs: number, b: number): boolean {
  return aUs < bUs || (aUs === bUs && a < b);
}
