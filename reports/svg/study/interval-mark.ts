/**
 * The mark of an estimate: a dot with its interval. An end that the runs do not know runs to the end of the axis with an
 * arrow head; where nothing failed in any run there is no dot but an open arrow from the upper bound: "below here".
 */
import type { Estimate } from '../../../sim/experiments/decisions.ts';
import { line, type Pen } from '../pen.ts';
import type { Plot } from './rows.ts';
import type { Tone } from './shades.ts';
import { arrowHead, disc, ring, square } from './shapes.ts';

export interface Scale extends Plot {
  readonly x: (value: number) => number;
}

const RADIUS = 5;
const TICK = 5;

/** Whether an interval says nothing at all. */
export function isUnbounded({ lower, upper }: Estimate): boolean {
  return !Number.isFinite(lower) && !Number.isFinite(upper);
}

/** On an axis on which zero is out of sight (`floor` = 0), or on any other (`floor` = -Infinity). */
export function drawInterval(
  pen: Pen,
  estimate: Estimate,
  scale: Scale,
  floor: number,
  y: number,
  tone: Tone,
): void {
  const { value, lower, upper } = estimate;
  const openLeft = !(lower > floor);
  const openRight = !Number.isFinite(upper);
  const left = openLeft ? scale.x0 : scale.x(lower);
  const right = openRight ? scale.x1 : scale.x(upper);
  const shaft = openLeft && openRight ? `thick dash s-${tone}` : `thick s-${tone}`;
  line(pen, left, y, right, y, shaft);
  for (const [open, x, direction] of [
    [openLeft, left, -1],
    [openRight, right, 1],
  ] as const) {
    if (open) arrowHead(pen, x, y, direction, 6, tone);
    else line(pen, x, y - TICK, x, y + TICK, `thick s-${tone}`);
  }
  if (value > floor) drawEstimate(pen, scale.x(value), y, tone);
}

/** A disc; a square where the tone is bad, a ring where it is unsure. */
export function drawEstimate(pen: Pen, x: number, y: number, tone: Tone): void {
  if (tone === 'bad') square(pen, x, y, RADIUS, tone);
  else if (tone === 'unsure') ring(pen, x, y, RADIUS, tone);
  else disc(pen, x, y, RADIUS, tone);
}
