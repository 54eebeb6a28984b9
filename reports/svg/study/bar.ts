/** The mark of a bar from a line, with the interval of its end. */
import { coordinate, line, type Pen } from '../pen.ts';
import type { Plot } from './rows.ts';

/** `solid` is filled, `soft` is tinted with an outline: told apart without colour. */
export type BarLook = 'solid' | 'soft';

export function drawBar(pen: Pen, x0: number, x1: number, y: number, height: number, look: BarLook): void {
  pen
    .append('rect')
    .attr('class', look === 'solid' ? 'f-plain' : 'w-plain s-plain')
    .attr('x', coordinate(Math.min(x0, x1)))
    .attr('y', coordinate(y))
    .attr('width', coordinate(Math.max(1, Math.abs(x1 - x0))))
    .attr('height', coordinate(height));
}

/** A thin line with ticks over a bar; an end at the edge of the plot goes on and has none. */
export function drawWhisker(pen: Pen, x0: number, x1: number, y: number, plot?: Plot): void {
  // On a bar it would be hard to see without an edge of its own.
  line(pen, x0, y, x1, y, 'under');
  line(pen, x0, y, x1, y, 'axis');
  if (plot === undefined || x0 > plot.x0) line(pen, x0, y - 3, x0, y + 3, 'axis');
  if (plot === undefined || x1 < plot.x1) line(pen, x1, y - 3, x1, y + 3, 'axis');
}
