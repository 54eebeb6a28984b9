/** An estimate with the interval that holds the true value with a stated confidence. */

/** How an interval was found; docs/background/statistics.md says when, why and how well it covers. */
export type IntervalMethod =
  /** Student's t on the runs. */
  | 'student-t'
  /** For means of rare or very unequal events: the widest of the forms of mean-interval.ts. */
  | 'rare-events'
  /** A difference of two such means. */
  | 'rare-difference'
  /** Nothing happened in any run: one-sided, 1 - (1 - confidence)^(1/n) of the most that could have. */
  | 'rule-of-three'
  /** Clopper and Pearson's for a share of successes. */
  | 'clopper-pearson'
  | 'wilson'
  /** Between two of the sorted values, by the binomial. */
  | 'order-statistics'
  /** A ratio of two means over the same runs. */
  | 'ratio'
  /** Not estimated but calculated. */
  | 'exact'
  /** Too few values for an interval: it is unbounded. */
  | 'none';

export interface Interval {
  readonly estimate: number;
  /** -Infinity and Infinity where the runs say nothing. */
  readonly lower: number;
  readonly upper: number;
  /** Values it rests on. */
  readonly n: number;
  readonly method: IntervalMethod;
}

export const DEFAULT_CONFIDENCE = 0.95;
