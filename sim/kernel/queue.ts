/**
 * The event queue: a 4-ary heap on typed arrays, ordered by (time, stream, number) and never by insertion
 * (DESIGN.md rule 1). Nothing is allocated for an event: its fields live in pooled slots.
 *
 * `pop` leaves the root empty until the next `push` or `pop`, because a simulation mostly schedules one event
 * for each it handles: the pair then costs one walk down the heap instead of two walks.
 */

/** Names a pending event, for `cancel`. Never reused while the queue lives. */
export type EventId = number;

const SLOT_COUNT_MAX = 16_777_216;
const INITIAL_CAPACITY = 1024;
const ASIDE_CAPACITY = 64;

/** A pending event, as `find` shows it. */
export interface PendingEvent {
  readonly id: EventId;
  readonly timeUs: number;
  readonly stream: number;
  readonly number: number;
  readonly payload: unknown;
}

/** A heap that is not in use now: the other events while some are handled aside. */
interface Heap {
  time: Float64Array<ArrayBuffer>;
  slot: Int32Array<ArrayBuffer>;
  size: number;
  rootIsEmpty: boolean;
}

export class EventQueue {
  /** Of the event that the last `pop` returned. */
  timeUs = 0;
  stream = 0;
  number = 0;
  payload: unknown = undefined;

  #heapTime = new Float64Array(INITIAL_CAPACITY);
  #heapSlot = new Int32Array(INITIAL_CAPACITY);
  #heapSize = 0;
  #rootIsEmpty = false;

  #slotStream = new Int32Array(INITIAL_CAPACITY);
  #slotNumber = new Float64Array(INITIAL_CAPACITY);
  #slotPayload: unknown[] = [];
  #slotUses = new Float64Array(INITIAL_CAPACITY);
  #slotCancelled = new Uint8Array(INITIAL_CAPACITY);
  #freeSlots = new Int32Array(INITIAL_CAPACITY);
  #freeCount = 0;
  #slotCount = 0;
  #cancelledCount = 0;
  #other: Heap = {
    time: new Float64Array(ASIDE_CAPACITY),
    slot: new Int32Array(ASIDE_CAPACITY),
    size: 0,
    rootIsEmpty: false,
  };

  /** Pending events, cancelled ones not counted. */
  get size(): number {
    return this.#heapSize - (this.#rootIsEmpty ? 1 : 0) - this.#cancelledCount;
  }

  /** Adds an event. Two pending events must differ in (time, stream, number): their order would be undefined. */
  push(timeUs: number, stream: number, number: number, payload: unknown): EventId {
    const slot = this.#freeCount > 0 ? this.#freeSlots[--this.#freeCount]! : this.#newSlot();
    this.#slotStream[slot] = stream;
    this.#slotNumber[slot] = number;
    this.#slotPayload[slot] = payload;
    if (this.#rootIsEmpty) {
      this.#rootIsEmpty = false;
      this.#siftDown(timeUs, slot);
    } else {
      if (this.#heapSize === this.#heapTime.length) this.#growHeap();
      this.#siftUp(this.#heapSize++, timeUs, slot);
    }
    return this.#slotUses[slot]! * SLOT_COUNT_MAX + slot;
  }

  /** As `pop`, for an event before (timeUs, stream, number); false, and nothing is taken, when the earliest is not. */
  popBefore(timeUs: number, stream: number, number: number): boolean {
    const nextUs = this.peekTimeUs();
    if (nextUs > timeUs || nextUs === Number.POSITIVE_INFINITY) return false;
    if (nextUs === timeUs) {
      const slot = this.#heapSlot[0]!;
      const nextStream = this.#slotStream[slot]!;
      if (nextStream > stream || (nextStream === stream && this.#slotNumber[slot]! >= number)) return false;
    }
    return this.pop();
  }

  /** Takes the earliest event and puts its fields into `timeUs`, `stream`, `number`, `payload`. False when none is pending. */
  pop(): boolean {
    for (;;) {
      if (this.#rootIsEmpty) this.#fillRoot();
      if (this.#heapSize === 0) return false;
      const slot = this.#heapSlot[0]!;
      this.#rootIsEmpty = true;
      const payload = this.#slotPayload[slot];
      this.#freeSlots[this.#freeCount++] = slot;
      this.#slotUses[slot]!++;
      // A freed slot keeps its last payload until it is used again: clearing it would cost a write barrier per event.
      if (this.#slotCancelled[slot] !== 0) {
        this.#slotCancelled[slot] = 0;
        this.#cancelledCount--;
        continue;
      }
      this.timeUs = this.#heapTime[0]!;
      this.stream = this.#slotStream[slot]!;
      this.number = this.#slotNumber[slot]!;
      this.payload = payload;
      return true;
    }
  }

  /** The time of the earliest pending event, or Infinity. */
  peekTimeUs(): number {
    for (;;) {
      if (this.#rootIsEmpty) this.#fillRoot();
      if (this.#heapSize === 0) return Number.POSITIVE_INFINITY;
      const slot = this.#heapSlot[0]!;
      if (this.#slotCancelled[slot] === 0) return this.#heapTime[0]!;
      this.#slotCancelled[slot] = 0;
      this.#cancelledCount--;
      this.#freeSlots[this.#freeCount++] = slot;
      this.#slotUses[slot]!++;
      this.#rootIsEmpty = true;
    }
  }

  /** Cancels a pending event; false when it has happened or been cancelled already. */
  cancel(id: EventId): boolean {
    const slot = id % SLOT_COUNT_MAX;
    const uses = (id - slot) / SLOT_COUNT_MAX;
    if (slot >= this.#slotCount || this.#slotUses[slot] !== uses || this.#slotCancelled[slot] !== 0)
      return false;
    this.#slotCancelled[slot] = 1;
    this.#cancelledCount++;
    return true;
  }

  /** Every pending event of the streams that are wanted, in no particular order. */
  find(wanted: (stream: number) => boolean): PendingEvent[] {
    const found: PendingEvent[] = [];
    for (let i = this.#rootIsEmpty ? 1 : 0; i < this.#heapSize; i++) {
      const slot = this.#heapSlot[i]!;
      const stream = this.#slotStream[slot]!;
      if (this.#slotCancelled[slot] !== 0 || !wanted(stream)) continue;
      found.push({
        id: this.#slotUses[slot]! * SLOT_COUNT_MAX + slot,
        timeUs: this.#heapTime[i]!,
        stream,
        number: this.#slotNumber[slot]!,
        payload: this.#slotPayload[slot],
      });
    }
    return found;
  }

  /** Puts every pending event aside: the queue is empty until `join`. Names of events stay good throughout. */
  setAside(): void {
    this.#swapHeaps();
  }

  /** Brings back what was set aside; what is pending by now joins it. Fields of the last `pop` are left as they are. */
  join(): void {
    this.#swapHeaps();
    const aside = this.#other;
    for (let i = aside.rootIsEmpty ? 1 : 0; i < aside.size; i++) {
      const slot = aside.slot[i]!;
      if (this.#rootIsEmpty) {
        this.#rootIsEmpty = false;
        this.#siftDown(aside.time[i]!, slot);
      } else {
        if (this.#heapSize === this.#heapTime.length) this.#growHeap();
        this.#siftUp(this.#heapSize++, aside.time[i]!, slot);
      }
    }
    aside.size = 0;
    aside.rootIsEmpty = false;
  }

  #swapHeaps(): void {
    const other = this.#other;
    const { time, slot, size, rootIsEmpty } = other;
    other.time = this.#heapTime;
    other.slot = this.#heapSlot;
    other.size = this.#heapSize;
    other.rootIsEmpty = this.#rootIsEmpty;
    this.#heapTime = time;
    this.#heapSlot = slot;
    this.#heapSize = size;
    this.#rootIsEmpty = rootIsEmpty;
  }

  #newSlot(): number {
    const slot = this.#slotCount++;
    if (slot >= SLOT_COUNT_MAX) throw new Error(`more than ${SLOT_COUNT_MAX} events pending at once`);
    if (slot === this.#slotStream.length) this.#growSlots();
    this.#slotPayload.push(undefined);
    return slot;
  }

  #fillRoot(): void {
    this.#rootIsEmpty = false;
    const last = --this.#heapSize;
    if (last > 0) this.#siftDown(this.#heapTime[last]!, this.#heapSlot[last]!);
  }

  #siftUp(hole: number, timeUs: number, slot: number): void {
    const heapTime = this.#heapTime;
    const heapSlot = this.#heapSlot;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = heapTime[parent]!;
      if (parentTime < timeUs || (parentTime === timeUs && this.#tieBefore(heapSlot[parent]!, slot))) break;
      heapTime[hole] = parentTime;
      heapSlot[hole] = heapSlot[parent]!;
      hole = parent;
    }
    heapTime[hole] = timeUs;
    heapSlot[hole] = slot;
  }

  /**
   * From the empty root down to a leaf along the earliest children, then up again to where the event belongs: a new
   * event mostly belongs near the leaves. The earliest of four children is found without a branch, which the processor
   * could only guess (bench/kernel shows what that is worth); only ties branch.
   */
  #siftDown(timeUs: number, slot: number): void {
    const heapTime = this.#heapTime;
    const heapSlot = this.#heapSlot;
    const size = this.#heapSize;
    let hole = 0;
    let child = 1;
    while (child + 3 < size) {
      const time0 = heapTime[child]!;
      const time1 = heapTime[child + 1]!;
      const time2 = heapTime[child + 2]!;
      const time3 = heapTime[child + 3]!;
      let left = child + (Number(time1 < time0) | 0);
      let right = child + 2 + (Number(time3 < time2) | 0);
      if (time0 === time1 && this.#tieBefore(heapSlot[child + 1]!, heapSlot[child]!)) left = child + 1;
      if (time2 === time3 && this.#tieBefore(heapSlot[child + 3]!, heapSlot[child + 2]!)) right = child + 3;
      const leftTime = heapTime[left]!;
      const rightTime = heapTime[right]!;
      let best = left + (right - left) * (Number(rightTime < leftTime) | 0);
      if (leftTime === rightTime && this.#tieBefore(heapSlot[right]!, heapSlot[left]!)) best = right;
      heapTime[hole] = heapTime[best]!;
      heapSlot[hole] = heapSlot[best]!;
      hole = best;
      child = (hole << 2) + 1;
    }
    if (child < size) {
      let best = child;
      for (let other = child + 1; other < size; other++) {
        const time = heapTime[other]!;
        const bestTime = heapTime[best]!;
        if (time < bestTime || (time === bestTime && this.#tieBefore(heapSlot[other]!, heapSlot[best]!)))
          best = other;
      }
      heapTime[hole] = heapTime[best]!;
      heapSlot[hole] = heapSlot[best]!;
      hole = best;
    }
    this.#siftUp(hole, timeUs, slot);
  }

  /** Of two events at the same time: does the first come before the second? */
  #tieBefore(slotA: number, slotB: number): boolean {
    const streamA = this.#slotStream[slotA]!;
    const streamB = this.#slotStream[slotB]!;
    if (streamA !== streamB) return streamA < streamB;
    return this.#slotNumber[slotA]! < this.#slotNumber[slotB]!;
  }

  #growHeap(): void {
    this.#heapTime = doubled(this.#heapTime, new Float64Array(this.#heapTime.length * 2));
    this.#heapSlot = doubled(this.#heapSlot, new Int32Array(this.#heapSlot.length * 2));
  }

  #growSlots(): void {
    const size = this.#slotStream.length * 2;
    this.#slotStream = doubled(this.#slotStream, new Int32Array(size));
    this.#slotNumber = doubled(this.#slotNumber, new Float64Array(size));
    this.#slotUses = doubled(this.#slotUses, new Float64Array(size));
    this.#slotCancelled = doubled(this.#slotCancelled, new Uint8Array(size));
    this.#freeSlots = doubled(this.#freeSlots, new Int32Array(size));
  }
}

function doubled<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
