/** Which runs of a variant are worth looking at alone: the worst, the typical, the best. */
import type { VariantFindings } from './findings.ts';
import { mainRow } from './main-row.ts';
import type { RunOutcome } from './outcome.ts';

export interface NotableRuns {
  readonly worst: number;
  readonly median: number;
  readonly best: number;
  /** The row by whose downtime they are told apart. */
  readonly row: number;
  /** No run differs from another. */
  readonly alike: boolean;
}

/**
 * By the downtime of the main row of the system that the first objective on an operation is about, else of the one that is
 * down most; where that is the same in two runs, by the downtime of all rows, then by the time spent limited or waiting, then
 * by number. null without runs.
 */
export function notableRuns({
  variant,
  rows,
  outcomes,
}: Pick<VariantFindings, 'variant' | 'rows' | 'outcomes'>): NotableRuns | null {
  const [first] = outcomes;
  if (first === undefined) return null;
  const row = rowToWatch(variant.scenario, rows, outcomes);
  const keyOf = (run: RunOutcome): readonly number[] => [
    run.operations[row]?.downUs ?? 0,
    run.operations.reduce((sum, each) => sum + each.downUs, 0),
    run.operations.reduce((sum, each) => sum + each.degradedUs + each.waitingUs, 0),
  ];
  const keys = outcomes.map(keyOf);
  const compare = (a: number, b: number) =>
    keys[a]!.reduce((difference, value, i) => difference || value - keys[b]![i]!, 0) || b - a;
  const ascending = outcomes.map((_, i) => i).sort(compare);
  return {
    worst: ascending.at(-1)!,
    median: ascending[Math.floor((ascending.length - 1) / 2)]!,
    best: ascending[0]!,
    row,
    alike: keys.every((key) => key.every((value, i) => value === keys[0]![i])),
  };
}

/** The main row of the system that the first objective on an operation is about, else of the one that is down most. */
function rowToWatch(
  scenario: VariantFindings['variant']['scenario'],
  rows: VariantFindings['rows'],
  outcomes: readonly RunOutcome[],
): number {
  const candidates = rows.systems.map((system) => mainRow(scenario, rows, system)).filter((row) => row >= 0);
  const first = scenario.objectives.find(({ metric }) => 'operation' in metric)?.system;
  const named = candidates.filter((row) => {
    const { system } = rows.operations[row]!;
    return (
      system === first || scenario.systems.some(({ name, family }) => name === system && family === first)
    );
  });
  const downUs = (row: number) => outcomes.reduce((sum, run) => sum + run.operations[row]!.downUs, 0);
  const among = named.length > 0 ? named : candidates;
  return among.reduce((most, row) => (downUs(row) > downUs(most) ? row : most), among[0] ?? 0);
}
