/** Rows of a picture: names at the left, marks in the middle, figures at the right, in groups with a heading. */
import { clean } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { coordinate, type Pen, write } from '../pen.ts';
import { fitted, fittedName, textWidth } from '../text-width.ts';
import type { Sheet } from './sheet.ts';

interface Row {
  readonly name: string;
  /** Below the name, in small. */
  readonly note: string;
  /** At the right: the first line in bold, the others in small. */
  readonly figures: readonly string[];
  /** Pixels that its marks need. */
  readonly height: number;
  /** Draws marks between y and y + height. */
  readonly draw: (y: number, height: number) => void;
}

export interface RowGroup {
  /** '' = no heading. */
  readonly name: string;
  readonly note: string;
  readonly rows: readonly Row[];
}

/** Where marks may be drawn. */
export interface Plot {
  readonly x0: number;
  readonly x1: number;
}

/** A group as it lies on the sheet. */
export interface Block {
  readonly y0: number;
  readonly y1: number;
}

const NAME = { size: 12, pitch: 14, linesMax: 3, widest: 300, least: 110 } as const;
const NOTE_SIZE = 11;
const FIGURES_MAX = 400;
const SPACE = 18;
const HEADING = 26;
const HEADING_WIDEST = 760;

type Sized = Pick<Row, 'name' | 'note' | 'figures'>;

/** The room for marks that names and figures leave. */
export function plotOf(rows: readonly Sized[]): Plot {
  const names = rows.map(({ name, note }) =>
    Math.max(
      ...nameLines(name).map((line) => textWidth(line, NAME.size, true)),
      textWidth(clean(note), NOTE_SIZE),
    ),
  );
  const figures = rows.map(({ figures: [first = '', ...others] }) =>
    Math.max(textWidth(first, NAME.size, true), ...others.map((other) => textWidth(other, NOTE_SIZE))),
  );
  const left = Math.min(NAME.widest, Math.max(NAME.least, ...names));
  const right = Math.min(FIGURES_MAX, Math.max(60, ...figures));
  return {
    x0: Math.ceil(PAGE.left + left + SPACE),
    x1: Math.floor(PAGE.right - right - SPACE),
  };
}

/** Draws all rows; gives where each group lies and where the last one ends. */
export function drawRows(sheet: Sheet, groups: readonly RowGroup[], plot: Plot, top: number) {
  const blocks: Block[] = [];
  let y = top;
  for (const group of groups) {
    if (group.name !== '') {
      const name = fittedName(clean(group.name), HEADING_WIDEST, 13, true);
      write(sheet.front, PAGE.left, y + 16, name, 'h');
      const width = textWidth(name, 13, true);
      if (group.note !== '') write(sheet.front, PAGE.left + width + 10, y + 16, group.note, 's m');
      y += HEADING;
    }
    const y0 = y;
    group.rows.forEach((row, i) => {
      const height = heightOf(row);
      if (i % 2 === 0) ground(sheet.back, y, height);
      drawName(sheet.front, row, y, height);
      drawFigures(sheet.front, row.figures, y, height);
      row.draw(y, height);
      y += height;
    });
    blocks.push({ y0, y1: y });
    y += 12;
  }
  return { blocks, bottom: y - 12, plot };
}

function heightOf(row: Row): number {
  const name = nameLines(row.name).length * NAME.pitch + (row.note === '' ? 0 : 14);
  return Math.max(row.height, name + 12, linesHeight(row.figures) + 10);
}

function linesHeight(lines: readonly string[]): number {
  return lines.length * 14;
}

function ground(pen: Pen, y: number, height: number): void {
  pen
    .append('rect')
    .attr('class', 'lane')
    .attr('x', PAGE.left - 8)
    .attr('y', coordinate(y))
    .attr('width', PAGE.right - PAGE.left + 16)
    .attr('height', coordinate(height));
}

function drawName(pen: Pen, row: Row, y: number, height: number): void {
  const lines = nameLines(row.name);
  const whole = lines.length * NAME.pitch + (row.note === '' ? 0 : 14);
  let at = y + (height - whole) / 2 + 11;
  for (const line of lines) {
    write(pen, PAGE.left, at, line, 'b');
    at += NAME.pitch;
  }
  if (row.note !== '') write(pen, PAGE.left, at, fitted(clean(row.note), NAME.widest, NOTE_SIZE), 's m');
}

function drawFigures(pen: Pen, figures: readonly string[], y: number, height: number): void {
  figures.forEach((figure, i) => {
    const at = y + (height - linesHeight(figures)) / 2 + 11 + i * 14;
    write(pen, PAGE.right, at, figure, i === 0 ? 'b end' : 's m end');
  });
}

/** A name in lines of the widest column, broken after the signs that names are made of; cut in the middle past three lines. */
export function nameLines(name: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces(clean(name))) {
    if (line !== '' && textWidth((line + piece).trimEnd(), NAME.size, true) > NAME.widest) {
      lines.push(line);
      line = piece;
    } else {
      line += piece;
    }
  }
  lines.push(line);
  const kept = lines.length <= NAME.linesMax ? lines : [lines[0]!, lines[1]!, lines.slice(2).join('')];
  return kept.map((each) => fittedName(each.trimEnd(), NAME.widest, NAME.size, true));
}

function pieces(name: string): string[] {
  return name.match(/[^\s,;:=/._-]*[\s,;:=/._-]*/g)!.filter((piece) => piece !== '');
}
