/** The exit code of a run, and why it is not 0. */
import type { Run } from '../run.ts';
import * as exit from './exit-codes.ts';

export interface RunVerdict {
  readonly code: typeof exit.OK | typeof exit.FAIL | typeof exit.INCONCLUSIVE;
  /** Faults of the scenario without which its question was not asked, in words. */
  readonly notes: readonly string[];
}

export function verdictOf(run: Run): RunVerdict {
  const verdicts = run.objectives.map((each) => each.verdict);
  const notes = idleFaults(run);
  if (verdicts.includes('fail')) return { code: exit.FAIL, notes };
  if (verdicts.includes('inconclusive') || notes.length > 0) return { code: exit.INCONCLUSIVE, notes };
  return { code: exit.OK, notes };
}

/**
 * A fault that is repeated or random may strike in vain now and then; one that never had an effect leaves the scenario's
 * question unanswered. So does a planned fault that never began; a random one that did not happen is part of the answer.
 */
function idleFaults(run: Run): string[] {
  return run.scenario.faults.flatMap((fault, index) => {
    const reports = run.faults.filter((report) => report.index === index);
    if (reports.some((report) => report.hadEffect)) return [];
    const [first] = reports;
    if (first !== undefined)
      return [
        `fault ${first.number} (${first.title}) had no effect${first.note === '' ? '' : `: ${first.note}`}`,
      ];
    return fault.start.kind === 'every' ? [] : [`the fault ${fault.origin} never began within the run`];
  });
}
