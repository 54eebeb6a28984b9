/** The sheet that the pictures of many runs are drawn on: its answer as the title, layers, size. */
import { clean } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { coordinate, type D3, type Pen, write } from '../pen.ts';
import { wrapped } from '../text-width.ts';
import { studyPatterns, studyStyle } from './shades.ts';

export interface SheetWords {
  /** What the picture says, in a sentence. */
  readonly answer: string;
  /** Findings in full, for those who hear the picture. */
  readonly details: readonly string[];
  /** What was asked: the title of the scenario or study. */
  readonly question: string;
  /** How to read a mark, and what it rests on. */
  readonly reading: readonly string[];
}

export interface PictureOptions {
  /** Class and prefix of ids, for pages with more than one picture. */
  readonly prefix?: string;
}

export interface Sheet {
  readonly svg: Pen;
  readonly d3: D3;
  readonly prefix: string;
  /** Layers from back to front. */
  readonly back: Pen;
  readonly marks: Pen;
  readonly front: Pen;
  /** Below the head. */
  readonly top: number;
}

const DESCRIBED_MAX = 24;
const ANSWER_LINES_MAX = 4;

/** Sets role, title, description, style and head of an empty `<svg>`. `withParts`: with the looks of parts of a whole. */
export function prepareSheet(svg: Pen, d3: D3, prefix: string, words: SheetWords, withParts = false): Sheet {
  const { answer, details, question } = words;
  svg
    .attr('class', prefix)
    .attr('role', 'img')
    .attr('aria-labelledby', `${prefix}-title ${prefix}-desc`)
    .attr('lang', 'en');
  svg
    .append('title')
    .attr('id', `${prefix}-title`)
    .text(clean(`${question}${/[.?!]$/.test(question) ? '' : '.'} ${answer}`));
  const more = details.length - DESCRIBED_MAX;
  const told = more > 0 ? [...details.slice(0, DESCRIBED_MAX), `${more} more are in the tables.`] : details;
  svg
    .append('desc')
    .attr('id', `${prefix}-desc`)
    .text(clean([...told, ...words.reading].join(' ')));
  svg.append('style').text(studyStyle(prefix, withParts));
  if (withParts) studyPatterns(svg, prefix);
  svg.append('rect').attr('class', 'page ground');
  const layer = () => svg.append('g');
  const layers = { back: layer(), marks: layer(), front: layer() };
  return { svg, d3, prefix, ...layers, top: drawHead(layers.front, words) };
}

function answerLines(answer: string): string[] {
  return wrapped(clean(answer), PAGE.right - PAGE.left, 19, ANSWER_LINES_MAX, true);
}

/** Whether an answer can be read to its end. */
export function isWholeAnswer(answer: string): boolean {
  return answerLines(answer).join(' ') === clean(answer);
}

function drawHead(pen: Pen, { answer, question, reading }: SheetWords): number {
  const width = PAGE.right - PAGE.left;
  let y = 14;
  for (const text of wrapped(clean(question), width, 12, 2)) {
    y += 15;
    write(pen, PAGE.left, y, text, 'm');
  }
  y += 4;
  for (const text of answerLines(answer)) {
    y += 23;
    write(pen, PAGE.left, y, text, 't1');
  }
  y += 4;
  for (const each of reading) {
    for (const text of wrapped(clean(each), width, 12, 3)) {
      y += 17;
      write(pen, PAGE.left, y, text, 'm');
    }
  }
  return y + 14;
}

/** Sets the size. */
export function finishSheet({ svg }: Sheet, bottom: number): void {
  const height = Math.ceil(bottom + 16);
  svg.attr('width', PAGE.width).attr('height', height).attr('viewBox', `0 0 ${PAGE.width} ${height}`);
  svg.select('.ground').attr('width', PAGE.width).attr('height', coordinate(height));
}
