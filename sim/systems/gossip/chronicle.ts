/**
 * Tells what members come to hold of each other, with its true causes, a few events for each member that is suspected
 * and not one for each pair: first suspicion, first verdict, when all others know, refutation, first to take it back,
 * and when every view is whole again.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import { ALIVE, type ChangeReason, DEAD, LEFT, SUSPECT, type ViewState } from '../../protocols/swim/index.ts';
import type { World } from '../../world/world.ts';
import type { GossipMember } from './member.ts';
import type { Outlook } from './outlook.ts';

interface Episode {
  suspectedAtUs: number;
  suspected: TraceId;
  failed: TraceId;
  refuted: TraceId;
  rejoined: TraceId;
  allKnow: boolean;
  /** How many will hold it gone, as the world was when that was last counted. */
  expected: number;
  countedAt: number;
}

/** Words for each member, and where they stand. */
const TALLY = 4;
const SUSPECTING = 0;
const GONE = 1;
const QUIET_BELOW = 2;
const GENERATION = 3;

export class GossipChronicle {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #system: string;
  readonly #members: readonly GossipMember[];
  readonly #outlook: Outlook;
  /** By member; a hole where nothing is wrong with it. */
  readonly #episodes: (Episode | undefined)[];
  /**
   * By member, TALLY words each, together because ten thousand nodes tell of each other all the time: how many hold it
   * suspect, how many gone (failed, left or forgotten), and while fewer than so many do, in the outlook of that generation,
   * one more is nothing to be told of.
   */
  readonly #tally: Int32Array;
  /** Members that leave in good order, and what made them. */
  readonly #leaving = new Map<number, TraceId>();

  constructor(
    kernel: Kernel,
    world: World,
    system: string,
    members: readonly GossipMember[],
    outlook: Outlook,
  ) {
    this.#outlook = outlook;
    this.#episodes = members.map(() => undefined);
    this.#tally = new Int32Array(TALLY * members.length);
    this.#kernel = kernel;
    this.#world = world;
    this.#system = system;
    this.#members = members;
  }

  /** The trace begins anew: nothing recorded before may be named as a cause. */
  restart(): void {
    for (const episode of this.#episodes) {
      if (episode === undefined) continue;
      episode.suspected = episode.failed = episode.refuted = episode.rejoined = NO_CAUSE;
    }
    for (let at = 0; at < this.#tally.length; at += TALLY) this.#tally[at + QUIET_BELOW] = 0;
  }

  /** The latest event about a member's being suspected, failed or back. */
  eventOf(subject: number): TraceId {
    const episode = this.#episodes[subject];
    return episode === undefined
      ? NO_CAUSE
      : Math.max(episode.suspected, episode.failed, episode.refuted, episode.rejoined);
  }

  changed(
    member: GossipMember,
    subject: number,
    before: ViewState,
    after: ViewState,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void {
    if (subject === member.index) return;
    const tally = this.#tally;
    const at = TALLY * subject;
    const isOpen = tally[at + SUSPECTING]! + tally[at + GONE]! > 0;
    if (!isOpen && after === ALIVE) return;
    if (isOpen && this.#isRoutine(member, subject, before, after, reason)) return;
    const episode = this.#episodes[subject] ?? this.#open(subject);
    if (before === SUSPECT) tally[at + SUSPECTING]!--;
    if (after === SUSPECT) {
      tally[at + SUSPECTING]!++;
      if (reason === 'probe' && episode.suspected === NO_CAUSE) this.#suspected(member, subject, episode);
    } else if (after === ALIVE) this.#back(member, subject, episode);
    else if (after === DEAD || after === LEFT)
      this.#gone(member, subject, after, reason, confirmations, from, episode);
    this.#closeIfOver(subject);
  }

  /** One more of many that come to hold the same: it is counted, and that is all. */
  #isRoutine(
    member: GossipMember,
    subject: number,
    before: ViewState,
    after: ViewState,
    reason: ChangeReason,
  ): boolean {
    const tally = this.#tally;
    const at = TALLY * subject;
    if (after === SUSPECT && before === ALIVE && reason !== 'probe') {
      tally[at + SUSPECTING]!++;
      return true;
    }
    if (after !== DEAD && after !== LEFT) return false;
    const gone = tally[at + GONE]! + 1;
    if (gone >= tally[at + QUIET_BELOW]! || tally[at + GENERATION] !== this.#outlook.present) return false;
    if (before === SUSPECT) tally[at + SUSPECTING]!--;
    if (!member.ledger.holdsGone(subject)) {
      member.ledger.setGone(subject, true);
      tally[at + GONE] = gone;
    }
    return true;
  }

  refuted(member: GossipMember, accuser: number): void {
    const episode = this.#episodes[member.index];
    if (episode === undefined || episode.refuted !== NO_CAUSE) return;
    const who = accuser === member.index ? 'what it was told' : `${this.#name(accuser)}'s suspicion`;
    episode.refuted = this.#record(
      member,
      'refuted',
      `contradicts ${who}: it is alive`,
      Math.max(episode.suspected, episode.failed, member.node.cause),
    );
  }

  /** A member says farewell. */
  leaves(member: GossipMember, cause: TraceId): void {
    this.#leaving.set(member.index, cause);
    const episode = this.#episodes[member.index];
    if (episode !== undefined) episode.countedAt = -1;
    this.#tally[TALLY * member.index + QUIET_BELOW] = 0;
  }

  /** A process ends, and its view with it. */
  stopped(member: GossipMember): void {
    const { swim, ledger } = member;
    this.#leaving.delete(member.index);
    if (swim === null) return;
    for (let subject = 0; subject < this.#episodes.length; subject++) {
      if (this.#episodes[subject] === undefined) continue;
      if (swim.view.state(subject) === SUSPECT) this.#tally[TALLY * subject + SUSPECTING]!--;
      if (ledger.holdsGone(subject)) this.#tally[TALLY * subject + GONE]!--;
      this.#closeIfOver(subject);
    }
  }

  #open(subject: number): Episode {
    const episode: Episode = {
      suspectedAtUs: this.#kernel.nowUs,
      suspected: NO_CAUSE,
      failed: NO_CAUSE,
      refuted: NO_CAUSE,
      rejoined: NO_CAUSE,
      allKnow: false,
      expected: 0,
      countedAt: -1,
    };
    this.#episodes[subject] = episode;
    return episode;
  }

  #suspected(member: GossipMember, subject: number, episode: Episode): void {
    episode.suspectedAtUs = this.#kernel.nowUs;
    episode.suspected = this.#record(
      member,
      'suspect',
      `suspects ${this.#name(subject)}: no answer to its ping, to those of its helpers, or over TCP`,
      this.#whySilent(member, subject),
    );
  }

  #gone(
    member: GossipMember,
    subject: number,
    after: ViewState,
    reason: ChangeReason,
    confirmations: number,
    from: number,
    episode: Episode,
  ): void {
    const tally = this.#tally;
    const at = TALLY * subject;
    if (!member.ledger.holdsGone(subject)) {
      member.ledger.setGone(subject, true);
      tally[at + GONE]!++;
    }
    if (episode.failed === NO_CAUSE && this.#kernel.trace.recording) {
      const seconds = ((this.#kernel.nowUs - episode.suspectedAtUs) / 1_000_000).toFixed(1);
      const left = after === LEFT || from === subject;
      const others = confirmations === 1 ? '1 other' : `${confirmations} others`;
      const detail = left
        ? `learns that ${this.#name(subject)} leaves`
        : reason === 'timeout'
          ? `declares ${this.#name(subject)} failed after ${seconds} s of suspicion, confirmed by ${others}`
          : `learns that ${this.#name(subject)} has failed`;
      const cause = episode.suspected === NO_CAUSE ? this.#whySilent(member, subject) : episode.suspected;
      episode.failed = this.#record(member, left ? 'left' : 'failed', detail, cause);
    }
    if (!episode.allKnow && tally[at + GONE]! >= this.#expected(subject, episode)) {
      episode.allKnow = true;
      this.#record(
        member,
        'all-know',
        `is the last of ${tally[at + GONE]} to learn that ${this.#name(subject)} is gone`,
        episode.failed,
      );
    }
    const told = episode.failed !== NO_CAUSE || !this.#kernel.trace.recording;
    tally[at + QUIET_BELOW] = !told ? 0 : episode.allKnow ? this.#members.length + 1 : episode.expected;
    tally[at + GENERATION] = this.#outlook.present;
  }

  #back(member: GossipMember, subject: number, episode: Episode): void {
    if (!member.ledger.holdsGone(subject)) return;
    member.ledger.setGone(subject, false);
    this.#tally[TALLY * subject + GONE]!--;
    if (episode.rejoined === NO_CAUSE) {
      const cause = Math.max(episode.refuted, this.#members[subject]!.node.cause, episode.failed);
      episode.rejoined = this.#record(member, 'rejoined', `takes ${this.#name(subject)} back`, cause);
    }
    if (this.#tally[TALLY * subject + GONE] === 0) {
      this.#record(
        member,
        'view-healed',
        `is the last to take ${this.#name(subject)} back: every view holds it alive`,
        episode.rejoined,
      );
    }
  }

  #closeIfOver(subject: number): void {
    const at = TALLY * subject;
    if (this.#tally[at + SUSPECTING] !== 0 || this.#tally[at + GONE] !== 0) return;
    this.#episodes[subject] = undefined;
    this.#tally[at + QUIET_BELOW] = 0;
  }

  /** How many active members cannot reach it: they are those that will hold it gone. */
  #expected(subject: number, episode: Episode): number {
    const { ways, generation } = this.#outlook;
    if (episode.countedAt === generation) return episode.expected;
    const { node, active } = this.#members[subject]!;
    const stays = active && !this.#leaving.has(subject);
    let count = active && !stays ? -1 : 0;
    for (const cell of ways) {
      if (!stays || !this.#world.passable(cell.sample, node.index)) count += cell.active;
    }
    episode.expected = Math.max(1, count);
    episode.countedAt = generation;
    return episode.expected;
  }

  #whySilent(member: GossipMember, subject: number): TraceId {
    const other = this.#members[subject]!.node;
    const leaves = this.#leaving.get(subject);
    if (leaves !== undefined) return leaves;
    if (!other.running || other.paused) return other.cause;
    const blocked = this.#world.blockCause(member.node.index, other.index);
    if (blocked !== NO_CAUSE) return blocked;
    const { network } = this.#world;
    const there = network.path(member.node.index, other.index).effects.at(-1);
    const back = network.path(other.index, member.node.index).effects.at(-1);
    return Math.max(there?.cause ?? NO_CAUSE, back?.cause ?? NO_CAUSE);
  }

  #record(member: GossipMember, event: string, detail: string, cause: TraceId): TraceId {
    return this.#kernel.record(this.#system, member.node.name, event, 0, detail, cause);
  }

  #name(index: number): string {
    return this.#members[index]!.node.name;
  }
}
