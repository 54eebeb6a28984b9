/** The picture "are these runs enough": how each estimate and its interval became what they are. */
import { exp, log } from '../../../sim/kernel/portable-math.ts';
import { MINUTE } from '../../../sim/kernel/time.ts';
import { capitalised, clean, count, integer } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { coordinate, type D3, line, type Pen, write } from '../pen.ts';
import { fittedName, textWidth } from '../text-width.ts';
import { drawGrid, drawLabels } from './axis.ts';
import { type ConvergenceSeries, type StudyWords, type TimeUnit, unitOfRow } from './data.ts';
import { inSentence, roundTime, shortTime } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { LIMIT_KEY } from './limit-mark.ts';
import { logDomain, logScale } from './log-scale.ts';
import { nameLines } from './rows.ts';
import { diamond, disc } from './shapes.ts';
import { finishSheet, type PictureOptions, prepareSheet, type Sheet } from './sheet.ts';
import { logTimeTicks, plainNumber } from './ticks.ts';

export interface ConvergencePicture extends StudyWords {
  readonly series: readonly ConvergenceSeries[];
}

/** More panels than this are not drawn: the least certain are. */
const PANELS_MAX = 12;
const COLUMNS_MAX = 3;
const GAP = 30;
const HEIGHT = 150;
const FOOT = 44;
const AIR = 1.25;
/** Of the height of the axis. */
const AIR_SHARE = 0.04;

export function drawConvergence(
  svg: Pen,
  d3: D3,
  picture: ConvergencePicture,
  options: PictureOptions = {},
): void {
  const known = picture.series.filter(({ steps }) => steps.length > 0);
  const least = known.toSorted((a, b) => relativeHalf(b) - relativeHalf(a)).slice(0, PANELS_MAX);
  const shown = known.filter((each) => least.includes(each));
  const unitOf = ({ durationUs }: ConvergenceSeries) => unitOfRow(picture.unit, durationUs);
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-convergence', {
    question: picture.title,
    answer: answerOf(known),
    details: known.map((each) => `${nameOf(each)}: ${stateOf(each, unitOf(each))}.`),
    reading: [
      `Downtime ${picture.unit.words}, estimated from the first 1, 2, 3, ... runs; the band is the 95 % interval. ${capitalised(picture.basis)}.`,
    ],
  });
  let y = sheet.top + drawKey(sheet.front, keyOf(shown), sheet.top) + 6;
  const columns = columnsOf(shown);
  const width = (PAGE.right - PAGE.left - (columns - 1) * GAP) / columns;
  for (let row = 0; row * columns < shown.length; row++) {
    const inRow = shown.slice(row * columns, (row + 1) * columns);
    const heads = inRow.map((each) => headOf(each, width));
    const head = Math.max(...heads.map((lines) => lines.length)) * 14 + 20;
    inRow.forEach((each, i) => {
      const x0 = PAGE.left + i * (width + GAP);
      drawPanel(sheet, each, heads[i]!, unitOf(each), { x0, x1: x0 + width, y0: y, head });
    });
    y += head + HEIGHT + FOOT;
  }
  if (known.length > shown.length) {
    const rest = known.length - shown.length;
    write(
      sheet.front,
      PAGE.left,
      y + 4,
      `+ ${count(rest, 'more estimate')}, all more certain than these`,
      's m',
    );
    y += 16;
  }
  finishSheet(sheet, y - 8);
}

/** The variants side by side where there is room. */
function columnsOf(shown: readonly ConvergenceSeries[]): number {
  const variants = new Set(shown.map(({ variant }) => variant)).size;
  const beside = variants > 1 && variants <= COLUMNS_MAX ? variants : COLUMNS_MAX;
  return Math.max(1, Math.min(beside, shown.length));
}

/** The variant's name in as many lines as it needs, above the system's. */
function headOf({ variant }: ConvergenceSeries, width: number): string[] {
  return nameLines(variant).map((each) => fittedName(each, width, 12, true));
}

interface Panel {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly head: number;
}

function drawPanel(
  sheet: Sheet,
  series: ConvergenceSeries,
  head: readonly string[],
  unit: TimeUnit,
  panel: Panel,
): void {
  const { front, back, marks, d3 } = sheet;
  const width = panel.x1 - panel.x0;
  head.forEach((each, i) => {
    write(front, panel.x0, panel.y0 + 12 + i * 14, each, 'b');
  });
  const below = panel.y0 + 12 + head.length * 14;
  write(front, panel.x0, below, fittedName(clean(series.system), width, 11), 's m');

  const last = series.steps.at(-1)!;
  const plot = {
    x0: panel.x0 + 58,
    x1: panel.x1 - 8,
    y0: panel.y0 + panel.head,
    y1: panel.y0 + panel.head + HEIGHT,
  };
  const scaled = (value: number) => value * unit.us;
  const sights = sightsOf(series).map(scaled);
  const [from, to] = logDomain(sights.length === 0 ? [MINUTE] : sights, 4, airOf(sights));
  // Upwards: more downtime.
  const vertical = logScale(from, to, plot.y1, plot.y0);
  const yOf = (value: number) =>
    Number.isFinite(value) ? vertical.x(Math.max(0, scaled(value))) : value < 0 ? plot.y1 : plot.y0;
  const first = series.steps[0]!.n;
  const horizontal = logScale(Math.max(1, first) * 0.999, Math.max(first + 1, last.n), plot.x0, plot.x1);

  back
    .append('rect')
    .attr('class', 'lane')
    .attr('x', coordinate(plot.x0))
    .attr('y', coordinate(plot.y0))
    .attr('width', coordinate(plot.x1 - plot.x0))
    .attr('height', HEIGHT);
  const rows = logTimeTicks(from, to, 5);
  for (const { value } of rows) line(back, plot.x0, vertical.x(value), plot.x1, vertical.x(value), 'grid');
  for (const { value } of spaced(rows, (value) => vertical.x(value)))
    write(front, plot.x0 - 6, vertical.x(value) + 4, shortTime(value), 's end');
  const runs = runTicks(first, last.n).map((n) => ({ x: horizontal.x(n), label: integer(n) }));
  drawGrid(
    back,
    runs.map(({ x }) => x),
    [plot],
  );
  drawLabels(front, lastFirst(runs), plot.y1 + 14);
  write(front, plot.x0, plot.y1 + 29, `runs · ${stateOf(series, unit)}`, 's m');

  const area = d3
    .area<(typeof series.steps)[number]>()
    .x(({ n }) => horizontal.x(n))
    .y0(({ lower }) => yOf(lower))
    .y1(({ upper }) => yOf(upper))
    .digits(2);
  marks
    .append('path')
    .attr('class', 'w-plain')
    .attr('d', area([...series.steps]));
  for (const end of ['lower', 'upper'] as const) {
    const edge = d3
      .line<(typeof series.steps)[number]>()
      .x(({ n }) => horizontal.x(n))
      .y((step) => yOf(step[end]))
      .digits(2);
    marks
      .append('path')
      .attr('class', 'thin s-plain')
      .attr('d', edge([...series.steps]));
  }
  if (series.precision !== null && last.value > 0) {
    for (const side of [1 - series.precision, 1 + series.precision])
      line(marks, plot.x0, yOf(last.value * side), plot.x1, yOf(last.value * side), 'edge');
  }
  const estimate = d3
    .line<(typeof series.steps)[number]>()
    .defined(({ value }) => value > 0)
    .x(({ n }) => horizontal.x(n))
    .y(({ value }) => yOf(value))
    .digits(2);
  marks
    .append('path')
    .attr('class', 'thick s-plain')
    .attr('d', estimate([...series.steps]) ?? '');
  // One step makes no line.
  if (series.steps.length === 1 && last.value > 0) disc(marks, plot.x0, yOf(last.value), 4, 'plain');
  if (series.limit !== null) line(marks, plot.x0, yOf(series.limit), plot.x1, yOf(series.limit), 'limit');
  if (series.exact !== null && series.exact > 0) diamond(front, plot.x1, yOf(series.exact), 5);
}

/** A factor of room above and below: more on an axis that spans many powers of ten. */
function airOf(sights: readonly number[]): number {
  if (sights.length === 0) return AIR;
  const least = sights.reduce((a, b) => Math.min(a, b));
  const most = sights.reduce((a, b) => Math.max(a, b));
  return Math.max(AIR, exp(AIR_SHARE * log(most / least)));
}

/** What the vertical axis must show: every estimate; the wild bounds of the first runs may leave it. */
function sightsOf({ steps, limit, exact, precision }: ConvergenceSeries): number[] {
  const last = steps.at(-1)!;
  const middle = last.value > 0 ? last.value : last.upper;
  const near = (value: number) => value > middle / 12 && value < middle * 12;
  const settled = steps.slice(Math.floor(steps.length / 3));
  const sights = [
    ...steps.map(({ value }) => value),
    ...settled.flatMap(({ lower, upper }) => [lower, upper]).filter(near),
    middle,
    ...(precision === null ? [] : [middle * (1 - precision), middle * (1 + precision)]),
    ...[limit, exact].flatMap((each) => (each === null ? [] : [each])),
  ];
  return sights.filter((value) => value > 0 && Number.isFinite(value));
}

/** 1, 2, 5, 10, ... and the last. */
function runTicks(first: number, last: number): number[] {
  const ticks: number[] = [];
  for (let power = 1; power <= last; power *= 10)
    for (const n of [power, 2 * power, 5 * power]) if (n >= first && n < last) ticks.push(n);
  return [...ticks, last];
}

/** The last label is kept, whatever stands before it. */
function lastFirst(ticks: readonly { readonly x: number; readonly label: string }[]) {
  const last = ticks.at(-1)!;
  const reach = last.x - textWidth(last.label, 11) / 2 - 10;
  return [...ticks.slice(0, -1).filter(({ x, label }) => x + textWidth(label, 11) / 2 < reach), last];
}

function spaced<Item extends { readonly value: number }>(
  items: readonly Item[],
  place: (value: number) => number,
): Item[] {
  let busy = Number.POSITIVE_INFINITY;
  return items.filter(({ value }) => {
    const free = place(value) <= busy - 16;
    if (free) busy = place(value);
    return free;
  });
}

/** Half the interval relative to the estimate; Infinity without one. */
function relativeHalf({ steps }: ConvergenceSeries): number {
  const { value, lower, upper } = steps.at(-1)!;
  const half = (upper - lower) / 2;
  return value > 0 && Number.isFinite(half) ? half / value : Number.POSITIVE_INFINITY;
}

function stateOf(series: ConvergenceSeries, unit: TimeUnit): string {
  const { value, upper, n } = series.steps.at(-1)!;
  const after = `after ${integer(n)}`;
  if (value === 0)
    return Number.isFinite(upper)
      ? `nothing failed, below ${roundTime(upper * unit.us)} ${after}`
      : `nothing failed ${after}`;
  const half = relativeHalf(series);
  const spread = Number.isFinite(half) ? ` ± ${percentOf(half)}` : ', no interval yet,';
  return `${roundTime(value * unit.us)}${spread} ${after}`;
}

function percentOf(share: number): string {
  const percent = share * 100;
  return `${percent < 10 ? plainNumber(Math.round(percent * 10) / 10) : integer(Math.round(percent))} %`;
}

function nameOf({ variant, system }: ConvergenceSeries): string {
  return `${clean(system)}, ${clean(variant)}`;
}

function keyOf(series: readonly ConvergenceSeries[]): KeyEntry[] {
  const keys: KeyEntry[] = [
    { words: 'estimate', width: 26, draw: (pen, x, y) => line(pen, x, y, x + 26, y, 'thick s-plain') },
    {
      words: '95 % interval',
      width: 26,
      draw: (pen, x, y) => {
        pen
          .append('rect')
          .attr('class', 'w-plain s-plain')
          .attr('x', coordinate(x))
          .attr('y', coordinate(y - 6))
          .attr('width', 26)
          .attr('height', 12);
      },
    },
  ];
  const precision = series.find((each) => each.precision !== null)?.precision;
  if (precision !== undefined && precision !== null)
    keys.push({
      words: `goal: ± ${percentOf(precision)} of the last estimate`,
      width: 26,
      draw: (pen, x, y) => {
        line(pen, x, y - 4, x + 26, y - 4, 'edge');
        line(pen, x, y + 4, x + 26, y + 4, 'edge');
      },
    });
  if (series.some(({ limit }) => limit !== null))
    keys.push({ ...LIMIT_KEY, width: 26, draw: (pen, x, y) => line(pen, x, y, x + 26, y, 'limit') });
  if (series.some(({ exact }) => (exact ?? 0) > 0))
    keys.push({
      words: 'exact by failures alone',
      width: 12,
      draw: (pen, x, y) => diamond(pen, x + 6, y, 5),
    });
  return keys;
}

/** Whether the goal is reached, and what is known least. */
function answerOf(series: readonly ConvergenceSeries[]): string {
  if (series.length === 0) return 'No runs';
  const failing = series.filter(({ steps }) => steps.at(-1)!.value > 0);
  const runs = Math.max(...series.map(({ steps }) => steps.at(-1)!.n));
  const after = `after ${count(runs, 'run')}`;
  if (failing.length === 0) return `Nothing failed ${after}`;
  const widest = failing.toSorted((a, b) => relativeHalf(b) - relativeHalf(a))[0]!;
  const half = relativeHalf(widest);
  const variants = new Set(series.map(({ variant }) => variant)).size;
  const of =
    variants === 1
      ? clean(widest.system)
      : `${clean(widest.system)} with ${inSentence(clean(widest.variant))}`;
  if (!Number.isFinite(half)) return `${capitalised(after)} there is no interval yet for ${of}`;
  // Runs that have not met the rare failure that counts agree with each other, and with nothing else.
  const missed = failing.filter((each) => each.missed);
  if (missed.length > 0) {
    const whose =
      missed.length === 1 && variants === 1
        ? clean(missed[0]!.system)
        : `${missed.length} of ${series.length} answers`;
    return `${capitalised(after)} the exact answer is worse than the runs show for ${whose}: they have not met the rare failure that counts`;
  }
  const { precision } = widest;
  const least = failing.length === 1 ? of : `every estimate`;
  if (precision === null)
    return `${capitalised(after)} ${least} is known to ± ${percentOf(half)}${failing.length === 1 ? '' : ' or better'}`;
  if (half <= precision)
    return `Precise enough ${after}: ${least} is known to ± ${percentOf(half)}${failing.length === 1 ? '' : ' or better'}`;
  return `Not as precise as wanted ${after}: ${of} is known to ± ${percentOf(half)}, not ${percentOf(precision)}`;
}

/** The numbers of runs at which a series is drawn: 1, 2, 3, 5, 8, ... about 1.3 times the one before, and the last. */
export function stepsOf(runs: number): number[] {
  const steps: number[] = [];
  for (let n = 2; n < runs; n = Math.ceil(n * 1.3)) steps.push(n);
  return runs > 0 ? [...steps, runs] : [];
}
