/** The figures of a sweep: one cell for each variant and metric, with its interval. Rows of cells.csv. */
import { MILLISECOND, YEAR } from '../kernel/time.ts';
import { exactKey } from './exact-figures.ts';
import type { VariantFindings } from './findings.ts';
import { complement, countInterval, unavailabilityInterval, withoutEnd } from './objectives.ts';
import {
  type FailoverOutcome,
  NEVER,
  type OperationOutcome,
  type OutcomeRows,
  type RunOutcome,
} from './outcome.ts';
import { type Standing, standingOf } from './standing.ts';
import {
  DEFAULT_CONFIDENCE,
  type Interval,
  meanInterval,
  quantileInterval,
  sorted,
  sumOf,
} from './statistics/index.ts';
import { timeBasisOf } from './time-basis.ts';

export interface Cell {
  readonly variant: string;
  readonly system: string;
  /** '' for a figure of the system as a whole. */
  readonly operation: string;
  readonly vantage: string;
  /** Its name ends with its unit: `downtime_ms_per_year`; shares have none. */
  readonly metric: string;
  /** Bounds are infinite where the runs say nothing; the estimate is NaN where there is no value. */
  readonly interval: Interval;
  /** The exact answer to the same question; null where there is none. */
  readonly exact: number | null;
  /** Where a right simulation may come out, for what the exact answer leaves out; null without one. */
  readonly exactRange: readonly [least: number, most: number] | null;
}

/** Quantiles of outage lengths and failovers. */
export const OUTAGE_QUANTILES = [0.5, 0.95] as const;
export const FAILOVER_QUANTILES = [0.5, 0.95, 0.99] as const;
export const FAILOVER_PARTS = ['detected', 'elected', 'recovered'] as const;

/** Whether interval and exact range have a value in common; null where there is no exact answer, or no interval. */
export function agrees({ interval, exactRange }: Pick<Cell, 'interval' | 'exactRange'>): boolean | null {
  if (exactRange === null || Number.isNaN(interval.estimate)) return null;
  const [least, most] = exactRange;
  return interval.lower <= most && least <= interval.upper;
}

/** The same in one word of four; for a cell of unavailability. */
export function cellStanding({ interval, exact, exactRange }: Cell): Standing | null {
  if (exact === null || exactRange === null || Number.isNaN(interval.estimate)) return null;
  const [least, most] = exactRange;
  return standingOf(interval, { value: exact, least, most });
}

/** In the order of the rows: each operation from each vantage, then each system as a whole. */
export function cellsOf(
  { variant, rows, outcomes, exact }: Pick<VariantFindings, 'variant' | 'rows' | 'outcomes' | 'exact'>,
  confidence = DEFAULT_CONFIDENCE,
): Cell[] {
  const cells: Cell[] = [];
  const found: Named[][] = [];
  // A script is never stretched to a year.
  const yearly = timeBasisOf([variant.scenario]).kind === 'year' ? YEAR / rows.durationUs : null;
  rows.operations.forEach((row, i) => {
    // Many vantages see the same in every run: their outcomes are one object then (`compacted`).
    const same = found.findIndex((_, j) =>
      outcomes.every(({ operations }) => operations[i] === operations[j]),
    );
    const runs = () => outcomes.map(({ operations }) => operations[i]!);
    found.push(same < 0 ? operationFigures(runs(), rows, yearly, confidence) : found[same]!);
    for (const [metric, interval] of found[i]!)
      cells.push({ variant: variant.name, ...row, metric, interval, ...NOT_EXACT });
  });
  rows.systems.forEach((system, i) => {
    const own = outcomes.map(({ systems }) => systems[i]!);
    for (const [metric, interval] of systemFigures(own, yearly, confidence))
      cells.push({
        variant: variant.name,
        system,
        operation: '',
        vantage: '',
        metric,
        interval,
        ...NOT_EXACT,
      });
  });
  return cells.map((cell) => {
    const figure = exact.get(exactKey(cell));
    return figure === undefined
      ? cell
      : { ...cell, exact: figure.value, exactRange: [figure.least, figure.most] };
  });
}

const NOT_EXACT = { exact: null, exactRange: null } as const;

type Named = readonly [metric: string, interval: Interval];

function operationFigures(
  runs: readonly OperationOutcome[],
  { durationUs }: OutcomeRows,
  yearly: number | null,
  confidence: number,
): Named[] {
  const unavailability = unavailabilityInterval(runs, durationUs, confidence);
  const mean = (pick: (run: OperationOutcome) => number) =>
    meanInterval(runs.map(pick), confidence, { atMost: durationUs });
  const downtime = mean(({ downUs }) => downUs);
  const degraded = mean(({ degradedUs }) => degradedUs);
  const outages = countInterval(
    runs.map(({ outagesUs }) => outagesUs.length),
    confidence,
  );
  const lengths = sorted(runs.flatMap(({ outagesUs }) => outagesUs));
  return [
    ['availability', complement(unavailability)],
    ['unavailability', unavailability],
    ...perRunAndYear('downtime_ms', scaled(downtime, 1 / MILLISECOND), yearly),
    ...perRunAndYear('degraded_ms', scaled(degraded, 1 / MILLISECOND), yearly),
    ...perRunAndYear('outages', outages, yearly),
    ...quantiles('outage', lengths, OUTAGE_QUANTILES, confidence),
    ['outage_max_ms', greatest(lengths)],
    ...downtimeShares(runs).map(({ cause, share, n }): Named => [`downtime_share ${cause}`, plain(share, n)]),
  ];
}

function systemFigures(
  runs: readonly RunOutcome['systems'][number][],
  yearly: number | null,
  confidence: number,
): Named[] {
  const number = (name: string, pick: (run: RunOutcome['systems'][number]) => number) =>
    perRunAndYear(name, countInterval(runs.map(pick), confidence), yearly);
  const failovers = runs.flatMap((run) => run.failovers);
  return [
    ...number('failovers', (run) => run.failovers.length),
    ...number('elections', ({ elections }) => elections),
    ...number('split_votes', ({ splitVotes }) => splitVotes),
    ...FAILOVER_PARTS.flatMap((part) => {
      const times = failoverTimes(failovers, part);
      return [
        ...quantiles(`failover_${part}`, times, FAILOVER_QUANTILES, confidence),
        [`failover_${part}_max_ms`, greatest(times)] as const,
      ];
    }),
  ];
}

/** The mean of a run, and where runs are samples of ordinary time the same by the year. */
function perRunAndYear(name: string, ofRun: Interval, yearly: number | null): Named[] {
  return yearly === null
    ? [[name, ofRun]]
    : [
        [name, ofRun],
        [`${name}_per_year`, scaled(ofRun, yearly)],
      ];
}

/** Ascending; NEVER for one that did not end within its run. */
function failoverTimes(
  failovers: readonly FailoverOutcome[],
  part: (typeof FAILOVER_PARTS)[number],
): number[] {
  return sorted(failovers.map((failover) => failover[`${part}Us`] ?? NEVER));
}

function quantiles(
  name: string,
  ascending: readonly number[],
  shares: readonly number[],
  confidence: number,
): Named[] {
  return shares.map((q) => [
    `${name}_p${Math.round(q * 100)}_ms`,
    scaled(withoutEnd(quantileInterval(ascending, q, confidence)), 1 / MILLISECOND),
  ]);
}

function greatest(ascending: readonly number[]): Interval {
  return scaled(withoutEnd(plain(ascending.at(-1) ?? Number.NaN, ascending.length)), 1 / MILLISECOND);
}

/** A number without an interval. */
function plain(estimate: number, n: number): Interval {
  return {
    estimate,
    lower: Number.NEGATIVE_INFINITY,
    upper: Number.POSITIVE_INFINITY,
    n,
    method: 'none',
  };
}

function scaled({ estimate, lower, upper, n, method }: Interval, factor: number): Interval {
  return { estimate: estimate * factor, lower: lower * factor, upper: upper * factor, n, method };
}

/** How much of the downtime of all runs goes back to which cause, most first; `n` counts runs with any downtime from it. */
export function downtimeShares(
  runs: readonly OperationOutcome[],
): { readonly cause: string; readonly share: number; readonly n: number }[] {
  const causes = new Map<string, { us: number; n: number }>();
  for (const run of runs) {
    for (const [cause, us] of run.causes) {
      const sum = causes.get(cause) ?? { us: 0, n: 0 };
      causes.set(cause, { us: sum.us + us, n: sum.n + 1 });
    }
  }
  const total = sumOf([...causes.values()].map(({ us }) => us));
  return [...causes]
    .filter(([, { us }]) => us > 0)
    .map(([cause, { us, n }]) => ({ cause, share: us / total, n }))
    .sort((a, b) => b.share - a.share || (a.cause < b.cause ? -1 : 1));
}
