/** Reads scenario files from disk: the one place of scenarios/ beside library.ts that touches the file system. */
import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ScenarioError } from './issue.ts';
import { MAX_CSV_BYTES, MAX_FILE_BYTES } from './limits.ts';
import { type LoadedScenario, loadScenario } from './load.ts';
import { type LoadedStudy, loadStudy } from './study.ts';

export interface ReadStudyOptions extends ReadOptions {
  /** Axes, `path=a,b,c`. */
  readonly vary?: readonly string[];
}

export interface ReadOptions {
  /** Overrides, `path=value`. */
  readonly set?: readonly string[];
}

/** A scenario file by its path. Throws a ScenarioError, also when the file cannot be read. */
export function readScenario(path: string, options: ReadOptions = {}): LoadedScenario {
  return loadText(scenarioText(path), path, dirname(path), options);
}

/** The same file as a study. */
export function readStudy(path: string, options: ReadStudyOptions = {}): LoadedStudy {
  return loadStudyText(scenarioText(path), path, dirname(path), options);
}

function scenarioText(path: string): string {
  try {
    return readText(path, MAX_FILE_BYTES);
  } catch (error) {
    const message = `cannot read the file: ${(error as Error).message}`;
    throw new ScenarioError([{ file: path, line: 0, column: 0, path: '', message }]);
  }
}

/** A scenario that is at hand as text (stdin); files that it names are relative to `directory`. */
export function loadText(
  text: string,
  fileName: string,
  directory: string,
  options: ReadOptions = {},
): LoadedScenario {
  return loadScenario(text, { ...options, fileName, readFile: readerIn(directory) });
}

export function loadStudyText(
  text: string,
  fileName: string,
  directory: string,
  options: ReadStudyOptions = {},
): LoadedStudy {
  return loadStudy(text, { ...options, fileName, readFile: readerIn(directory) });
}

function readerIn(directory: string): (name: string) => string {
  return (name) => readText(resolve(directory, name), MAX_CSV_BYTES);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['ENAMETOOLONG', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'reading it is not allowed'],
  ['EPERM', 'reading it is not allowed'],
  ['ELOOP', 'its links go round in a circle'],
]);

/** UTF-8. Throws an Error whose message is a plain reason. */
function readText(path: string, maxBytes: number): string {
  let bytes: Buffer;
  try {
    bytes = readBytes(path, maxBytes);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : new Error(REASONS.get(code) ?? (error as Error).message);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not text in UTF-8');
  }
}

/** Stops past the limit, so that a pipe or device without an end is no trap. */
function readBytes(path: string, maxBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let total = 0; ; ) {
      const chunk = Buffer.alloc(64 * 1024);
      const length = readSync(file, chunk);
      if (length === 0) return Buffer.concat(chunks);
      total += length;
      if (total > maxBytes) throw new Error(`it is longer than ${maxBytes / 1024 / 1024} MiB`);
      chunks.push(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}
