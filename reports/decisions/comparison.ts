/** A comparison in a terminal and as a document. */
import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import { type Comparison, commonWord, headlines } from '../../sim/experiments/compare.ts';
import {
  type Estimate,
  isSlight,
  type PairedDifference,
  toldWord,
  type Word,
} from '../../sim/experiments/decisions.ts';
import { failoversForP99 } from '../../sim/experiments/paired.ts';
import { type DifferenceStanding, isExactBetter } from '../../sim/experiments/standing.ts';
import type { StopReason } from '../../sim/experiments/stopping.ts';
import { timeBasisOf } from '../../sim/experiments/time-basis.ts';
import { rounded } from '../study/cells.ts';
import { UNKNOWN_BOUND } from '../study/words.ts';
import { type OwnTime, type TimeUnit, timeUnitOf } from '../svg/study/data.ts';
import { figureName } from '../svg/study/figures.ts';
import { bareTable } from '../terminal/bare-table.ts';
import type { TerminalOptions } from '../terminal/index.ts';
import { wrap } from '../terminal/wrap.ts';
import { clean, integer, list, percent } from '../words.ts';
import { estimateReport } from './differences.ts';
import {
  amount,
  availabilityWords,
  basisWords,
  CANNOT_TELL,
  comparedWords,
  failoverWords,
  signed,
  signedRange,
  titlesOf,
} from './words.ts';

export const COMPARISON_SCHEMA_VERSION = 1;

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;
/** Beside the headlines, figures of this kind are shown where they differ. */
const ALSO_SHOWN = 'failover-p99';

type Paint = ReturnType<typeof picocolors.createColors>;

export const STOPPED: Readonly<Record<StopReason, string>> = {
  runs: '',
  precision: '; stopped: decided',
  imprecise: '',
  budget: '; stopped: the budget is spent',
  interrupted: '; interrupted',
};

/** Verdict first, then for each variant its figures against the baseline. */
export function comparisonSummary(comparison: Comparison, options: TerminalOptions): string {
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const { study, stopped } = comparison.result;
  const baseline = study.variants[comparison.baseline]!.name;
  const variants = study.variants.filter((_, i) => i !== comparison.baseline).map(({ name }) => name);
  const titles = titlesOf(study.variants);
  const compared = comparedWords(study.variants).map((each) => wrap(each, width, '', ''));
  const parts = variants.map((variant) => {
    const own = comparison.differences.filter((each) => each.variant === variant);
    return [
      verdictLine(
        [variant, baseline].map((name) => nameIn(titles, name)),
        own,
        paint,
        width,
      ),
      filesLine([baseline, variant], titles, width),
      ...(variants.length === 1 ? compared : []),
      table(own, comparison, paint, width),
      availableLines(own, width),
    ]
      .filter((part) => part !== '')
      .join('\n\n');
  });
  const basis = `${basisWords(study.variants, comparison.runs, clean(String(study.seed)))}, run by run under the same luck; intervals at 95 %${STOPPED[stopped]}`;
  const notes = notesOf(comparison.differences.filter(isShown));
  return `${[...(variants.length === 1 ? [] : compared), ...parts, [...notes, basis].map((each) => wrap(each, width, '', '')).join('\n')].join('\n\n')}\n`;
}

/** The title of a file in quotation marks, else the name of the variant. */
function nameIn(titles: ReadonlyMap<string, string> | null, name: string): string {
  const title = titles?.get(name);
  return title === undefined ? clean(name) : `"${title}"`;
}

/** Which column is which title. */
function filesLine(
  names: readonly string[],
  titles: ReadonlyMap<string, string> | null,
  width: number,
): string {
  if (titles === null) return '';
  return names
    .map((name, i) =>
      wrap(`${clean(name)}${i === 0 ? ' (baseline)' : ''}: ${titles.get(name)}`, width, '  ', '    '),
    )
    .join('\n');
}

/** What the words and signs of the tables mean, where they are in them. */
function notesOf(shown: readonly PairedDifference[]): string[] {
  const unknown = shown.some(
    ({ word, difference: { lower, upper } }) =>
      word === 'cannot tell yet' && Number.isFinite(lower) !== Number.isFinite(upper),
  );
  const least = shown.some(
    ({ figure, variantEstimate, baselineEstimate }) =>
      figure.metric === ALSO_SHOWN &&
      [variantEstimate, baselineEstimate].some(({ n, upper }) => n > 0 && !Number.isFinite(upper)),
  );
  return [
    ...(shown.some(({ word }) => word === 'cannot tell yet') ? [`${CANNOT_TELL}.`] : []),
    ...(least
      ? [`>= of a p99: ${failoversForP99()} failovers bound it from above, and there were fewer.`]
      : []),
    ...(unknown ? [UNKNOWN_BOUND] : []),
    ...(shown.some(({ exact }) => exact !== null)
      ? ['exact: by analysis of failures alone, without the time of elections.']
      : []),
  ];
}

function verdictLine(
  [name, baseline]: readonly string[],
  own: readonly PairedDifference[],
  paint: Paint,
  width: number,
): string {
  const main = headlines(own).map((found) => ({ ...found, ...toldWord(found), slight: isSlight(found) }));
  const word = commonWord(main.map((each) => each.word));
  const named = (found: readonly PairedDifference[]) => list(found.map(({ figure }) => clean(figure.system)));
  const of = (told: Word) => main.filter((each) => each.word === told);
  const systems = (told: Word) => named(of(told));
  const most = main.reduce((sum, each) => Math.max(sum, each.moreRuns ?? 0), 0);
  const open = of('cannot tell yet');
  const more =
    most > 0 && open.length > 0
      ? `; about ${integer(most)} more ${most === 1 ? 'run' : 'runs'} would tell`
      : '';
  const untold =
    open.length > 0 ? `; of ${systems('cannot tell yet')} these runs cannot tell yet${more}` : '';
  const same =
    of('the same').length > 0
      ? `; ${systems('the same')} ${of('the same').length === 1 ? 'is' : 'are'} the same`
      : '';
  const slight = main.every((each) => (each.word !== word && word !== 'mixed') || each.slight);
  const adverb = slight ? 'hardly ' : '';
  const said = {
    better: `${name} is ${adverb}better than ${baseline} for ${systems('better')}${same}${untold}`,
    worse: `${name} is ${adverb}worse than ${baseline} for ${systems('worse')}${same}${untold}`,
    mixed: slight
      ? `${name} and ${baseline} hardly differ: less down by a hair for ${systems('better')}, more for ${systems('worse')}${same}${untold}`
      : `${name} is better than ${baseline} for ${systems('better')}, but worse for ${systems('worse')}${same}${untold}`,
    'the same': `${name} and ${baseline}: not one run differs`,
    'cannot tell yet': `whether ${name} is better than ${baseline}${same}${more}`,
  }[word];
  const exact = main.filter((each) => each.by === 'exact');
  const who = exact.length === main.length ? '' : ` for ${named(exact)}`;
  const by =
    exact.length === 0
      ? ''
      : `; so says exact analysis${who}, for these runs have met too little of what counts`;
  return `${coloured(word, slight, paint)}  ${wrap(`${said}${by}`, width, '', '  ').trimStart()}`;
}

function coloured(word: Word | 'mixed', slight: boolean, paint: Paint): string {
  const loud = word.toUpperCase();
  if (slight && word === 'mixed') return paint.yellow('ALIKE');
  if (slight && (word === 'better' || word === 'worse')) return paint.yellow(`HARDLY ${loud}`);
  switch (word) {
    case 'better':
      return paint.green(loud);
    case 'worse':
      return paint.red(paint.bold(loud));
    case 'the same':
      return loud;
    default:
      return paint.yellow(loud);
  }
}

/** Beside the headlines: how slow failovers get, where that differs. */
function isShown({ figure, word, variantEstimate }: PairedDifference): boolean {
  return figure.headline || (figure.metric === ALSO_SHOWN && word !== 'the same' && variantEstimate.n > 0);
}

function table(
  own: readonly PairedDifference[],
  comparison: Comparison,
  paint: Paint,
  width: number,
): string {
  const per = timeUnitOf(comparison.result.study.variants.map(({ scenario }) => scenario));
  const byChance = isByChance(comparison);
  const rows = own.filter(isShown).flatMap((found) => {
    const { figure, variantEstimate, baselineEstimate, difference, word, moreRuns } = found;
    const { metric } = figure;
    const unbounded = !Number.isFinite(difference.lower) && !Number.isFinite(difference.upper);
    const value = (estimate: Estimate) => {
      if (metric === ALSO_SHOWN) return failoverWords(estimate);
      return estimate.n === 0 ? '-' : amount(metric, estimate.value, per);
    };
    const row = [
      figureName(figure),
      value(baselineEstimate),
      value(variantEstimate),
      word === 'the same'
        ? '0'
        : Number.isNaN(difference.value) || unbounded
          ? '-'
          : signed(metric, difference.value, per),
      word === 'the same' || unbounded ? '' : signedRange(metric, difference, per),
      `${paintedWord(word, paint)}${moreRuns === null ? '' : ` (about ${integer(moreRuns)} more ${moreRuns === 1 ? 'run' : 'runs'})`}`,
    ];
    return [row, ...exactRow(found, per, byChance, paint)];
  });
  const headed = (baseline: string, variant: string) =>
    bareTable(rows, {
      head: [`down ${per.words}; p99 of failovers`, baseline, variant, 'difference', '', ''].map((each) =>
        paint.bold(each),
      ),
      align: ['left', 'right', 'right', 'right', 'left', 'left'],
    });
  const named = headed(clean(own[0]?.baseline ?? ''), clean(own[0]?.variant ?? ''));
  // The verdict above says which is which.
  return columnsIn(named) <= width ? named : headed('baseline', 'variant');
}

/** Without the codes of colours. */
function columnsIn(text: string): number {
  return Math.max(
    ...stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.length),
  );
}

const STANDING_WORDS: Readonly<Record<DifferenceStanding, string>> = {
  agrees: 'the runs agree',
  'too-few': 'too few runs to say',
  missed: 'not met by these runs',
  besides: 'the runs lack rare failures, this lacks elections',
  differs: 'THE RUNS DO NOT AGREE',
};

/** Whether anything but a script can happen: of a script alone runs lack nothing rare. */
function isByChance({ result }: Comparison): boolean {
  const basis = timeBasisOf(result.study.variants.map(({ scenario }) => scenario));
  return basis.kind === 'run' ? basis.byChance : basis.kind !== 'script';
}

/** Both variants by exact analysis of failures alone, below what the runs say of them. */
function exactRow(
  { figure, exact }: PairedDifference,
  per: TimeUnit | OwnTime,
  byChance: boolean,
  paint: Paint,
): string[][] {
  if (exact === null) return [];
  const { baseline, variant, word, standing } = exact;
  const [from, to] = [baseline, variant].map((value) => amount(figure.metric, value, per));
  return [
    [
      '  exact',
      from!,
      to!,
      baseline === variant ? '0' : signed(figure.metric, variant - baseline, per),
      '',
      `${word === 'cannot tell yet' ? '' : `${paintedWord(word, paint)} `}(${byChance || standing !== 'besides' ? STANDING_WORDS[standing] : 'this lacks elections'})`,
    ],
  ];
}

/**
 * The availabilities to be told of each headline: the exact ones where the runs know less. None of scripts of different
 * length: of a longer run the same fault is a smaller share.
 */
function availableLines(own: readonly PairedDifference[], width: number): string {
  const shares = headlines(own).filter(({ figure }) => figure.metric === 'unavailability');
  if (shares.length === 0) return '';
  const told = shares.map(({ figure, baselineEstimate, variantEstimate, exact }) => {
    const name = figureName(figure);
    if (exact !== null && isExactBetter(exact.standing))
      return `${name} ${percent(1 - exact.baseline)} -> ${percent(1 - exact.variant)} (exact)`;
    return `${name} ${availabilityWords(baselineEstimate)} -> ${availabilityWords(variantEstimate)}`;
  });
  return wrap(`available: ${told.join('; ')}`, width, '', '  ');
}

function paintedWord(word: Word, paint: Paint): string {
  if (word === 'better') return paint.green(word);
  if (word === 'worse') return paint.red(word);
  return word === 'cannot tell yet' ? paint.yellow(word) : word;
}

/** compare.json, and what `compare --json` prints. */
export function comparisonDocument(
  comparison: Comparison,
  request: Readonly<Record<string, unknown>>,
  version: string,
) {
  const { study, stopped } = comparison.result;
  return {
    schemaVersion: COMPARISON_SCHEMA_VERSION,
    kind: 'compare',
    tool: { name: 'zonefall', version },
    request,
    seed: study.seed,
    confidence: 0.95,
    stopped,
    runs: comparison.runs,
    baseline: study.variants[comparison.baseline]!.name,
    comparedBy: timeBasisOf(study.variants.map(({ scenario }) => scenario)),
    scriptsDiffer: comparedWords(study.variants)[0] ?? null,
    variants: study.variants.map(({ name, settings, scenario }) => ({
      name,
      settings,
      title: scenario.title,
      durationUs: scenario.run.durationUs,
    })),
    decided: comparison.decided,
    words: study.variants.flatMap(({ name }, i) =>
      i === comparison.baseline
        ? []
        : [
            {
              variant: name,
              word: commonWord(
                headlines(comparison.differences.filter(({ variant }) => variant === name)).map(
                  (each) => toldWord(each).word,
                ),
              ),
            },
          ],
    ),
    differences: comparison.differences.map(
      ({ figure, variantEstimate, baselineEstimate, difference, exact, ...rest }) => ({
        ...figure,
        ...rest,
        exact:
          exact === null
            ? null
            : { ...exact, baseline: rounded(exact.baseline), variant: rounded(exact.variant) },
        variantEstimate: estimateReport(variantEstimate),
        baselineEstimate: estimateReport(baselineEstimate),
        difference: estimateReport(difference),
      }),
    ),
  };
}
