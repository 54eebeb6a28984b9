/** What a mark draws with: a d3 selection, of d3-node's document or of a browser's. */
import type { Selection } from 'd3';

export type D3 = typeof import('d3');

// biome-ignore lint/suspicious/noExplicitAny: the element types belong to the DOM, which the model's compiler does not know
export type Pen = Selection<any, unknown, any, unknown>;

/** A coordinate as text: two decimals at most, never `-0`. */
export function coordinate(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return String(rounded === 0 ? 0 : rounded);
}

/** Text at a baseline. Classes give size, weight and colour (theme.ts). */
export function write(pen: Pen, x: number, y: number, text: string, classes: string): Pen {
  return pen
    .append('text')
    .attr('class', classes)
    .attr('x', coordinate(x))
    .attr('y', coordinate(y))
    .text(text);
}

/** A horizontal or vertical line of a class. */
export function line(pen: Pen, x0: number, y0: number, x1: number, y1: number, classes: string): void {
  pen
    .append('path')
    .attr('class', classes)
    .attr('d', `M${coordinate(x0)},${coordinate(y0)}L${coordinate(x1)},${coordinate(y1)}`);
}
