/**
 * The mark of a distribution that people count: each dot is the same share of the runs (quantile dot plot), so that
 * "3 of 20 dots lie beyond the limit" reads as 15 %. Dots pile up; a pile that is full spills over to its sides.
 */
import type { Pen } from '../pen.ts';
import { disc, ring } from './shapes.ts';

/** The value at the middle of each of `dots` equal shares of sorted values: one dot each when there are fewer values. */
export function quantiles(sorted: readonly number[], dots: number): number[] {
  if (sorted.length <= dots) return [...sorted];
  return Array.from({ length: dots }, (_, i) => sorted[Math.floor(((i + 0.5) / dots) * sorted.length)]!);
}

export interface Dot {
  readonly x: number;
  /** 0 = at the bottom. */
  readonly level: number;
  readonly beyond: boolean;
}

export interface DotSource {
  readonly x: number;
  readonly beyond: boolean;
}

interface Pile {
  readonly dots: readonly DotSource[];
  readonly columns: number;
  middle: number;
}

/**
 * Where dots lie: sources in the order of x, those beyond the limit last; no two closer than `pitch`. Piles stay on their
 * side of the limit and between x0 and x1.
 */
export function pileUp(
  sources: readonly DotSource[],
  pitch: number,
  levels: number,
  [x0, x1]: readonly [number, number],
  limitX: number | null,
): Dot[] {
  const within = sources.filter(({ beyond }) => !beyond);
  const beyond = sources.filter((each) => each.beyond);
  const wall = limitX === null ? null : Math.min(x1, Math.max(x0, limitX));
  return [
    ...placed(pilesOf(within, pitch, levels), pitch, x0, wall === null ? x1 : wall - 1.5),
    ...placed(pilesOf(beyond, pitch, levels), pitch, wall === null ? x0 : wall + 1.5, x1 + pitch),
  ];
}

/** Dots closer than a dot are one pile; piles that would touch are joined. */
function pilesOf(sources: readonly DotSource[], pitch: number, levels: number): Pile[] {
  const piles: Pile[] = [];
  for (const source of sources) {
    const last = piles.at(-1);
    if (
      last !== undefined &&
      source.x - last.dots[0]!.x < pitch &&
      last.columns === 1 &&
      last.dots.length < levels
    )
      piles[piles.length - 1] = pile([...last.dots, source], levels);
    else piles.push(pile([source], levels));
    while (piles.length > 1 && touch(piles.at(-2)!, piles.at(-1)!, pitch)) {
      const joined = [...piles.at(-2)!.dots, ...piles.at(-1)!.dots];
      piles.splice(-2, 2, pile(joined, levels));
    }
  }
  return piles;
}

function pile(dots: readonly DotSource[], levels: number): Pile {
  const middle = dots.reduce((sum, { x }) => sum + x, 0) / dots.length;
  return { dots, columns: Math.ceil(dots.length / levels), middle };
}

function touch(a: Pile, b: Pile, pitch: number): boolean {
  return b.middle - a.middle < ((a.columns + b.columns) / 2) * pitch - 1e-9;
}

/** Moves piles between the walls, without changing their order. */
function placed(piles: readonly Pile[], pitch: number, x0: number, x1: number): Dot[] {
  let right = x1;
  for (const each of piles.toReversed()) {
    const half = (each.columns * pitch) / 2;
    each.middle = Math.min(each.middle, right - half);
    right = each.middle - half;
  }
  let left = x0;
  for (const each of piles) {
    const half = (each.columns * pitch) / 2;
    each.middle = Math.max(each.middle, left + half);
    left = each.middle + half;
  }
  return piles.flatMap(({ dots, columns, middle }) => {
    const each = Math.ceil(dots.length / columns);
    return dots.map(({ beyond }, i) => ({
      x: middle + (Math.floor(i / each) - (columns - 1) / 2) * pitch,
      level: i % each,
      beyond,
    }));
  });
}

/** Draws dots upwards from a baseline. Beyond the limit they are rings. */
export function drawDots(pen: Pen, dots: readonly Dot[], pitch: number, baseline: number): void {
  for (const { x, level, beyond } of dots) {
    const y = baseline - (level + 0.5) * pitch;
    if (beyond) ring(pen, x, y, pitch / 2 - 1.5, 'bad');
    else disc(pen, x, y, pitch / 2 - 0.6, 'plain');
  }
}
