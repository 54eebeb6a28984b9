/** The small shapes that marks are made of, each told from the others without colour. */
import { coordinate, type Pen } from '../pen.ts';
import type { Tone } from './shades.ts';

/** A filled disc. */
export function disc(pen: Pen, x: number, y: number, radius: number, tone: Tone): void {
  circle(pen, x, y, radius, `f-${tone}`);
}

/** An empty ring. */
export function ring(pen: Pen, x: number, y: number, radius: number, tone: Tone): void {
  circle(pen, x, y, radius, `ring x-${tone}`);
}

function circle(pen: Pen, x: number, y: number, radius: number, classes: string): void {
  pen
    .append('circle')
    .attr('class', classes)
    .attr('cx', coordinate(x))
    .attr('cy', coordinate(y))
    .attr('r', coordinate(radius));
}

/** A filled square of the same area as a disc. */
export function square(pen: Pen, x: number, y: number, radius: number, tone: Tone): void {
  const side = radius * 1.8;
  pen
    .append('rect')
    .attr('class', `f-${tone}`)
    .attr('x', coordinate(x - side / 2))
    .attr('y', coordinate(y - side / 2))
    .attr('width', coordinate(side))
    .attr('height', coordinate(side));
}

/** An empty diamond: calculated, not counted. */
export function diamond(pen: Pen, x: number, y: number, radius: number): void {
  const [left, right, top, bottom] = [x - radius, x + radius, y - radius, y + radius].map(coordinate);
  pen
    .append('path')
    .attr('class', 'ring x-exact')
    .attr(
      'd',
      `M${left},${coordinate(y)}L${coordinate(x)},${top}L${right},${coordinate(y)}L${coordinate(x)},${bottom}Z`,
    );
}

/** An open arrow head whose tip is at x. */
export function arrowHead(pen: Pen, x: number, y: number, direction: -1 | 1, size: number, tone: Tone): void {
  const back = coordinate(x - direction * size);
  pen
    .append('path')
    .attr('class', `thick s-${tone}`)
    .attr(
      'd',
      `M${back},${coordinate(y - size)}L${coordinate(x)},${coordinate(y)}L${back},${coordinate(y + size)}`,
    );
}
