/** The picture "what to make safer": how much downtime would go if one component never failed. */
import type { ImportanceRow } from '../../../sim/experiments/decisions.ts';
import { groupBy } from '../../grouping.ts';
import { capitalised, clean, count } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { type D3, line, type Pen, write } from '../pen.ts';
import { drawGrid, drawLabels } from './axis.ts';
import { drawBar, drawWhisker } from './bar.ts';
import type { OneScenarioWords, TimeUnit } from './data.ts';
import { figureName, figureUnit, inSentence } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawRows, plotOf } from './rows.ts';
import { diamond } from './shapes.ts';
import { finishSheet, type PictureOptions, prepareSheet } from './sheet.ts';
import { numberTicks } from './ticks.ts';

export interface ImportancePicture extends OneScenarioWords {
  readonly rows: readonly ImportanceRow[];
}

const ROW = 32;
const BAR = 14;
const ROWS_MAX = 16;

export function drawImportance(
  svg: Pen,
  d3: D3,
  picture: ImportancePicture,
  options: PictureOptions = {},
): void {
  const groups = [...groupBy(picture.rows, ({ figure }) => figureName(figure))].map(([name, rows]) => ({
    name,
    rows: rows.toSorted((a, b) => (b.share ?? 0) - (a.share ?? 0)),
  }));
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-importance', {
    question: picture.title,
    answer: answerOf(groups),
    details: picture.rows.map(
      (row) =>
        `${figureName(row.figure)}, ${clean(row.component)}: ${figuresOf(row, picture.unit).join('; ')}.`,
    ),
    reading: [
      `Share of the downtime that goes if this component never fails. Shares overlap: what needs two failures goes with either. ${capitalised(picture.basis)}.`,
    ],
  });
  const shown = groups.flatMap(({ rows }) => rows.slice(0, ROWS_MAX));
  const plot = plotOf(
    shown.map((row) => ({
      name: clean(row.component),
      note: row.kind,
      figures: figuresOf(row, picture.unit),
    })),
  );
  const ends = shown.flatMap((row) => [...(spanOf(row) ?? []), row.share ?? 0, row.exactShare ?? 0]);
  const to = Math.min(1.02, Math.max(0.1, ends.reduce((a, b) => Math.max(a, b), 0) * 1.08));
  const from = Math.max(
    -to / 3,
    ends.reduce((a, b) => Math.min(a, b), 0),
  );
  const perUnit = (plot.x1 - plot.x0) / (to - from);
  const x = (share: number) => Math.min(plot.x1, Math.max(plot.x0, plot.x0 + (share - from) * perUnit));
  const ticks = numberTicks(from * 100, to * 100, Math.floor((plot.x1 - plot.x0) / 70)).map(
    ({ value, label }) => ({
      x: x(value / 100),
      label: `${label} %`,
    }),
  );

  let y = sheet.top + drawKey(sheet.front, keyOf(shown), sheet.top) + 8;
  for (const { name, rows } of groups) {
    const drawn = drawRows(
      sheet,
      [
        {
          name,
          note: '',
          rows: rows.slice(0, ROWS_MAX).map((row) => ({
            name: clean(row.component),
            note: row.kind,
            figures: figuresOf(row, picture.unit),
            height: ROW,
            draw: (top: number, height: number) => {
              const middle = top + height / 2;
              if (row.share === null) return;
              drawBar(
                sheet.marks,
                x(0),
                x(row.share),
                middle - BAR / 2,
                BAR,
                isCertain(row) ? 'solid' : 'soft',
              );
              const span = spanOf(row);
              if (span !== null) drawWhisker(sheet.marks, x(span[0]), x(span[1]), middle, plot);
              if (row.exactShare !== null) diamond(sheet.marks, x(row.exactShare), middle, 5);
            },
          })),
        },
      ],
      plot,
      y,
    );
    drawGrid(
      sheet.back,
      ticks.map((tick) => tick.x),
      drawn.blocks,
    );
    const [block] = drawn.blocks;
    line(sheet.front, x(0), block!.y0, x(0), block!.y1, 'axis');
    drawLabels(sheet.front, ticks, drawn.bottom + 14);
    y = drawn.bottom + 30;
    if (rows.length > ROWS_MAX) {
      write(
        sheet.front,
        PAGE.left,
        y - 4,
        `+ ${count(rows.length - ROWS_MAX, 'component')} with a smaller share`,
        's m',
      );
      y += 14;
    }
  }
  finishSheet(sheet, y - 8);
}

function isCertain({ word }: ImportanceRow): boolean {
  return word === 'better' || word === 'worse';
}

/** The interval of the share, from that of the difference; null without one. */
function spanOf({ share, difference: { value, lower, upper } }: ImportanceRow): [number, number] | null {
  if (share === null || share === 0 || value === 0) return null;
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || upper === lower) return null;
  const whole = value / share;
  return [upper / whole, lower / whole];
}

function figuresOf(row: ImportanceRow, per: TimeUnit): string[] {
  const { share, difference, exactShare, figure } = row;
  if (share === null) return ['no downtime to remove'];
  const unit = figureUnit(figure.metric, per);
  const told = row.word === 'the same' ? 'no difference' : unit.told(difference.value * unit.factor);
  const word = row.word === 'cannot tell yet' ? ', cannot tell yet' : '';
  const lines = [`${percentOf(share)} · ${told}${word}`];
  if (exactShare !== null) lines.push(`exact ${percentOf(exactShare)}`);
  return lines;
}

function percentOf(share: number): string {
  const percent = Math.round(share * 1_000) / 10;
  return `${percent < 0 ? '−' : ''}${Math.abs(percent) >= 10 ? Math.abs(Math.round(percent)) : Math.abs(percent)} %`;
}

function keyOf(rows: readonly ImportanceRow[]): KeyEntry[] {
  const bar = (look: 'solid' | 'soft', words: string): KeyEntry => ({
    words,
    width: 26,
    draw: (pen, x, y) => drawBar(pen, x, x + 26, y - 7, BAR, look),
  });
  const keys: KeyEntry[] = [];
  if (rows.some(isCertain)) keys.push(bar('solid', 'share of downtime that goes'));
  if (rows.some((row) => !isCertain(row) && row.share !== null)) keys.push(bar('soft', 'cannot tell yet'));
  if (rows.some((row) => spanOf(row) !== null))
    keys.push({ words: '95 % interval', width: 26, draw: (pen, x, y) => drawWhisker(pen, x, x + 26, y) });
  if (rows.some(({ exactShare }) => exactShare !== null))
    keys.push({
      words: 'exact by failures alone',
      width: 12,
      draw: (pen, x, y) => diamond(pen, x + 6, y, 5),
    });
  return keys;
}

function answerOf(
  groups: readonly { readonly name: string; readonly rows: readonly ImportanceRow[] }[],
): string {
  const all = groups.flatMap(({ rows }) => rows);
  if (all.every(({ share }) => share === null)) return 'There is no downtime to remove';
  const moved = groups.find(({ rows }) => rows.some(({ word }) => word === 'better'));
  if (moved === undefined)
    return `${count(new Set(all.map(({ component }) => component)).size, 'component')} made perfect, and none makes a difference that these runs could tell`;
  const [first] = moved.rows.filter(({ word }) => word === 'better');
  const component = inSentence(clean(first!.component));
  const without = first!.kind === 'process' ? `Without “${component}”,` : `If ${component} never failed,`;
  return `${without} ${percentOf(first!.share!)} of the downtime of ${moved.name} would go`;
}
