/**
 * A Raft member's two watchdogs: repeating timers that every word of a leader starts anew, and that stand still while
 * its stream lasts, or while the member leads itself (RethinkDB watchdog_timer.cc; facts/consensus.md 3.7, 3.9, 3.10).
 */
import type { RaftTiming } from './raft-timing.ts';

type SetTimer = (timer: 'watchdog' | 'leader-watchdog', delayMs: number | null) => void;

export class Watchdogs {
  /** Votes are refused until the leader's watchdog has run out; when a process starts, it has. */
  leaderTriggered = true;
  readonly #timing: RaftTiming;
  readonly #draw: (spread: number) => number;
  readonly #setTimer: SetTimer;
  #blocked = false;

  constructor(timing: RaftTiming, draw: (spread: number) => number, setTimer: SetTimer) {
    this.#timing = timing;
    this.#draw = draw;
    this.#setTimer = setTimer;
    this.arm();
  }

  /** Begins the wait for the next election anew: whole milliseconds, both ends included. */
  arm(): void {
    const { electionTimeoutMinMs: min, electionTimeoutMaxMs: max } = this.#timing;
    this.#setTimer('watchdog', min + this.#draw(max - min + 1));
  }

  /** A candidate got the vote. */
  heard(): void {
    if (!this.#blocked) this.arm();
  }

  heardLeader(): void {
    this.heard();
    this.leaderTriggered = false;
    // Exactly the minimum, not a random time (Raft paper, section 6).
    if (!this.#blocked) this.#setTimer('leader-watchdog', this.#timing.electionTimeoutMinMs);
  }

  block(): void {
    this.#blocked = true;
    this.leaderTriggered = false;
    this.#setTimer('watchdog', null);
    this.#setTimer('leader-watchdog', null);
  }

  unblock(): void {
    this.#blocked = false;
    this.heardLeader();
  }
}
