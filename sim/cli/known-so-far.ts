/** The figure of a sweep that is worth telling while it runs: the objective that is known least. */
import { figureWords } from '../../reports/study/words.ts';
import { judgeRuns, type SweptObjective } from '../experiments/objectives.ts';
import type { OutcomeRows, RunOutcome } from '../experiments/outcome.ts';
import type { Variant } from '../experiments/study.ts';

export interface Known {
  /** `etcd write availability 99.91 %`. */
  readonly words: string;
  /** Half the interval's width over the figure. */
  readonly relativeWidth: number;
}

/** undefined when no objective has a figure yet. Those whose verdict is certain come last. */
export function knownSoFar(
  variants: readonly Variant[],
  rows: readonly OutcomeRows[],
  outcomes: readonly (readonly RunOutcome[])[],
): Known | undefined {
  let least: SweptObjective | undefined;
  variants.forEach(({ scenario }, i) => {
    for (const judged of judgeRuns(scenario, rows[i]!, outcomes[i]!)) {
      if (judged.figure === null) continue;
      if (least === undefined || urgency(judged) > urgency(least)) least = judged;
    }
  });
  return least === undefined
    ? undefined
    : { words: figureWords(least), relativeWidth: least.figure!.relativeWidth };
}

function urgency({ verdict, relativeWidth }: SweptObjective): number {
  return (verdict === 'inconclusive' ? 1 : 0) + Math.min(relativeWidth, 1e9) / 1e10;
}
