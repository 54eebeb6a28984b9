/**
 * What one member keeps of the others beside its SWIM view (libnetwork networkdb, facts/platform.md 3.1): whose table
 * entries it has deleted, and whom it holds failed and tries to fetch back. Marks in the
 * view's records.
 */
import type { View } from '../../protocols/swim/index.ts';

/** Its entries were deleted here. */
const DELETED = 1;
/** On the list of the failed. */
const FAILED = 2;
/** The chronicle counts this member among those that hold it gone. */
const GONE = 4;

export class Ledger {
  readonly #view: View;
  /** Members whose entries are missing here. */
  deletedCount = 0;
  failedCount = 0;

  constructor(view: View) {
    this.#view = view;
  }

  isDeleted(subject: number): boolean {
    return (this.#get(subject) & DELETED) !== 0;
  }

  isFailed(subject: number): boolean {
    return (this.#get(subject) & FAILED) !== 0;
  }

  holdsGone(subject: number): boolean {
    return (this.#get(subject) & GONE) !== 0;
  }

  setDeleted(subject: number, deleted: boolean): void {
    if (this.isDeleted(subject) === deleted) return;
    this.#set(subject, DELETED, deleted);
    this.deletedCount += deleted ? 1 : -1;
  }

  setFailed(subject: number, failed: boolean): void {
    if (this.isFailed(subject) === failed) return;
    this.#set(subject, FAILED, failed);
    this.failedCount += failed ? 1 : -1;
  }

  setGone(subject: number, gone: boolean): void {
    this.#set(subject, GONE, gone);
  }

  /** Members with a mark, in the order of their slots. */
  forEachMarked(visit: (subject: number) => void): void {
    const { capacity, roster } = this.#view;
    for (let slot = 0; slot < capacity; slot++)
      if (this.#view.marks(slot) !== 0) visit(roster.subjectOf[slot]!);
  }

  /** A member on the list of the failed: the first from a random place of the slots on; -1 when there is none. */
  failedFrom(u: number): number {
    const count = this.#view.capacity;
    const start = Math.floor(u * count);
    for (let i = 0; i < count; i++) {
      const slot = start + i < count ? start + i : start + i - count;
      if ((this.#view.marks(slot) & FAILED) !== 0) return this.#view.roster.subjectOf[slot]!;
    }
    return -1;
  }

  isClear(slot: number): boolean {
    return slot >= this.#view.capacity || this.#view.marks(slot) === 0;
  }

  #get(subject: number): number {
    const slot = this.#view.roster.slotOf[subject]!;
    return slot >= 0 && slot < this.#view.capacity ? this.#view.marks(slot) : 0;
  }

  #set(subject: number, mark: number, on: boolean): void {
    const before = this.#get(subject);
    if (!on && before === 0) return;
    const slot = this.#view.roster.slot(subject);
    this.#view.setMarks(slot, on ? before | mark : before & ~mark);
  }
}
