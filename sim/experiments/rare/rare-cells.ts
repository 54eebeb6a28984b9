/** What importance sampling finds of a variant, as figures of a sweep. */
import type { Seed } from '../../kernel/streams.ts';
import type { Cell } from '../cells.ts';
import { exactAnswers } from '../exact/answers.ts';
import { rowsOf } from '../outcome.ts';
import type { Variant } from '../study.ts';
import { playCycle, type RareEstimate, rareEstimates, rareModel } from './rare-events.ts';

export interface RareFindings {
  readonly variant: string;
  readonly cycles: number;
  readonly estimates: readonly RareEstimate[];
  /** Why there are none; '' where there are. */
  readonly why: string;
  readonly cells: readonly Cell[];
}

/** Plays so many cycles of failures. The same seed gives the same findings. */
export function rareFindings({ name, scenario }: Variant, seed: Seed, cycles: number): RareFindings {
  const model = rareModel(scenario);
  if (typeof model === 'string') return { variant: name, cycles: 0, estimates: [], why: model, cells: [] };
  const played = Array.from({ length: cycles }, (_, k) => playCycle(model, seed, k));
  const estimates = rareEstimates(model, rowsOf(scenario).operations, played);
  return { variant: name, cycles, estimates, why: '', cells: cellsOfRare(name, model.scenario, estimates) };
}

function cellsOfRare(
  variant: string,
  scenario: Variant['scenario'],
  estimates: readonly RareEstimate[],
): Cell[] {
  const answers = exactAnswers(scenario);
  return estimates.flatMap((estimate): Cell[] => {
    const { system, operation, vantage, unavailability, notUp, noQuorum } = estimate;
    const answer = answers.find(
      (one) => one.system === system && one.operation === operation && one.vantage === vantage,
    );
    const about = { variant, system, operation, vantage };
    const plain = { exact: null, exactRange: null };
    // In the long run elections add the same as over the run.
    const down =
      answer === undefined || answer.longRun === null
        ? plain
        : {
            exact: answer.longRun,
            exactRange: [
              Math.max(0, answer.longRun - (answer.unavailability - answer.least)),
              answer.longRun + (answer.most - answer.unavailability),
            ] as const,
          };
    return [
      { ...about, ...down, metric: 'rare_down_share', interval: unavailability },
      { ...about, ...plain, metric: 'rare_unavailability', interval: notUp },
      { ...about, ...plain, metric: 'rare_no_quorum_share', interval: noQuorum },
    ];
  });
}
