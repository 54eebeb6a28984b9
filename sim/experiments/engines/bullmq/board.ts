/**
 * What a sweep and its workers know of each other through Redis, beside the queue. Everything there has a date of expiry that
 * its owner puts off as long as it lives: what a killed process leaves behind vanishes.
 *
 *   zonefall:sweeps          names of the sweeps
 *   zonefall:sweep:NAME      version, hash and study (gzip) of one; while it is there the sweep goes on
 *   zonefall:result:NAME:ID  what came of a job (gzip)
 *   zonefall:workers         names of the workers
 *   zonefall:worker:NAME     version, threads, host and process of one
 *   zonefall:queue:NAME:...  BullMQ's own: one queue for each sweep
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { RunOutcome } from '../../outcome.ts';
import type { Study } from '../../study.ts';

/** How long a killed coordinator or worker is believed to live, and how often a living one says that it does. */
export const LEASE_MS = 15_000;
export const RENEW_MS = 4_000;
/** A result that nobody fetches: its sweep was killed, or waits for Redis to come back. */
const RESULT_MS = 120_000;

/** Of BullMQ's keys. */
export const QUEUE_PREFIX = 'zonefall:queue';

/** Of BullMQ: a job whose worker has not been heard of for so long is given to another, which may happen so often. */
export const LOCK_MS = 5_000;
export const STALLED_EVERY_MS = 2_500;
export const STALLED_MAX = 5;

export interface Announcement {
  readonly version: string;
  readonly hash: string;
  readonly study: Study;
}

export interface WorkerCard {
  readonly version: string;
  readonly threads: number;
  readonly host: string;
  readonly pid: number;
}

export interface JobData {
  /** Of the study that the chunk is of. */
  readonly hash: string;
  readonly variant: number;
  readonly from: number;
  readonly to: number;
}

/** Outcomes of a chunk, or the run that failed. */
export type JobResult =
  | { readonly outcomes: readonly RunOutcome[] }
  | { readonly failed: { readonly run: number; readonly why: string } };

const sweepKey = (name: string) => `zonefall:sweep:${name}`;
const resultKey = (name: string, job: string) => `zonefall:result:${name}:${job}`;
const workerKey = (name: string) => `zonefall:worker:${name}`;
const pack = (value: unknown) => gzipSync(JSON.stringify(value), { level: 1 });
const unpack = <T>(bytes: Buffer) => JSON.parse(gunzipSync(bytes).toString('utf8')) as T;

export async function announce(redis: Redis, name: string, { version, hash, study }: Announcement) {
  const key = sweepKey(name);
  await redis
    .multi()
    .hset(key, { version, hash, study: pack(study) })
    .pexpire(key, LEASE_MS)
    .sadd('zonefall:sweeps', name)
    .exec();
}

/** false: it has expired, and must be announced anew. */
export async function renewSweep(redis: Redis, name: string): Promise<boolean> {
  return (await redis.pexpire(sweepKey(name), LEASE_MS)) === 1;
}

export async function withdraw(redis: Redis, name: string): Promise<void> {
  await redis.multi().del(sweepKey(name)).srem('zonefall:sweeps', name).exec();
}

export async function sweepNames(redis: Redis): Promise<string[]> {
  return redis.smembers('zonefall:sweeps');
}

export async function isSweepAlive(redis: Redis, name: string): Promise<boolean> {
  return (await redis.exists(sweepKey(name))) === 1;
}

/** undefined: the sweep is over. */
export async function announcement(redis: Redis, name: string): Promise<Announcement | undefined> {
  const { version, hash, study } = await redis.hgetallBuffer(sweepKey(name));
  if (version === undefined || hash === undefined || study === undefined) return undefined;
  return { version: version.toString(), hash: hash.toString(), study: unpack<Study>(study) };
}

/** What BullMQ leaves of a queue that is done with. */
export async function removeQueue(redis: Redis, name: string): Promise<void> {
  for await (const keys of redis.scanStream({ match: `${QUEUE_PREFIX}:${name}:*` })) {
    if (keys.length > 0) await redis.del(...(keys as string[]));
  }
}

export async function putResult(redis: Redis, name: string, job: string, result: JobResult): Promise<void> {
  await redis.set(resultKey(name, job), pack(result), 'PX', RESULT_MS);
}

export async function takeResult(redis: Redis, name: string, job: string): Promise<JobResult | undefined> {
  const key = resultKey(name, job);
  const bytes = await redis.getBuffer(key);
  if (bytes === null) return undefined;
  await redis.del(key);
  return unpack<JobResult>(bytes);
}

export async function showWorker(redis: Redis, name: string, card: WorkerCard): Promise<void> {
  await redis
    .multi()
    .set(workerKey(name), JSON.stringify(card), 'PX', LEASE_MS)
    .sadd('zonefall:workers', name)
    .exec();
}

export async function hideWorker(redis: Redis, name: string): Promise<void> {
  await redis.multi().del(workerKey(name)).srem('zonefall:workers', name).exec();
}

/** Those that live. */
export async function workersPresent(redis: Redis): Promise<WorkerCard[]> {
  const names = await redis.smembers('zonefall:workers');
  if (names.length === 0) return [];
  const cards = await redis.mget(names.map(workerKey));
  const gone = names.filter((_, i) => cards[i] === null);
  if (gone.length > 0) await redis.srem('zonefall:workers', ...gone);
  return cards.flatMap((card) => (card == null ? [] : [JSON.parse(card) as WorkerCard]));
}
