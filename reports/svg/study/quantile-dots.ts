/**
 * The mark of a distribution that people count: each dot is the same share of the runs (quantile dot plot), so that
 * "3 of 20 dots lie beyond the limit" reads as 15 %. Dots pile up where their values are, never to the side of them.
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

/**
 * Where dots lie: in bins as wide as a dot, stacked upwards, so that a dot covers its value and never says more or less than
 * it. The limit is an edge of bins: no dot lies on the wrong side of it. Without one the first dot lies at its value.
 */
export function pileUp(sources: readonly DotSource[], pitch: number, limitX: number | null): Dot[] {
  const edge = limitX ?? (sources[0]?.x ?? 0) - pitch / 2;
  const heights = new Map<number, number>();
  return sources.map(({ x, beyond }) => {
    const found = Math.floor((x - edge) / pitch);
    const bin = limitX === null ? found : beyond ? Math.max(0, found) : Math.min(-1, found);
    const level = heights.get(bin) ?? 0;
    heights.set(bin, level + 1);
    return { x: edge + (bin + 0.5) * pitch, level, beyond };
  });
}

/** Dots of one and the same value, side by side in the column that stands for it. */
export function block(beyond: readonly boolean[], pitch: number, levels: number, middle: number): Dot[] {
  const columns = Math.ceil(beyond.length / levels);
  const each = Math.ceil(beyond.length / Math.max(1, columns));
  return beyond.map((isBeyond, i) => ({
    x: middle + (Math.floor(i / each) - (columns - 1) / 2) * pitch,
    level: i % each,
    beyond: isBeyond,
  }));
}

/** Draws dots upwards from a baseline. Beyond the limit they are rings. */
export function drawDots(pen: Pen, dots: readonly Dot[], pitch: number, baseline: number): void {
  for (const { x, level, beyond } of dots) {
    const y = baseline - (level + 0.5) * pitch;
    if (beyond) ring(pen, x, y, pitch / 2 - 1.5, 'bad');
    else disc(pen, x, y, pitch / 2 - 0.6, 'plain');
  }
}
