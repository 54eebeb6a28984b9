/**
 * Who agrees with everyone whom it may exchange states and tables with: then such an exchange brings nothing to either.
 * Members agree when they hold the same others alive, in the same incarnations, the same others gone (dead, left or
 * forgotten: all of that tells nothing to one that holds them gone too), suspect nobody, and have the same entries deleted.
 * Members that a partition keeps apart need not agree: they do not hold each other alive.
 */
import { ALIVE, type Roster, STATE_MASK, SUSPECT } from '../../../protocols/swim/index.ts';
import type { GossipMember } from '../member.ts';

/** After that long a disagreement is looked at again. */
const AGAIN_US = 1_000_000;
const NONE = -1;

export class Agreement {
  readonly #members: readonly GossipMember[];
  readonly #roster: Roster;
  readonly #tables: boolean;
  /** By member: agrees with all that it holds alive. */
  readonly #agrees: Uint8Array;
  readonly #campOf: Int32Array;
  #whole = false;
  #looked = false;
  #lookedUs = 0;

  constructor(members: readonly GossipMember[], roster: Roster, tables: boolean) {
    this.#members = members;
    this.#roster = roster;
    this.#tables = tables;
    this.#agrees = new Uint8Array(roster.size);
    this.#campOf = new Int32Array(roster.size);
  }

  /** Somebody's view, or who runs, is about to be another. */
  forget(): void {
    this.#looked = false;
  }

  /** Does this member agree with all whom it holds alive, and do they run? */
  of(member: GossipMember, nowUs: number): boolean {
    if (!this.#looked || (!this.#whole && nowUs >= this.#lookedUs + AGAIN_US)) {
      this.#look();
      this.#looked = true;
      this.#lookedUs = nowUs;
    }
    return this.#agrees[member.index] === 1;
  }

  #look(): void {
    const camps: GossipMember[][] = [];
    this.#agrees.fill(0);
    this.#campOf.fill(NONE);
    this.#whole = false;
    for (const member of this.#members) {
      if (!member.active) continue;
      // What a newcomer is going to learn is for all to see first.
      if (member.swim!.view.blank || (this.#tables && member.tablesBlank) || this.#suspects(member)) return;
      let camp = camps.findIndex(([first]) => this.#same(first!, member));
      if (camp < 0) camp = camps.push([]) - 1;
      camps[camp]!.push(member);
      this.#campOf[member.index] = camp;
    }
    let agreeing = 0;
    for (const [camp, members] of camps.entries()) {
      if (!this.#holdsTogether(camp, members[0]!)) continue;
      for (const { index } of members) this.#agrees[index] = 1;
      agreeing++;
    }
    this.#whole = agreeing === camps.length;
  }

  #suspects({ swim }: GossipMember): boolean {
    const { view } = swim!;
    const slots = Math.min(view.capacity, this.#roster.slotCount);
    for (let slot = 0; slot < slots; slot++) if ((view.flags(slot) & STATE_MASK) === SUSPECT) return true;
    return false;
  }

  #same(a: GossipMember, b: GossipMember): boolean {
    const { subjectOf, slotCount } = this.#roster;
    for (let slot = 0; slot < slotCount; slot++) {
      const subject = subjectOf[slot]!;
      if (subject < 0) continue;
      const holds = this.#holds(a, subject);
      if (holds !== this.#holds(b, subject)) return false;
    }
    return true;
  }

  /** A number for what one holds of another. */
  #holds(member: GossipMember, subject: number): number {
    const { swim, ledger } = member;
    if (subject === member.index) return 2 * swim!.incarnation;
    const deleted = ledger.isDeleted(subject) ? 1 : 0;
    const state = swim!.view.state(subject);
    return state === ALIVE ? 2 * swim!.view.incarnationOf(subject) + deleted : -1 - deleted;
  }

  /** Everyone whom the camp holds alive runs and is in it. */
  #holdsTogether(camp: number, { swim, index }: GossipMember): boolean {
    for (let subject = 0; subject < this.#members.length; subject++) {
      if (subject === index) continue;
      const state = swim!.view.state(subject);
      if (state === ALIVE && this.#campOf[subject] !== camp) return false;
    }
    return true;
  }
}
