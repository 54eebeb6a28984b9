/** The picture "what matters": each input turned down and up, the strongest first, with what that does to downtime. */
import type { TornadoEnd, TornadoRow } from '../../../sim/experiments/decisions.ts';
import { groupBy } from '../../grouping.ts';
import { capitalised, clean, count } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { type D3, line, type Pen, write } from '../pen.ts';
import { fitted } from '../text-width.ts';
import { drawGrid, drawLabels } from './axis.ts';
import { drawBar, drawWhisker } from './bar.ts';
import type { OneScenarioWords, TimeUnit } from './data.ts';
import { type FigureUnit, figureName, figureUnit, inSentence } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawRows, type Plot, plotOf } from './rows.ts';
import { finishSheet, type PictureOptions, prepareSheet } from './sheet.ts';

export interface TornadoPicture extends OneScenarioWords {
  readonly rows: readonly TornadoRow[];
}

const ROW = 38;
const BAR = 12;
const ROWS_MAX = 16;
/** Room for the value at the end of a bar. */
const LABEL_ROOM = 92;

export function drawTornado(svg: Pen, d3: D3, picture: TornadoPicture, options: PictureOptions = {}): void {
  const groups = [...groupBy(picture.rows, ({ figure }) => figureName(figure))].map(([name, rows]) => ({
    name,
    rows: rows.toSorted((a, b) => b.swing - a.swing),
  }));
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-tornado', {
    question: picture.title,
    answer: answerOf(groups, picture.unit),
    details: picture.rows.map(
      (row) => `${figureName(row.figure)}, ${clean(row.input)}: ${figuresOf(row, picture.unit).join('; ')}.`,
    ),
    reading: [
      `Each input turned down and up alone; bars are differences from the scenario as it stands, under the same luck. ${capitalised(picture.basis)}.`,
    ],
  });
  const shown = groups.flatMap(({ rows }) => rows.slice(0, ROWS_MAX));
  const plot = plotOf(
    shown.map((row) => ({ name: clean(row.input), note: row.kind, figures: figuresOf(row, picture.unit) })),
  );
  const middle = (plot.x0 + plot.x1) / 2;
  const intervals = shown.some(({ low, high }) =>
    [low, high].some(({ difference }) => isBounded(difference)),
  );
  let y = sheet.top + drawKey(sheet.front, keyOf(intervals), sheet.top) + 8;
  write(sheet.front, middle - 12, y + 11, '← less, better', 's b end');
  write(sheet.front, middle + 12, y + 11, 'more, worse →', 's b');
  y += 20;
  for (const { name, rows } of groups) {
    const unit = figureUnit(rows[0]!.figure.metric, picture.unit);
    const scale = centred(rows.slice(0, ROWS_MAX), plot, unit);
    const drawn = drawRows(
      sheet,
      [
        {
          name,
          note: unit.words,
          rows: rows.slice(0, ROWS_MAX).map((row) => ({
            name: clean(row.input),
            note: row.kind,
            figures: figuresOf(row, picture.unit),
            height: ROW,
            draw: (top: number, height: number) => {
              drawEnd(sheet.marks, sheet.front, row.low, scale, unit, top + height / 2 - BAR - 1, 'soft');
              drawEnd(sheet.marks, sheet.front, row.high, scale, unit, top + height / 2 + 1, 'solid');
            },
          })),
        },
      ],
      plot,
      y,
    );
    drawGrid(
      sheet.back,
      scale.ticks.map(({ x }) => x),
      drawn.blocks,
    );
    const [block] = drawn.blocks;
    line(sheet.front, middle, block!.y0, middle, block!.y1, 'axis');
    drawLabels(sheet.front, scale.ticks, drawn.bottom + 14);
    y = drawn.bottom + 30;
    if (rows.length > ROWS_MAX) {
      write(
        sheet.front,
        PAGE.left,
        y - 4,
        `+ ${count(rows.length - ROWS_MAX, 'input')} with less effect`,
        's m',
      );
      y += 14;
    }
  }
  finishSheet(sheet, y - 8);
}

interface Scale {
  readonly x: (value: number) => number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
}

function centred(rows: readonly TornadoRow[], plot: Plot, unit: FigureUnit): Scale {
  const ends = rows
    .flatMap(({ low, high }) => [low.difference, high.difference])
    .flatMap(({ value, lower, upper }) => [value, lower, upper])
    .filter(Number.isFinite)
    .map((value) => Math.abs(value * unit.factor));
  const widest = ends.reduce((a, b) => Math.max(a, b), 0);
  const reach = widest > 0 ? widest : unit.least;
  const middle = (plot.x0 + plot.x1) / 2;
  const perUnit = (plot.x1 - middle - LABEL_ROOM) / reach;
  const x = (value: number) => Math.min(plot.x1, Math.max(plot.x0, middle + value * perUnit));
  const most = Math.floor((plot.x1 - plot.x0) / 90);
  return { x, ticks: unit.ticks(-reach, reach, most).map(({ value, label }) => ({ x: x(value), label })) };
}

function isBounded({ lower, upper }: TornadoEnd['difference']): boolean {
  return Number.isFinite(lower) && Number.isFinite(upper) && upper > lower;
}

function drawEnd(
  pen: Pen,
  front: Pen,
  end: TornadoEnd,
  scale: Scale,
  unit: FigureUnit,
  y: number,
  look: 'solid' | 'soft',
): void {
  const { value, lower, upper } = end.difference;
  const zero = scale.x(0);
  const x = scale.x(value * unit.factor);
  drawBar(pen, zero, x, y, BAR, look);
  let [left, right] = [Math.min(zero, x), Math.max(zero, x)];
  if (isBounded(end.difference)) {
    const [from, to] = [scale.x(lower * unit.factor), scale.x(upper * unit.factor)];
    drawWhisker(pen, from, to, y + BAR / 2);
    left = Math.min(left, from);
    right = Math.max(right, to);
  }
  const label = fitted(clean(end.label), LABEL_ROOM - 8, 11);
  // A bar without length is labelled on the side where the other end is not.
  if (value < 0) write(front, left - 6, y + BAR - 2, label, 's end');
  else write(front, right + 6, y + BAR - 2, label, 's');
}

/** What turning it down and up does, each with its word. */
function figuresOf({ figure, low, high }: TornadoRow, per: TimeUnit): string[] {
  const unit = figureUnit(figure.metric, per);
  return [low, high].map(({ label, difference, word }) => {
    const value = word === 'the same' ? 'the same' : `${unit.told(difference.value * unit.factor)}, ${word}`;
    return `${fitted(clean(label), 110, 11)}: ${value}`;
  });
}

function keyOf(intervals: boolean): KeyEntry[] {
  const bar = (look: 'solid' | 'soft', words: string): KeyEntry => ({
    words,
    width: 26,
    draw: (pen, x, y) => drawBar(pen, x, x + 26, y - 6, BAR, look),
  });
  const keys = [bar('soft', 'turned down'), bar('solid', 'turned up')];
  if (intervals)
    keys.push({ words: '95 % interval', width: 26, draw: (pen, x, y) => drawWhisker(pen, x, x + 26, y) });
  return keys;
}

/** The strongest input of the first figure that any input moves. */
function answerOf(
  groups: readonly { readonly name: string; readonly rows: readonly TornadoRow[] }[],
  per: TimeUnit,
): string {
  const certain = ({ low, high }: TornadoRow) =>
    [low, high].some(({ word }) => word === 'better' || word === 'worse');
  const all = groups.flatMap(({ rows }) => rows);
  if (all.length === 0) return 'No input was turned';
  const moved = groups.find(({ rows }) => rows.some(certain));
  if (moved === undefined)
    return `${count(new Set(all.map(({ input }) => input)).size, 'input')} turned, and none makes a difference that these runs could tell`;
  const first = moved.rows.find(certain)!;
  const unit = figureUnit(first.figure.metric, per);
  const end = [first.low, first.high]
    .filter(({ word }) => word === 'better' || word === 'worse')
    .toSorted((a, b) => Math.abs(b.difference.value) - Math.abs(a.difference.value))[0]!;
  return `${inSentence(clean(first.input))} matters most for ${moved.name}: at ${clean(end.label)}, ${unit.told(end.difference.value * unit.factor)} of ${unit.words}`;
}
