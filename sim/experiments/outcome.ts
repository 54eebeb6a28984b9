/**
 * What a run leaves behind for statistics: plain data that crosses threads, journals and machines. Model microseconds
 * and counts throughout, so that sums do not depend on their order.
 */
import type { Run } from '../run.ts';

/** Of one operation of one system from one vantage; in the order of the run's summary. */
export interface OperationOutcome {
  readonly downUs: number;
  readonly degradedUs: number;
  readonly waitingUs: number;
  /** Lengths of its outages in the order of time; the last one is cut off by the end of the run when `cutOff`. */
  readonly outagesUs: readonly number[];
  readonly cutOff: boolean;
  /** Downtime by the first cause (a fault's kind and name; see `causeLabel`), in the order of first appearance. */
  readonly causes: readonly (readonly [cause: string, downUs: number])[];
}

export interface FailoverOutcome {
  readonly group: string;
  /** null: did not happen within the run. */
  readonly detectedUs: number | null;
  readonly electedUs: number | null;
  readonly recoveredUs: number | null;
}

/** Of one system; in the order of the scenario. */
export interface SystemOutcome {
  readonly failovers: readonly FailoverOutcome[];
  readonly campaigns: number;
  readonly elections: number;
  readonly splitVotes: number;
  readonly highestTerm: number;
}

/** One run. Its rows are named once for all runs of a variant, by `OutcomeRows`. */
export interface RunOutcome {
  /** Index into the study's variants. */
  readonly variant: number;
  /** k = 0, 1, 2, ...: the run's seed is `<study seed>/<k>`, the same in every variant. */
  readonly run: number;
  readonly operations: readonly OperationOutcome[];
  readonly systems: readonly SystemOutcome[];
  /** Of each objective, in the unit of its limit; null when this run has no such figure. */
  readonly objectives: readonly (number | null)[];
  /** Faults that happened. */
  readonly faults: number;
}

/** What the rows of a variant's outcomes are about. */
export interface OutcomeRows {
  readonly durationUs: number;
  readonly operations: readonly {
    readonly system: string;
    readonly operation: string;
    readonly vantage: string;
  }[];
  readonly systems: readonly string[];
}

export function outcomeRows(run: Run): OutcomeRows {
  return {
    durationUs: run.durationUs,
    operations: run.summary.map(({ system, operation, vantage }) => ({ system, operation, vantage })),
    systems: run.systems.map(({ name }) => name),
  };
}
