/** Runs in this thread: no start-up cost, one core. */
import { setImmediate } from 'node:timers/promises';
import type { Engine, EngineMaker } from './engine.ts';
import { runChunkInSteps } from './run-chunk.ts';

/** How long the model may run before the event loop gets its turn: Ctrl-C, progress. */
const SLICE_MS = 40;

export const inlineEngine: EngineMaker = async (study): Promise<Engine> => ({
  parallel: 1,
  async execute(chunk, signal) {
    const steps = runChunkInSteps(study, chunk);
    let breakAt = performance.now() + SLICE_MS;
    for (;;) {
      signal.throwIfAborted();
      const step = steps.next();
      if (step.done === true) return step.value;
      if (performance.now() < breakAt) continue;
      await setImmediate();
      breakAt = performance.now() + SLICE_MS;
    }
  },
  async close() {},
});
