/** The scenario argument of a command: a path, the name of a shipped scenario, or `-` for stdin. */
import { existsSync, statSync } from 'node:fs';
import {
  find as findShipped,
  type LoadedScenario,
  type LoadedStudy,
  loadStudyText,
  loadText,
  readScenario,
  readStudy,
  ScenarioError,
} from '../../scenarios/index.ts';
import { MAX_FILE_BYTES } from '../../scenarios/limits.ts';
import { InputTooLongError, type Io } from './io.ts';
import { noSuchScenario, warning } from './messages.ts';

export interface OpenedScenario extends LoadedScenario {
  /** File name without folder and extension, name in the library, or `stdin`. */
  readonly name: string;
}

/** Throws a ScenarioError. Warnings of the loader are left to the caller. */
export async function openScenario(
  argument: string,
  set: readonly string[],
  io: Io,
): Promise<OpenedScenario> {
  return (await openSettings(argument, set, io))([]);
}

/** The scenario, to be loaded again and again with more settings behind those given here. Each load throws a ScenarioError. */
export async function openSettings(
  argument: string,
  set: readonly string[],
  io: Io,
): Promise<(more: readonly string[]) => OpenedScenario> {
  const { text, path, name } = await find(argument, io);
  return (more) => {
    const options = { set: [...set, ...more] };
    return path === undefined
      ? { ...loadText(text, '<stdin>', process.cwd(), options), name }
      : { ...readScenario(path, options), name };
  };
}

export interface OpenedStudy extends LoadedStudy {
  readonly name: string;
}

/** The scenario with its variants. Throws a ScenarioError. */
export async function openStudy(
  argument: string,
  options: { readonly set: readonly string[]; readonly vary: readonly string[] },
  io: Io,
): Promise<OpenedStudy> {
  const { text, path, name } = await find(argument, io);
  return path === undefined
    ? { ...loadStudyText(text, '<stdin>', process.cwd(), options), name }
    : { ...readStudy(path, options), name };
}

type Found =
  | { readonly path: string; readonly text?: undefined; readonly name: string }
  | { readonly path?: undefined; readonly text: string; readonly name: string };

async function find(argument: string, io: Io): Promise<Found> {
  if (argument === '-') return { text: await stdinText(io), name: 'stdin' };
  if (isFile(argument)) return { path: argument, name: nameOf(argument) };
  const found = findShipped(argument);
  if (found.entry !== undefined) return { path: found.entry.path, name: found.entry.name };
  // A folder, or nothing: reading it says of a folder what it is.
  if (existsSync(argument)) return { path: argument, name: nameOf(argument) };
  throw unreadable(argument, noSuchScenario(argument, found.nearest), found.nearest);
}

export function printWarnings(
  loaded: Pick<LoadedScenario, 'warnings'>,
  io: Io,
  format: (issue: LoadedScenario['warnings'][number]) => string,
): void {
  for (const issue of loaded.warnings) io.stderr.write(warning(format(issue)));
}

function isFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isDirectory();
}

function nameOf(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.(ya?ml|json)$/i, '');
}

async function stdinText(io: Io): Promise<string> {
  if (io.stdinIsTTY) io.stderr.write('reading the scenario from the terminal (Ctrl-D ends it)\n');
  let bytes: Uint8Array;
  try {
    bytes = await io.readStdin(MAX_FILE_BYTES);
  } catch (error) {
    if (!(error instanceof InputTooLongError)) throw error;
    throw unreadable('<stdin>', `the scenario is longer than ${MAX_FILE_BYTES / 1024 / 1024} MiB`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('<stdin>', 'it is not text in UTF-8');
  }
}

function unreadable(file: string, message: string, suggestion?: string): ScenarioError {
  return new ScenarioError([{ file, line: 0, column: 0, path: '', message, suggestion }]);
}
