/**
 * What the members' views have in common, so that a view need hold only its differences (10 000 members would otherwise
 * need a hundred million entries): each member is alive, in the roster's incarnation, unless a view says otherwise.
 * Members about whom some view says otherwise have a slot, and views keep their differences by slot.
 *
 * This is bookkeeping of the model, not knowledge of any node: `fold` moves what all views agree on into the roster,
 * which changes no view.
 */

import { ContentBlocks } from './content-blocks.ts';
import type { UserEvent } from './message.ts';
import { UpdateContents } from './queue-contents.ts';
import { RecordSlabs } from './records.ts';
import { Shelf } from './shelf.ts';
import { UpdateLists } from './update-list.ts';

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
  readonly events: Shelf<UserEvent> = new Shelf<UserEvent>();
  /** For datagrams. */
  readonly lists = new UpdateLists();
  /** For queues. */
  readonly blocks = new ContentBlocks();
  /** How updates wait in queues. */
  readonly contents: UpdateContents;
  readonly #free: number[] = [];
  #slabs: RecordSlabs | null = null;
  /** By slot: of which member and incarnation the last verdict was, and who made it. */
  readonly #judged: number[] = [];
  readonly #judgedIncarnation: number[] = [];
  readonly #judge: number[] = [];

  constructor(nameBytes: readonly number[]) {
    this.size = nameBytes.length;
    if (this.size > MEMBERS_MAX) throw new RangeError(`more than ${MEMBERS_MAX} gossip members`);
    this.nameBytes = Uint8Array.from(nameBytes, (bytes) => Math.min(bytes, 255));
    this.baseIncarnation = new Int32Array(this.size).fill(1);
    this.slotOf = new Int32Array(this.size).fill(-1);
    this.contents = new UpdateContents(this.nameBytes);
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
    this.#slabs?.ensure(this.subjectOf.length);
    this.slotOf[subject] = slot;
    return slot;
  }

  /** Where the views of the cluster keep their records; `suspectors`: how many of each suspicion, the same for all. */
  recordSlabs(suspectors: number): RecordSlabs {
    if (this.#slabs === null) {
      this.#slabs = new RecordSlabs(this.size, suspectors);
      this.#slabs.ensure(this.slotCount);
    }
    return this.#slabs;
  }

  /** Whose name a verdict bears: the first's of all who come to it, as nobody looks at who did. */
  judge(subject: number, incarnation: number, self: number): number {
    const slot = this.slot(subject);
    if (this.#judged[slot] !== subject || this.#judgedIncarnation[slot] !== incarnation) {
      this.#judged[slot] = subject;
      this.#judgedIncarnation[slot] = incarnation;
      this.#judge[slot] = self;
    }
    return this.#judge[slot]!;
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
