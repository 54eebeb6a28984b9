/** The exact answers that a scenario has, by the figures of a sweep that ask the same. */
import { MILLISECOND, YEAR } from '../kernel/time.ts';
import type { Scenario } from '../scenario.ts';
import { exactAnswers } from './exact/answers.ts';

/** An exact answer, and the range about it in which a right simulation may come out. */
export interface ExactFigure {
  /** By failures alone. */
  readonly value: number;
  /** With what patient requests take off, and what elections add. */
  readonly least: number;
  readonly most: number;
}

/** By `exactKey`. */
export type ExactFigures = ReadonlyMap<string, ExactFigure>;

export interface FigureName {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  /** As in cells.csv. */
  readonly metric: string;
}

export function exactKey({ system, operation, vantage, metric }: FigureName): string {
  return JSON.stringify([system, operation, vantage, metric]);
}

const known = new WeakMap<Scenario, ExactFigures>();

/** Calculated once for a scenario: it may take seconds. */
export function exactFigures(scenario: Scenario): ExactFigures {
  const figures = known.get(scenario) ?? calculate(scenario);
  known.set(scenario, figures);
  return figures;
}

function calculate(scenario: Scenario): ExactFigures {
  const { durationUs } = scenario.run;
  const figures = new Map<string, ExactFigure>();
  for (const answer of exactAnswers(scenario)) {
    const { system, operation, vantage, least, most } = answer;
    // Sums of shares may end a rounding above 1.
    const unavailability = Math.min(1, answer.unavailability);
    const notUp = answer.notUp === null ? null : Math.min(1, answer.notUp);
    const put = (metric: string, value: number, low: number, high: number) =>
      figures.set(exactKey({ system, operation, vantage, metric }), { value, least: low, most: high });
    const downMs = durationUs / MILLISECOND;
    const yearMs = YEAR / MILLISECOND;
    put('downtime_ms', unavailability * downMs, least * downMs, most * downMs);
    put('downtime_ms_per_year', unavailability * yearMs, least * yearMs, most * yearMs);
    if (notUp === null) continue;
    const low = Math.max(0, notUp - (unavailability - least));
    const high = Math.min(1, notUp + (most - unavailability));
    put('unavailability', notUp, low, high);
    put('availability', 1 - notUp, 1 - high, 1 - low);
  }
  return figures;
}
