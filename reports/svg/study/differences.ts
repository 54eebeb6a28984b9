/** The picture "is it better": paired differences with their intervals around a zero line, and the word for each. */
import {
  type Estimate,
  isSlight,
  type PairedDifference,
  toldWord,
  type Word,
} from '../../../sim/experiments/decisions.ts';
import type { DifferenceStanding } from '../../../sim/experiments/standing.ts';
import { groupBy } from '../../grouping.ts';
import { capitalised, clean, integer, list, listSome } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { type D3, line, type Pen, write } from '../pen.ts';
import { wrapped } from '../text-width.ts';
import { drawGrid, drawLabels } from './axis.ts';
import type { OwnTime, StudyWords, TimeUnit } from './data.ts';
import { type FigureUnit, figureName, figureUnit, inSentence } from './figures.ts';
import { drawEstimate, drawInterval, isUnbounded } from './interval-mark.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawRows, type Plot, plotOf, type RowGroup } from './rows.ts';
import type { Tone } from './shades.ts';
import { diamond } from './shapes.ts';
import { finishSheet, isWholeAnswer, type PictureOptions, prepareSheet } from './sheet.ts';

export interface DifferencesPicture extends StudyWords {
  readonly differences: readonly PairedDifference[];
}

const ROW = 34;
const ROWS_WITH_FAILOVERS = 24;
const ROWS_MAX = 72;
const TONES: Readonly<Record<Word, Tone>> = {
  better: 'good',
  worse: 'bad',
  'the same': 'exact',
  'cannot tell yet': 'unsure',
};

interface Told {
  readonly difference: PairedDifference;
  readonly unit: FigureUnit;
  /** In the unit of the axis. */
  readonly scaled: Estimate;
  /** The exact difference in the unit of the axis; null without. */
  readonly exact: number | null;
}

export function drawDifferences(
  svg: Pen,
  d3: D3,
  picture: DifferencesPicture,
  options: PictureOptions = {},
): void {
  const told = shownOf(picture.differences).map((each) => tell(each, picture.unit));
  const all = [...groupBy(told, ({ difference }) => figureName(difference.figure))];
  const groups = all.filter(([, rows]) => !isEmpty(rows));
  const empty = all.filter(([, rows]) => isEmpty(rows));
  const baselines = [...new Set(picture.differences.map(({ baseline }) => clean(baseline)))];
  const against = baselines.length === 1 ? baselines[0]! : '';
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-differences', {
    question: picture.title,
    answer: fittingAnswer(told, against),
    details: told.map(({ difference, ...each }) => {
      const who = `${figureName(difference.figure)}, ${clean(difference.variant)} against ${clean(difference.baseline)}`;
      return `${who}: ${figuresOf({ difference, ...each }).join('; ')}.`;
    }),
    reading: [
      `Differences${against === '' ? '' : ` against ${against}`}, run by run under the same luck. A 95 % interval that spares the zero line tells better from worse. ${capitalised(picture.basis)}.`,
    ],
  });
  const named = (each: Told) => ({
    name: clean(each.difference.variant),
    note: baselines.length === 1 ? '' : `against ${inSentence(clean(each.difference.baseline))}`,
    figures: figuresOf(each),
  });
  const drawnRows = groups.flatMap(([, rows]) => rows);
  const plot = plotOf(drawnRows.map(named));
  const middle = (plot.x0 + plot.x1) / 2;

  let y = sheet.top + drawKey(sheet.front, keyOf(drawnRows), sheet.top) + 8;
  write(sheet.front, middle - 12, y + 11, '← less, better', 's b end');
  write(sheet.front, middle + 12, y + 11, 'more, worse →', 's b');
  y += 20;
  let bottom = y;
  for (const [name, rows] of groups) {
    const scale = centred(rows, plot);
    const group: RowGroup = {
      name,
      note: rows[0]!.unit.words === name ? '' : rows[0]!.unit.words,
      rows: rows.map((each) => ({
        ...named(each),
        height: ROW,
        draw: (top, height) => drawRow(sheet.marks, each, scale, top + height / 2),
      })),
    };
    const drawn = drawRows(sheet, [group], plot, bottom);
    drawGrid(
      sheet.back,
      scale.ticks.map(({ x }) => x),
      drawn.blocks,
    );
    drawLabels(sheet.front, scale.ticks, drawn.bottom + 14);
    const [block] = drawn.blocks;
    line(sheet.back, middle, block!.y0, middle, block!.y1, 'axis');
    bottom = drawn.bottom + 30;
  }
  if (empty.length > 0)
    for (const text of wrapped(emptyWords(empty), PAGE.right - PAGE.left, 12, 3)) {
      write(sheet.front, PAGE.left, bottom + 4, text, 'm');
      bottom += 17;
    }
  finishSheet(sheet, bottom - 8);
}

/** A panel of failovers in which nothing could be drawn: it is told in a line. */
function isEmpty(rows: readonly Told[]): boolean {
  return rows.every(
    ({ difference, scaled, exact }) =>
      !difference.figure.headline && exact === null && difference.word !== 'the same' && isUnbounded(scaled),
  );
}

/** `Too few failovers to tell: etcd failover, p99 (about 57 to 68 more runs)` */
function emptyWords(groups: readonly (readonly [name: string, rows: readonly Told[]])[]): string {
  const names = groups.map(([name, rows]) => {
    const more = rows.flatMap(({ difference }) => difference.moreRuns ?? []);
    if (more.length === 0) return name;
    const [least, most] = [Math.min(...more), Math.max(...more)];
    const runs = least === most ? integer(most) : `${integer(least)} to ${integer(most)}`;
    return `${name} (about ${runs} more run${most === 1 ? '' : 's'})`;
  });
  return `Left out, for there are too few failovers to tell: ${names.join('; ')}.`;
}

/** The headlines; where there is room, how long the slowest failovers took as well. The rest is in the tables. */
function shownOf(differences: readonly PairedDifference[]): readonly PairedDifference[] {
  const headlines = differences.filter(({ figure }) => figure.headline);
  if (headlines.length === 0) return differences.slice(0, ROWS_MAX);
  // Where nobody failed over there is nothing to tell apart.
  const slowest = differences.filter(
    ({ figure, difference }) => figure.metric === 'failover-p99' && Number.isFinite(difference.value),
  );
  return headlines.length + slowest.length <= ROWS_WITH_FAILOVERS ? [...headlines, ...slowest] : headlines;
}

function tell(difference: PairedDifference, per: TimeUnit | OwnTime): Told {
  const unit = figureUnit(difference.figure.metric, per);
  const { value, lower, upper, n } = difference.difference;
  const [a, b, c] = [value, lower, upper].map((each) => each * unit.factor);
  const exact =
    difference.exact === null ? null : (difference.exact.variant - difference.exact.baseline) * unit.factor;
  return { difference, unit, scaled: { value: a!, lower: b!, upper: c!, n }, exact };
}

interface CentredScale extends Plot {
  readonly x: (value: number) => number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

/** Zero in the middle; each figure has a scale of its own, for a large one would flatten all others. */
function centred(rows: readonly Told[], plot: Plot): CentredScale {
  const drawn = rows.filter(({ scaled, exact }) => !isUnbounded(scaled) || exact !== null);
  const ends = drawn
    .flatMap(({ scaled: { value, lower, upper }, exact }) => [value, lower, upper, exact ?? 0])
    .filter(Number.isFinite)
    .map(Math.abs);
  const { least, ticks } = rows[0]!.unit;
  const widest = ends.reduce((a, b) => Math.max(a, b), 0) * 1.12;
  const reach = widest > 0 ? widest : least;
  const middle = (plot.x0 + plot.x1) / 2;
  const perUnit = (plot.x1 - middle) / reach;
  const x = (value: number) => Math.min(plot.x1, Math.max(plot.x0, middle + value * perUnit));
  const most = Math.floor((plot.x1 - plot.x0) / 80);
  return {
    ...plot,
    x,
    ticks: (drawn.length === 0 ? [] : ticks(-reach, reach, most)).map(({ value, label }) => ({
      x: x(value),
      label,
    })),
  };
}

function drawRow(pen: Pen, { difference, scaled, exact }: Told, scale: CentredScale, y: number): void {
  // An interval without an end says nothing of where it would end: it is told in words.
  if (!isUnbounded(scaled) || difference.word === 'the same') {
    const middle = exact === null ? y : y - 6;
    drawInterval(pen, scaled, scale, Number.NEGATIVE_INFINITY, middle, TONES[difference.word]);
  }
  if (exact !== null) diamond(pen, scale.x(exact), y + 9, 5);
}

const STANDING_WORDS: Readonly<Record<DifferenceStanding, string>> = {
  agrees: ', agrees',
  besides: ', without elections',
  'too-few': ', too few runs to say',
  missed: ', not met by these runs',
  differs: ', DIFFERS',
};

/** The word, how much, its interval, the exact difference, and how many more runs the word would take. */
function figuresOf({ difference, scaled, exact, unit }: Told): string[] {
  const { word, moreRuns } = difference;
  const beside =
    exact === null ? [] : [`exact ${unit.told(exact)}${STANDING_WORDS[difference.exact!.standing]}`];
  if (word === 'the same') return ['the same', 'not one run differs', ...beside];
  if (isUnbounded(scaled)) {
    const few = difference.figure.metric.startsWith('failover') ? 'failovers' : 'runs';
    const wanted =
      moreRuns === null ? '' : `: about ${integer(moreRuns)} more run${moreRuns === 1 ? '' : 's'}`;
    return ['cannot tell yet', `too few ${few}${wanted}`, ...beside];
  }
  const range = `${unit.told(scaled.lower)} to ${unit.told(scaled.upper)}`;
  const told = toldWord(difference);
  if (told.by === 'exact')
    return [
      `${told.word}, exact · ${unit.told(exact!)}`,
      `by runs ${range}`,
      difference.exact!.standing === 'missed' ? 'which have met less of it' : 'which are too few to say',
    ];
  const lines = [`${word} · ${unit.told(scaled.value)}`, range, ...beside];
  if (moreRuns !== null)
    lines.push(`about ${integer(moreRuns)} more run${moreRuns === 1 ? '' : 's'} would tell`);
  return lines;
}

function keyOf(told: readonly Told[]): KeyEntry[] {
  const words = new Set(
    told.flatMap(({ difference, scaled }) =>
      isUnbounded(scaled) && difference.word !== 'the same' ? [] : [difference.word],
    ),
  );
  const exact: KeyEntry = {
    words: 'exact by failures alone',
    width: 10,
    draw: (pen, x, y) => diamond(pen, x + 5, y, 5),
  };
  const entries: KeyEntry[] = (Object.keys(TONES) as Word[])
    .filter((word) => words.has(word))
    .map((word) => ({
      words: word,
      width: 26,
      draw: (pen, x, y) => {
        if (word !== 'the same') line(pen, x, y, x + 26, y, `thick s-${TONES[word]}`);
        drawEstimate(pen, x + 13, y, TONES[word]);
      },
    }));
  return told.some((each) => each.exact !== null) ? [...entries, exact] : entries;
}

/** With names in full where there is room for them. */
function fittingAnswer(told: readonly Told[], against: string): string {
  const whole = answerOf(told, against, clean);
  return isWholeAnswer(whole)
    ? whole
    : answerOf(told, inSentence(against), (name) => inSentence(clean(name)));
}

/** Who is better or worse in the headline figures. */
function answerOf(told: readonly Told[], against: string, nameOf: (name: string) => string): string {
  const headlines = told.filter(({ difference }) => difference.figure.headline);
  const rows = headlines.length > 0 ? headlines : told;
  if (rows.length === 0) return 'Nothing to compare';
  const of = (word: Word) => rows.filter(({ difference }) => toldWord(difference).word === word);
  const beside = against === '' ? '' : `Against ${against}: `;
  const known = [...of('better'), ...of('worse')];
  if (known.length === 0) {
    const same = of('the same').length === rows.length;
    const found = same ? 'nothing differs' : 'these runs cannot tell yet what is better';
    return capitalised(`${beside}${found}`);
  }
  const variants = [...new Set(rows.map(({ difference }) => difference.variant))];
  const one = variants.length === 1;
  // What several variants have in common is said once.
  const said = new Map<string, string[]>();
  for (const variant of variants) {
    const figures = (word: Word) =>
      of(word)
        .filter(({ difference }) => difference.variant === variant)
        .map(({ difference }) => figureName(difference.figure));
    const whole = rows.filter(({ difference }) => difference.variant === variant).length;
    const parts = (['better', 'worse'] as const).flatMap((word) => {
      const names = figures(word);
      if (names.length === 0) return [];
      const where =
        names.length === whole && whole > 1 ? 'throughout' : `for ${listSome(names, one ? 4 : 2)}`;
      const ofUse = of(word).some(
        ({ difference }) => difference.variant === variant && !isSlight(difference),
      );
      // Where the intervals of the runs hold zero, it is said who says so.
      const by = of(word)
        .filter(({ difference }) => difference.variant === variant)
        .map(({ difference }) => toldWord(difference).by);
      const source = !by.includes('exact')
        ? ''
        : by.includes('runs')
          ? ' (in part by exact analysis)'
          : ' by exact analysis';
      return [`${ofUse ? '' : 'hardly '}${word} ${where}${source}`];
    });
    if (parts.length > 0) said.set(list(parts), [...(said.get(list(parts)) ?? []), variant]);
  }
  if (said.size > 3) {
    const better = new Set(of('better').map(({ difference }) => difference.variant)).size;
    const worse = new Set(of('worse').map(({ difference }) => difference.variant)).size;
    return `${beside}${better} of ${variants.length} variants are better somewhere, ${worse} are worse somewhere`;
  }
  const sentences = [...said].map(([text, names]) => {
    const who = names.length > 3 ? `${names.length} of ${variants.length} variants` : list(names.map(nameOf));
    return `${who} ${names.length === 1 ? 'is' : 'are'} ${text}`;
  });
  return `${beside}${sentences.join('; ')}`;
}
