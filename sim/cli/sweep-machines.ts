/** Where the runs of a sweep are made, and which: `--workers`, `--engine`, `--redis`, `--shard`. */
import type { Argv } from 'yargs';
import type { EngineMaker } from '../experiments/engine.ts';
import type { Shard } from '../experiments/shard.ts';
import { UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

/** More threads than this on one machine, or shards of one sweep, are a slip of the finger. */
const WORKERS_MAX = 1_024;
const SHARDS_MAX = 100_000;

export interface WorkersOptions {
  readonly workers: string | undefined;
}

export interface MachinesOptions extends WorkersOptions {
  readonly engine: string | undefined;
  readonly redis: string | undefined;
  readonly shard: string | undefined;
}

export function withWorkers<T>(yargs: Argv<T>): Argv<T & WorkersOptions> {
  return yargs.option('workers', {
    type: 'string',
    requiresArg: true,
    describe: 'Threads of this machine',
    defaultDescription: 'ZONEFALL_WORKERS, else one for each core',
  }) as unknown as Argv<T & WorkersOptions>;
}

export function withRedis<T>(yargs: Argv<T>): Argv<T & { readonly redis: string | undefined }> {
  return yargs.option('redis', {
    type: 'string',
    requiresArg: true,
    describe: 'The Redis through which runs are handed out: redis://host:6379',
  }) as unknown as Argv<T & { readonly redis: string | undefined }>;
}

export function withMachines<T>(yargs: Argv<T>): Argv<T & MachinesOptions> {
  return withRedis(
    withWorkers(yargs).option('engine', {
      type: 'string',
      requiresArg: true,
      describe:
        'Where runs are made: threads of this machine, or bullmq: zonefall workers on any machines, through --redis',
      defaultDescription: 'threads',
    }),
  ).option('shard', {
    type: 'string',
    requiresArg: true,
    describe:
      'Make only this share of the runs: i/n with i from 0 to n - 1; zonefall merge puts the shares together',
  }) as unknown as Argv<T & MachinesOptions>;
}

/** What `--workers` says, else ZONEFALL_WORKERS; undefined: as many as there are cores, when it is worth it. Throws a UsageError. */
export function readWorkers({ workers }: WorkersOptions, env: Io['env']): number | undefined {
  const name = workers === undefined ? 'ZONEFALL_WORKERS' : '--workers';
  const text = workers ?? env.ZONEFALL_WORKERS;
  if (text === undefined) return undefined;
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > WORKERS_MAX)
    throw new UsageError(`${name} is a whole number from 1 to ${WORKERS_MAX}, not "${text}"`);
  return count;
}

/** Throws a UsageError. */
export function readEngine(options: MachinesOptions, io: Io, quiet: boolean): EngineMaker {
  const { redis } = options;
  const engine = options.engine ?? (redis === undefined ? 'threads' : 'bullmq');
  if (engine !== 'threads' && engine !== 'bullmq')
    throw new UsageError(`--engine is threads or bullmq, not "${engine}"`);
  if (engine === 'threads') {
    const workers = readWorkers(options, io.env);
    if (redis !== undefined) throw new UsageError('--redis goes with --engine bullmq');
    return async (study) => (await import('../experiments/engines/local.ts')).local({ workers })(study);
  }
  if (redis === undefined) throw new UsageError('--engine bullmq needs --redis redis://host:6379');
  if (options.workers !== undefined)
    throw new UsageError(
      '--workers are threads of this machine: with --engine bullmq give them to zonefall worker',
    );
  const note = (text: string) => {
    if (!quiet) io.stderr.write(`${text}\n`);
  };
  return async (study) => {
    const { bullmq } = await import('../experiments/engines/bullmq/engine.ts');
    return bullmq({ url: redis, version: VERSION, note })(study);
  };
}

/** Throws a UsageError. */
export function readShard({ shard }: MachinesOptions): Shard | undefined {
  if (shard === undefined) return undefined;
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(shard) ?? []).map(Number);
  if (index === undefined || of === undefined || index >= of || of > SHARDS_MAX)
    throw new UsageError(
      `--shard is written i/n with i from 0 to n - 1, like 0/4, 1/4, 2/4 and 3/4, not "${shard}"`,
    );
  return { index, of };
}
