/** One node's view of the others, as differences from the roster. */
import type { Timings } from './formulas.ts';
import { CONFIRMATIONS_SHIFT, FLAGS_MASK, IN_LINE, Records, STATE_MASK, WAITS } from './records.ts';
import type { Roster } from './roster.ts';
import { ALIVE, AS_BASE, UNKNOWN, type ViewState } from './states.ts';

const CONFIRMATION = 1 << CONFIRMATIONS_SHIFT;

export class View {
  readonly roster: Roster;
  readonly timings: Timings;
  readonly records: Records;
  /** Without an entry a member is unknown, whatever the roster says: a process that has just started. */
  blank = false;

  constructor(self: number, roster: Roster, timings: Timings) {
    this.roster = roster;
    this.timings = timings;
    this.records = new Records(self, roster, roster.recordSlabs(Math.max(1, timings.confirmationsMax)));
  }

  /** Slots for which there is room. */
  get capacity(): number {
    return this.records.capacity;
  }

  state(subject: number): ViewState {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0) {
      const state = this.records.stateByte(slot) & STATE_MASK;
      if (state !== AS_BASE) return state as ViewState;
    }
    return this.blank ? UNKNOWN : ALIVE;
  }

  incarnationOf(subject: number): number {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0 && this.flags(slot) !== AS_BASE) return this.incarnation(slot);
    return this.blank ? 0 : this.roster.baseIncarnation[subject]!;
  }

  /** State in the low three bits, AS_BASE without an entry; confirmations of the suspicion above them. */
  flags(slot: number): number {
    return this.records.stateByte(slot) & FLAGS_MASK;
  }

  incarnation(slot: number): number {
    return this.records.incarnation(slot);
  }

  /** When the state changed; of a suspect, when its suspicion began. */
  changedUs(slot: number): number {
    return this.records.timeUs(slot);
  }

  /** Seven bits for the program above; they stay when the state changes. */
  marks(slot: number): number {
    return this.records.markByte(slot) & ~IN_LINE;
  }

  setMarks(slot: number, marks: number): void {
    this.records.ensure(slot);
    this.records.setMarkByte(slot, (this.records.markByte(slot) & IN_LINE) | marks);
  }

  /** Enters a difference; returns the slot. */
  set(subject: number, state: ViewState, incarnation: number, nowUs: number): number {
    const slot = this.roster.slot(subject);
    const { records } = this;
    records.ensure(slot);
    this.#setFlags(slot, state);
    records.change(slot, incarnation, nowUs);
    return slot;
  }

  /** Another incarnation in the same state. */
  setIncarnation(subject: number, state: ViewState, incarnation: number): void {
    const slot = this.roster.slot(subject);
    this.records.ensure(slot);
    if ((this.flags(slot) & STATE_MASK) !== state) this.#setFlags(slot, state);
    this.records.setIncarnation(slot, incarnation);
  }

  beginSuspicion(slot: number, known: number, from: number): void {
    this.records.suspect(slot, known, from);
  }

  confirmations(slot: number): number {
    return this.flags(slot) >> CONFIRMATIONS_SHIFT;
  }

  /** Counts a confirmation; false when there are enough already or it comes from one that was counted. */
  confirm(slot: number, from: number): boolean {
    const count = this.confirmations(slot);
    if (count >= this.#durations(slot).length - 1) return false;
    if (!this.records.suspectAgain(slot, count + 1, from)) return false;
    this.records.setStateByte(slot, this.records.stateByte(slot) + CONFIRMATION);
    return true;
  }

  /** Would it, as things stand? */
  wouldConfirm(slot: number, from: number): boolean {
    const count = this.confirmations(slot);
    return count < this.#durations(slot).length - 1 && !this.records.suspectedBy(slot, count + 1, from);
  }

  /** When the suspicion ends in a verdict, as things stand. */
  deadlineUs(slot: number): number {
    return this.changedUs(slot) + this.#durations(slot)[this.confirmations(slot)]!;
  }

  /** The shortest time that this suspicion may last. */
  shortestUs(slot: number): number {
    const durations = this.#durations(slot);
    return durations[durations.length - 1]!;
  }

  #durations(slot: number): Float64Array {
    return this.timings.suspicion(this.records.known(slot));
  }

  /** Notes whether the slot stands in the line of suspicions; returns what was noted before. */
  noteInLine(slot: number, inLine: boolean): boolean {
    const before = this.records.markByte(slot);
    this.records.setMarkByte(slot, inLine ? before | IN_LINE : before & ~IN_LINE);
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
    if (slot < this.records.capacity) this.#setFlags(slot, AS_BASE);
  }

  #setFlags(slot: number, flags: number): void {
    this.records.setStateByte(slot, (this.records.stateByte(slot) & WAITS) | flags);
  }
}
