/** Figures of a sweep in words: an estimate and its interval, in the unit of what is measured. */
import type { SweptObjective } from '../../sim/experiments/objectives.ts';
import type { Interval } from '../../sim/experiments/statistics/index.ts';
import { timeBasisOf } from '../../sim/experiments/time-basis.ts';
import { YEAR } from '../../sim/kernel/time.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { unitOf } from '../json/document.ts';
import { clean, duration, integer, percent } from '../words.ts';

/** `4.1 s`; `no end` of what lasted past the end of its run. */
export function time(us: number): string {
  return us === Number.POSITIVE_INFINITY ? 'no end' : duration(Math.round(us));
}

/** A mean number of events: about three figures. */
export function number(value: number): string {
  if (value === 0 || value >= 1_000) return integer(Math.round(value));
  const figures = Number(value.toPrecision(value >= 100 ? 4 : 3));
  return figures < 1e-4 ? figures.toExponential() : String(figures);
}

/** What a question mark means, to be printed where it stands. */
export const UNKNOWN_BOUND = '? is a bound that these runs do not give.';

/** `[98.9 %, 99.2 %]`; a bound that the runs do not give is said to be unknown. */
export function range({ lower, upper }: Interval, words: (value: number) => string): string {
  const low = lower === Number.NEGATIVE_INFINITY ? '?' : words(lower);
  const high = upper === Number.POSITIVE_INFINITY ? '?' : words(upper);
  return `[${low}, ${high}]`;
}

/** An availability, or the bound that the rule of three gives where nothing failed in any run. */
export function availability(interval: Interval): { readonly estimate: string; readonly range: string } {
  if (interval.n === 0) return { estimate: '-', range: '' };
  if (interval.method === 'rule-of-three') return { estimate: `>= ${percent(interval.lower)}`, range: '' };
  const bare = (share: number) => percent(share).replace(' %', '');
  return { estimate: percent(interval.estimate), range: range(interval, bare) };
}

/** A mean of what happened in no run is bounded too. */
export function mean(interval: Interval, words: (value: number) => string): string {
  if (interval.n === 0) return '-';
  return interval.method === 'rule-of-three' ? `<= ${words(interval.upper)}` : words(interval.estimate);
}

function unitWords({ objective, statistic }: SweptObjective): (value: number) => string {
  const unit = statistic === 'share-of-runs' ? 'share' : unitOf(objective.metric.kind);
  return { share: percent, us: time, count: number }[unit];
}

/** `etcd write availability 99.91 %`: what is known while a sweep runs. */
export function figureWords(swept: SweptObjective): string {
  const name = clean(swept.objective.text).replace(/\s*[<>=].*$/, '');
  return swept.figure === null ? name : `${name} ${unitWords(swept)(swept.figure.interval.estimate)}`;
}

/** `99.91 % [99.90 %, 99.93 %], mean of 100 runs`. */
export function judgedWords(swept: SweptObjective): string {
  const { objective, statistic, figure } = swept;
  if (figure === null) return 'no run has such a figure';
  const { interval } = figure;
  const words = unitWords(swept);
  const runs = `${integer(interval.n)} run${interval.n === 1 ? '' : 's'}`;
  const from = figure.vantage === '' ? figure.system : `${figure.system} from ${figure.vantage}`;
  const exact = figure.beyond === null ? '' : `, stretched to the exact ${words(figure.beyond)}`;
  const value = `${words(interval.estimate)} ${range(interval, words)}${exact}`;
  if (figure.byExact !== null)
    return `exact ${words(figure.byExact)}, for ${runs} say too little: ${words(interval.estimate)} ${range(interval, words)}, ${from}`;
  switch (statistic) {
    case 'mean':
      if (interval.method !== 'rule-of-three') return `${value}, mean of ${runs}, ${from}`;
      return objective.metric.kind === 'availability'
        ? `at least ${percent(interval.lower)}: nothing failed in ${runs}, ${from}`
        : `at most ${words(interval.upper)}: none in ${runs}, ${from}`;
    case 'quantile':
      return `${value}, over ${integer(interval.n)} failovers of ${from}`;
    case 'runs-quantile':
      return `${value}: what 95 % of ${runs} keep, ${from}`;
    case 'share-of-runs':
      return `so in ${value} of ${runs}; 95 % are needed`;
  }
}

/** What figures of a run are told by: a year, or the run where it, or one that it stands beside, plays a script. */
export function per(
  scenario: Scenario,
  beside: readonly Scenario[],
): { readonly noun: 'year' | 'run'; readonly factor: number } {
  return timeBasisOf([scenario, ...beside]).kind === 'year'
    ? { noun: 'year', factor: YEAR / scenario.run.durationUs }
    : { noun: 'run', factor: 1 };
}

export function scaled({ estimate, lower, upper, n, method }: Interval, factor: number): Interval {
  return { estimate: estimate * factor, lower: lower * factor, upper: upper * factor, n, method };
}
