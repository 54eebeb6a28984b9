/** Runs on the cores of this machine: a pool of threads, each with its own copy of the study. */
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { Chunk, Engine, EngineMaker } from '../engine.ts';
import type { RunOutcome } from '../outcome.ts';
import { RunFailedError } from '../run-chunk.ts';
import type { Study } from '../study.ts';
import { newPosition, positionOf, type ThreadTask } from './thread-task.ts';

export interface ThreadsOptions {
  /** Threads; by default as many as the machine has cores for this process. */
  readonly workers?: number;
  /** Memory of each thread's model, in MiB; by default what Node allows. */
  readonly memoryMiB?: number;
  /** The program of a thread, for tests. */
  readonly file?: string;
}

export function coreCount(): number {
  return availableParallelism();
}

export function threads(options: ThreadsOptions = {}): EngineMaker {
  return async (study) => new ThreadsEngine(study, options);
}

/** Beside this file: as it is built, or as it is written. */
function threadFile(): string {
  const name = import.meta.url.endsWith('.ts') ? './thread-from-source.mjs' : './thread.js';
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A run leaves much that dies young: with more room for it a sixth of the time is saved. */
const YOUNG_MIB = 192;

class ThreadsEngine implements Engine {
  readonly parallel: number;
  readonly #study: Study;
  readonly #pool: Piscina<ThreadTask, RunOutcome[]>;
  /** Aborted when a thread died: what waits in the pool would wait for ever if its threads cannot even start. */
  readonly #broken = new AbortController();

  constructor(study: Study, { workers = coreCount(), file = threadFile(), memoryMiB }: ThreadsOptions) {
    this.parallel = workers;
    this.#study = study;
    this.#pool = new Piscina({
      filename: file,
      minThreads: workers,
      maxThreads: workers,
      workerData: study,
      resourceLimits: {
        maxYoungGenerationSizeMb: YOUNG_MIB,
        ...(memoryMiB !== undefined && { maxOldGenerationSizeMb: memoryMiB }),
      },
      // Node 20 aborts the whole process when a thread is ended while it require()s an ES module, which piscina tries first.
      execArgv: ['--no-experimental-require-module'],
    });
    this.#pool.on('error', (error) => this.#broken.abort(error));
  }

  async execute(chunk: Chunk, signal: AbortSignal): Promise<readonly RunOutcome[]> {
    signal.throwIfAborted();
    const position = newPosition(chunk);
    try {
      return await this.#pool.run(
        { chunk, position },
        { signal: AbortSignal.any([signal, this.#broken.signal]) },
      );
    } catch (error) {
      signal.throwIfAborted();
      this.#broken.signal.throwIfAborted();
      const failure = new RunFailedError(this.#study, chunk.variant, positionOf(position), inWords(error));
      this.#broken.abort(failure);
      throw failure;
    }
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}

/** How a thread ends that does not end well. */
function inWords(error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new Error('its thread ran out of memory', { cause: error });
  const exit = /^worker exited with code: (\d+)$/.exec(message ?? '');
  if (exit !== null) return new Error(`its thread ended with code ${exit[1]}`, { cause: error });
  return error;
}
