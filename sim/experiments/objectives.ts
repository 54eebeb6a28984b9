/**
 * Objectives over many runs. A limit on what adds up over a run (availability, downtime, counts) is judged on the mean over
 * runs; a quantile of failovers on the failovers of all runs together; an extreme of a run (its longest outage, slowest
 * failover, highest term) on the value that 95 % of runs keep; `=` on the share of runs in which it holds, which must be
 * 95 %. The verdict is certain when the whole interval lies on one side of the limit.
 *
 * Runs that never met the rarest failures know nothing of them, and their interval neither. Where an exact answer is
 * worse than the whole interval, the interval is stretched to it before it is held against the limit. Where the runs are so
 * few that their interval says nothing about it, the range of the exact answer is held against the limit.
 */

import { log } from '../kernel/portable-math.ts';
import { MILLISECOND } from '../kernel/time.ts';
import type { Comparison, Metric, ObjectiveSpec, Verdict } from '../measures/objectives.ts';
import type { Scenario } from '../scenario.ts';
import { type ExactFigure, type ExactFigures, exactKey } from './exact-figures.ts';
import { NEVER, type OperationOutcome, type OutcomeRows, type RunOutcome } from './outcome.ts';
import { standingOf } from './standing.ts';
import {
  DEFAULT_CONFIDENCE,
  type Interval,
  meanInterval,
  proportionInterval,
  quantileInterval,
  sorted,
} from './statistics/index.ts';

/** The share of runs that must keep a limit on an extreme of a run, or an `=`. */
export const RUNS_THAT_MUST_HOLD = 0.95;

export type Statistic = 'mean' | 'quantile' | 'runs-quantile' | 'share-of-runs';

/** One figure that an objective covers: of a system, from a vantage. */
export interface JudgedFigure {
  readonly system: string;
  /** '' for a figure of the system as a whole. */
  readonly vantage: string;
  /** In the unit of the limit; of `share-of-runs` the share of runs in which the limit holds. */
  readonly interval: Interval;
  readonly verdict: Verdict;
  /** An exact answer that is worse than the interval of the runs, which reaches to it here; null where there is none. */
  readonly beyond: number | null;
  /** The exact answer by whose range it is judged, because the runs are too few; null where they are not. */
  readonly byExact: number | null;
  /** Half the interval's width over the figure (of an availability: over the unavailability); Infinity of a zero. */
  readonly relativeWidth: number;
}

export interface SweptObjective {
  readonly objective: ObjectiveSpec;
  readonly verdict: Verdict;
  readonly statistic: Statistic;
  /** The figure that decided, the worst of those that the objective covers; null when no run has such a figure. */
  readonly figure: JudgedFigure | null;
  /** Of all that it covers. */
  readonly relativeWidth: number;
}

/** One verdict for each objective of the variant's scenario; `mayDecide`: by the exact answer alone, where runs are too few. */
export function judgeRuns(
  scenario: Pick<Scenario, 'objectives' | 'systems'>,
  rows: OutcomeRows,
  outcomes: readonly RunOutcome[],
  confidence = DEFAULT_CONFIDENCE,
  exact: ExactFigures = new Map(),
  mayDecide = true,
): SweptObjective[] {
  const families = new Map(scenario.systems.map(({ name, family }) => [name, family]));
  return scenario.objectives.map((objective, at) => {
    const statistic = statisticOf(objective);
    const covered = rows.systems.filter(
      (name) => name === objective.system || families.get(name) === objective.system,
    );
    const figures =
      statistic === 'share-of-runs'
        ? sharesOfRuns(objective, at, outcomes, confidence)
        : covered.flatMap((system) =>
            figuresOf(objective, system, rows, outcomes, confidence, exact, mayDecide),
          );
    const verdict = overall(figures.map((figure) => figure.verdict));
    return {
      objective,
      verdict,
      statistic,
      figure: worstOf(
        figures.filter((figure) => figure.verdict === verdict),
        objective.comparison,
      ),
      relativeWidth: figures.reduce(
        (widest, figure) => Math.max(widest, figure.relativeWidth),
        figures.length === 0 ? Number.POSITIVE_INFINITY : 0,
      ),
    };
  });
}

/** Of several verdicts that must all hold: fail if one fails, else inconclusive if one is (or none is there). */
export function overall(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail';
  return verdicts.length === 0 || verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
}

function statisticOf({ metric, comparison }: ObjectiveSpec): Statistic {
  if (comparison === '=') return 'share-of-runs';
  if (metric.kind === 'failover') return metric.quantile < 1 ? 'quantile' : 'runs-quantile';
  return metric.kind === 'longest-outage' || metric.kind === 'highest-term' ? 'runs-quantile' : 'mean';
}

/** The run itself judged `=` on the worst of what it covers. */
function sharesOfRuns(
  objective: ObjectiveSpec,
  at: number,
  outcomes: readonly RunOutcome[],
  confidence: number,
): JudgedFigure[] {
  const values = outcomes.flatMap(({ objectives }) => objectives[at] ?? []);
  if (values.length === 0) return [];
  const holding = values.filter((value) => value === objective.limit).length;
  const interval = proportionInterval(holding, values.length, confidence);
  return [judged(interval, '>=', RUNS_THAT_MUST_HOLD, objective.system, '', interval.estimate)];
}

function figuresOf(
  { metric, comparison, limit }: ObjectiveSpec,
  system: string,
  rows: OutcomeRows,
  outcomes: readonly RunOutcome[],
  confidence: number,
  exact: ExactFigures,
  mayDecide: boolean,
): JudgedFigure[] {
  if (outcomes.length === 0) return [];
  if ('operation' in metric) {
    return rows.operations.flatMap((row, i) => {
      if (row.system !== system || row.operation !== metric.operation) return [];
      if (metric.vantage !== null && row.vantage !== metric.vantage) return [];
      const simulated = intervalOfOperation(
        metric.kind,
        outcomes.map(({ operations }) => operations[i]!),
        rows.durationUs,
        confidence,
      );
      const known = exactOf(metric.kind, row, exact);
      const { interval, beyond } = stretched(metric.kind, simulated, known);
      const relativeTo = metric.kind === 'availability' ? 1 - interval.estimate : interval.estimate;
      const figure = { ...judged(interval, comparison, limit, system, row.vantage, relativeTo), beyond };
      if (known === undefined || !mayDecide || !areTooFew(metric.kind, simulated, known)) return [figure];
      const range = { ...interval, lower: known.least, upper: known.most };
      return [{ ...figure, byExact: known.value, verdict: verdictOf(range, comparison, limit) }];
    });
  }
  const at = rows.systems.indexOf(system);
  const interval = intervalOfSystem(
    metric,
    outcomes.map(({ systems }) => systems[at]!),
    confidence,
  );
  return interval === null ? [] : [judged(interval, comparison, limit, system, '', interval.estimate)];
}

/** In the unit of the objective's limit. */
function exactOf(
  kind: OperationKind,
  row: OutcomeRows['operations'][number],
  exact: ExactFigures,
): ExactFigure | undefined {
  if (kind === 'availability') return exact.get(exactKey({ ...row, metric: 'availability' }));
  const figure = kind === 'downtime' ? exact.get(exactKey({ ...row, metric: 'downtime_ms' })) : undefined;
  return (
    figure && {
      value: figure.value * MILLISECOND,
      least: figure.least * MILLISECOND,
      most: figure.most * MILLISECOND,
    }
  );
}

/** So few runs that their interval says nothing about the exact answer. */
function areTooFew(kind: OperationKind, { lower, upper, n }: Interval, exact: ExactFigure): boolean {
  if (n === 0) return false;
  const standing =
    kind === 'availability'
      ? standingOf(
          { lower: 1 - upper, upper: 1 - lower },
          { value: 1 - exact.value, least: 1 - exact.most, most: 1 - exact.least },
        )
      : standingOf({ lower, upper }, exact);
  return standing === 'too-few';
}

/** Reaching to the exact answer where that is worse than all of it: failures that no run met. */
function stretched(
  kind: OperationKind,
  interval: Interval,
  exact: ExactFigure | undefined,
): { readonly interval: Interval; readonly beyond: number | null } {
  if (exact === undefined || interval.n === 0) return { interval, beyond: null };
  if (kind === 'availability') {
    if (exact.most >= interval.lower) return { interval, beyond: null };
    return { interval: { ...interval, lower: exact.value }, beyond: exact.value };
  }
  if (exact.least <= interval.upper) return { interval, beyond: null };
  return { interval: { ...interval, upper: exact.value }, beyond: exact.value };
}

type OperationKind = Extract<Metric, { operation: string }>['kind'];

function intervalOfOperation(
  kind: OperationKind,
  runs: readonly OperationOutcome[],
  durationUs: number,
  confidence: number,
): Interval {
  const mean = (pick: (run: OperationOutcome) => number) =>
    meanInterval(runs.map(pick), confidence, { atMost: durationUs });
  switch (kind) {
    case 'availability':
      return complement(unavailabilityInterval(runs, durationUs, confidence));
    case 'downtime':
      return mean(({ downUs }) => downUs);
    case 'degraded':
      return mean(({ degradedUs }) => degradedUs);
    case 'waiting':
      return mean(({ waitingUs }) => waitingUs);
    case 'outages':
      return countInterval(
        runs.map(({ outagesUs }) => outagesUs.length),
        confidence,
      );
    case 'longest-outage':
      return runsQuantile(
        runs.map(({ outagesUs }) => longest(outagesUs)),
        confidence,
      );
  }
}

/** The mean share of a run in which an operation is not `up`. */
export function unavailabilityInterval(
  runs: readonly OperationOutcome[],
  durationUs: number,
  confidence = DEFAULT_CONFIDENCE,
): Interval {
  const values = runs.map(({ downUs, degradedUs }) => (downUs + degradedUs) / durationUs);
  return meanInterval(values, confidence, { atMost: 1 });
}

/** The interval of 1 - x. */
export function complement({ estimate, lower, upper, n, method }: Interval): Interval {
  return { estimate: 1 - estimate, lower: 1 - upper, upper: 1 - lower, n, method };
}

/** A mean number of events a run. Of none in any run: as many as would show in none but one time of twenty (Poisson). */
export function countInterval(counts: readonly number[], confidence = DEFAULT_CONFIDENCE): Interval {
  if (counts.some((count) => count > 0)) return meanInterval(counts, confidence, {});
  const bounded = meanInterval(counts, confidence, { atMost: 1 });
  return counts.length === 0 ? bounded : { ...bounded, upper: -log(1 - confidence) / counts.length };
}

function intervalOfSystem(
  metric: Exclude<Metric, { operation: string }>,
  runs: readonly RunOutcome['systems'][number][],
  confidence: number,
): Interval | null {
  switch (metric.kind) {
    case 'failover': {
      const part = `${metric.part}Us` as const;
      const times = runs.map(({ failovers }) => failovers.map((failover) => failover[part] ?? NEVER));
      if (metric.quantile >= 1) {
        const slowest = times.filter((each) => each.length > 0).map(longest);
        return slowest.length === 0 ? null : withoutEnd(runsQuantile(slowest, confidence));
      }
      const all = times.flat();
      return all.length === 0 ? null : withoutEnd(quantileInterval(sorted(all), metric.quantile, confidence));
    }
    case 'failovers':
      return countInterval(
        runs.map(({ failovers }) => failovers.length),
        confidence,
      );
    case 'campaigns':
      return countInterval(
        runs.map(({ campaigns }) => campaigns),
        confidence,
      );
    case 'elections':
      return countInterval(
        runs.map(({ elections }) => elections),
        confidence,
      );
    case 'split-votes':
      return countInterval(
        runs.map(({ splitVotes }) => splitVotes),
        confidence,
      );
    case 'highest-term':
      return runsQuantile(
        runs.map(({ highestTerm }) => highestTerm),
        confidence,
      );
  }
}

/** Infinity for what has no end, and for what lies between such a one and its neighbour. */
export function withoutEnd(interval: Interval): Interval {
  const end = (us: number) => (us > Number.MAX_SAFE_INTEGER ? Number.POSITIVE_INFINITY : us);
  const { estimate, lower, upper } = interval;
  return { ...interval, estimate: end(estimate), lower: end(lower), upper: end(upper) };
}

/** What 95 % of runs do not exceed. */
function runsQuantile(values: readonly number[], confidence: number): Interval {
  return quantileInterval(sorted(values), RUNS_THAT_MUST_HOLD, confidence);
}

function longest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function judged(
  interval: Interval,
  comparison: Comparison,
  limit: number,
  system: string,
  vantage: string,
  relativeTo: number,
): JudgedFigure {
  const half = (interval.upper - interval.lower) / 2;
  return {
    system,
    vantage,
    interval,
    verdict: verdictOf(interval, comparison, limit),
    beyond: null,
    byExact: null,
    relativeWidth: relativeTo > 0 ? half / relativeTo : Number.POSITIVE_INFINITY,
  };
}

function verdictOf({ lower, upper }: Interval, comparison: Comparison, limit: number): Verdict {
  switch (comparison) {
    case '>=':
      return lower >= limit ? 'pass' : upper < limit ? 'fail' : 'inconclusive';
    case '>':
      return lower > limit ? 'pass' : upper <= limit ? 'fail' : 'inconclusive';
    case '<=':
      return upper <= limit ? 'pass' : lower > limit ? 'fail' : 'inconclusive';
    case '<':
      return upper < limit ? 'pass' : lower >= limit ? 'fail' : 'inconclusive';
    case '=':
      throw new Error('"=" is judged on the share of runs');
  }
}

/** The one furthest on the wrong side. */
function worstOf(figures: readonly JudgedFigure[], comparison: Comparison): JudgedFigure | null {
  const smallerIsWorse = comparison === '>=' || comparison === '>' || comparison === '=';
  return figures.reduce<JudgedFigure | null>((worst, figure) => {
    if (worst === null) return figure;
    const difference = figure.interval.estimate - worst.interval.estimate;
    return (smallerIsWorse ? difference < 0 : difference > 0) ? figure : worst;
  }, null);
}
