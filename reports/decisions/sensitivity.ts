/** A sensitivity in a terminal, as a document and as rows: what the answer hangs on, and which component matters most. */
import picocolors from 'picocolors';
import type { Estimate, Figure, ImportanceRow, TornadoRow, Word } from '../../sim/experiments/decisions.ts';
import { FAILOVERS_MIN, failoversForP99 } from '../../sim/experiments/paired.ts';
import type { Sensitivity } from '../../sim/experiments/sensitivity/sensitivity.ts';
import { type Cell, count as countCell, csvFile, text } from '../csv/cells.ts';
import { groupBy } from '../grouping.ts';
import { UNKNOWN_BOUND } from '../study/words.ts';
import type { TimeUnit } from '../svg/study/data.ts';
import { figureName } from '../svg/study/figures.ts';
import { bareTable } from '../terminal/bare-table.ts';
import type { TerminalOptions } from '../terminal/index.ts';
import { wrap } from '../terminal/wrap.ts';
import { capitalised, clean, count, integer } from '../words.ts';
import { STOPPED } from './comparison.ts';
import { estimateReport, figureCell, UNITS } from './differences.ts';
import { basisWords, CANNOT_TELL, signed, signedRange, unitOfOne } from './words.ts';

export const SENSITIVITY_SCHEMA_VERSION = 1;

const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;
/** Rows of a figure's table; sensitivity.csv has them all. */
const ROWS_MAX = 8;

export const SENSITIVITY_COLUMNS = [
  'analysis',
  'input',
  'kind',
  'system',
  'operation',
  'vantage',
  'metric',
  'unit',
  'end',
  'value',
  'difference',
  'lower',
  'upper',
  'n',
  'word',
  'share',
  'exact_share',
] as const;

/** sensitivity.csv: for each figure one row for each end of each input, and one for each component that is perfect. */
export function sensitivityCsv({ tornado, importance }: Sensitivity): Promise<string> {
  const about = (figure: Figure): Cell[] => [
    text(figure.system),
    text(figure.operation),
    text(figure.vantage),
    figure.metric,
    UNITS[figure.metric],
  ];
  const found = (figure: Figure, { value, lower, upper, n }: Estimate, word: Word): Cell[] => [
    figureCell(figure.metric, value),
    figureCell(figure.metric, lower),
    figureCell(figure.metric, upper),
    countCell(n),
    word,
  ];
  const share = (value: number | null): Cell => (value === null ? null : figureCell('unavailability', value));
  return csvFile(SENSITIVITY_COLUMNS, [
    ...tornado.flatMap(({ input, kind, figure, low, high }) =>
      (
        [
          ['low', low],
          ['high', high],
        ] as const
      ).map(([name, end]): Cell[] => [
        'one at a time',
        text(input),
        kind,
        ...about(figure),
        name,
        text(end.label),
        ...found(figure, end.difference, end.word),
        null,
        null,
      ]),
    ),
    ...importance.map(({ component, kind, figure, difference, word, ...shares }): Cell[] => [
      'perfect component',
      text(component),
      kind,
      ...about(figure),
      'perfect',
      null,
      ...found(figure, difference, word),
      share(shares.share),
      share(shares.exactShare),
    ]),
  ]);
}

export function sensitivitySummary(found: Sensitivity, options: TerminalOptions): string {
  if (found.runs === 0) return noAnswer(found, options);
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const { study, stopped, outcomes } = found.result;
  const per = unitOfOne(study.variants[0]!);
  const { known, unknown } = figuresTold(found.tornado.filter(matters));
  const importance = [
    ...groupBy(
      found.importance.filter(({ share }) => share !== null),
      ({ figure }) => figureName(figure),
    ),
  ];
  const basis = `${basisWords(
    study.variants.filter((_, i) => outcomes[i]!.length > 0),
    found.runs,
    clean(String(study.seed)),
  )}, run by run under the same luck; intervals at 95 %${STOPPED[stopped].replace('decided', 'precise enough')}`;
  return `${[
    wrap(answer(found, per), width, '', '  '),
    ...known.map(([name, rows]) => tornadoTable(name, rows, per, paint)),
    ...importance.map(([name, rows]) => importanceTable(name, rows, per, paint)),
    unknown
      .map(([name, rows]) => wrap(`${name}: these runs do not tell${wanted(rows)}.`, width, '', '  '))
      .join('\n'),
    [
      ...notesOf(
        known.flatMap(([, rows]) => rows),
        found.importance,
      ),
      ...leftOutWords(found),
      basis,
    ]
      .map((each) => wrap(each, width, '', ''))
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

/** What there is to say before the first input or component has its runs. */
function noAnswer({ result }: Sensitivity, { columns }: TerminalOptions): string {
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, columns));
  const { variants } = result.study;
  const done = result.outcomes.reduce((sum, each) => sum + each.length, 0);
  const words = `No answer yet: ${count(done, 'run')} done, and an input takes a run of the scenario as it stands and of each of its ends. A run of each of the ${count(variants.length, 'variant')} tells something of all: a longer --budget or none, --runs 1, a shorter --set run.duration, or --of inputs or components gets there.`;
  return `${wrap(words, width, '', '  ')}\n`;
}

function leftOutWords({ leftOut }: Sensitivity): string[] {
  return leftOut.length === 0
    ? []
    : [`left out, for not all it takes has a run yet: ${leftOut.map(clean).join(', ')}.`];
}

/** Figures by name: those of which some row says something, and those of which no run knows an end. */
export function figuresTold(rows: readonly TornadoRow[]): { known: Tables; unknown: Tables } {
  const all = [...groupBy(rows, ({ figure }) => figureName(figure))];
  const isUnknown = ([, own]: Tables[number]) =>
    own.every(({ low, high }) => [low, high].every(saysNothing)) &&
    own.some(({ low, high }) => [low, high].some(({ word }) => word !== 'the same'));
  return { known: all.filter((each) => !isUnknown(each)), unknown: all.filter(isUnknown) };
}

type Tables = readonly (readonly [name: string, rows: readonly TornadoRow[]])[];

/** Neither a bound nor that nothing differs. */
function saysNothing({ word, difference: { lower, upper } }: TornadoRow['low']): boolean {
  return word === 'the same' || (!Number.isFinite(lower) && !Number.isFinite(upper));
}

/** How many failovers it takes; of other figures it is not known. */
function wanted([first]: readonly TornadoRow[]): string {
  if (first?.figure.metric === 'failover-p99')
    return `: ${failoversForP99()} failovers in each variant bound a p99, and there were ${integer(first.low.difference.n)} or so`;
  if (first?.figure.metric === 'failover-mean')
    return `: it takes ${FAILOVERS_MIN} failovers in each variant`;
  return '';
}

/** What the words and signs of the tables mean, where they are in them. */
function notesOf(tornado: readonly TornadoRow[], importance: readonly ImportanceRow[]): string[] {
  const shown = [...tornado.flatMap(({ low, high }) => [low, high]), ...importance];
  const unknown = shown.some(
    ({ word, difference: { lower, upper } }) =>
      word !== 'the same' && !(Number.isFinite(lower) && Number.isFinite(upper)),
  );
  return [
    ...(shown.some(({ word }) => word === 'cannot tell yet') ? [`${CANNOT_TELL}.`] : []),
    ...(unknown ? [UNKNOWN_BOUND] : []),
    ...(importance.some(({ exactShare }) => exactShare !== null)
      ? ['exact: by analysis of failures alone, without the time of elections.']
      : []),
  ];
}

function matters({ low, high }: TornadoRow): boolean {
  return low.word !== 'the same' || high.word !== 'the same';
}

/** Of each system the input that moves it most, and the component that costs it most; only what the runs can tell. */
function answer({ tornado, importance }: Sensitivity, per: TimeUnit): string {
  const sentences: string[] = [];
  const told = ({ word }: { word: Word }) => word === 'better' || word === 'worse';
  const systems = [...new Set(importance.map(({ figure }) => figure.system))];
  const all = systems.length > 0 ? systems : [...new Set(tornado.map(({ figure }) => figure.system))];
  for (const system of all) {
    const row = tornado.find(
      ({ figure, low, high }) => figure.system === system && figure.headline && (told(low) || told(high)),
    );
    const component = importance.find(
      (one) => one.figure.system === system && told(one) && one.kind !== 'process',
    );
    if (row === undefined && component === undefined) continue;
    const most = row === undefined ? '' : `hangs most on ${clean(row.input)} (${ends(row, per)})`;
    const costs =
      component === undefined
        ? ''
        : `${clean(component.component)} costs most: without its failures ${signed('unavailability', component.difference.value, per)} ${per.words}`;
    sentences.push(`${clean(system)} ${[most, costs].filter((part) => part !== '').join('; ')}`);
  }
  return sentences.length === 0
    ? 'These runs cannot tell yet what the answer hangs on.'
    : capitalised(`${sentences.join('. ')}.`);
}

function ends({ low, high, figure }: TornadoRow, per: TimeUnit): string {
  return [low, high]
    .map((end) => `${clean(end.label)}: ${signed(figure.metric, end.difference.value, per)}`)
    .join(', ');
}

type Paint = ReturnType<typeof picocolors.createColors>;

function tornadoTable(name: string, rows: readonly TornadoRow[], per: TimeUnit, paint: Paint): string {
  const [{ figure }] = rows as [TornadoRow];
  const shown = rows
    .slice(0, ROWS_MAX)
    .flatMap(({ input, low, high }) =>
      [low, high].map((end, i) => [
        i === 0 ? clean(input) : '',
        clean(end.label),
        end.word === 'the same' ? '0' : signed(figure.metric, end.difference.value, per),
        end.word === 'the same' ? '' : signedRange(figure.metric, end.difference, per),
        worded(end.word, paint),
      ]),
    );
  const unit = figure.metric === 'unavailability' ? `down ${per.words}` : 'time to fail over';
  const head = [`${name}, ${unit}`, 'at', 'difference', '', ''];
  return `${bareTable(shown, { head: head.map((each) => paint.bold(each)), align: ['left', 'right', 'right', 'left', 'left'] })}${rest(rows.length)}`;
}

function importanceTable(name: string, rows: readonly ImportanceRow[], per: TimeUnit, paint: Paint): string {
  const exact = rows.some(({ exactShare }) => exactShare !== null);
  const percent = (share: number | null) => (share === null ? '-' : `${Math.round(share * 100)} %`);
  const shown = rows
    .slice(0, ROWS_MAX)
    .map(({ component, difference, word, share, exactShare }) => [
      clean(component),
      percent(share),
      ...(exact ? [percent(exactShare)] : []),
      word === 'the same' ? '0' : signed('unavailability', difference.value, per),
      word === 'the same' ? '' : signedRange('unavailability', difference, per),
      worded(word, paint),
    ]);
  const head = [`${name}, if perfect`, 'removes', ...(exact ? ['exact'] : []), `down ${per.words}`, '', ''];
  const align = ['left', 'right', ...(exact ? ['right'] : []), 'right', 'left', 'left'] as (
    | 'left'
    | 'right'
  )[];
  return `${bareTable(shown, { head: head.map((each) => paint.bold(each)), align })}${rest(rows.length)}`;
}

function rest(rows: number): string {
  return rows > ROWS_MAX ? `\nand ${integer(rows - ROWS_MAX)} more (sensitivity.csv has them all)` : '';
}

function worded(word: Word, paint: Paint): string {
  if (word === 'better') return paint.green(word);
  if (word === 'worse') return paint.red(word);
  return word === 'cannot tell yet' ? paint.yellow(word) : word;
}

/** sensitivity.json, and what `sensitivity --json` prints. */
export function sensitivityDocument(
  found: Sensitivity,
  request: Readonly<Record<string, unknown>>,
  version: string,
) {
  const { study, stopped } = found.result;
  return {
    schemaVersion: SENSITIVITY_SCHEMA_VERSION,
    kind: 'sensitivity',
    tool: { name: 'zonefall', version },
    title: study.variants[0]!.scenario.title,
    request,
    seed: study.seed,
    confidence: 0.95,
    stopped,
    runs: found.runs,
    leftOut: found.leftOut,
    tornado: found.tornado.map(({ figure, low, high, swing, ...row }) => ({
      ...figure,
      ...row,
      ...Object.fromEntries(
        (
          [
            ['low', low],
            ['high', high],
          ] as const
        ).map(([name, end]) => [
          name,
          {
            label: end.label,
            word: end.word,
            estimate: estimateReport(end.estimate),
            difference: estimateReport(end.difference),
          },
        ]),
      ),
    })),
    importance: found.importance.map(({ figure, difference, ...row }) => ({
      ...figure,
      ...row,
      difference: estimateReport(difference),
    })),
  };
}
