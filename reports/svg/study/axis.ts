/** The mark of a horizontal axis: labels above and below the rows, faint lines through them. */
import { coordinate, line, type Pen, write } from '../pen.ts';
import { textWidth } from '../text-width.ts';
import type { Block } from './rows.ts';

export interface PlacedTick {
  readonly x: number;
  readonly label: string;
}

const SIZE = 11;
const SPACE = 10;

/** Leaves out labels that would touch the one before; the lines stay. */
export function freeLabels(ticks: readonly PlacedTick[]): PlacedTick[] {
  let busy = Number.NEGATIVE_INFINITY;
  return ticks.filter(({ x, label }) => {
    const half = textWidth(label, SIZE) / 2;
    if (x - half < busy) return false;
    busy = x + half + SPACE;
    return true;
  });
}

/** One line of labels at a baseline. */
export function drawLabels(pen: Pen, ticks: readonly PlacedTick[], baseline: number, classes = 's'): void {
  for (const { x, label } of freeLabels(ticks)) write(pen, x, baseline, label, `${classes} mid`);
}

/** Faint lines through blocks. */
export function drawGrid(pen: Pen, xs: readonly number[], blocks: readonly Block[]): void {
  if (xs.length === 0) return;
  const path = xs.flatMap((x) =>
    blocks.map(({ y0, y1 }) => `M${coordinate(x)},${coordinate(y0)}V${coordinate(y1)}`),
  );
  pen.append('path').attr('class', 'grid').attr('d', path.join(''));
}

/** "better" with an arrow to the left, for less is always left. */
export function drawBetter(pen: Pen, x: number, baseline: number, words = 'less, better'): void {
  line(pen, x + 26, baseline - 4, x + 4, baseline - 4, 'edge');
  pen
    .append('path')
    .attr('class', 'edge')
    .attr(
      'd',
      `M${coordinate(x + 9)},${coordinate(baseline - 8)}L${coordinate(x + 4)},${coordinate(baseline - 4)}L${coordinate(x + 9)},${coordinate(baseline)}`,
    );
  write(pen, x + 31, baseline, words, 's m');
}
