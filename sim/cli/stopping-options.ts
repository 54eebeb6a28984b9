/** `--runs`, `--precision`, `--budget`: when a sweep has seen enough. */
import type { Argv } from 'yargs';
import { parseDuration, parseShare } from '../../scenarios/units.ts';
import { RUNS_DEFAULT, RUNS_FOR_PRECISION_MAX, RUNS_MAX, type Stopping } from '../experiments/stopping.ts';
import { UsageError } from './errors.ts';
import type { GlobalOptions } from './options.ts';

export interface StoppingOptions {
  readonly runs: string | undefined;
  readonly precision: string | undefined;
  readonly budget: string | undefined;
}

export function withStopping<T extends GlobalOptions>(yargs: Argv<T>): Argv<T & StoppingOptions> {
  return yargs
    .option('runs', {
      type: 'string',
      requiresArg: true,
      describe: 'Runs of each variant (with --precision: at most)',
      defaultDescription: `the study's, or ${RUNS_DEFAULT}`,
    })
    .option('precision', {
      type: 'string',
      requiresArg: true,
      describe:
        'Stop when every objective is known so well, or its verdict is certain: half its interval, as a share of the figure (of an availability: of the unavailability)',
      defaultDescription: "the study's, or none",
    })
    .option('budget', {
      type: 'string',
      requiresArg: true,
      describe: 'Stop after so long on the clock, with what is done by then: 60s, 5m',
      defaultDescription: 'none',
    }) as unknown as Argv<T & StoppingOptions>;
}

/** Throws a UsageError. `stated` is what the file says. */
export function readStopping(
  options: StoppingOptions,
  stated: { readonly runs: number | undefined; readonly precision: number | undefined },
): Stopping {
  const runs = options.runs === undefined ? stated.runs : readRuns(options.runs);
  const precision =
    options.precision === undefined
      ? // Runs on the command line are meant as they are given.
        options.runs === undefined
        ? stated.precision
        : undefined
      : readWith('--precision', options.precision, '5%', parseShare);
  if (precision !== undefined && !(precision > 0 && precision < 1))
    throw new UsageError('--precision is a share between 0 and 1, like 5%');
  const budgetUs =
    options.budget === undefined ? null : readWith('--budget', options.budget, '60s', parseDuration);
  if (budgetUs === 0) throw new UsageError('--budget must be longer than zero');
  return {
    runs: runs ?? (precision === undefined ? RUNS_DEFAULT : RUNS_FOR_PRECISION_MAX),
    precision: precision ?? null,
    // A timer takes 31 bits of milliseconds, which are 24 days.
    budgetMs: budgetUs === null ? null : Math.min(2 ** 31 - 1, budgetUs / 1_000),
  };
}

function readRuns(text: string): number {
  const runs = Number(text);
  if (!/^\d{1,9}$/.test(text) || runs < 1 || runs > RUNS_MAX)
    throw new UsageError(`--runs is a whole number from 1 to ${RUNS_MAX}, not "${text}"`);
  return runs;
}

function readWith(option: string, text: string, example: string, parse: (text: string) => number): number {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TextError') throw error;
    throw new UsageError(`${option} ${text}: ${error.message} (for example ${option} ${example})`);
  }
}
