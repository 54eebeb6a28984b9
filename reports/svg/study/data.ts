/** What the pictures of many runs are drawn from: plain data, in shares and model microseconds. */
import type { Estimate } from '../../../sim/experiments/decisions.ts';
import { type TimedScenario, timeBasisOf } from '../../../sim/experiments/time-basis.ts';
import { YEAR } from '../../../sim/kernel/time.ts';
import type { Verdict } from '../../../sim/measures/objectives.ts';
import { duration } from '../../words.ts';

/** What shares of time are told by: a year, or a run that plays a script and is no sample of ordinary time. */
export interface TimeUnit {
  readonly us: number;
  /** `a year`, `in a run of 10 min`. */
  readonly words: string;
}

/** Of runs of different length that play scripts: each is told by its own. */
export interface OwnTime {
  readonly us: null;
  /** `over the whole script`. */
  readonly words: string;
}

export const A_YEAR: TimeUnit = { us: YEAR, words: 'a year' };

export function aRun(durationUs: number): TimeUnit {
  return { us: durationUs, words: `in a run of ${duration(durationUs)}` };
}

/** What is told by is decided in sim/experiments/time-basis.ts; here it gets its words. */
export function timeUnitOf(scenarios: readonly TimedScenario[]): TimeUnit | OwnTime {
  const basis = timeBasisOf(scenarios);
  switch (basis.kind) {
    case 'year':
      return A_YEAR;
    case 'run':
      return aRun(basis.durationUs);
    case 'script':
      return { us: null, words: 'over the whole script' };
    case 'apart':
      return { us: null, words: 'in its own run' };
  }
}

/** What a row is told by whose runs are that long. */
export function unitOfRow(unit: TimeUnit | OwnTime, durationUs: number): TimeUnit {
  return unit.us === null ? { us: durationUs, words: unit.words } : unit;
}

/** What every picture of a study says about itself. */
export interface StudyWords {
  /** Title of the scenario or study. */
  readonly title: string;
  /** What the figures rest on: `400 runs of 1 year, seed 42`. */
  readonly basis: string;
  /** What times are told by. */
  readonly unit: TimeUnit | OwnTime;
}

/** Of options and settings of one scenario, whose runs are all as long. */
export interface OneScenarioWords extends StudyWords {
  readonly unit: TimeUnit;
}

/** One row for each variant, of one operation of one system. */
export interface BySystem<Row> {
  /** `etcd writes`. */
  readonly name: string;
  /** Largest share of the time that an objective allows it to be down; null without such an objective. */
  readonly limit: number | null;
  /** The variants, in the same order in all systems. */
  readonly rows: readonly Row[];
}

export interface DowntimeRow {
  readonly variant: string;
  /** Downtime of each run. */
  readonly downUs: readonly number[];
  readonly durationUs: number;
}

export interface NinesRow {
  readonly variant: string;
  /** Of its runs. */
  readonly durationUs: number;
  /** Unavailability. `lower` may be 0 or -Infinity, `upper` Infinity: the runs do not say. */
  readonly estimate: Estimate;
  /** The same by analysis of failures alone; null where there is no exact answer. */
  readonly exact: number | null;
  /** In which a right simulation may come out, with what elections add; null without an exact answer. */
  readonly exactRange: readonly [least: number, most: number] | null;
  /** Whether both agree; null without an exact answer. */
  readonly agrees: boolean | null;
  readonly verdict: Verdict | null;
}

/** How an estimate became what it is. */
export interface ConvergenceSeries {
  readonly variant: string;
  /** `etcd writes`. */
  readonly system: string;
  /** Of its runs. */
  readonly durationUs: number;
  /** Unavailability, in the order of runs. */
  readonly steps: readonly Estimate[];
  /** Half-width wanted relative to the estimate; null where a number of runs was asked for. */
  readonly precision: number | null;
  readonly limit: number | null;
  readonly exact: number | null;
  /** The exact answer knows of more than the runs have met, by more than it leaves out itself. */
  readonly missed: boolean;
}

export interface CausesRow {
  readonly variant: string;
  /** Of its runs. */
  readonly durationUs: number;
  /** Mean unavailability. */
  readonly unavailability: number;
  /** Shares of the downtime, in any order; their sum is 1, or there are none. */
  readonly causes: readonly (readonly [cause: string, share: number])[];
  /** The exact unavailability where it knows of more than the runs have met; null elsewhere. */
  readonly missed: number | null;
}
