/** Runs on this machine: in this thread first, on all cores when they turn out to take long enough to be worth it. */

import type { Engine, EngineMaker } from '../engine.ts';
import { inlineEngine } from '../inline-engine.ts';

export interface LocalOptions {
  /** 1: this thread. More: so many others, from the start. By default one for each core, once it is worth it. */
  readonly workers?: number | undefined;
  /** When it is. */
  readonly worthAfterMs?: number;
}

/** Threads take some tenths of a second to start. */
const WORTH_AFTER_MS = 500;

export function local({ workers, worthAfterMs = WORTH_AFTER_MS }: LocalOptions = {}): EngineMaker {
  return async (study) => {
    if (workers === 1) return inlineEngine(study);
    if (workers !== undefined) {
      const { threads } = await import('./threads.ts');
      return threads({ workers })(study);
    }
    const inline = await inlineEngine(study);
    const startedMs = performance.now();
    let pool: Promise<Engine> | undefined;
    let parallel = 1;
    const start = async () => {
      const { coreCount, threads } = await import('./threads.ts');
      const cores = coreCount();
      if (cores === 1) return inline;
      const engine = await threads({ workers: cores })(study);
      parallel = engine.parallel;
      return engine;
    };
    return {
      get parallel() {
        return parallel;
      },
      async execute(chunk, signal) {
        if (pool === undefined && performance.now() - startedMs < worthAfterMs)
          return inline.execute(chunk, signal);
        pool ??= start();
        return (await pool).execute(chunk, signal);
      },
      async close() {
        await (await pool)?.close();
      },
    };
  };
}
