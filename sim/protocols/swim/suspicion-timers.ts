/**
 * One node's running suspicions. None ends sooner than the shortest time after its beginning, and by then most have all
 * the confirmations they need: until then they just stand in line, in the order in which they began. One that comes to
 * the end of the line without being due is put where late ones are, by its deadline.
 *
 * Nothing is taken out when a suspicion ends otherwise, or gets another confirmation: what the view says counts.
 */

import { DeadlineHeap } from './deadline-heap.ts';
import { STATE_MASK } from './records.ts';
import { SUSPECT } from './states.ts';
import type { View } from './view.ts';

/** A power of two. */
const LINE_MIN = 8;
/** Suspicions in line that are looked at together. */
const FETCHED_AHEAD = 8;

export class SuspicionTimers {
  readonly #view: View;
  /** Slots in the order in which their suspicions began, from #head to #tail; both run on, the line is a ring. */
  #line = new Uint16Array(LINE_MIN);
  #mask = LINE_MIN - 1;
  #head = 0;
  #tail = 0;
  /** When the suspicion at the head began, once that has been looked up for this head. */
  #beganAt = -1;
  #beganUs = 0;
  /** By slot: how often it stands in line for suspicions that are over, while it stands there for another one. */
  readonly #outdated = new Map<number, number>();
  /** The shortest time that any suspicion here may last. */
  #shortestUs = Number.POSITIVE_INFINITY;
  /** Late ones by the deadline they had when they were put here. */
  readonly #late = new DeadlineHeap();
  /** Of no use but to be written: what was fetched ahead. */
  protected fetched = 0;

  constructor(view: View) {
    this.#view = view;
  }

  /** When to look for suspicions that are due: not later than the first one's end. Infinity when none runs. */
  get nextUs(): number {
    this.#skip();
    if (this.#head === this.#tail) return this.#late.firstUs;
    if (this.#beganAt !== this.#head) {
      this.#beganAt = this.#head;
      this.#beganUs = this.#view.changedUs(this.#line[this.#head & this.#mask]!);
    }
    return Math.min(this.#late.firstUs, this.#beganUs + this.#shortestUs);
  }

  /** A suspicion begins now, without confirmations. */
  begin(slot: number): void {
    this.#shortestUs = Math.min(this.#shortestUs, this.#view.shortestUs(slot));
    if (this.#tail - this.#head > this.#mask) this.#makeRoom();
    this.#line[this.#tail++ & this.#mask] = slot;
    if (this.#view.noteInLine(slot, true)) this.#outdated.set(slot, (this.#outdated.get(slot) ?? 0) + 1);
  }

  /** The view has counted one more confirmation. */
  confirmed(slot: number, nowUs: number): void {
    const view = this.#view;
    if (view.changedUs(slot) + this.#shortestUs <= nowUs) this.#late.add(view.deadlineUs(slot), slot);
  }

  /** The slot of a suspicion that is due, the one that ended first; -1 when none is. */
  due(nowUs: number): number {
    const view = this.#view;
    for (let passed = 0; ; passed++) {
      if (passed % FETCHED_AHEAD === 0) this.#fetchLine();
      this.#skip();
      if (this.#head === this.#tail) break;
      const slot = this.#line[this.#head & this.#mask]!;
      if (view.changedUs(slot) + this.#shortestUs > nowUs) break;
      this.#head++;
      view.noteInLine(slot, false);
      this.#late.add(view.deadlineUs(slot), slot);
    }
    while (this.#late.size > 0) {
      const slot = this.#late.firstSlot;
      const deadlineUs = this.#late.firstUs;
      const stands = this.#runs(slot) && view.deadlineUs(slot) === deadlineUs;
      if (stands && deadlineUs > nowUs) return -1;
      this.#late.removeFirst();
      if (stands) return slot;
    }
    return -1;
  }

  /** Reads what every call looks at first, side by side (Records.fetch). */
  fetch(): number {
    const line = this.#line;
    return (
      line[this.#head & this.#mask]! ^
      line[this.#tail & this.#mask]! ^
      this.#beganUs ^
      this.#shortestUs ^
      this.#late.fetch()
    );
  }

  /** Reads of the next ones in line what will be looked at, so that the processor fetches it side by side. */
  #fetchLine(): void {
    const { records } = this.#view;
    const end = Math.min(this.#tail, this.#head + FETCHED_AHEAD);
    let fetched = 0;
    for (let i = this.#head; i < end; i++) fetched ^= records.stateByte(this.#line[i & this.#mask]!);
    this.fetched = fetched;
  }

  /** Passes over those at the head of the line that are over. */
  #skip(): void {
    while (this.#head < this.#tail) {
      const slot = this.#line[this.#head & this.#mask]!;
      const outdated = this.#outdated.size > 0 ? (this.#outdated.get(slot) ?? 0) : 0;
      if (outdated > 1) this.#outdated.set(slot, outdated - 1);
      else if (outdated === 1) this.#outdated.delete(slot);
      else if (this.#runs(slot)) return;
      else this.#view.noteInLine(slot, false);
      this.#head++;
    }
  }

  #runs(slot: number): boolean {
    return (this.#view.flags(slot) & STATE_MASK) === SUSPECT;
  }

  #makeRoom(): void {
    const line = new Uint16Array(2 * this.#line.length);
    const first = this.#head & this.#mask;
    line.set(this.#line.subarray(first));
    line.set(this.#line.subarray(0, first), this.#line.length - first);
    this.#tail -= this.#head;
    this.#head = 0;
    this.#beganAt = -1;
    this.#line = line;
    this.#mask = line.length - 1;
  }
}
