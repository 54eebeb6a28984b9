/** What the commands that decide (compare, plan, sensitivity) have in common: options, seed, runs, files. */
import type { Argv } from 'yargs';
import { RUNS_MAX, type Stopping } from '../experiments/stopping.ts';
import type { Study } from '../experiments/study.ts';
import type { SweepOptions, SweepResult } from '../experiments/sweep.ts';
import type { Seed } from '../kernel/streams.ts';
import { type Doing, InterruptedError, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { drawnSeed, filesWritten, interruptedSweep, sweepTook } from './messages.ts';
import type { GlobalOptions } from './options.ts';
import { readSeed } from './seed.ts';
import { readStopping, type StoppingOptions, withStopping } from './stopping-options.ts';
import { readWorkers, type WorkersOptions, withWorkers } from './sweep-machines.ts';

export interface DecidingOptions extends GlobalOptions, StoppingOptions, WorkersOptions {
  readonly set: readonly string[];
  readonly seed: string | undefined;
  /** false: --no-out. */
  readonly out: string | false | undefined;
  readonly json: boolean;
}

export function withDeciding<T extends GlobalOptions>(
  yargs: Argv<T>,
  folder: string,
): Argv<T & DecidingOptions> {
  return withWorkers(withStopping(yargs))
    .option('seed', {
      type: 'string',
      requiresArg: true,
      describe:
        'Seed of all chance: a number, a text, or "random"; run k has the seed SEED/k in every variant',
      defaultDescription: "the scenario's, or 1",
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder for the files; --no-out writes none',
      defaultDescription: folder,
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print one JSON document and nothing else',
    }) as unknown as Argv<T & DecidingOptions>;
}

/** Runs that are made where nothing is said: until it is decided, but no more than `runs`. */
export interface StoppingDefault {
  readonly runs: number;
  readonly precision: number;
}

/** --runs alone is meant as it is given; the study's own runs are for sweeps. */
export function stoppingOf(options: StoppingOptions, otherwise: StoppingDefault): Stopping {
  const read = readStopping(options, { runs: undefined, precision: undefined });
  if (options.runs !== undefined) return read;
  return {
    ...read,
    runs: options.precision === undefined ? otherwise.runs : RUNS_MAX / 10,
    precision: read.precision ?? otherwise.precision,
  };
}

/** Throws a UsageError when the folder cannot be written. */
export async function folderOf(
  out: string | false | undefined,
  otherwise: string,
): Promise<string | undefined> {
  const folder = out === false ? undefined : (out ?? otherwise);
  if (folder !== undefined) (await import('./output-folder.ts')).checkFolder(folder);
  return folder;
}

export async function seedFor(
  options: DecidingOptions,
  stated: Seed | undefined,
  io: Io,
  doing: Doing,
): Promise<Seed> {
  const chosen = readSeed(options.seed);
  const { DEFAULT_SEED } = await import('../kernel/streams.ts');
  const seed = chosen.seed ?? stated ?? DEFAULT_SEED;
  doing.seed = seed;
  if (chosen.drawn && !options.quiet) io.stderr.write(drawnSeed(Number(seed)));
  return seed;
}

export interface StudyRuns {
  readonly result: SweepResult;
  /** Wall clock of the runs alone. */
  readonly elapsedMs: number;
}

/** The study's runs, on the cores of this machine, with progress, and the exact answers that are asked for (`exact`). */
export async function runStudy(
  study: Study,
  stopping: Stopping,
  isEnough: NonNullable<SweepOptions['isEnough']>,
  options: DecidingOptions,
  io: Io,
  exact: boolean,
): Promise<StudyRuns> {
  const workers = readWorkers(options, io.env);
  const [{ sweepWithProgress }, { local }, { workOut }, { duration }] = await Promise.all([
    import('./sweep-with-progress.ts'),
    import('../experiments/engines/local.ts'),
    import('./working-out.ts'),
    import('../../reports/words.ts'),
  ]);
  const startedMs = performance.now();
  const request = { study, stopping, makeEngine: local({ workers }), isEnough };
  const result = await sweepWithProgress(request, io, options.quiet);
  const elapsedMs = performance.now() - startedMs;
  const took = { ms: elapsedMs, words: duration(Math.round(elapsedMs * 1_000)) };
  const scenarios = exact ? study.variants.map(({ scenario }) => scenario) : [];
  await workOut(scenarios, { result, took, keptIn: undefined }, io, options.quiet);
  return { result, elapsedMs };
}

/** Says how long it took and what was written; throws where the user interrupted. */
export async function finishStudy(
  result: SweepResult,
  elapsedMs: number,
  folder: string | undefined,
  written: readonly string[],
  io: Io,
  quiet: boolean,
): Promise<void> {
  const runs = result.outcomes.reduce((sum, each) => sum + each.length, 0);
  if (!quiet) {
    const { duration } = await import('../../reports/words.ts');
    const words = (ms: number) => duration(Math.round(ms * 1_000));
    io.stderr.write(sweepTook(runs, words(elapsedMs), words(elapsedMs / Math.max(1, runs))));
    if (written.length > 0) {
      const names = written.map((path) => path.replace(/^.*[\\/]/, ''));
      io.stderr.write(filesWritten(folder!, names));
    }
  }
  if (result.stopped === 'interrupted')
    throw new InterruptedError(interruptedSweep(runs, written.length > 0 ? folder : undefined));
}

/** Which of the variants is meant; by default the first. Throws a UsageError. */
export function indexNamed(name: string | undefined, variants: Study['variants'], option: string): number {
  if (name === undefined) return 0;
  const at = variants.findIndex((variant) => variant.name === name);
  if (at >= 0) return at;
  throw new UsageError(
    `${option} ${name}: variants are ${variants.map((variant) => variant.name).join(', ')}`,
    {
      hint: false,
    },
  );
}
