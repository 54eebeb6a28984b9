/** Judges a scenario's objectives on a finished run. */
import type { Failover, Run, SummaryRow } from '../run.ts';
import type { Comparison, Metric, ObjectiveSpec, ObjectiveVerdict } from './objectives.ts';

type Judged = Pick<Run, 'systems' | 'failovers' | 'summary' | 'faults'> & {
  readonly families: ReadonlyMap<string, string>;
};

interface Figure {
  readonly value: number;
  readonly note: string;
}

/** One verdict for each objective. Of several systems or vantages that one objective covers, the worst counts. */
export function judge(objectives: readonly ObjectiveSpec[], run: Judged): ObjectiveVerdict[] {
  return objectives.map((objective) => {
    const figures = run.systems
      .map(({ name }) => name)
      .filter((name) => name === objective.system || run.families.get(name) === objective.system)
      .flatMap((name) => figuresOf(objective.metric, name, run));
    if (figures.length === 0) {
      return { objective, verdict: 'inconclusive', value: null, note: whyNone(objective.metric) };
    }
    const worst = figures.reduce((a, b) =>
      holds(b.value, objective) && !holds(a.value, objective) ? a : further(a, b, objective.comparison),
    );
    return {
      objective,
      verdict: holds(worst.value, objective) ? 'pass' : 'fail',
      value: worst.value,
      note: worst.note,
    };
  });
}

function holds(value: number, { comparison, limit }: ObjectiveSpec): boolean {
  switch (comparison) {
    case '>=':
      return value >= limit;
    case '<=':
      return value <= limit;
    case '>':
      return value > limit;
    case '<':
      return value < limit;
    case '=':
      return value === limit;
  }
}

/** The figure that is further on the wrong side. */
function further(a: Figure, b: Figure, comparison: Comparison): Figure {
  const smallerIsWorse = comparison === '>=' || comparison === '>';
  if (comparison === '=') return a;
  return (smallerIsWorse ? b.value < a.value : b.value > a.value) ? b : a;
}

function figuresOf(metric: Metric, system: string, run: Judged): Figure[] {
  switch (metric.kind) {
    case 'availability':
    case 'downtime':
    case 'degraded':
    case 'longest-outage':
    case 'outages':
    case 'waiting':
      return run.summary
        .filter((row) => row.system === system && row.operation === metric.operation)
        .filter((row) => metric.vantage === null || row.vantage === metric.vantage)
        .map((row) => ({ value: ofRow(row, metric.kind), note: `${system} from ${row.vantage}` }));
    case 'failover': {
      const values = run.failovers
        .filter((failover) => failover.system === system)
        .map((failover) => durationOf(failover, metric.part));
      if (values.length === 0) return [];
      return [
        {
          value: atQuantile(values, metric.quantile),
          note: `${system}, ${values.length} failover${values.length === 1 ? '' : 's'}`,
        },
      ];
    }
    case 'failovers':
      return [{ value: run.failovers.filter((failover) => failover.system === system).length, note: system }];
    default: {
      const report = run.systems.find(({ name }) => name === system)!;
      const value = {
        campaigns: report.campaigns,
        elections: report.elections,
        'split-votes': report.splitVotes,
        'highest-term': report.highestTerm,
      }[metric.kind];
      return [{ value, note: system }];
    }
  }
}

function ofRow(
  row: SummaryRow,
  kind: 'availability' | 'downtime' | 'degraded' | 'longest-outage' | 'outages' | 'waiting',
): number {
  switch (kind) {
    case 'availability':
      return row.availability;
    case 'downtime':
      return row.downtimeUs;
    case 'degraded':
      return row.degradedUs;
    case 'longest-outage':
      return row.longestOutageUs;
    case 'outages':
      return row.outages;
    case 'waiting':
      return row.waitingUs;
  }
}

/** One that did not end within the run took longer than any limit. */
function durationOf(failover: Failover, part: 'detected' | 'elected' | 'recovered'): number {
  const us = { detected: failover.detectedUs, elected: failover.electedUs, recovered: failover.recoveredUs }[
    part
  ];
  return us ?? Number.POSITIVE_INFINITY;
}

/** The smallest value that at least a share `quantile` of the values does not exceed. */
function atQuantile(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.ceil(quantile * sorted.length - 1e-9);
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!;
}

function whyNone(metric: Metric): string {
  return metric.kind === 'failover' ? 'there was no failover in this run' : 'this run has no such figure';
}
