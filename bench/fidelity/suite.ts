/** A suite: comparisons that share a source. A new one is one file here and one line in suites.ts. */
import type { Comparison } from './comparison.ts';

export interface FidelityOptions {
  /** The folder laid out like ground-truth/; null when there is none. */
  readonly data: string | null;
  /** Few runs: what `npm test` does. Criteria allow for the wider error. */
  readonly short: boolean;
  /** Told what is being done, for a person who waits. */
  readonly progress: (words: string) => void;
}

export interface Suite {
  /** `--only NAME` picks suites whose name begins so. */
  readonly name: string;
  readonly run: (options: FidelityOptions) => readonly Comparison[] | Promise<readonly Comparison[]>;
}

export function suite(name: string, run: Suite['run']): Suite {
  return { name, run };
}
