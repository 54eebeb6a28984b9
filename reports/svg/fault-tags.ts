/** The mark above the axis: a numbered tag where each fault begins and a line for as long as it lasts. */
import type { FaultReport } from '../../sim/run.ts';
import { type Chart, PAGE } from './chart.ts';
import { coordinate, line, type Pen, write } from './pen.ts';
import { textWidth } from './text-width.ts';

const ROW = 20;
const ROWS_MAX = 4;
const TAG_HEIGHT = 16;

interface Tag {
  first: number;
  last: number;
  readonly x: number;
  readonly row: number;
  /** Where its line ends; null without a line. */
  readonly end: number | null;
  readonly hadEffect: boolean;
}

/** Tags in as few rows as keep them apart; where rows run out, neighbours share a tag (`7-9`). */
function placeTags(faults: readonly FaultReport[], x: (us: number) => number): { tags: Tag[]; rows: number } {
  const tags: Tag[] = [];
  const busyUntil: number[] = [];
  for (const fault of faults) {
    const at = x(fault.fromUs);
    const half = tagWidth(String(fault.number)) / 2;
    const end = fault.toUs === null ? PAGE.plot1 : x(fault.toUs);
    let row = busyUntil.findIndex((busy) => at - half >= busy);
    if (row < 0 && busyUntil.length < ROWS_MAX) row = busyUntil.push(0) - 1;
    if (row < 0) {
      const last = tags.at(-1)!;
      last.last = fault.number;
      continue;
    }
    const hasLine = end > at + half;
    tags.push({
      first: fault.number,
      last: fault.number,
      x: at,
      row,
      end: hasLine ? end : null,
      hadEffect: fault.hadEffect,
    });
    busyUntil[row] = Math.max(at + half, hasLine ? end : 0) + 5;
  }
  return { tags, rows: busyUntil.length };
}

function tagWidth(label: string): number {
  return Math.max(18, textWidth(label, 11, true) + 9);
}

/** Gives the height used. */
export function drawTags(chart: Chart, y: number): number {
  const { tags, rows } = placeTags(chart.run.faults, chart.x);
  for (const tag of tags) {
    const top = y + (rows - 1 - tag.row) * ROW;
    const middle = top + TAG_HEIGHT / 2;
    if (tag.end !== null) {
      line(chart.front, tag.x, middle, tag.end, middle, 'edge');
      line(chart.front, tag.end, middle - 4, tag.end, middle + 4, 'edge');
    }
    drawTag(
      chart.front,
      tag.first === tag.last ? String(tag.first) : `${tag.first}-${tag.last}`,
      tag.x,
      top,
      tag.hadEffect,
    );
  }
  return rows * ROW;
}

/** One tag, its middle at x: filled, or dashed for a fault that did nothing. */
export function drawTag(pen: Pen, label: string, x: number, y: number, hadEffect: boolean): void {
  const width = tagWidth(label);
  pen
    .append('rect')
    .attr('class', hadEffect ? 'tag' : 'tag-edge')
    .attr('x', coordinate(x - width / 2))
    .attr('y', coordinate(y))
    .attr('width', coordinate(width))
    .attr('height', TAG_HEIGHT)
    .attr('rx', 4);
  write(pen, x, y + 12, label, `s b mid${hadEffect ? ' inverse' : ''}`);
}
