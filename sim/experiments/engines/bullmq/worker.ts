/** A process that serves every sweep of a Redis: finds those that are announced, works on their chunks in threads. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Engine } from '../../engine.ts';
import { RunFailedError } from '../../run-chunk.ts';
import { studyHash } from '../../study-hash.ts';
import { threads } from '../threads.ts';
import * as board from './board.ts';
import { type Connection, connect, queuePackages, withoutPassword } from './redis.ts';

export interface ServeOptions {
  readonly url: string;
  readonly version: string;
  /** Threads for each sweep. */
  readonly workers: number;
  /** Tells what it does, a line each. */
  readonly say: (text: string) => void;
  /** Ends the service after the chunks in hand. */
  readonly signal: AbortSignal;
}

/** How often it is looked for sweeps that begin or end. */
const LOOK_MS = 500;

/** Resolves when the signal has ended it. Throws a RedisUsageError or a RedisUnavailableError at the start, afterwards waits for Redis. */
export async function serve(options: ServeOptions): Promise<void> {
  const connection = await connect(options.url);
  const service = new Service(connection, options);
  try {
    await service.run();
  } finally {
    await service.close();
  }
}

/** A sweep that is served. */
interface Served {
  readonly worker: Worker;
  readonly engine: Engine;
  /** Aborted when the sweep is over: nobody waits for its chunks any more. */
  readonly over: AbortController;
}

class Service {
  readonly #name = randomUUID();
  readonly #connection: Connection;
  readonly #redis: Redis;
  readonly #options: ServeOptions;
  readonly #served = new Map<string, Served>();
  readonly #refused = new Set<string>();
  #shownMs = Number.NEGATIVE_INFINITY;

  constructor(connection: Connection, options: ServeOptions) {
    this.#connection = connection;
    this.#redis = connection.redis;
    this.#options = options;
  }

  async run(): Promise<void> {
    const { url, workers, say, signal } = this.#options;
    say(
      `worker with ${workers} ${workers === 1 ? 'thread' : 'threads'} waits for sweeps at ${withoutPassword(url)}`,
    );
    let lost = false;
    this.#redis.on('close', () => {
      if (!lost && !signal.aborted) say('the connection to Redis is lost; it is tried again');
      lost = true;
    });
    this.#redis.on('ready', () => {
      if (lost) say('Redis is back');
      lost = false;
    });
    // What was asked of a Redis that is gone since waits until it is back, and perhaps for ever.
    const givenUp = new Promise<void>((resolve) => {
      const look = () => signal.aborted && this.#redis.status !== 'ready' && resolve();
      signal.addEventListener('abort', look);
      this.#redis.on('close', look);
    });
    while (!signal.aborted) {
      if (this.#redis.status === 'ready') {
        const looked = this.#look().catch((error: Error) => {
          // Said when the connection is lost; anything else is worth a line.
          if (this.#redis.status === 'ready') say(`Redis: ${error.message}`);
        });
        await Promise.race([looked, givenUp]);
      }
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {});
    }
  }

  async close(): Promise<void> {
    const here = this.#redis.status === 'ready';
    if (here) await board.hideWorker(this.#redis, this.#name).catch(() => {});
    else this.#connection.end();
    // Waits for the chunks in hand, unless nobody could be told of them.
    await Promise.allSettled([...this.#served.keys()].map((name) => this.#drop(name, !here)));
    this.#connection.end();
  }

  async #look(): Promise<void> {
    if (performance.now() - this.#shownMs >= board.RENEW_MS) {
      const { version, workers } = this.#options;
      await board.showWorker(this.#redis, this.#name, {
        version,
        threads: workers,
        host: hostname(),
        pid: process.pid,
      });
      this.#shownMs = performance.now();
    }
    for (const name of await board.sweepNames(this.#redis)) {
      if (!this.#served.has(name) && !this.#refused.has(name)) await this.#take(name);
    }
    for (const name of this.#served.keys()) {
      if (await board.isSweepAlive(this.#redis, name)) continue;
      await this.#drop(name, true);
      // Its coordinator may be dead, and this worker has written to the queue until now.
      await board.removeQueue(this.#redis, name);
      await board.withdraw(this.#redis, name);
      this.#options.say(`sweep ${short(name)} is over`);
    }
  }

  async #take(name: string): Promise<void> {
    const sweep = await board.announcement(this.#redis, name);
    if (sweep === undefined) {
      // Its coordinator was killed.
      await board.removeQueue(this.#redis, name);
      await board.withdraw(this.#redis, name);
      return;
    }
    const { Worker, UnrecoverableError } = await queuePackages();
    const { version, workers, say } = this.#options;
    const refuse = (why: string) => {
      this.#refused.add(name);
      say(`refused: sweep ${short(name)} ${why}`);
    };
    if (sweep.version !== version)
      return refuse(`is of zonefall ${sweep.version}, and this worker of ${version}`);
    if (studyHash(sweep.study) !== sweep.hash)
      return refuse('came damaged: its study is not what its hash says');
    const engine = await threads({ workers })(sweep.study);
    if (this.#options.signal.aborted) return engine.close();
    const over = new AbortController();
    const worker = new Worker<board.JobData>(
      name,
      async (job) => {
        if (job.data.hash !== sweep.hash)
          throw new UnrecoverableError('the chunk is of another study than its sweep');
        await this.#work(name, engine, job, over.signal);
      },
      {
        connection: this.#redis,
        prefix: board.QUEUE_PREFIX,
        concurrency: workers,
        lockDuration: board.LOCK_MS,
        stalledInterval: board.STALLED_EVERY_MS,
        maxStalledCount: board.STALLED_MAX,
      },
    );
    // A lost connection is said once, in run(); a job that was given to another worker meanwhile is that one's.
    worker.on('error', () => {});
    this.#served.set(name, { worker, engine, over });
    say(`sweep ${short(name)}: ${sweep.study.variants.length} variants`);
  }

  async #work(name: string, engine: Engine, job: Job<board.JobData>, over: AbortSignal): Promise<void> {
    const { variant, from, to } = job.data;
    let result: board.JobResult;
    try {
      result = { outcomes: await engine.execute({ variant, from, to }, over) };
    } catch (error) {
      if (!(error instanceof RunFailedError)) throw error;
      const why = error.cause instanceof Error ? error.cause.message : String(error.cause);
      result = { failed: { run: error.run, why } };
    }
    if (await board.isSweepAlive(this.#redis, name))
      await board.putResult(this.#redis, name, job.id!, result);
  }

  async #drop(name: string, atOnce: boolean): Promise<void> {
    const { worker, engine, over } = this.#served.get(name)!;
    this.#served.delete(name);
    if (atOnce) over.abort(new Error('the sweep is over'));
    const closed = worker.close(atOnce).catch(() => {});
    // BullMQ would wait for a goodbye of a Redis that is gone.
    if (this.#redis.status === 'ready') await closed;
    await engine.close();
  }
}

function short(name: string): string {
  return name.slice(0, 8);
}
