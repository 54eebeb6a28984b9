/** The files of comparisons, plans and sensitivities: all of them appear in the folder, or none does. */
import { cellsOf } from '../../sim/experiments/cells.ts';
import type { Comparison } from '../../sim/experiments/compare.ts';
import { findingsOf } from '../../sim/experiments/findings.ts';
import { COST_DEFAULT, type PlanCosts } from '../../sim/experiments/plan/spec.ts';
import type { Sensitivity } from '../../sim/experiments/sensitivity/sensitivity.ts';
import type { SweepResult } from '../../sim/experiments/sweep.ts';
import { cellsCsv } from '../study/cells.ts';
import { runsCsv } from '../study/runs.ts';
import { timeUnitOf } from '../svg/study/data.ts';
import { differencesSvg, importanceSvg, paretoSvg, tornadoSvg } from '../svg/study/index.ts';
import { clean, list } from '../words.ts';
import { writeTogether } from '../write.ts';
import { differencesCsv } from './differences.ts';
import { optionsCsv } from './options.ts';
import { type PlanReport, whyChosen } from './plan.ts';
import { figuresTold, sensitivityCsv } from './sensitivity.ts';
import { basisWords, comparedWords, titlesOf, unitOfOne } from './words.ts';

/** Names that a comparison may write or replace in its folder. */
export const COMPARISON_FILES = [
  'compare.json',
  'differences.csv',
  'cells.csv',
  'runs.csv',
  'differences.svg',
] as const;

/** @throws {ReportWriteError} */
export async function writeComparison(
  comparison: Comparison,
  document: unknown,
  folder: string,
): Promise<string[]> {
  const { study } = comparison.result;
  const titles = [...new Set(study.variants.map(({ scenario }) => clean(scenario.title)))];
  const ofFiles = titlesOf(study.variants);
  const named = (name: string) => ofFiles?.get(name) ?? clean(name);
  const picture = {
    title: titles.length === 1 ? titles[0]! : study.variants.map(({ name }) => named(name)).join(' or '),
    basis: [
      basisWords(study.variants, comparison.runs, clean(String(study.seed))),
      // The picture puts the full stop.
      ...comparedWords(study.variants, named).map((each) => each.replace(/\.$/, '')),
    ].join('. '),
    unit: timeUnitOf(study.variants.map(({ scenario }) => scenario)),
    differences: comparison.differences.map((each) => ({
      ...each,
      variant: named(each.variant),
      baseline: named(each.baseline),
    })),
  };
  const files = new Map<string, string>([
    ['compare.json', `${JSON.stringify(document, null, 2)}\n`],
    ['differences.csv', await differencesCsv(comparison.differences)],
    ...(await measuredFiles(comparison.result)),
    ['differences.svg', await differencesSvg(picture)],
  ]);
  return writeTogether(files, folder, COMPARISON_FILES);
}

/** Names that a plan may write or replace in its folder. */
export const PLAN_FILES = ['plan.json', 'options.csv', 'cells.csv', 'runs.csv', 'pareto.svg'] as const;

/** @throws {ReportWriteError} */
export async function writePlan(
  { result, spec }: PlanReport,
  document: unknown,
  folder: string,
): Promise<string[]> {
  const { variants, seed } = result.result.study;
  const picture = {
    title: clean(variants[0]!.scenario.title),
    basis: basisWords(variants, result.runs, clean(String(seed))),
    unit: unitOfOne(variants[0]!),
    costs: costsOf(spec.costs),
    points: result.points,
    why: whyChosen(result),
  };
  const files = new Map<string, string>([
    ['plan.json', `${JSON.stringify(document, null, 2)}\n`],
    ['options.csv', await optionsCsv(result.points)],
    ...(await measuredFiles(result.result)),
    ['pareto.svg', await paretoSvg(picture)],
  ]);
  return writeTogether(files, folder, PLAN_FILES);
}

/** Where each node costs 1 and nothing else costs, a cost is a number of nodes. */
export function costsOf({ node, groups, extra, site }: PlanCosts): 'money' | 'nodes' {
  const each = [node, ...Object.values(groups)];
  const more = [site, ...Object.values(extra)];
  return each.every((cost) => cost === COST_DEFAULT) && more.every((cost) => cost === 0) ? 'nodes' : 'money';
}

/** Names that a sensitivity may write or replace in its folder. */
export const SENSITIVITY_FILES = [
  'sensitivity.json',
  'sensitivity.csv',
  'runs.csv',
  'tornado.svg',
  'importance.svg',
] as const;

/** @throws {ReportWriteError} */
export async function writeSensitivity(
  found: Sensitivity,
  document: unknown,
  folder: string,
): Promise<string[]> {
  const { variants, seed } = found.result.study;
  const about = {
    title: clean(variants[0]!.scenario.title),
    basis: basisWords(variants, found.runs, clean(String(seed))),
    unit: unitOfOne(variants[0]!),
  };
  // Bars without an interval would say more than is known.
  const { known, unknown } = figuresTold(found.tornado);
  const leftOut = known.length > 0 && unknown.length > 0;
  const tornado = {
    ...about,
    basis: leftOut
      ? `${about.basis}; too few failovers for an interval, and left out: ${list(unknown.map(([name]) => name))}`
      : about.basis,
    rows: leftOut ? known.flatMap(([, rows]) => rows) : found.tornado,
  };
  const files = new Map<string, string>([
    ['sensitivity.json', `${JSON.stringify(document, null, 2)}\n`],
    ['sensitivity.csv', await sensitivityCsv(found)],
    ['runs.csv', await runsCsv(findingsOf(found.result), seed)],
  ]);
  // What was not asked for has no picture.
  if (tornado.rows.length > 0) files.set('tornado.svg', await tornadoSvg(tornado));
  if (found.importance.length > 0)
    files.set('importance.svg', await importanceSvg({ ...about, rows: found.importance }));
  return writeTogether(files, folder, SENSITIVITY_FILES);
}

/** What was measured of each variant: cells.csv and runs.csv, as of a sweep. */
export async function measuredFiles(result: SweepResult): Promise<[name: string, text: string][]> {
  const findings = findingsOf(result);
  return [
    ['cells.csv', await cellsCsv(findings.variants.flatMap((each) => cellsOf(each)))],
    ['runs.csv', await runsCsv(findings, result.study.seed)],
  ];
}
