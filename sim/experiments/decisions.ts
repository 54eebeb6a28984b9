/**
 * What `compare`, `plan` and `sensitivity` find out: plain data, which reports write and draw. Everywhere less is better
 * (unavailability instead of availability), so that "better" always means a difference below zero.
 */

import { type DifferenceStanding, isExactBetter, type Standing } from './standing.ts';

/** A figure of one run of one variant, by which variants are told apart. */
export interface Figure {
  /** A system's name. */
  readonly system: string;
  /** `write`, `read`, ...; '' for a figure of the system as a whole. */
  readonly operation: string;
  /** From where it is tried; '' for a figure of the system as a whole. */
  readonly vantage: string;
  readonly metric: FigureMetric;
  /** It leads a report: the system's main operation from its widest vantage, or its failover. */
  readonly headline: boolean;
}

export const FIGURE_METRICS = [
  /** Share of the run in which an operation is not `up`: down or degraded. */
  'unavailability',
  /** Microseconds of the run in that state: where scripts of different length are compared, of which shares say nothing. */
  'unavailable-time',
  /** Outages a run. */
  'outages',
  /** Outages a year: where what fails by chance is compared in runs of different length. */
  'outages-per-year',
  /** Mean microseconds from lost to recovered, over the failovers of all runs. */
  'failover-mean',
  /** The quantile 0.99 of the same. */
  'failover-p99',
] as const;
export type FigureMetric = (typeof FIGURE_METRICS)[number];

/** An estimate with its 95 % interval. Shares, microseconds or counts, by the figure's metric. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** Runs (or failovers) behind it. */
  readonly n: number;
}

export type Word =
  | 'better'
  | 'worse'
  /** Not one run differs, though something happened: what was changed does not touch this figure. */
  | 'the same'
  | 'cannot tell yet';

/** What exact analysis of failures alone says of a difference. In the unit of the figure. */
export interface ExactDifference {
  readonly baseline: number;
  readonly variant: number;
  /** Where the ranges for what it leaves out do not overlap. */
  readonly word: Word;
  /** Of the runs of both to it: the worse. */
  readonly standing: DifferenceStanding;
}

/** One figure of one variant against the baseline, run by run under the same luck. */
export interface PairedDifference {
  readonly figure: Figure;
  /** Names of variants. */
  readonly variant: string;
  readonly baseline: string;
  readonly variantEstimate: Estimate;
  readonly baselineEstimate: Estimate;
  /** Variant minus baseline. */
  readonly difference: Estimate;
  readonly word: Word;
  /** About so many more runs until the word would be known, if the difference is what it seems; null where it is known, or these runs give no ground for a number. */
  readonly moreRuns: number | null;
  /** Variance of the paired difference over that of independent runs: below 1 where shared luck helps; null without variance. */
  readonly varianceRatio: number | null;
  /** null where one of the two has no exact answer. */
  readonly exact: ExactDifference | null;
}

/** A difference of less than this share of what there is may be sure, and is of no use. */
const SLIGHT = 0.02;

/** All of the interval is of no use; where the exact answer is the one to tell, that. */
export function isSlight(found: PairedDifference): boolean {
  const { difference, baselineEstimate, exact } = found;
  if (exact !== null && toldWord(found).by === 'exact')
    return Math.abs(exact.variant - exact.baseline) < SLIGHT * exact.baseline;
  const most = Math.max(Math.abs(difference.lower), Math.abs(difference.upper));
  return most < SLIGHT * baselineEstimate.value;
}

/**
 * The word to tell: that of the runs; where they know less than exact analysis, its word. A word that the runs are sure of
 * the other way round stands.
 */
export function toldWord({ word, exact }: PairedDifference): { word: Word; by: 'runs' | 'exact' } {
  const runs = { word, by: 'runs' } as const;
  if (exact === null || !isExactBetter(exact.standing)) return runs;
  if (exact.word !== 'better' && exact.word !== 'worse') return runs;
  const against = (word === 'better' || word === 'worse') && word !== exact.word;
  return against ? runs : { word: exact.word, by: 'exact' };
}

/** One placement or setting that `plan` weighed. */
export interface PlanOption {
  /** Short and unique: `manager 2+2+1, dtr 1+1+1`. */
  readonly name: string;
  /** What makes it of the file: each a `--set` of its own. Empty: the file as it stands. */
  readonly set: readonly string[];
  /** Money a year, in whatever unit the costs are stated. */
  readonly cost: number;
  /** Of the worst system, by exact analysis of failures alone; null where it has no exact answer. */
  readonly exactUnavailability: number | null;
  /** Which system that is. */
  readonly worstSystem: string;
}

/** An option that was simulated: a mark of the Pareto picture. */
export interface ParetoPoint extends PlanOption {
  /** Of the worst system, by the runs. */
  readonly unavailability: Estimate;
  /** How the runs stand to `exactUnavailability`; null without. */
  readonly standing: Standing | null;
  /** Microseconds, quantile 0.99 over the failovers of the slowest system; null when none happened. */
  readonly failoverUs: Estimate | null;
  /** No other option is at least as good in all three and better in one. */
  readonly onFront: boolean;
  /** Verdict over the objectives of the file; null when it has none. */
  readonly objectives: 'pass' | 'fail' | 'inconclusive' | null;
  readonly chosen: boolean;
  /** The file as it stands. */
  readonly current: boolean;
  /** Share of time without a quorum, by the analysis that chose what to simulate. */
  readonly lacksQuorum: number;
}

/** The unavailability of an option that is to be told and chosen by: the exact one where the runs know less. */
export function toldUnavailability({ unavailability, exactUnavailability, standing }: ParetoPoint): {
  value: number;
  by: 'runs' | 'exact';
} {
  return exactUnavailability !== null && isExactBetter(standing)
    ? { value: exactUnavailability, by: 'exact' }
    : { value: unavailability.value, by: 'runs' };
}

/** One input turned down and up: a bar of the tornado. Differences are paired, against the scenario as it stands. */
export interface TornadoRow {
  /** `faults[0] every`, `swarm election`, `between-zones loss`. */
  readonly input: string;
  readonly kind: 'failure' | 'repair' | 'reaction' | 'timer' | 'latency' | 'loss' | 'stated';
  readonly figure: Figure;
  readonly low: TornadoEnd;
  readonly high: TornadoEnd;
  /** Larger of the two differences, in absolute value: rows are sorted by it. */
  readonly swing: number;
}

export interface TornadoEnd {
  /** The value there, in words: `45 d`, `x 0.5`. */
  readonly label: string;
  readonly estimate: Estimate;
  readonly difference: Estimate;
  readonly word: Word;
}

/** How much unavailability goes when one component never fails: rows of the importance table, largest first. */
export interface ImportanceRow {
  /** `us-west/a`, `manager-1`, `us-west - us-east`, or a process: `faults[0]`. */
  readonly component: string;
  readonly kind: 'node' | 'place' | 'link' | 'process';
  readonly figure: Figure;
  /** Perfect minus as it stands: below zero where it helps. */
  readonly difference: Estimate;
  readonly word: Word;
  /** Share of the unavailability that goes, 0 to 1; null when there is none. */
  readonly share: number | null;
  /** The same by exact analysis, where there is an answer. */
  readonly exactShare: number | null;
}
