/** Figures of comparisons, plans and sensitivities in words. */
import type { Estimate, FigureMetric } from '../../sim/experiments/decisions.ts';
import { DIFFERING_RUNS_MIN } from '../../sim/experiments/paired.ts';
import type { InputValue } from '../../sim/experiments/sensitivity/inputs.ts';
import { TELLING } from '../../sim/experiments/standing.ts';
import type { Variant } from '../../sim/experiments/study.ts';
import {
  isSameScript,
  scriptLength,
  type TimedScenario,
  timeBasisOf,
} from '../../sim/experiments/time-basis.ts';
import { groupBy } from '../grouping.ts';
import { type OwnTime, type TimeUnit, timeUnitOf, unitOfRow } from '../svg/study/data.ts';
import { figureUnit } from '../svg/study/figures.ts';
import { clean, count, duration, list, percent } from '../words.ts';

/** What downtime of a scenario is told by, and of its options and settings, whose runs are all as long. */
export function unitOfOne({ scenario }: Variant): TimeUnit {
  return unitOfRow(timeUnitOf([scenario]), scenario.run.durationUs);
}

/** `100 runs of 1 year for each of 3 variants, seed 1`. */
export function basisWords(variants: readonly Variant[], runs: number, seed: string | number): string {
  const lengths = variants.map(({ scenario }) => scenario.run.durationUs).toSorted((a, b) => a - b);
  const ends = [...new Set([lengths[0]!, lengths.at(-1)!])];
  const of = ` of ${ends.map(duration).join(' to ')}`;
  return `${count(runs, 'run')}${of} for each of ${count(variants.length, 'variant')}, seed ${seed}`;
}

/**
 * What is compared, where variants do not play the same script: how they differ, and that each is told as it is. Empty where
 * they do, or where the variants are settings of one file, which say themselves what they change.
 */
export function comparedWords(
  variants: readonly Variant[],
  nameOf: (name: string) => string = clean,
): string[] {
  const scenarios = variants.map(({ scenario }) => scenario);
  const basis = timeBasisOf(scenarios);
  if (basis.kind === 'year' || basis.kind === 'apart') return [];
  const ofFiles = variants.every(({ settings }) => Object.keys(settings).length === 0);
  const otherFaults = ofFiles && !isSameScript(scenarios);
  if (basis.kind === 'run' && !otherFaults) return [];
  const each = groupBy(variants, ({ scenario }) =>
    scriptWords(scenario, otherFaults, basis.kind === 'script'),
  );
  const scripts = [...each].map(([words, own]) => `${list(own.map(({ name }) => nameOf(name)))} ${words}`);
  const differ =
    each.size > 1
      ? `The scripts differ: ${scripts.join('; ')}.`
      : `The scripts differ, in when or how the faults of ${list(variants.map(({ name }) => nameOf(name)))} strike.`;
  const compared =
    basis.kind === 'script'
      ? 'Compared is the time down over each whole script, and none is stretched to the length of another.'
      : 'Compared is the time down in the run, with the faults that each has.';
  return [`${differ} ${compared}`];
}

/** `has 4 faults in 40 min`, `has 4 faults`, `lasts 40 min` */
function scriptWords(scenario: TimedScenario, faults: boolean, lengths: boolean): string {
  const lasts = duration(scenario.run.durationUs);
  if (!faults) return `lasts ${lasts}`;
  const number = scriptLength(scenario);
  return `has ${number === 0 ? 'no fault' : count(number, 'fault')}${lengths ? ` in ${lasts}` : ''}`;
}

/** An amount: downtime in the unit's time, a failover, a number of outages. */
export function amount(metric: FigureMetric, value: number, per: TimeUnit | OwnTime): string {
  if (!Number.isFinite(value)) return 'unknown';
  const { factor } = figureUnit(metric, per);
  if (metric === 'outages' || metric === 'outages-per-year') return String(Number(value.toPrecision(3)));
  const us = Math.round(Math.abs(value * factor));
  return us === 0 && value !== 0 ? 'under 1 µs' : duration(us);
}

/** A difference with its sign. */
export function signed(metric: FigureMetric, value: number, per: TimeUnit | OwnTime): string {
  if (!Number.isFinite(value)) return '?';
  const text = amount(metric, Math.abs(value), per);
  return value === 0 ? text : `${value < 0 ? '-' : '+'}${text}`;
}

/** `[-2 h, -1 h]`; a question mark where the runs give no bound. */
export function signedRange(
  metric: FigureMetric,
  { lower, upper }: Estimate,
  per: TimeUnit | OwnTime,
): string {
  return `[${signed(metric, lower, per)}, ${signed(metric, upper, per)}]`;
}

/** `99.91 %`, or more than so much where so little failed that more is not known: few runs give no nines. */
export function availabilityWords({ value, upper }: Estimate): string {
  return upper > TELLING * value ? `>= ${percent(1 - Math.min(1, upper))}` : percent(1 - value);
}

/**
 * A quantile of failovers, or that it is at least so much: what one of a hundred takes has no upper end before some 370 have
 * been seen.
 */
export function failoverWords({ value, lower, upper, n }: Estimate): string {
  if (n === 0) return '-';
  if (Number.isFinite(upper)) return duration(Math.round(value));
  return Number.isFinite(lower) ? `>= ${duration(Math.round(lower))}` : '?';
}

/** What it means, to be printed where it stands. */
export const CANNOT_TELL = `"cannot tell yet": the interval holds 0, or fewer than ${DIFFERING_RUNS_MIN} runs differ`;

/** Titles of variants from several files; null where there is but one, whose variants go by their settings. */
export function titlesOf(variants: readonly Variant[]): ReadonlyMap<string, string> | null {
  // What was set by a command or a study tells its variants apart better.
  if (variants.some(({ settings }) => Object.keys(settings).length > 0)) return null;
  const titles = new Map(variants.map(({ name, scenario }) => [name, clean(scenario.title)]));
  return new Set(titles.values()).size === variants.length && variants.length > 1 ? titles : null;
}

/** The value of an input: `45 d`, `0.01 %`, `x 0.5`. */
export function inputWords(value: InputValue): string {
  switch (value.kind) {
    case 'duration':
      return duration(Math.round(value.us));
    case 'share':
      return value.share === 0 ? 'none' : `${Number((value.share * 100).toPrecision(3))} %`;
    case 'factor':
      return `x ${Number(value.factor.toPrecision(3))}`;
    case 'text':
      return value.text;
  }
}
