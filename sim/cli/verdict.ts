/** The exit code of a run, and why it is not 0. */
import { idleFaults } from '../../reports/findings/idle-faults.ts';
import { overallVerdict } from '../../reports/index.ts';
import type { Run } from '../run.ts';
import * as exit from './exit-codes.ts';

export interface RunVerdict {
  readonly code: typeof exit.OK | typeof exit.FAIL | typeof exit.INCONCLUSIVE;
  /** Faults of the scenario without which its question was not asked, in words. */
  readonly notes: readonly string[];
}

const CODES = { pass: exit.OK, fail: exit.FAIL, inconclusive: exit.INCONCLUSIVE } as const;

export function verdictOf(run: Run): RunVerdict {
  return { code: CODES[overallVerdict(run)], notes: idleFaults(run).map(({ words }) => words) };
}
