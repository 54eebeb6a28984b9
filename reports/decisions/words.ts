/** Figures of comparisons, plans and sensitivities in words. */
import type { Estimate, FigureMetric } from '../../sim/experiments/decisions.ts';
import { DIFFERING_RUNS_MIN } from '../../sim/experiments/paired.ts';
import type { InputValue } from '../../sim/experiments/sensitivity/inputs.ts';
import { TELLING } from '../../sim/experiments/standing.ts';
import type { Variant } from '../../sim/experiments/study.ts';
import { isOrdinaryTime } from '../study/words.ts';
import { A_YEAR, aRun, type TimeUnit } from '../svg/study/data.ts';
import { figureUnit } from '../svg/study/figures.ts';
import { clean, count, duration, percent } from '../words.ts';

/** What downtime is told by: a year, or a run where a script is played or the runs differ in length. */
export function timeUnitOf(variants: readonly Variant[]): TimeUnit {
  const [first] = variants;
  return first === undefined || variants.every(({ scenario }) => isOrdinaryTime(scenario))
    ? A_YEAR
    : aRun(first.scenario.run.durationUs);
}

/** `100 runs of 1 year for each of 3 variants, seed 1`. */
export function basisWords(variants: readonly Variant[], runs: number, seed: string | number): string {
  const lengths = new Set(variants.map(({ scenario }) => scenario.run.durationUs));
  const of = lengths.size === 1 ? ` of ${duration([...lengths][0]!)}` : '';
  return `${count(runs, 'run')}${of} for each of ${count(variants.length, 'variant')}, seed ${seed}`;
}

/** An amount: downtime in the unit's time, a failover, a number of outages. */
export function amount(metric: FigureMetric, value: number, per: TimeUnit): string {
  if (!Number.isFinite(value)) return 'unknown';
  const { factor } = figureUnit(metric, per);
  if (metric === 'outages') return String(Number(value.toPrecision(3)));
  const us = Math.round(Math.abs(value * factor));
  return us === 0 && value !== 0 ? 'under 1 µs' : duration(us);
}

/** A difference with its sign. */
export function signed(metric: FigureMetric, value: number, per: TimeUnit): string {
  if (!Number.isFinite(value)) return '?';
  const text = amount(metric, Math.abs(value), per);
  return value === 0 ? text : `${value < 0 ? '-' : '+'}${text}`;
}

/** `[-2 h, -1 h]`; a question mark where the runs give no bound. */
export function signedRange(metric: FigureMetric, { lower, upper }: Estimate, per: TimeUnit): string {
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
