/** One node's view of the others, as differences from the roster. */
import type { Timings } from './formulas.ts';
import {
  BYTE_FLAGS,
  BYTE_MARKS,
  HALF_KNOWN,
  HALF_SUSPECTORS,
  IN_LINE,
  Records,
  WORD_INCARNATION,
} from './records.ts';
import { ALIVE, AS_BASE, type Roster, UNKNOWN, type ViewState } from './roster.ts';

const STATE_MASK = 7;
const CONFIRMATION = 8;

export class View {
  readonly roster: Roster;
  readonly timings: Timings;
  readonly records: Records;
  /** Without an entry a member is unknown, whatever the roster says: a process that has just started. */
  blank = false;

  constructor(roster: Roster, timings: Timings) {
    this.roster = roster;
    this.timings = timings;
    this.records = new Records(timings.confirmationsMax + 1, roster);
  }

  /** Slots for which there is room. */
  get capacity(): number {
    return this.records.capacity;
  }

  state(subject: number): ViewState {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0 && slot < this.records.capacity) {
      const state = this.flags(slot) & STATE_MASK;
      if (state !== AS_BASE) return state as ViewState;
    }
    return this.blank ? UNKNOWN : ALIVE;
  }

  incarnationOf(subject: number): number {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0 && slot < this.records.capacity && this.flags(slot) !== AS_BASE)
      return this.incarnation(slot);
    return this.blank ? 0 : this.roster.baseIncarnation[subject]!;
  }

  /** State in the low three bits, AS_BASE without an entry; confirmations of the suspicion above them. */
  flags(slot: number): number {
    return this.records.bytes[slot * this.records.perByte + BYTE_FLAGS]!;
  }

  incarnation(slot: number): number {
    return this.records.words[slot * this.records.perWord + WORD_INCARNATION]!;
  }

  /** When the state changed; of a suspect, when its suspicion began. */
  changedUs(slot: number): number {
    return this.records.times[slot * this.records.perTime]!;
  }

  /** Seven bits for the program above; they stay when the state changes. */
  marks(slot: number): number {
    return this.records.bytes[slot * this.records.perByte + BYTE_MARKS]! & ~IN_LINE;
  }

  setMarks(slot: number, marks: number): void {
    this.records.ensure(slot);
    const at = slot * this.records.perByte + BYTE_MARKS;
    this.records.bytes[at] = (this.records.bytes[at]! & IN_LINE) | marks;
  }

  /** Enters a difference; returns the slot. */
  set(subject: number, state: ViewState, incarnation: number, nowUs: number): number {
    const slot = this.roster.slot(subject);
    const { records } = this;
    records.ensure(slot);
    records.bytes[slot * records.perByte + BYTE_FLAGS] = state;
    records.words[slot * records.perWord + WORD_INCARNATION] = incarnation;
    records.times[slot * records.perTime] = nowUs;
    return slot;
  }

  /** Another incarnation in the same state. */
  setIncarnation(subject: number, state: ViewState, incarnation: number): void {
    const slot = this.roster.slot(subject);
    const { records } = this;
    records.ensure(slot);
    if ((this.flags(slot) & STATE_MASK) !== state) records.bytes[slot * records.perByte + BYTE_FLAGS] = state;
    records.words[slot * records.perWord + WORD_INCARNATION] = incarnation;
  }

  beginSuspicion(slot: number, known: number, from: number): void {
    const { records } = this;
    records.halves[slot * records.perHalf + HALF_KNOWN] = known;
    records.halves[slot * records.perHalf + HALF_SUSPECTORS] = from;
  }

  confirmations(slot: number): number {
    return this.flags(slot) >> 3;
  }

  /** Counts a confirmation; false when there are enough already or it comes from one that was counted. */
  confirm(slot: number, from: number): boolean {
    const { records } = this;
    const count = this.flags(slot) >> 3;
    if (count >= this.#durations(slot).length - 1) return false;
    const first = slot * records.perHalf + HALF_SUSPECTORS;
    for (let i = 0; i <= count; i++) if (records.halves[first + i] === from) return false;
    records.halves[first + count + 1] = from;
    records.bytes[slot * records.perByte + BYTE_FLAGS]! += CONFIRMATION;
    return true;
  }

  /** When the suspicion ends in a verdict, as things stand. */
  deadlineUs(slot: number): number {
    return this.changedUs(slot) + this.#durations(slot)[this.flags(slot) >> 3]!;
  }

  /** The shortest time that this suspicion may last. */
  shortestUs(slot: number): number {
    const durations = this.#durations(slot);
    return durations[durations.length - 1]!;
  }

  #durations(slot: number): Float64Array {
    return this.timings.suspicion(this.records.halves[slot * this.records.perHalf + HALF_KNOWN]!);
  }

  /** Notes whether the slot stands in the line of suspicions; returns what was noted before. */
  noteInLine(slot: number, inLine: boolean): boolean {
    const at = slot * this.records.perByte + BYTE_MARKS;
    const before = this.records.bytes[at]!;
    this.records.bytes[at] = inLine ? before | IN_LINE : before & ~IN_LINE;
    return (before & IN_LINE) !== 0;
  }

  /** Says of everyone without an entry that it is unknown, and is blank no more. */
  fill(): void {
    for (let subject = 0; subject < this.roster.size; subject++) {
      if (this.state(subject) === UNKNOWN) this.set(subject, UNKNOWN, 0, 0);
    }
    this.blank = false;
  }

  clear(slot: number): void {
    if (slot < this.records.capacity) this.records.bytes[slot * this.records.perByte + BYTE_FLAGS] = AS_BASE;
  }
}
