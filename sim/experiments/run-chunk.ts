/** Runs of one chunk, one after the other: what every engine does in the end. */
import { simulateInSteps } from '../simulate.ts';
import type { Chunk } from './engine.ts';
import { outcomeOf, type RunOutcome } from './outcome.ts';
import { type Study, seedOfRun } from './study.ts';

/** A run that threw: a bug in the model. The message names variant and run, `cause` is what it threw. */
export class RunFailedError extends Error {
  override readonly name = 'RunFailedError';
  readonly run: number;
  readonly seed: string;

  constructor(study: Study, variant: number, run: number, cause: unknown) {
    const seed = String(seedOfRun(study.seed, run));
    const name = study.variants[variant]?.name ?? String(variant);
    const what = cause instanceof Error ? cause.message : String(cause);
    super(`run ${run} of variant "${name}" (seed ${seed}) failed: ${what}`, { cause });
    this.run = run;
    this.seed = seed;
  }
}

/**
 * Yields often (never longer apart than a step of a run takes) so that a caller can look for an interrupt, and returns the
 * outcomes in the order of the run. Throws a RunFailedError.
 */
export function* runChunkInSteps(study: Study, chunk: Chunk): Generator<void, RunOutcome[], void> {
  const variant = study.variants[chunk.variant];
  if (variant === undefined) throw new RangeError(`there is no variant ${chunk.variant}`);
  const outcomes: RunOutcome[] = [];
  for (let k = chunk.from; k < chunk.to; k++) {
    try {
      const steps = simulateInSteps(variant.scenario, { seed: seedOfRun(study.seed, k) });
      let step = steps.next();
      while (step.done !== true) {
        yield;
        step = steps.next();
      }
      outcomes.push(outcomeOf(step.value, chunk.variant, k));
    } catch (error) {
      throw new RunFailedError(study, chunk.variant, k, error);
    }
  }
  return outcomes;
}

/** The same without pauses. */
export function runChunk(study: Study, chunk: Chunk): RunOutcome[] {
  const steps = runChunkInSteps(study, chunk);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
