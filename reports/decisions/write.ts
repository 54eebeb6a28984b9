/** The files of a comparison: all of them appear in the folder, or none does. */
import { cellsOf } from '../../sim/experiments/cells.ts';
import type { Comparison } from '../../sim/experiments/compare.ts';
import { findingsOf } from '../../sim/experiments/findings.ts';
import type { SweepResult } from '../../sim/experiments/sweep.ts';
import { cellsCsv } from '../study/cells.ts';
import { runsCsv } from '../study/runs.ts';
import { differencesSvg } from '../svg/study/index.ts';
import { clean } from '../words.ts';
import { writeTogether } from '../write.ts';
import { differencesCsv } from './differences.ts';
import { basisWords, timeUnitOf } from './words.ts';

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
  const picture = {
    title: titles.length === 1 ? titles[0]! : study.variants.map(({ name }) => clean(name)).join(' or '),
    basis: basisWords(study.variants, comparison.runs, clean(String(study.seed))),
    unit: timeUnitOf(study.variants),
    differences: comparison.differences,
  };
  const files = new Map<string, string>([
    ['compare.json', `${JSON.stringify(document, null, 2)}\n`],
    ['differences.csv', await differencesCsv(comparison.differences)],
    ...(await measuredFiles(comparison.result)),
    ['differences.svg', await differencesSvg(picture)],
  ]);
  return writeTogether(files, folder, COMPARISON_FILES);
}

/** What was measured of each variant: cells.csv and runs.csv, as of a sweep. */
export async function measuredFiles(result: SweepResult): Promise<[name: string, text: string][]> {
  const findings = findingsOf(result);
  return [
    ['cells.csv', await cellsCsv(findings.variants.flatMap((each) => cellsOf(each)))],
    ['runs.csv', await runsCsv(findings, result.study.seed)],
  ];
}
