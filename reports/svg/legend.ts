/** The mark that explains looks: swatches with colour, pattern and letter, each with its words, in the heading of a section. */
import { PAGE } from './chart.ts';
import { coordinate, type Pen, write } from './pen.ts';
import { textWidth } from './text-width.ts';
import type { Look } from './theme.ts';

export interface LegendEntry {
  readonly look: Look;
  readonly letter: string;
  readonly words: string;
}

/** The entries whose looks occur. */
export function occurring(entries: readonly LegendEntry[], looks: ReadonlySet<Look>): LegendEntry[] {
  return entries.filter((entry) => looks.has(entry.look));
}

const SWATCH = { width: 22, height: 14 } as const;
const SIZE = 11;

/** Draws entries from x on, in as many rows as they need; gives the height used. */
export function drawLegend(pen: Pen, entries: readonly LegendEntry[], x: number, y: number): number {
  let at = x;
  let top = y;
  for (const { look, letter, words } of entries) {
    const width = SWATCH.width + 6 + textWidth(words, SIZE) + 18;
    if (at > x && at + width > PAGE.right) {
      at = x;
      top += SWATCH.height + 6;
    }
    pen
      .append('rect')
      .attr('class', `band f-${look} e-${look}`)
      .attr('x', coordinate(at))
      .attr('y', coordinate(top))
      .attr('width', SWATCH.width)
      .attr('height', SWATCH.height);
    if (letter !== '') {
      write(pen, at + SWATCH.width / 2, top + 11, letter, `letter ${look === 'lead' ? 'on' : 'halo'}`);
    }
    write(pen, at + SWATCH.width + 6, top + 11, words, 's');
    at += width;
  }
  return top - y + SWATCH.height;
}
