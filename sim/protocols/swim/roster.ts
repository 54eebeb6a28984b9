/**
 * What the members' views have in common, so that a view need hold only its differences (10 000 members would otherwise
 * need a hundred million entries): each member is alive, in the roster's incarnation, unless a view says otherwise.
 * Members about whom some view says otherwise have a slot, and views keep their differences by slot.
 *
 * This is bookkeeping of the model, not knowledge of any node: `fold` moves what all views agree on into the roster,
 * which changes no view.
 */
import { suspectBytes, type Update, type UserEvent } from './message.ts';
import { Shelf } from './shelf.ts';

/** States of a member in a view. AS_BASE: what the roster says. */
export const AS_BASE = 0;
export const ALIVE = 1;
export const SUSPECT = 2;
export const DEAD = 3;
export const LEFT = 4;
/** Never heard of, or forgotten. */
export const UNKNOWN = 5;
export type ViewState = typeof ALIVE | typeof SUSPECT | typeof DEAD | typeof LEFT | typeof UNKNOWN;

/** Slots and members are numbered in 16 bits. */
export const MEMBERS_MAX = 65_535;

export class Roster {
  readonly size: number;
  /** Length of each member's name on the wire, bytes. */
  readonly nameBytes: Uint8Array;
  /** The base: every member is alive, in this incarnation. */
  readonly baseIncarnation: Int32Array;
  /** -1: all views are as the base says. */
  readonly slotOf: Int32Array;
  /** By slot; -1 where the slot is free. */
  readonly subjectOf: number[] = [];
  /** What waits in the queues of all. */
  readonly updates = new Shelf<Update>();
  readonly events = new Shelf<UserEvent>();
  readonly #free: number[] = [];
  /** By slot: the verdict that was made last. */
  readonly #verdicts: (Update | undefined)[] = [];

  constructor(nameBytes: readonly number[]) {
    this.size = nameBytes.length;
    if (this.size > MEMBERS_MAX) throw new RangeError(`more than ${MEMBERS_MAX} gossip members`);
    this.nameBytes = Uint8Array.from(nameBytes, (bytes) => Math.min(bytes, 255));
    this.baseIncarnation = new Int32Array(this.size).fill(1);
    this.slotOf = new Int32Array(this.size).fill(-1);
  }

  /** Slots ever in use: views need room for so many. */
  get slotCount(): number {
    return this.subjectOf.length;
  }

  /** The subject's slot, a new one if it had none. */
  slot(subject: number): number {
    let slot = this.slotOf[subject]!;
    if (slot >= 0) return slot;
    slot = this.#free.pop() ?? this.subjectOf.length;
    this.subjectOf[slot] = subject;
    this.slotOf[subject] = slot;
    return slot;
  }

  /** The message that declares a member dead; one for all who come to that verdict, as nobody looks at who did. */
  verdict(subject: number, incarnation: number, from: number): Update {
    const slot = this.slot(subject);
    const known = this.#verdicts[slot];
    if (known?.subject === subject && known.incarnation === incarnation) return known;
    const bytes = suspectBytes(this.nameBytes[subject]!, this.nameBytes[from]!, incarnation);
    const verdict: Update = { kind: 'dead', subject, incarnation, from, bytes, shelf: -1 };
    this.#verdicts[slot] = verdict;
    return verdict;
  }

  /** All views hold the member alive in this incarnation: that is the base now. The caller clears its slot in every view. */
  fold(subject: number, incarnation: number): void {
    const slot = this.slotOf[subject]!;
    this.baseIncarnation[subject] = incarnation;
    this.slotOf[subject] = -1;
    this.subjectOf[slot] = -1;
    this.#free.push(slot);
  }
}
