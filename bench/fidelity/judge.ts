/** The criteria, each in one place: a sample against a sample, quantiles against quantiles, a share against a share. */
import type { Comparison, Curve, Figures, Verdict } from './comparison.ts';
import {
  bootstrapMedianInterval,
  curveOf,
  ksDistance,
  ksPValue,
  mean,
  quantile,
  sorted,
  standardError,
} from './statistics.ts';

export interface Labels {
  readonly name: string;
  readonly source: string;
  readonly unit: string;
  readonly note?: string;
  /** A difference that is known and stays: told as `open`, with the note as its reason. */
  readonly openIfDifferent?: boolean;
}

const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99] as const;
const KS_LEVEL = 0.01;
const MEDIAN_TOLERANCE = 0.05;

export const SAMPLE_CRITERION =
  'Kolmogorov-Smirnov does not reject at 1 %; the predicted median (with the 99 % interval of its own runs) lies in the 95 % bootstrap interval of the measured one or within 5 % of it';

/** Of a sample: quantiles, extremes and mean. */
export function figuresOf(values: readonly number[]): Figures {
  const ascending = sorted(values);
  const figures: Record<string, number> = { min: ascending[0]! };
  for (const share of SHARES) figures[`p${100 * share}`] = quantile(ascending, share);
  figures.max = ascending.at(-1)!;
  figures.mean = mean(values);
  return figures;
}

/** Two samples, by the criterion of the issue. */
export function judgeSamples(
  labels: Labels,
  measured: readonly number[],
  predicted: readonly number[],
): Comparison {
  const ks = ksDistance(measured, predicted);
  const p = ksPValue(ks, measured.length, predicted.length);
  const median = quantile(sorted(predicted), 0.5);
  const measuredMedian = quantile(sorted(measured), 0.5);
  const interval = bootstrapMedianInterval(measured, labels.name);
  // The prediction is a sample too: its median is known as well as its size allows.
  const [low, high] = intervalOf('p50', sorted(predicted), Number.POSITIVE_INFINITY);
  const tolerance = MEDIAN_TOLERANCE * Math.abs(measuredMedian);
  const medianHolds =
    (high >= interval.low && low <= interval.high) ||
    (high >= measuredMedian - tolerance && low <= measuredMedian + tolerance);
  const misses = [
    ...(p < KS_LEVEL ? [`KS rejects (p ${p.toPrecision(2)})`] : []),
    ...(medianHolds
      ? []
      : [
          `median ${median.toPrecision(4)} outside ${interval.low.toPrecision(4)}..${interval.high.toPrecision(4)}`,
        ]),
  ];
  return {
    ...verdictOf(labels, misses),
    name: labels.name,
    source: labels.source,
    unit: labels.unit,
    n: { measured: measured.length, predicted: predicted.length },
    criterion: SAMPLE_CRITERION,
    measured: figuresOf(measured),
    predicted: figuresOf(predicted),
    ks,
    p,
    curves: { measured: curveOf(measured), predicted: curveOf(predicted) },
  };
}

export interface Tolerance {
  /** Relative, by figure: { p50: 0.05, mean: 0.015 }. Figures without one are shown, not judged. */
  readonly within: Figures;
  readonly words: string;
}

/** Two-sided 99 %. */
const Z = 2.576;

/**
 * A published table of quantiles against a predicted sample. A figure passes within its tolerance, or where the measured
 * value lies inside the 99 % interval that samples of the two sizes leave around the predicted one.
 */
export function judgeQuantiles(
  labels: Labels,
  measured: Figures,
  measuredCount: number,
  predicted: readonly number[],
  tolerance: Tolerance,
): Comparison {
  const ascending = sorted(predicted);
  const figures: Record<string, number> = {};
  const misses: string[] = [];
  for (const [figure, value] of Object.entries(measured)) {
    const ours = figureOf(figure, ascending);
    figures[figure] = ours;
    const allowed = tolerance.within[figure];
    if (allowed === undefined) continue;
    const [low, high] = intervalOf(figure, ascending, measuredCount);
    if (Math.abs(ours - value) > allowed * Math.abs(value) && !(value >= low && value <= high)) {
      misses.push(`${figure} differs by ${percent(ours / value - 1)}`);
    }
  }
  return {
    ...verdictOf(labels, misses),
    name: labels.name,
    source: labels.source,
    unit: labels.unit,
    n: { measured: measuredCount, predicted: predicted.length },
    criterion: tolerance.words,
    measured,
    predicted: figures,
    ks: null,
    p: null,
    curves: { measured: curveOfFigures(measured), predicted: curveOf(predicted) },
  };
}

export interface FigureCheck {
  readonly measured: number;
  readonly predicted: number;
  /** Largest difference that passes, in the unit of the figures; null: shown, not judged. */
  readonly allowed: number | null;
}

/** Single figures side by side, each with its own allowance. */
export function judgeFigures(
  labels: Labels,
  n: Comparison['n'],
  criterion: string,
  checks: Readonly<Record<string, FigureCheck>>,
): Comparison {
  const misses = Object.entries(checks)
    .filter(
      ([, { measured, predicted, allowed }]) =>
        allowed !== null && !(Math.abs(predicted - measured) <= allowed),
    )
    .map(
      ([figure, { measured, predicted }]) => `${figure}: ${plain(predicted)}, measured ${plain(measured)}`,
    );
  const pick = (side: 'measured' | 'predicted') =>
    Object.fromEntries(Object.entries(checks).map(([figure, check]) => [figure, check[side]]));
  return {
    ...verdictOf(labels, misses),
    name: labels.name,
    source: labels.source,
    unit: labels.unit,
    n,
    criterion,
    measured: pick('measured'),
    predicted: pick('predicted'),
    ks: null,
    p: null,
    curves: null,
  };
}

function verdictOf(labels: Labels, misses: readonly string[]): { verdict: Verdict; note: string } {
  const note = [misses.join('; '), labels.note ?? ''].filter((part) => part !== '').join('. ');
  if (misses.length === 0) return { verdict: 'pass', note: labels.openIfDifferent ? '' : note };
  return { verdict: labels.openIfDifferent ? 'open' : 'fail', note };
}

/** `p50`, `p99.9`, `min`, `max`, `mean`. */
function figureOf(figure: string, ascending: readonly number[]): number {
  if (figure === 'mean') return mean(ascending);
  return quantile(ascending, shareOf(figure));
}

function shareOf(figure: string): number {
  if (figure === 'min') return 0;
  if (figure === 'max') return 1;
  const share = Number(/^p([\d.]+)$/.exec(figure)?.[1]) / 100;
  if (!(share > 0 && share < 1)) throw new Error(`no figure of a sample is called ${figure}`);
  return share;
}

/** Where a sample of `count` may have the figure, if it comes from this distribution; no shape is assumed. */
function intervalOf(figure: string, ascending: readonly number[], count: number): [number, number] {
  const inverse = 1 / count + 1 / ascending.length;
  if (figure === 'mean') {
    const average = mean(ascending);
    const half = Z * standardError(ascending) * Math.sqrt(inverse * ascending.length);
    return [average - half, average + half];
  }
  const share = shareOf(figure);
  const half = Z * Math.sqrt(share * (1 - share) * inverse);
  const at = (x: number) => quantile(ascending, Math.min(1, Math.max(0, x)));
  return [at(share - half), at(share + half)];
}

/** How far medians of samples of these sizes may lie apart (99 %), from the ascending values of one of them. */
export function medianError(ascending: readonly number[], median: number, otherCount: number): number {
  const [low, high] = intervalOf('p50', ascending, otherCount);
  return Math.max(median - low, high - median);
}

function curveOfFigures(figures: Figures): Curve {
  return Object.entries(figures)
    .filter(([figure]) => figure !== 'mean')
    .map(([figure, value]): [number, number] => [value, shareOf(figure)])
    .sort((a, b) => a[1] - b[1]);
}

export function percent(share: number): string {
  return `${share >= 0 ? '+' : '-'}${(100 * Math.abs(share)).toFixed(1)} %`;
}

function plain(value: number): string {
  return String(Number(value.toPrecision(5)));
}
