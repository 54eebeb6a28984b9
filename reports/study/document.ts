/** study.json (the manifest of a sweep) and the document that `sweep --json` prints. */
import { agrees, type Cell } from '../../sim/experiments/cells.ts';
import type { SweepFindings, VariantFindings } from '../../sim/experiments/findings.ts';
import { notableRuns } from '../../sim/experiments/notable-runs.ts';
import {
  RUNS_THAT_MUST_HOLD,
  type Statistic,
  type SweptObjective,
} from '../../sim/experiments/objectives.ts';
import type { Interval } from '../../sim/experiments/statistics/index.ts';
import type { Stopping, StopReason } from '../../sim/experiments/stopping.ts';
import { seedOfRun } from '../../sim/experiments/study.ts';
import type { Seed } from '../../sim/kernel/streams.ts';
import type { Comparison, Verdict } from '../../sim/measures/objectives.ts';
import { hashOf } from '../json/canonical.ts';
import { unitOf } from '../json/document.ts';
import { rounded } from './cells.ts';

/** Raised when a reader of the old shape would misread the new one; keys may be added without. */
export const STUDY_SCHEMA_VERSION = 1;

/** How the sweep was asked for: with the version and the seed, all that is needed to repeat it. */
export interface StudyRequest {
  /** As on the command line. */
  readonly scenario: string;
  readonly set: readonly string[];
  readonly vary: readonly string[];
  readonly seed: Seed;
  readonly stopping: Stopping;
  /** What makes each variant of the file, as arguments of --set. */
  readonly settings: readonly (readonly string[])[];
}

/** An interval in JSON: null where there is no bound, or no value. */
export interface IntervalReport {
  readonly estimate: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly n: number;
  readonly method: Interval['method'];
}

export interface StudyObjectiveReport {
  readonly text: string;
  readonly verdict: Verdict;
  /** What of the runs is held against the limit; of `share-of-runs` the limit is that of `requiredShare`. */
  readonly statistic: Statistic;
  readonly requiredShare: number | null;
  readonly system: string;
  readonly vantage: string;
  readonly interval: IntervalReport | null;
  /** An exact answer that is worse than the interval of the runs, to which `interval` was stretched. */
  readonly exactBeyond: number | null;
  /** The exact answer by which it is judged, because the runs are too few; null where they are not. */
  readonly decidedByExact: number | null;
  readonly comparison: Comparison;
  readonly limit: number;
  readonly unit: 'share' | 'us' | 'count';
}

export interface NotableRunReport {
  readonly run: number;
  readonly seed: Seed;
  readonly command: string;
}

export interface StudyVariantReport {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly scenarioHash: string;
  readonly durationUs: number;
  readonly runs: number;
  readonly verdict: Verdict;
  readonly objectives: readonly StudyObjectiveReport[];
  /** Planned faults that had no effect in any run. */
  readonly idleFaults: readonly string[];
  readonly notable: Readonly<Record<'worst' | 'median' | 'best', NotableRunReport>> | null;
}

export interface StudyManifest {
  readonly schemaVersion: typeof STUDY_SCHEMA_VERSION;
  readonly kind: 'sweep';
  readonly tool: { readonly name: 'zonefall'; readonly version: string };
  readonly title: string;
  readonly request: {
    readonly scenario: string;
    readonly set: readonly string[];
    readonly vary: readonly string[];
    readonly runs: number;
    readonly precision: number | null;
  };
  readonly seed: Seed;
  readonly confidence: number;
  readonly stopped: StopReason;
  readonly verdict: Verdict;
  readonly variants: readonly StudyVariantReport[];
}

export interface StudyDocument extends StudyManifest {
  readonly cells: readonly (Omit<Cell, 'interval' | 'exactRange'> &
    IntervalReport & { readonly agrees: boolean | null })[];
}

/** `commandOf` words the command that repeats a run of a variant alone. */
export function studyManifest(
  findings: SweepFindings,
  stopped: StopReason,
  request: StudyRequest,
  version: string,
  commandOf: (variant: number, run: number) => string,
): StudyManifest {
  const { scenario, set, vary, seed, stopping } = request;
  return {
    schemaVersion: STUDY_SCHEMA_VERSION,
    kind: 'sweep',
    tool: { name: 'zonefall', version },
    title: findings.variants[0]?.variant.scenario.title ?? '',
    request: { scenario, set, vary, runs: stopping.runs, precision: stopping.precision },
    seed,
    confidence: findings.confidence,
    stopped,
    verdict: findings.verdict,
    variants: findings.variants.map((each, i) =>
      variantReport(each, (run) => ({ run, seed: seedOfRun(seed, run), command: commandOf(i, run) })),
    ),
  };
}

export function studyDocument(manifest: StudyManifest, cells: readonly Cell[]): StudyDocument {
  return {
    ...manifest,
    cells: cells.map((cell) => {
      const { interval, exact, exactRange: _range, ...about } = cell;
      return { ...about, exact, ...intervalReport(interval), agrees: agrees(cell) };
    }),
  };
}

function variantReport(
  found: VariantFindings,
  notableRun: (run: number) => NotableRunReport,
): StudyVariantReport {
  const { variant, rows, outcomes, objectives, verdict, idleFaults } = found;
  const notable = notableRuns(found);
  return {
    name: variant.name,
    settings: variant.settings,
    scenarioHash: hashOf(variant.scenario),
    durationUs: rows.durationUs,
    runs: outcomes.length,
    verdict,
    objectives: objectives.map(objectiveReport),
    idleFaults: idleFaults.map((index) => variant.scenario.faults[index]!.origin),
    notable:
      notable === null
        ? null
        : {
            worst: notableRun(notable.worst),
            median: notableRun(notable.median),
            best: notableRun(notable.best),
          },
  };
}

function objectiveReport({ objective, verdict, statistic, figure }: SweptObjective): StudyObjectiveReport {
  return {
    text: objective.text,
    verdict,
    statistic,
    requiredShare:
      statistic === 'share-of-runs' || statistic === 'runs-quantile' ? RUNS_THAT_MUST_HOLD : null,
    system: figure?.system ?? objective.system,
    vantage: figure?.vantage ?? '',
    interval: figure === null ? null : intervalReport(figure.interval),
    exactBeyond: figure === null || figure.beyond === null ? null : rounded(figure.beyond),
    decidedByExact: figure === null || figure.byExact === null ? null : rounded(figure.byExact),
    comparison: objective.comparison,
    limit: objective.limit,
    unit: unitOf(objective.metric.kind),
  };
}

function intervalReport({ estimate, lower, upper, n, method }: Interval): IntervalReport {
  return { estimate: finite(estimate), lower: finite(lower), upper: finite(upper), n, method };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? rounded(value) : null;
}
