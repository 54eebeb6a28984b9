/** Where the runs of a sweep are made: options that commands share. */
import type { Argv } from 'yargs';
import { UsageError } from './errors.ts';

/** More threads than this on one machine are a slip of the finger. */
const WORKERS_MAX = 1_024;

export function withWorkers<T>(yargs: Argv<T>): Argv<T & { workers: number | undefined }> {
  return yargs.option('workers', {
    type: 'number',
    requiresArg: true,
    describe: 'Threads of this machine',
    defaultDescription: 'one for each core',
  }) as unknown as Argv<T & { workers: number | undefined }>;
}

export function withRedis<T>(yargs: Argv<T>): Argv<T & { redis: string | undefined }> {
  return yargs.option('redis', {
    type: 'string',
    requiresArg: true,
    describe: 'The Redis through which runs are handed out: redis://host:6379',
  }) as unknown as Argv<T & { redis: string | undefined }>;
}

/** Throws a UsageError. */
export async function workerCount(asked: number | undefined): Promise<number> {
  if (asked === undefined) return (await import('../experiments/engines/threads.ts')).coreCount();
  if (!Number.isInteger(asked) || asked < 1 || asked > WORKERS_MAX)
    throw new UsageError(`--workers takes a whole number from 1 to ${WORKERS_MAX}`);
  return asked;
}
