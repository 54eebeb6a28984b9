/** Slots by deadline, the earliest on top; ties by slot, so that no order of insertion decides. A slot may be in it twice. */
export class DeadlineHeap {
  size = 0;
  #deadlines = new Float64Array(8);
  #slots = new Uint16Array(8);

  /** Of the first; Infinity when there is none. */
  get firstUs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#deadlines[0]!;
  }

  get firstSlot(): number {
    return this.#slots[0]!;
  }

  /** Reads what is looked at first. */
  fetch(): number {
    return this.#deadlines[0]! ^ this.#slots[0]! ^ this.size;
  }

  add(deadlineUs: number, slot: number): void {
    if (this.size === this.#slots.length) this.#grow();
    const deadlines = this.#deadlines;
    const slots = this.#slots;
    let hole = this.size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (before(deadlines[parent]!, slots[parent]!, deadlineUs, slot)) break;
      deadlines[hole] = deadlines[parent]!;
      slots[hole] = slots[parent]!;
      hole = parent;
    }
    deadlines[hole] = deadlineUs;
    slots[hole] = slot;
  }

  removeFirst(): void {
    const deadlines = this.#deadlines;
    const slots = this.#slots;
    const size = --this.size;
    const deadlineUs = deadlines[size]!;
    const slot = slots[size]!;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= size) break;
      const right = child + 1;
      if (right < size && before(deadlines[right]!, slots[right]!, deadlines[child]!, slots[child]!))
        child = right;
      if (before(deadlineUs, slot, deadlines[child]!, slots[child]!)) break;
      deadlines[hole] = deadlines[child]!;
      slots[hole] = slots[child]!;
      hole = child;
    }
    deadlines[hole] = deadlineUs;
    slots[hole] = slot;
  }

  #grow(): void {
    const size = this.size + 8 + (this.size >> 1);
    const deadlines = new Float64Array(size);
    const slots = new Uint16Array(size);
    deadlines.set(this.#deadlines);
    slots.set(this.#slots);
    this.#deadlines = deadlines;
    this.#slots = slots;
  }
}

function before(aUs: number, a: number, bUs: number, b: number): boolean {
  return aUs < bUs || (aUs === bUs && a < b);
}
