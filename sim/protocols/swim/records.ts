/**
 * What the nodes of a cluster keep of each member that some view differs about: a record, by the roster's slots. With a
 * third of 10 000 nodes gone there are twenty million of them, and the time goes into fetching them. They lie in slabs that
 * all nodes share, SLAB_SLOTS slots each, so that nothing is ever copied when slots are added, and where a record lies is
 * known without looking anything up. (Pages that no node has written to take no memory.) A record is so long that it does
 * not lie across more of the processor's lines than it must:
 *
 *     0   time of the last change (float64)
 *     8   incarnation (int32)
 *     12  age of the broadcast that waits (int32)
 *     16  state (bits 0-2), confirmations (bits 3-5), and whether a broadcast about the member waits (bit 6)
 *     17  marks of the program above (bits 0-6), and whether it stands in the line of suspicions (bit 7)
 *     18  how many nodes were known when it was suspected (uint16)
 *     20  who suspected it, who confirmed (uint16 each; after the last confirmation nobody asks)
 */
import { KEY_MASK, type Keys } from './broadcast-queue.ts';
import type { Roster } from './roster.ts';

const FIXED_BYTES = 20;
/** A float64, the measure of lengths and places. */
const TIME_BYTES = 8;
const SLAB_BITS = 9;
const SLAB_SLOTS = 1 << SLAB_BITS;
const SLAB_MASK = SLAB_SLOTS - 1;

/** In the byte of the state. */
export const STATE_MASK = 7;
export const FLAGS_MASK = 0x3f;
export const CONFIRMATIONS_SHIFT = 3;
export const WAITS = 0x40;
/** In that of the marks: the program above has seven bits. */
export const IN_LINE = 0x80;

const WORD_INCARNATION = 2;
const WORD_AGE = 3;
const BYTE_STATE = 16;
const BYTE_MARKS = 17;
const HALF_KNOWN = 9;
const HALF_SUSPECTORS = 10;

interface Slab {
  readonly bytes: Uint8Array;
  readonly times: Float64Array;
  readonly words: Int32Array;
  readonly halves: Uint16Array;
}

/** The slabs of a cluster. */
export class RecordSlabs {
  readonly slabs: Slab[] = [];
  /** Of one record. */
  readonly times: number;
  /** Of one suspicion. */
  readonly suspectors: number;
  readonly #nodes: number;

  constructor(nodes: number, suspectors: number) {
    this.#nodes = nodes;
    this.suspectors = suspectors;
    this.times = Math.ceil((FIXED_BYTES + 2 * suspectors) / TIME_BYTES);
  }

  ensure(slots: number): void {
    while (this.slabs.length << SLAB_BITS < slots) {
      const buffer = new ArrayBuffer(this.#nodes * SLAB_SLOTS * this.times * TIME_BYTES);
      this.slabs.push({
        bytes: new Uint8Array(buffer),
        times: new Float64Array(buffer),
        words: new Int32Array(buffer),
        halves: new Uint16Array(buffer),
      });
    }
  }
}

/** One node's. */
export class Records implements Keys {
  /** Slots for which there is room. */
  capacity = 0;
  readonly #roster: Roster;
  readonly #store: RecordSlabs;
  readonly #slabs: Slab[];
  /** Length of a record, and where this node's begin in each slab, in float64. */
  readonly #times: number;
  readonly #first: number;
  readonly #suspectors: number;

  constructor(self: number, roster: Roster, store: RecordSlabs) {
    this.#roster = roster;
    this.#store = store;
    this.#slabs = store.slabs;
    this.#times = store.times;
    this.#suspectors = store.suspectors;
    this.#first = self * SLAB_SLOTS * store.times;
    // An earlier process of the node may have left something.
    for (const { times } of this.#slabs) times.fill(0, this.#first, this.#first + SLAB_SLOTS * this.#times);
  }

  /** Makes sure that there is a record for the slot. */
  ensure(slot: number): void {
    if (slot < this.capacity) return;
    // Every view comes to need every slot: room for those there are, and a few to come.
    const count = Math.max(slot + 1, this.#roster.slotCount);
    this.capacity = Math.max(8, Math.min(Math.max(this.#roster.size, count), count + (count >> 2)));
    this.#store.ensure(this.capacity);
  }

  /**
   * Reads what there is of the subjects in `words` (UpdateList), to no other end than that it is at hand: fetched side by side
   * it takes a tenth of the time.
   */
  fetch(words: Int32Array, count: number): number {
    const { slotOf } = this.#roster;
    const slabs = this.#slabs;
    let fetched = 0;
    for (let i = 0; i < count; i++) {
      const slot = slotOf[words[2 * i]! & KEY_MASK]!;
      if (slot >= 0) fetched ^= slabs[slot >> SLAB_BITS]!.words[2 * this.#at(slot) + WORD_AGE]!;
    }
    return fetched;
  }

  /** State, confirmations and WAITS; 0 where nothing differs. */
  stateByte(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.bytes[this.#byteOf(slot) + BYTE_STATE]!;
  }

  setStateByte(slot: number, byte: number): void {
    this.#slabs[slot >> SLAB_BITS]!.bytes[this.#byteOf(slot) + BYTE_STATE] = byte;
  }

  /** Marks and IN_LINE. */
  markByte(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.bytes[this.#byteOf(slot) + BYTE_MARKS]!;
  }

  setMarkByte(slot: number, byte: number): void {
    this.#slabs[slot >> SLAB_BITS]!.bytes[this.#byteOf(slot) + BYTE_MARKS] = byte;
  }

  timeUs(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.times[this.#at(slot)]!;
  }

  incarnation(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.words[2 * this.#at(slot) + WORD_INCARNATION]!;
  }

  setIncarnation(slot: number, incarnation: number): void {
    this.#slabs[slot >> SLAB_BITS]!.words[2 * this.#at(slot) + WORD_INCARNATION] = incarnation;
  }

  /** A change at that time. */
  change(slot: number, incarnation: number, timeUs: number): void {
    const { times, words } = this.#slabs[slot >> SLAB_BITS]!;
    const at = this.#at(slot);
    times[at] = timeUs;
    words[2 * at + WORD_INCARNATION] = incarnation;
  }

  // Keys of the queue of broadcasts: the subjects.

  waits(subject: number): boolean {
    const slot = this.#roster.slotOf[subject]!;
    return slot >= 0 && (this.stateByte(slot) & WAITS) !== 0;
  }

  begin(subject: number, age: number): void {
    const slot = this.#roster.slot(subject);
    if (slot >= this.capacity) this.ensure(slot);
    const { bytes, words } = this.#slabs[slot >> SLAB_BITS]!;
    bytes[this.#byteOf(slot) + BYTE_STATE]! |= WAITS;
    words[2 * this.#at(slot) + WORD_AGE] = age;
  }

  end(subject: number): void {
    const slot = this.#roster.slotOf[subject]!;
    this.setStateByte(slot, this.stateByte(slot) & ~WAITS);
  }

  age(subject: number): number {
    return this.ageOf(this.#roster.slotOf[subject]!);
  }

  /** The same by slot; the last one if nothing waits. */
  ageOf(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.words[2 * this.#at(slot) + WORD_AGE]!;
  }

  known(slot: number): number {
    return this.#slabs[slot >> SLAB_BITS]!.halves[4 * this.#at(slot) + HALF_KNOWN]!;
  }

  /** Who suspected it first, and how many nodes were known then. */
  suspect(slot: number, known: number, from: number): void {
    const { halves } = this.#slabs[slot >> SLAB_BITS]!;
    const at = 4 * this.#at(slot);
    halves[at + HALF_KNOWN] = known;
    halves[at + HALF_SUSPECTORS] = from;
  }

  /** Is that one among the first `count` that suspect it? */
  suspectedBy(slot: number, count: number, from: number): boolean {
    const { halves } = this.#slabs[slot >> SLAB_BITS]!;
    const first = 4 * this.#at(slot) + HALF_SUSPECTORS;
    for (let i = 0; i < count; i++) if (halves[first + i] === from) return true;
    return false;
  }

  /** Enters one more that suspects it, behind `count` others; false when it is one of them. */
  suspectAgain(slot: number, count: number, from: number): boolean {
    const { halves } = this.#slabs[slot >> SLAB_BITS]!;
    const first = 4 * this.#at(slot) + HALF_SUSPECTORS;
    for (let i = 0; i < count; i++) if (halves[first + i] === from) return false;
    if (count < this.#suspectors) halves[first + count] = from;
    return true;
  }

  #byteOf(slot: number): number {
    return TIME_BYTES * this.#at(slot);
  }

  /** Where its record begins, in float64. */
  #at(slot: number): number {
    return this.#first + (slot & SLAB_MASK) * this.#times;
  }
}
