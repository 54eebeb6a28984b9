import { BroadcastQueue } from './broadcast-queue.ts';
import type { Timings } from './formulas.ts';
import type { SwimHost } from './host.ts';
import type { Probe } from './message.ts';
import type { Dice } from './permutation.ts';
import { SparseKeys } from './queue-contents.ts';
import { ProbeRing } from './ring.ts';
import type { Roster } from './roster.ts';
import { ALIVE } from './states.ts';
import { SuspicionTimers } from './suspicion-timers.ts';
import { View } from './view.ts';

/** A node's randomness: each draw belongs to a number of one of these. */
export interface SwimDice {
  readonly ring: Dice;
  /** Number: the gossip tick. */
  readonly gossip: Dice;
  /** Number: the probe; whom it asks for help. */
  readonly helpers: Dice;
}

/** Numbers that go on over all lives of a node: they never come again. */
export interface SwimCounters {
  probes: number;
  rounds: number;
}

/** Everything one node knows. Functions beside this file work on it; `Swim` is their face. */
export class SwimState {
  readonly self: number;
  readonly timings: Timings;
  readonly roster: Roster;
  readonly host: SwimHost;
  readonly dice: SwimDice;
  readonly counters: SwimCounters;
  readonly view: View;
  readonly ring: ProbeRing;
  readonly updates: BroadcastQueue;
  readonly events: BroadcastQueue;
  /** Ids of the user events heard of. */
  readonly heard = new Set<number>();
  readonly suspicions: SuspicionTimers;
  incarnation: number;
  /** 0 = healthy; a probe lasts score + 1 intervals. */
  score = 0;
  /** Members listed, dead ones not yet forgotten and self included. */
  known: number;
  leaving = false;
  /** The probe under way. */
  probe: Probe | null = null;
  /** Of no use but to be written: what was fetched ahead. */
  fetched = 0;
  /** A tick came while a probe was under way: the next one follows at once. */
  tickWaits = false;

  constructor(
    self: number,
    timings: Timings,
    roster: Roster,
    host: SwimHost,
    dice: SwimDice,
    counters: SwimCounters,
    incarnation: number,
    blank: boolean,
  ) {
    this.self = self;
    this.timings = timings;
    this.roster = roster;
    this.host = host;
    this.dice = dice;
    this.counters = counters;
    this.incarnation = incarnation;
    this.view = new View(self, roster, timings);
    this.updates = new BroadcastQueue(roster.contents, this.view.records, roster.blocks);
    this.events = new BroadcastQueue(roster.events, new SparseKeys(), roster.blocks);
    this.ring = new ProbeRing(dice.ring, self, roster.size, counters.rounds);
    this.suspicions = new SuspicionTimers(this.view);
    if (blank) {
      this.view.blank = true;
      this.known = 1;
    } else {
      this.known = roster.size;
    }
    if (blank || roster.baseIncarnation[self] !== incarnation) {
      this.view.set(self, ALIVE, incarnation, 0);
    }
  }

  /**
   * Reads what the handling of nearly every input looks at. With ten thousand nodes it all comes from far away, and one by
   * one, as each is needed, that takes several times as long.
   */
  fetch(): void {
    this.fetched = this.score ^ this.updates.fetch() ^ this.suspicions.fetch() ^ this.view.records.capacity;
  }
}
