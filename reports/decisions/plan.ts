/** A plan in a terminal and as a document: what to take, why, and what else was looked at. */
import picocolors from 'picocolors';
import { type ParetoPoint, toldUnavailability } from '../../sim/experiments/decisions.ts';
import { failoversForP99 } from '../../sim/experiments/paired.ts';
import { ASSUMED } from '../../sim/experiments/plan/fates.ts';
import type { ChoiceRule, PlanResult } from '../../sim/experiments/plan/plan.ts';
import type { PlanSearch } from '../../sim/experiments/plan/search.ts';
import type { PlanSpec } from '../../sim/experiments/plan/spec.ts';
import { number } from '../study/words.ts';
import { figureName } from '../svg/study/figures.ts';
import { bareTable } from '../terminal/bare-table.ts';
import type { TerminalOptions } from '../terminal/index.ts';
import { wrap } from '../terminal/wrap.ts';
import { clean, count, integer, percent } from '../words.ts';
import { STOPPED } from './comparison.ts';
import { estimateReport } from './differences.ts';
import {
  amount,
  availabilityWords,
  basisWords,
  failoverWords,
  signed,
  signedRange,
  unitOfOne,
} from './words.ts';

export const PLAN_SCHEMA_VERSION = 1;

/** Without a quorum for so many times as long: worth a word. */
const MUCH_LONGER = 2;

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;

export interface PlanReport {
  readonly result: PlanResult;
  readonly search: PlanSearch;
  readonly spec: PlanSpec;
  /** Options that cannot be made of the file, and why. */
  readonly unfit: readonly { readonly name: string; readonly why: string }[];
  /** Commands that go on from here, in the order of use. */
  readonly next: readonly string[];
}

const passing = (points: readonly ParetoPoint[]) =>
  points.filter(({ objectives }) => objectives === 'pass').length;

/** The rest of a sentence after the option's name. */
export function whyChosen({ choice, points }: PlanResult): string {
  if (choice === null) return '';
  const { rule, point } = choice;
  const simulated = count(points.length, 'option');
  const words: Readonly<Record<ChoiceRule, string>> = {
    'cheapest-that-passes':
      passing(points) === points.length
        ? `the cheapest of ${simulated}, all of which pass every objective`
        : `the cheapest of the ${passing(points)} that pass every objective, of ${simulated} simulated`,
    'best-that-may-pass':
      'no option passes every objective for certain; of those that may, it is unavailable least',
    'best-of-those-that-fail': `all of the ${simulated} fail an objective; it is unavailable least`,
    'cheapest-near-the-best': `the cheapest of ${simulated} that is down hardly longer than the best, or cannot be told from it`,
  };
  const dearer = points.filter(({ cost }) => cost > point.cost).length;
  const last = rule === 'cheapest-near-the-best' && dearer > 0 ? `; ${dearer} cost more and gain little` : '';
  return `${words[rule]}${last}`;
}

export function planSummary(report: PlanReport, options: TerminalOptions): string {
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const { result, search, spec, unfit, next } = report;
  const { choice, points } = result;
  if (choice === null) return '';
  const { variants } = result.result.study;
  const per = unitOfOne(variants[0]!);
  const fails = choice.rule === 'best-of-those-that-fail';
  const word = fails
    ? paint.red(paint.bold('NONE PASSES'))
    : paint.green(choice.point.current ? 'STAY' : 'TAKE');
  const { value, by } = toldUnavailability(choice.point);
  const down =
    by === 'exact' || choice.point.unavailability.value > 0
      ? `, down ${amount('unavailability', value, per)} ${per.words}${by === 'exact' ? ' by exact analysis' : ''}`
      : '';
  const says = `${clean(choice.point.name)} at a cost of ${number(choice.point.cost)}${down}: ${whyChosen(result)}`;
  const lines = (parts: readonly string[]) => parts.filter((part) => part !== '').join('\n');
  const sites = spec.groups.map(({ group, sites: own }) => `${clean(group)}: ${own.map(clean).join(' + ')}`);
  const exact = points.some(({ exactUnavailability }) => exactUnavailability !== null);
  const told = (point: ParetoPoint) => {
    const { value, by } = toldUnavailability(point);
    return by === 'exact' ? `exact ${percent(1 - value)}` : availabilityWords(point.unavailability);
  };
  const rows = points.map((point) => [
    point.chosen ? '>' : point.onFront ? '*' : '',
    `${clean(point.name)}${point.current ? ' (as it stands)' : ''}`,
    number(point.cost),
    told(point),
    amount('unavailability', point.unavailability.value, per),
    `[${amount('unavailability', point.unavailability.lower, per)}, ${amount('unavailability', point.unavailability.upper, per)}]`,
    ...(exact
      ? [point.exactUnavailability === null ? '-' : amount('unavailability', point.exactUnavailability, per)]
      : []),
    point.failoverUs === null ? '-' : failoverWords(point.failoverUs),
    clean(point.worstSystem),
    point.objectives === null ? '' : verdictWord(point.objectives, paint),
  ]);
  const head = [
    '',
    'option',
    'cost',
    'available',
    `down ${per.words}`,
    '',
    ...(exact ? ['exact'] : []),
    'failover p99',
    'worst system',
    points.some(({ objectives }) => objectives !== null) ? 'objectives' : '',
  ];
  const align = [
    'left',
    'left',
    'right',
    'right',
    'right',
    'left',
    ...(exact ? ['right'] : []),
    'right',
    'left',
    'left',
  ];
  const against = result.againstCurrent.map(
    ({ figure, difference, word: told }) =>
      `  ${figureName(figure)}: ${signed(figure.metric, difference.value, per)} ${told === 'the same' ? '' : signedRange(figure.metric, difference, per)} ${told}`,
  );
  return `${[
    `${word}  ${wrap(says, width, '', '  ').trimStart()}`,
    bareTable(rows, {
      head: head.map((each) => paint.bold(each)),
      align: align as ('left' | 'right')[],
    }),
    lines([
      wrap(
        `> chosen, * not dominated in unavailability, failover and cost. A sum stands for the sites in turn; ${sites.join('; ')}.${exactNote(points)}${failoverNote(points)}`,
        width,
        '',
        '',
      ),
    ]),
    against.length === 0 ? '' : lines([`against the file as it stands, down ${per.words}:`, ...against]),
    lines([
      wrap(searchWords(search, result), width, '', ''),
      ...unfit.map(({ name, why }) =>
        wrap(`Left out, for the file does not fit it: ${clean(name)} (${clean(why)}).`, width, '', ''),
      ),
      ...groundWords(search, result).map((text) => wrap(text, width, '', '')),
      wrap(
        `${basisWords(variants, result.runs, clean(String(result.result.study.seed)))}; intervals at 95 %${STOPPED[result.result.stopped].replace('decided', 'precise enough')}`,
        width,
        '',
        '',
      ),
    ]),
    lines(next),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function exactNote(points: readonly ParetoPoint[]): string {
  if (points.every(({ exactUnavailability }) => exactUnavailability === null)) return '';
  const note = ' exact: by failures alone, without the time of elections';
  return points.some((point) => toldUnavailability(point).by === 'exact')
    ? `${note}; it is told and chosen by where the runs have met too little of what counts.`
    : `${note}.`;
}

function failoverNote(points: readonly ParetoPoint[]): string {
  return points.some(({ failoverUs }) => failoverUs !== null && !Number.isFinite(failoverUs.upper))
    ? ` >= of a failover: ${failoversForP99()} failovers bound the p99 from above, and there were fewer.`
    : '';
}

function searchWords(search: PlanSearch, { points }: PlanResult): string {
  const { weighed, dominated, tooDear, notSimulated } = search;
  const left = [
    dominated > 0 ? `${integer(dominated)} are no better than another in anything` : '',
    tooDear > 0 ? `${integer(tooDear)} cost too much` : '',
    notSimulated > 0 ? `${integer(notSimulated)} are left out to save time (plan.simulate)` : '',
  ].filter((part) => part !== '');
  return `${count(weighed, 'option')} weighed by exact analysis${left.length === 0 ? '' : `: ${left.join(', ')}`}; ${integer(points.length)} simulated.`;
}

/** A script knows nothing of what fails by itself; where that would speak for another option, it is said. */
function untoldWords(choice: PlanResult['choice'], points: readonly ParetoPoint[]): string {
  if (choice?.rule !== 'cheapest-near-the-best') return '';
  const best = points.reduce((least, one) => (one.lacksQuorum < least.lacksQuorum ? one : least));
  const { lacksQuorum } = choice.point;
  if (lacksQuorum <= MUCH_LONGER * best.lacksQuorum) return '';
  return ` By that analysis ${clean(choice.point.name)} would have a quorum ${percent(1 - lacksQuorum)} of the time, ${clean(best.name)} ${percent(1 - best.lacksQuorum)}: the choice goes by the timeline alone. State objectives, or faults that come by chance (\`every:\`), to have it go by that.`;
}

/** What the analysis rests on, where it is not all of the file. */
function groundWords({ screen }: PlanSearch, { choice, points }: PlanResult): string[] {
  const { assumed, leftOut } = screen.fates;
  if (assumed)
    return [
      `Nothing in the file fails by itself: the analysis took nodes to be down ${ASSUMED.node * 100} % and zones ${ASSUMED.zone * 100} % of the time; the simulation plays the file's timeline.${untoldWords(choice, points)}`,
    ];
  return leftOut.length === 0
    ? []
    : [`The analysis leaves out ${leftOut.map(clean).join(', ')}; the simulation does not.`];
}

function verdictWord(
  verdict: NonNullable<ParetoPoint['objectives']>,
  paint: ReturnType<typeof picocolors.createColors>,
): string {
  if (verdict === 'pass') return paint.green(verdict);
  return verdict === 'fail' ? paint.red(verdict) : paint.yellow(verdict);
}

/** plan.json, and what `plan --json` prints. */
export function planDocument(
  report: PlanReport,
  request: Readonly<Record<string, unknown>>,
  version: string,
) {
  const { result, search, spec, unfit, next } = report;
  const { study, stopped } = result.result;
  const { fates } = search.screen;
  return {
    schemaVersion: PLAN_SCHEMA_VERSION,
    kind: 'plan',
    tool: { name: 'zonefall', version },
    title: study.variants[0]?.scenario.title ?? '',
    request,
    seed: study.seed,
    confidence: 0.95,
    stopped,
    runs: result.runs,
    plan: spec,
    search: {
      weighed: search.weighed,
      dominated: search.dominated,
      tooDear: search.tooDear,
      notSimulated: search.notSimulated,
      assumedFailures: fates.assumed,
      leftOut: fates.leftOut,
      unfit,
    },
    chosen: result.choice?.point.name ?? null,
    why: whyChosen(result),
    next,
    options: result.points.map(({ unavailability, failoverUs, ...point }) => ({
      ...point,
      unavailability: estimateReport(unavailability),
      failoverUs: failoverUs === null ? null : estimateReport(failoverUs),
    })),
    againstCurrent: result.againstCurrent.map(({ figure, difference, word }) => ({
      ...figure,
      difference: estimateReport(difference),
      word,
    })),
  };
}
