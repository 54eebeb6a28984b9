/** What a sweep found out: verdicts over all variants, and whether a precision is reached. */
import type { Verdict } from '../measures/objectives.ts';
import { type ExactFigures, exactFigures } from './exact-figures.ts';
import { judgeRuns, overall, type SweptObjective, unavailabilityInterval } from './objectives.ts';
import type { OutcomeRows, RunOutcome } from './outcome.ts';
import { DEFAULT_CONFIDENCE } from './statistics/index.ts';
import { STOP_CONFIDENCE } from './stopping.ts';
import type { Variant } from './study.ts';
import type { SweepResult } from './sweep.ts';

export interface VariantFindings {
  readonly variant: Variant;
  readonly rows: OutcomeRows;
  readonly outcomes: readonly RunOutcome[];
  /** Empty where the scenario has no exact answer. */
  readonly exact: ExactFigures;
  readonly objectives: readonly SweptObjective[];
  /** Of its objectives; pass when it states none. */
  readonly verdict: Verdict;
  /** Planned entries of the scenario's faults (by index) that had no effect in any run: its question was not asked. */
  readonly idleFaults: readonly number[];
}

export interface SweepFindings {
  readonly variants: readonly VariantFindings[];
  /** Of all variants; inconclusive when the sweep was interrupted. */
  readonly verdict: Verdict;
  readonly confidence: number;
}

export function findingsOf(result: SweepResult, confidence = DEFAULT_CONFIDENCE): SweepFindings {
  const variants = result.study.variants.map((variant, i): VariantFindings => {
    const rows = result.rows[i]!;
    const outcomes = result.outcomes[i]!;
    const exact = exactFigures(variant.scenario);
    const objectives = judgeRuns(variant.scenario, rows, outcomes, confidence, exact);
    const verdicts = objectives.map((each) => each.verdict);
    const idleFaults = idleInAll(outcomes);
    // No run at all, or a fault that never struck: nothing was found out, whatever passes.
    const asked = outcomes.length > 0 && idleFaults.length === 0;
    return {
      variant,
      rows,
      outcomes,
      exact,
      objectives,
      verdict: overall([...verdicts, asked ? 'pass' : 'inconclusive']),
      idleFaults,
    };
  });
  const verdict =
    result.stopped === 'interrupted' ? 'inconclusive' : overall(variants.map((each) => each.verdict));
  return { variants, verdict, confidence };
}

/** Entries that were idle in every run. */
function idleInAll(outcomes: readonly RunOutcome[]): number[] {
  const [first, ...others] = outcomes;
  return (first?.idleFaults ?? []).filter((index) =>
    others.every(({ idleFaults }) => idleFaults.includes(index)),
  );
}

/**
 * Whether every objective of every variant is known well enough: certain at STOP_CONFIDENCE, or its interval within
 * `precision` of the figure; what exact analysis alone decides does not end it. Without objectives the unavailability of each system's least available operation stands in.
 */
export function isPreciseEnough(
  variants: readonly Variant[],
  rows: readonly OutcomeRows[],
  outcomes: readonly (readonly RunOutcome[])[],
  precision: number,
): boolean {
  return variants.every(({ scenario }, i) => {
    const own = outcomes[i]!;
    if (scenario.objectives.length > 0) {
      const exact = exactFigures(scenario);
      const certain = judgeRuns(scenario, rows[i]!, own, STOP_CONFIDENCE, exact, false);
      return judgeRuns(scenario, rows[i]!, own, DEFAULT_CONFIDENCE, exact, false).every(
        ({ relativeWidth }, o) => certain[o]!.verdict !== 'inconclusive' || relativeWidth <= precision,
      );
    }
    const worst = leastAvailable(rows[i]!, own, DEFAULT_CONFIDENCE);
    // Where nothing ever failed there is nothing to be precise about.
    return (
      worst.length > 0 &&
      worst.every(({ estimate, lower, upper }) => (upper - lower) / 2 <= precision * estimate)
    );
  });
}

/** Of each system that was unavailable at all, the unavailability of the operation and vantage that were so most. */
function leastAvailable(
  { systems, operations, durationUs }: OutcomeRows,
  outcomes: readonly RunOutcome[],
  confidence: number,
) {
  return systems.flatMap((system) => {
    const intervals = operations.flatMap((row, i) =>
      row.system === system
        ? [
            unavailabilityInterval(
              outcomes.map((each) => each.operations[i]!),
              durationUs,
              confidence,
            ),
          ]
        : [],
    );
    const worst = intervals.reduce((a, b) => (b.estimate > a.estimate ? b : a), intervals[0]!);
    return worst === undefined || worst.estimate === 0 ? [] : [worst];
  });
}
