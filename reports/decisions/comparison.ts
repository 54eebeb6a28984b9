/** A comparison in a terminal and as a document. */
import picocolors from 'picocolors';
import {
  type Comparison,
  commonWord,
  exactPair,
  exactWord,
  hasMetLess,
  headlines,
} from '../../sim/experiments/compare.ts';
import {
  type Estimate,
  isSlight,
  type PairedDifference,
  type Word,
} from '../../sim/experiments/decisions.ts';
import type { ExactFigure } from '../../sim/experiments/exact-figures.ts';
import type { StopReason } from '../../sim/experiments/stopping.ts';
import type { TimeUnit } from '../svg/study/data.ts';
import { figureName } from '../svg/study/figures.ts';
import { bareTable } from '../terminal/bare-table.ts';
import type { TerminalOptions } from '../terminal/index.ts';
import { wrap } from '../terminal/wrap.ts';
import { clean, integer, list } from '../words.ts';
import { estimateReport } from './differences.ts';
import { amount, availabilityWords, basisWords, signed, signedRange, timeUnitOf } from './words.ts';

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
  const baseline = clean(study.variants[comparison.baseline]!.name);
  const variants = study.variants.filter((_, i) => i !== comparison.baseline).map(({ name }) => name);
  const parts = variants.map((variant) => {
    const own = comparison.differences.filter((each) => each.variant === variant);
    return [
      verdictLine(variant, baseline, own, comparison, paint, width),
      table(own, comparison, paint),
    ].join('\n\n');
  });
  const basis = `${basisWords(study.variants, comparison.runs, clean(String(study.seed)))}, run by run under the same luck; intervals at 95 %${STOPPED[stopped]}`;
  return `${[...parts, wrap(basis, width, '', '')].join('\n\n')}\n`;
}

function verdictLine(
  variant: string,
  baseline: string,
  own: readonly PairedDifference[],
  comparison: Comparison,
  paint: Paint,
  width: number,
): string {
  const main = headlines(own);
  const word = commonWord(main.map((each) => each.word));
  const name = clean(variant);
  const systems = (of: Word) =>
    list(main.filter((each) => each.word === of).map(({ figure }) => clean(figure.system)));
  const most = main.reduce((sum, { moreRuns }) => Math.max(sum, moreRuns ?? 0), 0);
  const more = most > 0 ? `; about ${integer(most)} more ${most === 1 ? 'run' : 'runs'} would tell` : '';
  const untold = main.some((each) => each.word === 'cannot tell yet')
    ? `; of ${systems('cannot tell yet')} these runs cannot tell yet${more}`
    : '';
  const same = main.some((each) => each.word === 'the same') ? `; ${systems('the same')} the same` : '';
  const slight = main.every((each) => each.word !== word || isSlight(each)) && word !== 'mixed';
  const adverb = slight ? 'hardly ' : '';
  const said = {
    better: `${name} is ${adverb}better than ${baseline} for ${systems('better')}${same}${untold}`,
    worse: `${name} is ${adverb}worse than ${baseline} for ${systems('worse')}${same}${untold}`,
    mixed: `${name} is better than ${baseline} for ${systems('better')}, worse for ${systems('worse')}${same}${untold}`,
    'the same': `${name} and ${baseline}: not one run differs`,
    'cannot tell yet': `whether ${name} is better than ${baseline}${same}${more}`,
  }[word];
  // What the runs cannot tell, analysis may.
  const exact = (['better', 'worse'] as const).flatMap((told) => {
    const systems = main.filter((each) => {
      const pair = each.word === 'cannot tell yet' ? exactOf(each, comparison) : null;
      return pair !== null && exactWord(pair) === told;
    });
    return systems.length === 0
      ? []
      : [`; exact analysis says ${told} for ${list(systems.map(({ figure }) => clean(figure.system)))}`];
  });
  return `${coloured(word, slight, paint)}  ${wrap(`${said}${exact.join('')}`, width, '', '  ').trimStart()}`;
}

function coloured(word: Word | 'mixed', slight: boolean, paint: Paint): string {
  const loud = word.toUpperCase();
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

function table(own: readonly PairedDifference[], comparison: Comparison, paint: Paint): string {
  const per = timeUnitOf(comparison.result.study.variants);
  const shown = own.filter(
    ({ figure, word, variantEstimate }) =>
      figure.headline || (figure.metric === ALSO_SHOWN && word !== 'the same' && variantEstimate.n > 0),
  );
  const rows = shown.map(({ figure, variantEstimate, baselineEstimate, difference, word, moreRuns }) => {
    const { metric } = figure;
    const unbounded = !Number.isFinite(difference.lower) && !Number.isFinite(difference.upper);
    const value = (estimate: typeof difference) =>
      estimate.n === 0 ? '-' : amount(metric, estimate.value, per);
    return [
      figureName(figure),
      value(baselineEstimate),
      value(variantEstimate),
      word === 'the same'
        ? '0'
        : Number.isNaN(difference.value)
          ? '-'
          : signed(metric, difference.value, per),
      word === 'the same' || unbounded ? '' : signedRange(metric, difference, per),
      paintedWord(word, paint),
      moreRuns === null ? '' : `(${integer(moreRuns)} more ${moreRuns === 1 ? 'run' : 'runs'})`,
    ];
  });
  const head = [
    `down ${per.words}; p99 of failovers`,
    clean(own[0]?.baseline ?? ''),
    clean(own[0]?.variant ?? ''),
    'difference',
    '',
    '',
    '',
  ];
  const available = shown
    .filter(({ figure }) => figure.headline)
    .map(
      ({ figure, baselineEstimate, variantEstimate }) =>
        `${figureName(figure)} ${availabilityWords(baselineEstimate)} -> ${availabilityWords(variantEstimate)}`,
    );
  const exact = exactLine(own, comparison, per);
  return `${bareTable(rows, { head: head.map((each) => paint.bold(each)), align: ['left', 'right', 'right', 'right', 'left', 'left', 'left'] })}\n\navailable: ${available.join('; ')}${exact}`;
}

/** Both variants by exact analysis of failures alone, and whether the runs agree with it. */
function exactLine(own: readonly PairedDifference[], comparison: Comparison, per: TimeUnit): string {
  const told = headlines(own).flatMap((found) => {
    const pair = exactOf(found, comparison);
    if (pair === null) return [];
    const [before, after] = pair;
    const estimates = [
      [found.baselineEstimate, before],
      [found.variantEstimate, after],
    ] as const;
    const agreement = estimates.every(([estimate, exact]) => isWithin(estimate, exact))
      ? 'the runs agree'
      : estimates.some(([estimate, exact]) => hasMetLess(estimate, exact))
        ? 'rarer than these runs can show'
        : 'DOES NOT AGREE with the runs';
    const [from, to] = pair.map(({ value }) => amount(found.figure.metric, value, per));
    return [`${figureName(found.figure)} ${from} -> ${to} (${agreement})`];
  });
  return told.length === 0 ? '' : `\nexact, by failures alone: ${told.join('; ')}`;
}

function exactOf({ figure, baseline, variant }: PairedDifference, { result }: Comparison) {
  const [before, after] = [baseline, variant].map(
    (name) => result.study.variants.find((each) => each.name === name)!.scenario,
  );
  return exactPair(figure, before!, after!);
}

/** Whether the interval and the range in which a right simulation may come out have a value in common. */
function isWithin({ lower, upper }: Estimate, { least, most }: ExactFigure): boolean {
  return lower <= most && least <= upper;
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
                  ({ word }) => word,
                ),
              ),
            },
          ],
    ),
    differences: comparison.differences.map(
      ({ figure, variantEstimate, baselineEstimate, difference, ...rest }) => ({
        ...figure,
        ...rest,
        variantEstimate: estimateReport(variantEstimate),
        baselineEstimate: estimateReport(baselineEstimate),
        difference: estimateReport(difference),
      }),
    ),
  };
}
