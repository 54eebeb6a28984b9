/** Where outcomes are kept beyond a sweep's memory, so that one which was interrupted goes on where it was. */
import type { RunOutcome } from './outcome.ts';

export interface OutcomeStore {
  /** Whether `load` gave this run, or it was appended since. */
  has(variant: number, run: number): boolean;
  /** What earlier sweeps of the same study left, in any order, each run at most once. Called once, before anything else. */
  load(): Promise<readonly RunOutcome[]>;
  /** Resolves when they will outlive the process. Called one at a time, never for a run that it has. */
  append(outcomes: readonly RunOutcome[]): Promise<void>;
}
