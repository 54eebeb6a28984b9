/** Runs on other machines: chunks are jobs of a BullMQ queue, which any number of `zonefall worker` processes serve. */
import { randomUUID } from 'node:crypto';
import type { Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Chunk, Engine, EngineMaker } from '../../engine.ts';
import type { RunOutcome } from '../../outcome.ts';
import { RunFailedError } from '../../run-chunk.ts';
import type { Study } from '../../study.ts';
import { studyHash } from '../../study-hash.ts';
import * as board from './board.ts';
import {
  type Connection,
  connect,
  queuePackages,
  RedisUnavailableError,
  unavailable,
  withoutPassword,
} from './redis.ts';

export interface BullmqOptions {
  readonly url: string;
  /** Of zonefall: workers of another one are left out. */
  readonly version: string;
  /** Tells that there are no workers yet, or that some are left out. */
  readonly note?: (text: string) => void;
  /** How long a Redis that is lost is waited for, by default half a minute. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 30_000;
/** How often it is looked whether a message was missed or a worker came. */
const LOOK_MS = 1_000;
/** Looks without a worker until that is said. */
const LOOKS_ALONE = 3;
/** Entries of BullMQ's log of events, which only tells that a job is done. */
const EVENTS_KEPT = 1_000;

export function bullmq(options: BullmqOptions): EngineMaker {
  return async (study) => {
    const connection = await connect(options.url);
    const engine = new BullmqEngine(study, connection, options);
    try {
      await engine.start();
      return engine;
    } catch (error) {
      await engine.close();
      throw error instanceof RedisUnavailableError ? error : unavailable(options.url, error);
    }
  };
}

interface Pending {
  readonly chunk: Chunk;
  /** Its job is in the queue, as far as this side knows. */
  added: boolean;
  resolve(outcomes: readonly RunOutcome[]): void;
  reject(error: unknown): void;
}

class BullmqEngine implements Engine {
  readonly #name = randomUUID();
  readonly #study: Study;
  readonly #hash: string;
  readonly #connection: Connection;
  readonly #redis: Redis;
  readonly #options: BullmqOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #timers: NodeJS.Timeout[] = [];
  #queue: Queue | undefined;
  #events: QueueEvents | undefined;
  #threads = 0;
  #alone = 0;
  #leftOut = 0;
  #lost: NodeJS.Timeout | undefined;
  #broken: { readonly error: unknown } | undefined;
  #closed = false;

  constructor(study: Study, connection: Connection, options: BullmqOptions) {
    this.#study = study;
    this.#hash = studyHash(study);
    this.#connection = connection;
    this.#redis = connection.redis;
    this.#options = options;
  }

  /** Threads of the workers that are there. */
  get parallel(): number {
    return Math.max(1, this.#threads);
  }

  async start(): Promise<void> {
    const { Queue, QueueEvents } = await queuePackages();
    this.#redis.on('close', () => this.#onLost());
    this.#redis.on('ready', () => this.#onBack());
    await this.#announce();
    const options = { connection: this.#redis, prefix: board.QUEUE_PREFIX };
    this.#queue = new Queue(this.#name, { ...options, streams: { events: { maxLen: EVENTS_KEPT } } });
    this.#events = new QueueEvents(this.#name, options);
    // Connections find their way back themselves; what a lost one costs is seen here.
    this.#queue.on('error', () => {});
    this.#events.on('error', () => {});
    const settle = ({ jobId }: { jobId: string }) => this.#orBreak(this.#settle(jobId));
    this.#events.on('completed', settle);
    this.#events.on('failed', settle);
    await Promise.all([this.#queue.waitUntilReady(), this.#events.waitUntilReady()]);
    await this.#look();
    const every = (ms: number, action: () => Promise<unknown>) => {
      let busy = false;
      const timer = setInterval(() => {
        if (busy || this.#redis.status !== 'ready') return;
        busy = true;
        this.#orBreak(action().finally(() => (busy = false)));
      }, ms);
      this.#timers.push(timer);
    };
    every(board.RENEW_MS, () => this.#announce());
    every(LOOK_MS, () => this.#look());
  }

  async execute(chunk: Chunk, signal: AbortSignal): Promise<readonly RunOutcome[]> {
    signal.throwIfAborted();
    if (this.#broken !== undefined) throw this.#broken.error;
    const id = jobId(this.#hash, chunk);
    const done = new Promise<readonly RunOutcome[]>((resolve, reject) => {
      this.#pending.set(id, { chunk, added: false, resolve, reject });
    });
    const onAbort = () => {
      this.#pending.get(id)?.reject(signal.reason);
      // A job that nobody has begun need not be; one that is being worked on ends with the sweep.
      this.#queue?.remove(id).catch(() => {});
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#orBreak(this.#add(id));
    try {
      return await done;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#pending.delete(id);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#lost);
    if (this.#redis.status === 'ready') {
      await board.withdraw(this.#redis, this.#name).catch(() => {});
      await Promise.allSettled([this.#events?.close(), this.#queue?.close()]);
      await board.removeQueue(this.#redis, this.#name).catch(() => {});
      this.#connection.end();
    } else {
      this.#connection.end();
      // BullMQ would wait for a goodbye of the Redis that is gone.
      for (const part of [this.#events, this.#queue]) part?.close().catch(() => {});
    }
  }

  /** Workers learn of the sweep from it; it says that the sweep lives, too. */
  async #announce(): Promise<void> {
    if (await board.renewSweep(this.#redis, this.#name)) return;
    await board.announce(this.#redis, this.#name, {
      version: this.#options.version,
      hash: this.#hash,
      study: this.#study,
    });
  }

  async #add(id: string): Promise<void> {
    const entry = this.#pending.get(id);
    if (entry === undefined) return;
    const data: board.JobData = { hash: this.#hash, ...entry.chunk };
    // The id makes it one job however often it is added.
    await this.#queue!.add('chunk', data, { jobId: id, removeOnComplete: true });
    entry.added = true;
  }

  /** Fetches what came of a job, if anything did. */
  async #settle(id: string): Promise<void> {
    const entry = this.#pending.get(id);
    if (entry === undefined) return;
    const { chunk } = entry;
    const result = await board.takeResult(this.#redis, this.#name, id);
    if (result === undefined) {
      const job = await this.#queue!.getJob(id);
      if (job === undefined || !(await job.isFailed())) return;
      const why = `the workers that had runs ${chunk.from} to ${chunk.to - 1} in hand ended (${job.failedReason})`;
      this.#break(new RunFailedError(this.#study, chunk.variant, chunk.from, new Error(why)));
    } else if ('failed' in result) {
      const { run, why } = result.failed;
      this.#break(new RunFailedError(this.#study, chunk.variant, run, new Error(why)));
    } else entry.resolve(result.outcomes);
  }

  /** Who works for this sweep; and whether word of a job was lost, or the job itself with the data of a Redis. */
  async #look(): Promise<void> {
    const workers = await board.workersPresent(this.#redis);
    const ours = workers.filter(({ version }) => version === this.#options.version);
    this.#threads = ours.reduce((sum, { threads }) => sum + threads, 0);
    this.#tellOfWorkers(ours.length, workers);
    for (const [id, entry] of this.#pending) {
      if (!entry.added) continue;
      await this.#settle(id);
      if (!this.#pending.has(id)) continue;
      if ((await this.#queue!.getJobState(id)) !== 'unknown') continue;
      // Done between the two questions, or gone.
      await this.#settle(id);
      await this.#add(id);
    }
  }

  #tellOfWorkers(ours: number, all: readonly board.WorkerCard[]): void {
    const { version, note, url } = this.#options;
    const others = all.filter((each) => each.version !== version);
    const versions = [...new Set(others.map((each) => each.version))].sort().join(', ');
    if (ours > 0) {
      this.#alone = 0;
      if (others.length > this.#leftOut)
        note?.(
          `left out: ${others.length} of ${all.length} workers are of zonefall ${versions}, not ${version}`,
        );
      this.#leftOut = others.length;
      return;
    }
    this.#alone++;
    if (this.#alone !== LOOKS_ALONE) return;
    if (others.length > 0)
      this.#break(
        new RedisUnavailableError(
          `the workers at ${withoutPassword(url)} are of zonefall ${versions}, and this is ${version}: start workers of the same version`,
        ),
      );
    else note?.(`no worker is there yet: start some with zonefall worker --redis ${withoutPassword(url)}`);
  }

  #onLost(): void {
    if (this.#closed || this.#lost !== undefined) return;
    const { patienceMs = PATIENCE_MS, url } = this.#options;
    this.#lost = setTimeout(() => {
      const seconds = Math.round(patienceMs / 1_000);
      this.#break(
        new RedisUnavailableError(`Redis at ${withoutPassword(url)} has been gone for ${seconds} s`),
      );
    }, patienceMs);
  }

  #onBack(): void {
    clearTimeout(this.#lost);
    this.#lost = undefined;
    if (this.#closed) return;
    this.#orBreak(this.#announce().then(() => this.#look()));
  }

  #orBreak(action: Promise<unknown>): void {
    action.catch((error: unknown) => {
      // A command that the loss of the connection cut off is made good when it is back.
      if (this.#redis.status === 'ready' && !isConnectionLoss(error))
        this.#break(unavailable(this.#options.url, error));
    });
  }

  /** The engine can do no more: everything that is waited for ends with this error. */
  #break(error: unknown): void {
    if (this.#closed) return;
    this.#broken ??= { error };
    for (const { reject } of this.#pending.values()) reject(this.#broken.error);
  }
}

function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (
    ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT'].includes(code ?? '') ||
    /Connection is closed|Command aborted|LOADING|read ECONN|write E/.test(message ?? '')
  );
}

function jobId(hash: string, { variant, from, to }: Chunk): string {
  return `${hash.slice('sha256:'.length, 'sha256:'.length + 16)}-${variant}-${from}-${to}`;
}
