/** The pictures of a sweep, from what it found out: plain data for reports/svg/study, then SVG text. */
import { agrees, type Cell, cellStanding, downtimeShares } from '../../sim/experiments/cells.ts';
import type { SweepFindings, VariantFindings } from '../../sim/experiments/findings.ts';
import { mainRow } from '../../sim/experiments/main-row.ts';
import { unavailabilityInterval } from '../../sim/experiments/objectives.ts';
import type { Interval } from '../../sim/experiments/statistics/index.ts';
import type { ObjectiveSpec, Verdict } from '../../sim/measures/objectives.ts';
import type { CausesPicture } from '../svg/study/causes.ts';
import { type ConvergencePicture, stepsOf } from '../svg/study/convergence.ts';
import { type BySystem, type StudyWords, timeUnitOf } from '../svg/study/data.ts';
import type { DistributionPicture } from '../svg/study/distribution.ts';
import type { NinesPicture } from '../svg/study/nines.ts';
import { clean, count, duration, integer, operationNoun } from '../words.ts';
import type { StudyManifest } from './document.ts';

/** Names of the pictures of a sweep. */
export const STUDY_PICTURES = ['distribution.svg', 'nines.svg', 'convergence.svg', 'causes.svg'] as const;

/** Variants in a picture; the others are in cells.csv. */
const VARIANTS_MAX = 24;

type About = Pick<StudyManifest, 'title' | 'seed'> & {
  readonly request: Pick<StudyManifest['request'], 'precision'>;
};

export interface SweepPictures {
  readonly distribution: DistributionPicture;
  readonly nines: NinesPicture;
  readonly convergence: ConvergencePicture;
  /** null: there was no downtime. */
  readonly causes: CausesPicture | null;
}

/** SVG by file name. `cells` give the exact answers, where there are any. */
export async function studyPictures(
  findings: SweepFindings,
  about: About,
  cells: readonly Cell[],
): Promise<Map<string, string>> {
  const { distribution, nines, convergence, causes } = sweepPictures(findings, cells, about);
  const draw = await import('../svg/study/index.ts');
  const files = new Map<string, string>([
    ['distribution.svg', await draw.distributionSvg(distribution)],
    ['nines.svg', await draw.ninesSvg(nines)],
    ['convergence.svg', await draw.convergenceSvg(convergence)],
  ]);
  if (causes !== null) files.set('causes.svg', await draw.causesSvg(causes));
  return files;
}

/** One row of outcomes of one variant, which stands for a system. */
interface Track {
  readonly found: VariantFindings;
  readonly variant: string;
  readonly at: number;
  readonly objective: ObjectiveSpec | null;
  readonly interval: Interval;
  readonly cell: Cell | undefined;
}

export function sweepPictures(findings: SweepFindings, cells: readonly Cell[], about: About): SweepPictures {
  const words = wordsOf(findings, about);
  const shown = findings.variants.filter(({ outcomes }) => outcomes.length > 0).slice(0, VARIANTS_MAX);
  const systems = [...new Set(shown.flatMap(({ rows }) => rows.systems))].flatMap((system) => {
    const tracks = shown.flatMap((found) => trackOf(found, system, cells, findings.confidence) ?? []);
    return tracks.length === 0 ? [] : [{ name: nameOf(tracks), limit: commonLimit(tracks), tracks }];
  });
  const bySystem = <Row>(rowOf: (track: Track) => Row): BySystem<Row>[] =>
    systems.map(({ name, limit, tracks }) => ({ name, limit, rows: tracks.map(rowOf) }));
  const runsOf = ({ found, at }: Track) => found.outcomes.map(({ operations }) => operations[at]!);
  const { precision } = about.request;

  const causes = bySystem((track) => ({
    variant: track.variant,
    durationUs: track.found.rows.durationUs,
    unavailability: track.interval.estimate,
    causes: downtimeShares(runsOf(track)).map(({ cause, share }) => [cause, share] as const),
    missed: isMissed(track) ? track.cell!.exact : null,
  }));
  return {
    distribution: {
      ...words,
      systems: bySystem((track) => ({
        variant: track.variant,
        downUs: runsOf(track).map(({ downUs, degradedUs }) => downUs + degradedUs),
        durationUs: track.found.rows.durationUs,
      })),
    },
    nines: {
      ...words,
      systems: bySystem((track) => ({
        variant: track.variant,
        durationUs: track.found.rows.durationUs,
        estimate: estimateOf(track.interval),
        exact: track.cell?.exact ?? null,
        exactRange: track.cell?.exactRange ?? null,
        agrees: track.cell === undefined ? null : agrees(track.cell),
        verdict: verdictOf(track),
      })),
    },
    convergence: {
      ...words,
      series: systems.flatMap(({ name, tracks }) =>
        tracks.map((track) => {
          const runs = runsOf(track);
          const { durationUs } = track.found.rows;
          return {
            variant: track.variant,
            system: name,
            durationUs,
            steps: stepsOf(runs.length).map((n) =>
              estimateOf(unavailabilityInterval(runs.slice(0, n), durationUs, findings.confidence)),
            ),
            precision,
            limit: limitOf(track),
            exact: track.cell?.exact ?? null,
            missed: isMissed(track),
          };
        }),
      ),
    },
    causes: causes.some(({ rows }) => rows.some((row) => row.causes.length > 0))
      ? { ...words, systems: causes }
      : null,
  };
}

function isMissed({ cell }: Track): boolean {
  return cell !== undefined && cellStanding(cell) === 'missed';
}

function wordsOf({ variants }: SweepFindings, { title, seed }: About): StudyWords {
  const runs = variants.map(({ outcomes }) => outcomes.length);
  const [least, most] = [Math.min(...runs), Math.max(...runs)];
  const lengths = new Set(variants.map(({ rows }) => rows.durationUs));
  const of = lengths.size === 1 ? ` of ${duration([...lengths][0]!)}` : '';
  const each = variants.length > 1 ? ' for each variant' : '';
  const rest =
    variants.length > VARIANTS_MAX
      ? `; ${variants.length - VARIANTS_MAX} more variants are in cells.csv`
      : '';
  const number = least === most ? count(most, 'run') : `${integer(least)} to ${count(most, 'run')}`;
  return {
    title: clean(title),
    basis: `${number}${of}${each}, seed ${clean(String(seed))}${rest}`,
    unit: timeUnitOf(variants.map(({ variant }) => variant.scenario)),
  };
}

function trackOf(
  found: VariantFindings,
  system: string,
  cells: readonly Cell[],
  confidence: number,
): Track | null {
  const { variant, rows, outcomes } = found;
  const at = mainRow(variant.scenario, rows, system);
  const row = rows.operations[at];
  if (row === undefined) return null;
  const cell = cells.find(
    (each) =>
      each.variant === variant.name &&
      each.system === system &&
      each.operation === row.operation &&
      each.vantage === row.vantage &&
      each.metric === 'unavailability',
  );
  const family = variant.scenario.systems.find(({ name }) => name === system)?.family;
  const limits = variant.scenario.objectives.filter(
    ({ system: stated, metric, comparison }) =>
      (stated === system || stated === family) &&
      (metric.kind === 'availability' || metric.kind === 'downtime') &&
      metric.operation === row.operation &&
      (metric.vantage === null || metric.vantage === row.vantage) &&
      comparison.startsWith(metric.kind === 'availability' ? '>' : '<'),
  );
  const allowed = (objective: ObjectiveSpec) => shareAllowed(objective, rows.durationUs);
  return {
    found,
    variant: variant.name,
    at,
    // Of several the tightest.
    objective: limits.toSorted((a, b) => allowed(a) - allowed(b))[0] ?? null,
    interval: unavailabilityInterval(
      outcomes.map(({ operations }) => operations[at]!),
      rows.durationUs,
      confidence,
    ),
    cell,
  };
}

/** The share of the time in which an operation may be down. */
function shareAllowed({ metric, limit }: ObjectiveSpec, durationUs: number): number {
  return metric.kind === 'availability' ? 1 - limit : limit / durationUs;
}

function limitOf({ objective, found }: Track): number | null {
  return objective === null ? null : shareAllowed(objective, found.rows.durationUs);
}

/** The limit of all variants; null where they differ. */
function commonLimit(tracks: readonly Track[]): number | null {
  const limits = new Set(tracks.map(limitOf));
  return limits.size === 1 ? [...limits][0]! : null;
}

function verdictOf(track: Track): Verdict | null {
  const limit = limitOf(track);
  if (limit === null) return null;
  const { lower, upper } = track.interval;
  const strict = track.objective!.comparison.length === 1;
  if (strict ? upper < limit : upper <= limit) return 'pass';
  return (strict ? lower >= limit : lower > limit) ? 'fail' : 'inconclusive';
}

function estimateOf({ estimate, lower, upper, n }: Interval) {
  return { value: estimate, lower, upper, n };
}

/** `etcd writes`; with the vantage where it is not the widest. */
function nameOf([first]: readonly Track[]): string {
  const { found, at } = first!;
  const { operations } = found.rows;
  const { system, operation, vantage } = operations[at]!;
  const widest = operations.findIndex((row) => row.system === system && row.operation === operation);
  const from = widest === at ? '' : ` from ${clean(vantage)}`;
  return `${clean(system)} ${operationNoun(clean(operation))}${from}`;
}
