/** The files of a sweep: all of them appear in the folder, or none does. */
import type { Cell } from '../../sim/experiments/cells.ts';
import type { SweepFindings } from '../../sim/experiments/findings.ts';
import { writeTogether } from '../write.ts';
import { cellsCsv } from './cells.ts';
import type { StudyManifest } from './document.ts';
import { STUDY_PICTURES, studyPictures } from './pictures.ts';
import { runsCsv } from './runs.ts';

/** Names that a sweep may write or replace in its folder. */
export const STUDY_FILES = ['study.json', 'cells.csv', 'runs.csv', ...STUDY_PICTURES] as const;

/** @throws {ReportWriteError} */
export async function writeStudy(
  manifest: StudyManifest,
  findings: SweepFindings,
  cells: readonly Cell[],
  folder: string,
): Promise<string[]> {
  const files = new Map<string, string>([
    ['study.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['cells.csv', await cellsCsv(cells)],
    ['runs.csv', await runsCsv(findings, manifest.seed)],
    ...(await studyPictures(findings, manifest, cells)),
  ]);
  return writeTogether(files, folder, STUDY_FILES);
}
