/**
 * One node's view of the others, as differences from the roster. Arrays by slot, a few bytes each: with a third of
 * 10 000 nodes gone, there are twenty million entries.
 */
import type { Timings } from './formulas.ts';
import { ALIVE, AS_BASE, type Roster, UNKNOWN, type ViewState } from './roster.ts';

const STATE_MASK = 7;
const CONFIRMATION = 8;

export class View {
  readonly roster: Roster;
  readonly timings: Timings;
  /** Without an entry a member is unknown, whatever the roster says: a process that has just started. */
  blank = false;
  /** State in the low three bits, confirmations of the suspicion above them. */
  flags = new Uint8Array(0);
  incarnation = new Int32Array(0);
  /** When the state changed; of a suspect, when its suspicion began. */
  changedUs = new Float64Array(0);
  /** How many nodes were known when the suspicion began. */
  knownThen = new Uint16Array(0);
  /** Who suspected, then who confirmed; `confirmationsMax + 1` to a slot. */
  #suspectors = new Uint16Array(0);
  readonly #stride: number;

  constructor(roster: Roster, timings: Timings) {
    this.roster = roster;
    this.timings = timings;
    this.#stride = timings.confirmationsMax + 1;
  }

  get capacity(): number {
    return this.flags.length;
  }

  state(subject: number): ViewState {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0 && slot < this.flags.length) {
      const state = this.flags[slot]! & STATE_MASK;
      if (state !== AS_BASE) return state as ViewState;
    }
    return this.blank ? UNKNOWN : ALIVE;
  }

  incarnationOf(subject: number): number {
    const slot = this.roster.slotOf[subject]!;
    if (slot >= 0 && slot < this.flags.length && this.flags[slot] !== AS_BASE) return this.incarnation[slot]!;
    return this.blank ? 0 : this.roster.baseIncarnation[subject]!;
  }

  /** Enters a difference; returns the slot. */
  set(subject: number, state: ViewState, incarnation: number, nowUs: number): number {
    const slot = this.roster.slot(subject);
    if (slot >= this.flags.length) this.#grow();
    this.flags[slot] = state;
    this.incarnation[slot] = incarnation;
    this.changedUs[slot] = nowUs;
    return slot;
  }

  /** Another incarnation in the same state. */
  setIncarnation(subject: number, state: ViewState, incarnation: number): void {
    const slot = this.roster.slot(subject);
    if (slot >= this.flags.length) this.#grow();
    if ((this.flags[slot]! & STATE_MASK) !== state) this.flags[slot] = state;
    this.incarnation[slot] = incarnation;
  }

  beginSuspicion(slot: number, known: number, from: number): void {
    this.knownThen[slot] = known;
    this.#suspectors[slot * this.#stride] = from;
  }

  confirmations(slot: number): number {
    return this.flags[slot]! >> 3;
  }

  /** Counts a confirmation; false when there are enough already or it comes from one that was counted. */
  confirm(slot: number, from: number): boolean {
    const count = this.flags[slot]! >> 3;
    if (count >= this.timings.suspicion(this.knownThen[slot]!).length - 1) return false;
    const first = slot * this.#stride;
    for (let i = 0; i <= count; i++) if (this.#suspectors[first + i] === from) return false;
    this.#suspectors[first + count + 1] = from;
    this.flags[slot]! += CONFIRMATION;
    return true;
  }

  /** When the suspicion ends in a verdict, as things stand. */
  deadlineUs(slot: number): number {
    const durations = this.timings.suspicion(this.knownThen[slot]!);
    return this.changedUs[slot]! + durations[this.flags[slot]! >> 3]!;
  }

  /** Says of everyone without an entry that it is unknown, and is blank no more. */
  fill(): void {
    for (let subject = 0; subject < this.roster.size; subject++) {
      if (this.state(subject) === UNKNOWN) this.set(subject, UNKNOWN, 0, 0);
    }
    this.blank = false;
  }

  clear(slot: number): void {
    if (slot < this.flags.length) this.flags[slot] = AS_BASE;
  }

  #grow(): void {
    // Every view comes to need every slot: room for those there are, and a few to come.
    const count = this.roster.slotCount;
    const size = Math.max(8, Math.min(this.roster.size, count + (count >> 2)));
    this.flags = grown(this.flags, new Uint8Array(size));
    this.incarnation = grown(this.incarnation, new Int32Array(size));
    this.changedUs = grown(this.changedUs, new Float64Array(size));
    this.knownThen = grown(this.knownThen, new Uint16Array(size));
    this.#suspectors = grown(this.#suspectors, new Uint16Array(size * this.#stride));
  }
}

function grown<T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
