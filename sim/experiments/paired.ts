/** Run k of one variant against run k of another, which met the same luck: what differs, and how sure that is. */
import { log } from '../kernel/portable-math.ts';
import { RandomStream } from '../kernel/streams.ts';
import type { Estimate, Figure, FigureMetric, PairedDifference, Word } from './decisions.ts';
import { failoversByRun, isMeanOfRuns, type Measured, valuesByRun } from './figures.ts';
import {
  DEFAULT_CONFIDENCE,
  type Interval,
  meanInterval,
  pairedInterval,
  quantileInterval,
  sampleQuantile,
  sumOf,
} from './statistics/index.ts';
import { RUNS_MAX } from './stopping.ts';

/** A difference that shows in fewer runs than this is an anecdote: with six of one sign chance is ruled out (2 / 2^6 < 5 %). */
export const DIFFERING_RUNS_MIN = 6;
/** Fewer failovers say nothing of a mean or a quantile. */
export const FAILOVERS_MIN = 8;

const P99 = 0.99;

export function pairedDifference(
  figure: Figure,
  baseline: Measured & { readonly name: string },
  variant: Measured & { readonly name: string },
  confidence = DEFAULT_CONFIDENCE,
): PairedDifference {
  const found = isMeanOfRuns(figure.metric)
    ? differenceOfMeans(figure, baseline, variant, confidence)
    : differenceOfFailovers(figure, baseline, variant, confidence);
  return { figure, variant: variant.name, baseline: baseline.name, ...found, exact: null };
}

type Found = Omit<PairedDifference, 'figure' | 'variant' | 'baseline' | 'exact'>;

function differenceOfMeans(figure: Figure, baseline: Measured, variant: Measured, confidence: number): Found {
  const before = valuesByRun(figure, baseline);
  const after = valuesByRun(figure, variant);
  const most = mostOf(figure.metric, Math.max(baseline.rows.durationUs, variant.rows.durationUs));
  const options = most === null ? {} : { atMost: most };
  const difference = estimateOf(pairedInterval(after, before, confidence, options));
  const differing = after.filter((value, k) => value !== before[k]).length;
  const happened = before.some((value) => value > 0) || after.some((value) => value > 0);
  const word =
    differing === 0 && happened
      ? 'the same'
      : differing < DIFFERING_RUNS_MIN
        ? 'cannot tell yet'
        : wordOf(difference);
  const variance = varianceOf(after.map((value, k) => value - before[k]!));
  const apart = varianceOf(after) + varianceOf(before);
  return {
    variantEstimate: estimateOf(meanInterval(after, confidence, options)),
    baselineEstimate: estimateOf(meanInterval(before, confidence, options)),
    difference: word === 'the same' ? { ...difference, lower: 0, upper: 0 } : difference,
    word,
    moreRuns: word === 'cannot tell yet' ? moreRuns(difference, differing) : null,
    varianceRatio: apart > 0 ? variance / apart : null,
  };
}

/** What a run can have of it; null where there is no such bound. */
function mostOf(metric: FigureMetric, durationUs: number): number | null {
  if (metric === 'unavailability') return 1;
  return metric === 'unavailable-time' ? durationUs : null;
}

/** The word for an interval on a difference of which less is better. */
export function wordOf({ lower, upper }: Pick<Estimate, 'lower' | 'upper'>): Word {
  if (upper < 0) return 'better';
  if (lower > 0) return 'worse';
  return 'cannot tell yet';
}

/** A difference that is less of its interval's half than this is hardly known itself: nothing follows from it. */
const KNOWN_HALF = 2;
/** Fewer runs in which it shows are no ground for a rate. */
const DIFFERING_KNOWN = 3;

/**
 * Half-widths shrink with the square root of the number of runs: so many more until the interval would end at zero, if the
 * difference is what it seems, and until enough runs differ at all. null where these runs give no ground for a
 * number: the interval is unknown, or more than twice the difference that it is about.
 */
function moreRuns({ value, lower, upper, n }: Estimate, differing: number): number | null {
  if (value === 0 || differing < DIFFERING_KNOWN) return null;
  const half = value > 0 ? value - lower : upper - value;
  const ratio = half / Math.abs(value);
  if (!(ratio <= KNOWN_HALF)) return null;
  const byWidth = n * ratio * ratio;
  const byCount = (n * DIFFERING_RUNS_MIN) / differing;
  // The seeming difference is itself uncertain: a tenth on top and never less than a quarter of what there is, in two figures.
  const more = twoFigures(Math.max(1, n / 4, (Math.max(byWidth, byCount) - n) * 1.1));
  return more > RUNS_MAX ? null : more;
}

function twoFigures(n: number): number {
  let unit = 1;
  while (n / unit >= 100) unit *= 10;
  return Math.ceil(n / unit) * unit;
}

function differenceOfFailovers(
  figure: Figure,
  baseline: Measured,
  variant: Measured,
  confidence: number,
): Found {
  const before = failoversByRun(figure.system, baseline);
  const after = failoversByRun(figure.system, variant);
  const p99 = figure.metric === 'failover-p99';
  const statistic = p99 ? (sorted: readonly number[]) => sampleQuantile(sorted, P99) : meanOf;
  const [variantEstimate, baselineEstimate] = [after, before].map((runs) =>
    failoverEstimate(runs, p99, confidence),
  ) as [Estimate, Estimate];
  const value = variantEstimate.value - baselineEstimate.value;
  const n = Math.min(variantEstimate.n, baselineEstimate.n);
  const unbounded = { value, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, n };
  const same = n > 0 && after.every((run, k) => equal(run, before[k]!));
  // What one of a hundred takes is not known from fewer than have shown it: no draw of these finds a slower one.
  const isUnknown =
    n < FAILOVERS_MIN ||
    (p99 && !(Number.isFinite(variantEstimate.upper) && Number.isFinite(baselineEstimate.upper)));
  if (same || isUnknown) {
    return {
      variantEstimate,
      baselineEstimate,
      difference: same ? { value, lower: 0, upper: 0, n } : unbounded,
      word: same ? 'the same' : 'cannot tell yet',
      moreRuns:
        same || n === 0
          ? null
          : runsForFailovers(p99 ? failoversForP99(confidence) : FAILOVERS_MIN, n, before.length),
      varianceRatio: null,
    };
  }
  const [lower, upper] = bootstrap(after, before, statistic, confidence);
  const difference = { value, lower, upper, n };
  const word = wordOf(difference);
  return {
    variantEstimate,
    baselineEstimate,
    difference,
    word,
    moreRuns:
      word === 'cannot tell yet' ? moreRuns({ ...difference, n: before.length }, before.length) : null,
    varianceRatio: null,
  };
}

/** As many as bound the quantile 0.99 from above: 368 at 95 %, for then it is unlikely that all are below it. */
export function failoversForP99(confidence = DEFAULT_CONFIDENCE): number {
  return Math.ceil(log((1 - confidence) / 2) / log(P99));
}

/** How many more runs give that many failovers, at the rate of these runs; null when these show hardly any. */
function runsForFailovers(wanted: number, n: number, runs: number): number | null {
  if (n < DIFFERING_KNOWN) return null;
  const more = twoFigures(Math.max(1, runs * (wanted / n - 1) * 1.1));
  return more > RUNS_MAX ? null : more;
}

/** Mean or p99 over the failovers of all runs. */
export function failoverEstimate(
  runs: readonly (readonly number[])[],
  p99: boolean,
  confidence = DEFAULT_CONFIDENCE,
): Estimate {
  const all = runs.flat().sort((a, b) => a - b);
  return estimateOf(p99 ? quantileInterval(all, P99, confidence) : meanInterval(all, confidence));
}

/** Draws of runs with replacement. */
const RESAMPLES_MAX = 1000;
const RESAMPLES_MIN = 200;
const WORK_MAX = 2_000_000;

/**
 * Percentile bootstrap of a difference of statistics over failovers: runs are drawn with replacement, the same runs of both
 * variants, so that what they share cancels. The draws are fixed by their number: the same runs give the same interval.
 */
function bootstrap(
  after: readonly (readonly number[])[],
  before: readonly (readonly number[])[],
  statistic: (sorted: readonly number[]) => number,
  confidence: number,
): [lower: number, upper: number] {
  const runs = after.length;
  const stream = new RandomStream('bootstrap', 'paired');
  const ranked = [ranking(after), ranking(before)];
  const size = ranked[0]!.length + ranked[1]!.length + runs;
  const resamples = Math.max(RESAMPLES_MIN, Math.min(RESAMPLES_MAX, Math.floor(WORK_MAX / size)));
  const times = new Int32Array(runs);
  const differences: number[] = [];
  for (let b = 0; b < resamples; b++) {
    times.fill(0);
    for (let i = 0; i < runs; i++) times[stream.integer(b * runs + i, runs)]! += 1;
    const [x, y] = ranked.map((entries) =>
      statistic(
        entries.flatMap(({ value, run }) =>
          times[run] === 1 ? value : new Array<number>(times[run]!).fill(value),
        ),
      ),
    ) as [number, number];
    if (!Number.isNaN(x - y)) differences.push(x - y);
  }
  differences.sort((a, b) => a - b);
  return [
    sampleQuantile(differences, (1 - confidence) / 2),
    sampleQuantile(differences, (1 + confidence) / 2),
  ];
}

function ranking(runs: readonly (readonly number[])[]): { value: number; run: number }[] {
  return runs
    .flatMap((values, run) => values.map((value) => ({ value, run })))
    .sort((a, b) => a.value - b.value || a.run - b.run);
}

function meanOf(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : sumOf(values) / values.length;
}

function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return sumOf(values.map((value) => (value - mean) * (value - mean))) / (values.length - 1);
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function estimateOf({ estimate, lower, upper, n }: Interval): Estimate {
  return { value: estimate, lower, upper, n };
}
