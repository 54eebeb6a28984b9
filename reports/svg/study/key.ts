/** The mark that explains marks: each as it is drawn, with its words. */
import { PAGE } from '../chart.ts';
import { type Pen, write } from '../pen.ts';
import { textWidth } from '../text-width.ts';

export interface KeyEntry {
  readonly words: string;
  readonly width: number;
  /** Draws the mark with its middle at y, from x on. */
  readonly draw: (pen: Pen, x: number, y: number) => void;
}

const SIZE = 11;

/** Draws entries in as many rows as they need; gives the height used. */
export function drawKey(pen: Pen, entries: readonly KeyEntry[], y: number): number {
  if (entries.length === 0) return 0;
  let x: number = PAGE.left;
  let middle = y + 8;
  for (const { words, width, draw } of entries) {
    const whole = width + 7 + textWidth(words, SIZE) + 20;
    if (x > PAGE.left && x + whole - 20 > PAGE.right) {
      x = PAGE.left;
      middle += 20;
    }
    draw(pen, x, middle);
    write(pen, x + width + 7, middle + 4, words, 's');
    x += whole;
  }
  return middle + 14 - y;
}
