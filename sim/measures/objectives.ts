/** Objectives: limits that a scenario states, judged on a finished run. */

/** One figure of a run. */
export type Metric =
  | {
      readonly kind: 'availability' | 'downtime' | 'degraded' | 'longest-outage' | 'outages' | 'waiting';
      readonly operation: string;
      readonly vantage: string | null;
    }
  /** A quantile (0..1) of the time from lost to recovered; 1 = the longest. */
  | {
      readonly kind: 'failover';
      readonly part: 'detected' | 'elected' | 'recovered';
      readonly quantile: number;
    }
  | { readonly kind: 'failovers' | 'campaigns' | 'elections' | 'split-votes' | 'highest-term' };

export type Comparison = '>=' | '<=' | '>' | '<' | '=';

export interface ObjectiveSpec {
  /** As the scenario states it. */
  readonly text: string;
  /** A system's name or family; a family is judged by its worst system. */
  readonly system: string;
  readonly metric: Metric;
  readonly comparison: Comparison;
  /** Share (availability), microseconds (times) or count. */
  readonly limit: number;
  /** Where the scenario states it, for messages. */
  readonly origin: string;
}

export type Verdict = 'pass' | 'fail' | 'inconclusive';

export interface ObjectiveVerdict {
  readonly objective: ObjectiveSpec;
  readonly verdict: Verdict;
  /** In the unit of the limit; null when the run has no such figure. */
  readonly value: number | null;
  /** Why inconclusive, or which system and vantage gave the value. */
  readonly note: string;
}
