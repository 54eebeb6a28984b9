import type { Estimate, FigureMetric, PairedDifference } from '../../sim/experiments/decisions.ts';
import { type Cell, count, csvFile, text } from '../csv/cells.ts';
import { rounded } from '../study/cells.ts';

export const DIFFERENCES_COLUMNS = [
  'variant',
  'baseline',
  'system',
  'operation',
  'vantage',
  'metric',
  'unit',
  'headline',
  'variant_estimate',
  'baseline_estimate',
  'difference',
  'lower',
  'upper',
  'n',
  'word',
  'more_runs',
  'variance_ratio',
  'exact_baseline',
  'exact_variant',
  'exact_word',
  'exact_standing',
] as const;

/** Of a difference; microseconds are written as milliseconds. */
export const UNITS: Readonly<Record<FigureMetric, string>> = {
  unavailability: 'share',
  'unavailable-time': 'ms',
  outages: 'per run',
  'outages-per-year': 'per year',
  'failover-mean': 'ms',
  'failover-p99': 'ms',
};

/** differences.csv: one row for each figure of each variant against the baseline. A bound that the runs do not give is empty. */
export function differencesCsv(differences: readonly PairedDifference[]): Promise<string> {
  return csvFile(
    DIFFERENCES_COLUMNS,
    differences.map(({ figure, ...found }) => {
      const value = (of: number) => figureCell(figure.metric, of);
      const { difference, moreRuns, varianceRatio, exact } = found;
      return [
        text(found.variant),
        text(found.baseline),
        text(figure.system),
        text(figure.operation),
        text(figure.vantage),
        figure.metric,
        UNITS[figure.metric],
        figure.headline ? 'yes' : 'no',
        value(found.variantEstimate.value),
        value(found.baselineEstimate.value),
        value(difference.value),
        value(difference.lower),
        value(difference.upper),
        count(difference.n),
        found.word,
        moreRuns === null ? null : count(moreRuns),
        varianceRatio === null ? null : String(rounded(varianceRatio)),
        exact === null ? null : value(exact.baseline),
        exact === null ? null : value(exact.variant),
        exact === null ? null : exact.word,
        exact === null ? null : exact.standing,
      ];
    }),
  );
}

/** A figure in the unit of its column. */
export function figureCell(metric: FigureMetric, value: number): Cell {
  if (!Number.isFinite(value)) return null;
  return String(rounded(UNITS[metric] === 'ms' ? value / 1_000 : value));
}

/** For JSON: null where there is no bound. */
export function estimateReport({ value, lower, upper, n }: Estimate) {
  const finite = (of: number) => (Number.isFinite(of) ? rounded(of) : null);
  return { value: finite(value), lower: finite(lower), upper: finite(upper), n };
}
