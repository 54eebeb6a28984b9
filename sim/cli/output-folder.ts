/** Finds out before a run whether its results could be written, so that nobody waits for a run that is lost. */
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from './errors.ts';

/** Throws a UsageError; leaves nothing behind. */
export function checkFolder(folder: string): void {
  if (folder === '') throw new UsageError('--out needs the name of a folder');
  const problem = problemOf(resolve(folder));
  if (problem !== undefined)
    throw new UsageError(`cannot write to the folder ${folder}: ${problem}`, { hint: false });
}

function problemOf(folder: string): string | undefined {
  try {
    let existing = folder;
    for (;;) {
      const found = look(existing);
      if (found === 'folder') break;
      if (found === 'file') return `${existing} is a file, not a folder`;
      if (dirname(existing) === existing) return 'there is no such place';
      existing = dirname(existing);
    }
    // Permissions do not tell the whole story (root, read-only mounts, /proc, where making folders never returns): try.
    rmdirSync(mkdtempSync(join(existing, '.zonefall-')));
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return REASONS.get(code ?? '') ?? message;
  }
}

function look(path: string): 'folder' | 'file' | 'nothing' {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    return found === undefined ? 'nothing' : found.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    // Something above it is a file.
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return 'nothing';
    throw error;
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['ENOENT', 'nothing can be made there'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ELOOP', 'too many symbolic links'],
]);
