/** The figures by which variants are told apart, read from the outcomes of their runs. */

import { YEAR } from '../kernel/time.ts';
import type { Scenario } from '../scenario.ts';
import type { Figure, FigureMetric } from './decisions.ts';
import { mainRow } from './main-row.ts';
import type { OutcomeRows, RunOutcome } from './outcome.ts';
import { type TimeBasis, type TimedScenario, timeBasisOf } from './time-basis.ts';

/** One variant and its runs. */
export interface Measured {
  readonly rows: OutcomeRows;
  /** Run 0, 1, 2, ...: a prefix. */
  readonly outcomes: readonly RunOutcome[];
}

/** Of a variant: what its rows are about, and whose objectives say which operation leads. */
export interface FigureSource {
  readonly rows: OutcomeRows;
  readonly scenario: Pick<Scenario, 'objectives' | 'systems'> & TimedScenario;
}

/**
 * The figures that all of these variants have, in the order of the first: for each operation from each vantage its
 * unavailability and outages, then for each system its failovers.
 *
 * @param among all that is compared; it decides what lengths of runs mean (time-basis.ts)
 * @throws RangeError where runs of different length cannot be held against each other
 */
export function commonFigures(
  variants: readonly FigureSource[],
  among: readonly TimedScenario[] = variants.map(({ scenario }) => scenario),
): Figure[] {
  const { time, outages } = metricsOf(among);
  const [first, ...others] = variants.map(({ rows }) => rows);
  if (first === undefined) return [];
  const { scenario } = variants[0]!;
  const found: Figure[] = [];
  for (const system of first.systems) {
    const tracks = first.operations.filter(
      (row) => row.system === system && others.every((other) => trackIndex(other, row) >= 0),
    );
    // Rows come widest place first, and each kind's main operation first.
    const main = tracks.indexOf(first.operations[mainRow(scenario, first, system)]!);
    tracks.forEach(({ operation, vantage }, i) => {
      found.push({ system, operation, vantage, metric: time, headline: i === Math.max(0, main) });
      found.push({ system, operation, vantage, metric: outages, headline: false });
    });
    if (!others.every((other) => other.systems.includes(system))) continue;
    for (const metric of ['failover-mean', 'failover-p99'] as const)
      found.push({ system, operation: '', vantage: '', metric, headline: false });
  }
  return found;
}

/** The metrics by which time without service and outages are compared. */
function metricsOf(among: readonly TimedScenario[]): { time: FigureMetric; outages: FigureMetric } {
  const basis: TimeBasis = timeBasisOf(among);
  switch (basis.kind) {
    case 'year': {
      const lengths = new Set(among.map(({ run }) => run.durationUs));
      return { time: 'unavailability', outages: lengths.size > 1 ? 'outages-per-year' : 'outages' };
    }
    case 'run':
      return { time: 'unavailability', outages: 'outages' };
    case 'script':
      return { time: 'unavailable-time', outages: 'outages' };
    case 'apart':
      throw new RangeError('scripts with chance besides, in runs of different length, have no common figure');
  }
}

/** Whether a figure is a mean over runs; the others are statistics of the failovers of all runs together. */
export function isMeanOfRuns(metric: FigureMetric): boolean {
  return metric !== 'failover-mean' && metric !== 'failover-p99';
}

/** The figure's value in each run. Only of a mean of runs that the variant has. */
export function valuesByRun(figure: Figure, { rows, outcomes }: Measured): number[] {
  const at = trackIndex(rows, figure);
  if (at < 0) throw new RangeError(`no ${figure.operation} of ${figure.system} from ${figure.vantage}`);
  return outcomes.map(({ operations }) => {
    const { downUs, degradedUs, outagesUs } = operations[at]!;
    switch (figure.metric) {
      case 'outages':
        return outagesUs.length;
      case 'outages-per-year':
        return (outagesUs.length * YEAR) / rows.durationUs;
      case 'unavailable-time':
        return downUs + degradedUs;
      default:
        return (downUs + degradedUs) / rows.durationUs;
    }
  });
}

/** Microseconds from lost to recovered of each failover that ended, run by run. */
export function failoversByRun(system: string, { rows, outcomes }: Measured): number[][] {
  const at = rows.systems.indexOf(system);
  return outcomes.map((outcome) =>
    (outcome.systems[at]?.failovers ?? []).flatMap(({ recoveredUs }) =>
      recoveredUs === null ? [] : [recoveredUs],
    ),
  );
}

function trackIndex(
  rows: OutcomeRows,
  { system, operation, vantage }: Pick<Figure, 'system' | 'operation' | 'vantage'>,
): number {
  return rows.operations.findIndex(
    (row) => row.system === system && row.operation === operation && row.vantage === vantage,
  );
}
