/**
 * When a sweep has seen enough. It looks only at numbers of runs that are fixed beforehand, at complete prefixes of the
 * runs of every variant: what it decides does not depend on speed, workers or the order of completion. A budget of wall
 * clock and Ctrl-C are the exceptions.
 */

/** Without --runs and --precision. */
export const RUNS_DEFAULT = 100;
/** With --precision and without --runs: where it gives up. */
export const RUNS_FOR_PRECISION_MAX = 100_000;
/** More is refused: the outcomes of all runs are held in memory. */
export const RUNS_MAX = 1_000_000;
/** With --precision: the first look, and how much further each next one is. */
export const FIRST_LOOK = 32;
const LOOK_FACTOR = 1.5;
/**
 * A verdict that ends it must hold at every look, one that is printed holds at one: at 95 % a fair coin would be called
 * unfair at some of the 21 looks up to the most runs in 42 of 100 sweeps, at this confidence in 6.
 */
export const STOP_CONFIDENCE = 0.995;

export interface Stopping {
  /** Runs of each variant at most; all of them are made when there is no precision. */
  readonly runs: number;
  /**
   * Half the width of an interval, as a share of the figure (for availability: of the unavailability), that every objective
   * must reach unless its verdict is certain; null: all runs are made.
   */
  readonly precision: number | null;
  /** Milliseconds of wall clock; null: none. */
  readonly budgetMs: number | null;
}

/** Why a sweep ended. */
export type StopReason =
  /** All runs that were asked for. */
  | 'runs'
  /** Every interval is tight enough or its verdict certain. */
  | 'precision'
  /** All runs were made, and some interval is still too wide. */
  | 'imprecise'
  | 'budget'
  | 'interrupted';

/** The number of runs at which a decision is taken next, after `done` of each variant: 32, 48, 72, 108, ... */
export function nextLook(done: number, { runs, precision }: Stopping): number {
  if (precision === null) return runs;
  let look = FIRST_LOOK;
  while (look <= done) look = Math.ceil(look * LOOK_FACTOR);
  return Math.min(look, runs);
}
