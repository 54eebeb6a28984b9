/** Where runs are executed: in this thread, on other cores, on other machines. What comes out is the same. */
import type { RunOutcome } from './outcome.ts';
import type { Study } from './study.ts';

/** Runs `from` .. `to - 1` of one variant. */
export interface Chunk {
  readonly variant: number;
  readonly from: number;
  readonly to: number;
}

export interface Engine {
  /** How many chunks it works on at once: a caller keeps at least so many waiting. */
  readonly parallel: number;
  /**
   * Executes one chunk; outcomes in the order of the run. Chunks may be given at any time and end in any order. Rejects with the
   * signal's reason when it is aborted, with an Error when a run failed (which names variant and run).
   */
  execute(chunk: Chunk, signal: AbortSignal): Promise<readonly RunOutcome[]>;
  /** Frees threads and connections. */
  close(): Promise<void>;
}

/** Makes an engine for a study: the study crosses to the workers once. */
export type EngineMaker = (study: Study) => Promise<Engine>;
