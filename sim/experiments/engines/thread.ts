/** Runs in a thread: executes chunks of the study that it was started with. */
import { workerData } from 'node:worker_threads';
import type { RunOutcome } from '../outcome.ts';
import { RunFailedError, runChunk } from '../run-chunk.ts';
import type { Study } from '../study.ts';
import { setPosition, type ThreadTask } from './thread-task.ts';

const study = workerData as Study;

export default function execute({ chunk, position }: ThreadTask): RunOutcome[] {
  const outcomes: RunOutcome[] = [];
  for (let run = chunk.from; run < chunk.to; run++) {
    setPosition(position, run);
    try {
      outcomes.push(...runChunk(study, { variant: chunk.variant, from: run, to: run + 1 }));
    } catch (error) {
      // Classes do not cross threads: who waits for the chunk names the run.
      throw error instanceof RunFailedError ? error.cause : error;
    }
  }
  return outcomes;
}
