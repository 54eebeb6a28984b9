/** Faults of the scenario without which its question was not asked. */
import type { Run } from '../../sim/run.ts';
import { clean, count } from '../words.ts';

export interface IdleFault {
  /** Its number in the reports; null when it never began. */
  readonly number: number | null;
  /** A clause: `fault 2 (manager-1 crashes) had no effect: it was already down`. */
  readonly words: string;
}

/**
 * A fault that is repeated or random may strike in vain now and then; one that never had an effect leaves the scenario's
 * question unanswered. So does a planned fault that never began; a random one that did not happen is part of the answer.
 */
export function idleFaults(run: Pick<Run, 'faults' | 'scenario'>): IdleFault[] {
  return run.scenario.faults.flatMap((fault, index): IdleFault[] => {
    const reports = run.faults.filter((report) => report.index === index);
    if (reports.some((report) => report.hadEffect)) return [];
    const [first] = reports;
    if (first !== undefined) {
      const { number, title, note } = first;
      const why = note === '' ? '' : `: ${clean(note)}`;
      return [{ number, words: `fault ${number} (${clean(title)}) had no effect${why}` }];
    }
    return fault.start.kind === 'every'
      ? []
      : [{ number: null, words: `the fault ${clean(fault.origin)} never began within the run` }];
  });
}

/** `fault 2 had no effect`, `the fault timeline[1] never began`, `3 faults had no effect or never began`; '' without any. */
export function idleWords(idle: readonly IdleFault[]): string {
  const [first, ...others] = idle;
  if (first === undefined) return '';
  if (others.length === 0)
    return first.number === null
      ? first.words.replace(' within the run', '')
      : `fault ${first.number} had no effect`;
  const begun = idle.filter(({ number }) => number !== null).length;
  const what =
    begun === idle.length ? 'had no effect' : begun === 0 ? 'never began' : 'had no effect or never began';
  return `${count(idle.length, 'fault')} ${what}`;
}
