/** The mark above the axis: a numbered tag where each fault begins and a line for as long as it lasts. */
import type { FaultReport } from '../../sim/run.ts';
import { type Chart, PAGE } from './chart.ts';
import { coordinate, line, type Pen, write } from './pen.ts';
import { textWidth } from './text-width.ts';

const ROW = 20;
const ROWS_MAX = 4;
const TAG_HEIGHT = 16;
/** More faults than this in tags of their own crowd the axis. */
const SEPARATE_MAX = 20;
/** Free pixels between two tags. */
const TAG_SPACE = 5;

interface Tag {
  readonly first: number;
  readonly last: number;
  readonly x: number;
  readonly row: number;
  /** Where its line ends; null without a line. */
  readonly end: number | null;
  readonly hadEffect: boolean;
  /** From the first to the last of several faults; null of one. */
  readonly span: readonly [x0: number, x1: number] | null;
}

/** Tags in as few rows as keep them apart, with their lines; too many faults share tags in one row (`7-9`), without. */
export function placeTags(
  faults: readonly FaultReport[],
  x: (us: number) => number,
): { tags: Tag[]; rows: number } {
  if (faults.length > SEPARATE_MAX) return { tags: sharedTags(faults, x), rows: 1 };
  const tags: Tag[] = [];
  const busyUntil: number[] = [];
  for (const { number, fromUs, toUs, hadEffect } of faults) {
    const at = x(fromUs);
    const half = tagWidth(String(number)) / 2;
    const end = toUs === null ? PAGE.plot1 : x(toUs);
    let row = busyUntil.findIndex((busy) => at - half >= busy);
    if (row < 0) row = busyUntil.push(0) - 1;
    if (row >= ROWS_MAX) return { tags: sharedTags(faults, x), rows: 1 };
    const hasLine = end > at + half;
    tags.push({ first: number, last: number, x: at, row, end: hasLine ? end : null, hadEffect, span: null });
    busyUntil[row] = Math.max(at + half, hasLine ? end : 0) + TAG_SPACE;
  }
  return { tags, rows: busyUntil.length };
}

interface Cluster {
  readonly first: number;
  readonly last: number;
  readonly x0: number;
  readonly x1: number;
  readonly hadEffect: boolean;
}

/**
 * Faults are in the order of time, so that those which share a tag are a range of numbers. Neighbours are put together
 * until no tag, in the middle of its faults, touches the next.
 */
function sharedTags(faults: readonly FaultReport[], x: (us: number) => number): Tag[] {
  const clusters: Cluster[] = [];
  for (const { number, fromUs, hadEffect } of faults) {
    const at = x(fromUs);
    let next: Cluster = { first: number, last: number, x0: at, x1: at, hadEffect };
    for (let last = clusters.at(-1); last !== undefined && touch(last, next); last = clusters.at(-1)) {
      clusters.pop();
      next = {
        first: last.first,
        last: next.last,
        x0: last.x0,
        x1: next.x1,
        hadEffect: last.hadEffect || next.hadEffect,
      };
    }
    clusters.push(next);
  }
  return clusters.map(({ x0, x1, ...each }) => ({
    ...each,
    x: (x0 + x1) / 2,
    row: 0,
    end: null,
    span: x1 > x0 ? ([x0, x1] as const) : null,
  }));
}

function touch(a: Cluster, b: Cluster): boolean {
  const apart = (b.x0 + b.x1) / 2 - (a.x0 + a.x1) / 2;
  return apart < (tagWidth(tagLabel(a)) + tagWidth(tagLabel(b))) / 2 + TAG_SPACE;
}

function tagLabel({ first, last }: Pick<Tag, 'first' | 'last'>): string {
  return first === last ? String(first) : `${first}-${last}`;
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
    if (tag.span !== null) {
      const [x0, x1] = tag.span;
      line(chart.front, x0, top + TAG_HEIGHT + 2, x1, top + TAG_HEIGHT + 2, 'edge');
    }
    drawTag(chart.front, tagLabel(tag), tag.x, top, tag.hadEffect);
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
