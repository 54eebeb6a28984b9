/**
 * What one node keeps of each member that some view differs about: one record, by the roster's slots. With a third of
 * 10 000 nodes gone there are twenty million of them, and the time goes into fetching them: a record lies in one piece, so
 * that a message about a member touches one place in memory. 32 bytes, where up to three confirmations are counted.
 *
 *     0   time of the last change (float64)
 *     8   incarnation (int32)
 *     12  state and confirmations (uint8)
 *     13  marks of the program above (bits 0-6), and whether it stands in the line of suspicions (bit 7)
 *     14  how many nodes were known when it was suspected (uint16)
 *     16  age of the broadcast that waits (int32; 0: none), and that broadcast's place (int32)
 *     24  who suspected it, who confirmed (uint16 each)
 */
import type { Roster } from './roster.ts';

const FIXED_BYTES = 24;

/** Offsets, in units of the array they are used with. */
export const WORD_INCARNATION = 2;
export const BYTE_FLAGS = 12;
export const BYTE_MARKS = 13;
export const HALF_KNOWN = 7;
export const WORD_AGE = 4;
export const WORD_PLACE = 5;
export const HALF_SUSPECTORS = 12;

/** In BYTE_MARKS: the program above has seven bits. */
export const IN_LINE = 0x80;

export class Records {
  capacity = 0;
  /** One record in units of each array. */
  readonly perTime: number;
  readonly perWord: number;
  readonly perHalf: number;
  readonly perByte: number;
  times = new Float64Array(0);
  words = new Int32Array(0);
  halves = new Uint16Array(0);
  bytes = new Uint8Array(0);
  readonly #roster: Roster | null;

  /** `suspectors`: how many are kept; `roster`: null for keys that are not its slots. */
  constructor(suspectors: number, roster: Roster | null) {
    this.perTime = (FIXED_BYTES + 8 * Math.ceil(suspectors / 4)) / 8;
    this.perWord = 2 * this.perTime;
    this.perHalf = 4 * this.perTime;
    this.perByte = 8 * this.perTime;
    this.#roster = roster;
  }

  /** Makes sure that there is a record for the slot. The arrays may be others afterwards. */
  ensure(slot: number): void {
    if (slot < this.capacity) return;
    // Every view comes to need every slot: room for those there are, and a few to come.
    const count = Math.max(slot + 1, this.#roster?.slotCount ?? 0);
    const most = this.#roster === null ? Number.POSITIVE_INFINITY : Math.max(this.#roster.size, count);
    this.capacity = Math.max(8, Math.min(most, count + (count >> 2)));
    const buffer = new ArrayBuffer(this.capacity * this.perByte);
    const words = new Int32Array(buffer);
    words.set(this.words);
    this.words = words;
    this.times = new Float64Array(buffer);
    this.halves = new Uint16Array(buffer);
    this.bytes = new Uint8Array(buffer);
  }
}
