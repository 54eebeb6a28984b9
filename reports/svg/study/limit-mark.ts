/** The mark of an objective's limit: a dashed line through the rows that it holds for. */
import { line, type Pen } from '../pen.ts';
import type { KeyEntry } from './key.ts';

export function drawLimit(pen: Pen, x: number, y0: number, y1: number): void {
  line(pen, x, y0, x, y1, 'limit');
}

export const LIMIT_KEY: KeyEntry = {
  words: 'limit of the objective',
  width: 6,
  draw: (pen, x, y) => drawLimit(pen, x + 3, y - 8, y + 8),
};
