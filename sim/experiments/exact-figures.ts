/** The exact answers that a scenario has, by the figures of a sweep that ask the same. */
import { MILLISECOND, YEAR } from '../kernel/time.ts';
import type { Scenario } from '../scenario.ts';
import { votingSystems } from '../systems/system-spec.ts';
import { type ExactAnalysis, type ExactAnswer, exactAnalysis } from './exact/answers.ts';
import { timeBasisOf } from './time-basis.ts';

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

interface Known {
  readonly figures: ExactFigures;
  readonly without: ExactAnalysis['without'];
}

const known = new WeakMap<Scenario, Known>();

/** Calculated once for a scenario: it may take seconds. */
export function exactFigures(scenario: Scenario): ExactFigures {
  return analysed(scenario).figures;
}

/** Systems that vote and have no exact answer, and why, where something fails by itself: elsewhere nobody expects one. */
export function exactMissing(scenario: Scenario): ExactAnalysis['without'] {
  if (!scenario.faults.some(({ start }) => start.kind === 'every')) return [];
  const voting = votingSystems(scenario.systems);
  return analysed(scenario).without.filter(({ system }) => voting.some(({ name }) => name === system));
}

function analysed(scenario: Scenario): Known {
  let found = known.get(scenario);
  if (found === undefined) {
    const { answers, without } = exactAnalysis(scenario);
    found = { figures: figuresOf(answers, scenario), without };
    known.set(scenario, found);
  }
  return found;
}

function figuresOf(answers: readonly ExactAnswer[], scenario: Scenario): ExactFigures {
  const { durationUs } = scenario.run;
  const ofYear = timeBasisOf([scenario]).kind === 'year';
  const figures = new Map<string, ExactFigure>();
  for (const answer of answers) {
    const { system, operation, vantage, least, most } = answer;
    // Sums of shares may end a rounding above 1.
    const unavailability = Math.min(1, answer.unavailability);
    const notUp = answer.notUp === null ? null : Math.min(1, answer.notUp);
    const put = (metric: string, value: number, low: number, high: number) =>
      figures.set(exactKey({ system, operation, vantage, metric }), { value, least: low, most: high });
    const downMs = durationUs / MILLISECOND;
    const yearMs = YEAR / MILLISECOND;
    put('downtime_ms', unavailability * downMs, least * downMs, most * downMs);
    if (ofYear) put('downtime_ms_per_year', unavailability * yearMs, least * yearMs, most * yearMs);
    if (notUp === null) continue;
    const [low, high] = answer.notUpRange.map((end) => Math.min(1, end)) as [number, number];
    put('unavailability', notUp, low, high);
    put('availability', 1 - notUp, 1 - high, 1 - low);
  }
  return figures;
}
