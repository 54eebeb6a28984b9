/** Between the last run and the answer: seconds in which the user is told what is done, and may still leave. */
import { setImmediate } from 'node:timers/promises';
import { exactFigures } from '../experiments/exact-figures.ts';
import type { SweepResult } from '../experiments/sweep.ts';
import type { Scenario } from '../scenario.ts';
import { InterruptedError } from './errors.ts';
import type { Io } from './io.ts';
import { answerLeft, workingOutAnswer } from './messages.ts';

/** Runs that took longer than this, or an answer that has: what goes on is told. */
const RUNS_MS = 2_000;
const ANSWER_MS = 500;

export interface WorkingOut {
  readonly result: Pick<SweepResult, 'outcomes' | 'stopped'>;
  /** Wall clock that the runs took, in milliseconds and in words; undefined: they were there before. */
  readonly took: { readonly ms: number; readonly words: string } | undefined;
  /** Where the runs are kept, whatever becomes of the answer; undefined: nowhere. */
  readonly keptIn: string | undefined;
}

/**
 * Calculates the exact answers that reports will ask for, one scenario at a time. Throws an InterruptedError at Ctrl-C, which
 * says what is kept.
 */
export async function workOut(
  scenarios: readonly Scenario[],
  { result, took, keptIn }: WorkingOut,
  io: Io,
  quiet: boolean,
): Promise<void> {
  const runs = result.outcomes.reduce((sum, each) => sum + each.length, 0);
  if (runs === 0) return;
  const interrupted = result.stopped === 'interrupted';
  let left = false;
  const stopListening = io.onInterrupt(() => {
    left = true;
  });
  const startedMs = performance.now();
  let told = quiet;
  const tell = () => {
    if (!told) io.stderr.write(workingOutAnswer(runs, took?.words, interrupted));
    told = true;
  };
  try {
    if (interrupted || (took?.ms ?? 0) >= RUNS_MS) tell();
    for (const scenario of scenarios) {
      exactFigures(scenario);
      // Signals come in between.
      await setImmediate();
      if (left) throw new InterruptedError(answerLeft(runs, keptIn));
      if (performance.now() - startedMs >= ANSWER_MS) tell();
    }
  } finally {
    stopListening();
  }
}
