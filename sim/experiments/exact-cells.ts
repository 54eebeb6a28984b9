/** The exact answers that a scenario has, as figures of cells. */
import { MILLISECOND, YEAR } from '../kernel/time.ts';
import type { Scenario } from '../scenario.ts';
import { type Cell, cellsOf, type ExactFigure, type ExactFigures, exactKey } from './cells.ts';
import { exactAnswers } from './exact/answers.ts';
import type { VariantFindings } from './findings.ts';
import { DEFAULT_CONFIDENCE } from './statistics/index.ts';

/** Of failures alone; the range holds what elections add and what patient requests take off. */
export function exactFigures(scenario: Scenario): ExactFigures {
  const { durationUs } = scenario.run;
  const figures = new Map<string, ExactFigure>();
  for (const { system, operation, vantage, unavailability, notUp, least, most } of exactAnswers(scenario)) {
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

/** The cells of a variant, with the exact answers beside them. */
export function cellsBesideExact(
  found: Pick<VariantFindings, 'variant' | 'rows' | 'outcomes'>,
  confidence = DEFAULT_CONFIDENCE,
): Cell[] {
  return cellsOf(found, exactFigures(found.variant.scenario), confidence);
}
