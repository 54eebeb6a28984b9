/** The one place where reports touch the disk: either every file of a run is in its folder, or nothing changed there. */
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Run } from '../sim/run.ts';
import { availabilityTable, csvPieces, failoversTable, summaryCsv, timelineTable } from './csv/index.ts';
import { jsonText, runManifest, type WallClock } from './json/index.ts';

/** Names that a report may write or replace in its folder; it touches no other file. */
export const REPORT_FILES = [
  'run.json',
  'timeline.csv',
  'failovers.csv',
  'availability.csv',
  'summary.csv',
  'timeline.svg',
] as const;

export interface WriteOptions {
  /** Version of zonefall, for the manifest. */
  readonly version: string;
  /** When the run began and how long it took; null leaves it out of run.json. */
  readonly wallClock: WallClock | null;
  /** false draws no picture; one that an earlier run left in the folder is removed, for it shows something else. */
  readonly svg?: boolean;
}

/** The folder or a file in it could not be written. The message is fit to print; `code` is the system's (`EACCES`, ...). */
export class ReportWriteError extends Error {
  readonly code: string;
  readonly folder: string;

  constructor(folder: string, cause: unknown) {
    const code = codeOf(cause);
    super(
      `cannot write to the folder ${folder}: ${REASONS[code] ?? (cause instanceof Error ? cause.message : code)}`,
      {
        cause,
      },
    );
    this.name = 'ReportWriteError';
    this.code = code;
    this.folder = folder;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'there is a file of that name',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EISDIR: 'a folder has the name of a report file',
  EMFILE: 'too many open files',
};

/**
 * Writes all reports of a run into a folder, which is made when it is missing.
 * Files are written under temporary names and renamed only when all are complete. Gives the paths written.
 * @throws {ReportWriteError} when the folder cannot be written; nothing is left behind then.
 */
export async function writeReports(run: Run, folder: string, options: WriteOptions): Promise<string[]> {
  let picture: string | undefined;
  if (options.svg !== false) {
    // jsdom takes longer to load than most runs take to simulate.
    const { timelineSvg } = await import('./svg/index.ts');
    picture = await timelineSvg(run);
  }
  const files = new Map<string, Content>([
    ['run.json', jsonText(runManifest(run, options.version, options.wallClock))],
    ['timeline.csv', csvPieces(timelineTable(run))],
    ['failovers.csv', csvPieces(failoversTable(run))],
    ['availability.csv', csvPieces(availabilityTable(run))],
    ['summary.csv', await summaryCsv(run)],
  ]);
  if (picture !== undefined) files.set('timeline.svg', picture);
  return writeTogether(files, folder, REPORT_FILES);
}

/** A file's text, or its pieces: made as they are written, so that a long file is never held as a whole. */
export type Content = string | AsyncIterable<string | Uint8Array>;

/**
 * Writes files (name -> text) into a folder so that all appear or none does. Files of the names in `owned` that are not
 * written anew are removed.
 * @throws {ReportWriteError} and whatever making a piece throws; nothing has changed then.
 */
export async function writeTogether(
  files: ReadonlyMap<string, Content>,
  folder: string,
  owned: readonly string[] = [],
): Promise<string[]> {
  const target = resolve(folder);
  const temporaries: { path: string; final: string }[] = [];
  let firstMade: string | undefined;
  try {
    firstMade = await mkdir(target, { recursive: true });
    for (const [name, content] of files) {
      const final = join(target, name);
      await refuseFolder(final);
      const path = join(target, `.${name}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
      // 'wx': never follows or overwrites what somebody else put there.
      const file = await open(path, 'wx');
      temporaries.push({ path, final });
      try {
        await writeFile(file, content, 'utf8');
      } finally {
        await file.close();
      }
    }
    for (const { path, final } of temporaries) await rename(path, final);
    for (const name of owned) if (!files.has(name)) await rm(join(target, name), { force: true });
    return temporaries.map(({ final }) => final);
  } catch (error) {
    for (const { path } of temporaries) await rm(path, { force: true }).catch(() => {});
    if (firstMade !== undefined) await removeEmptyFolders(target, firstMade);
    // Without a code it is no answer of the file system but a bug in what makes the pieces.
    throw codeOf(error) === NO_CODE ? error : new ReportWriteError(folder, error);
  }
}

/** A rename onto a folder would fail when others are already in place, so it is found out before. */
async function refuseFolder(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw Object.assign(new Error(`${path} is a folder`), { code: 'EISDIR' });
}

/** Removes the folders that this call made, from the innermost to the first, as long as they are empty. */
async function removeEmptyFolders(innermost: string, first: string): Promise<void> {
  for (let path = innermost; path.length >= first.length; path = dirname(path)) {
    try {
      await rmdir(path);
    } catch {
      return;
    }
  }
}

const NO_CODE = 'UNKNOWN';

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : NO_CODE;
}
