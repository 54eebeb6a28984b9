/** The mark of a numbered point: a badge on it, or beside it with a leader where another badge is in the way. */
import { coordinate, line, type Pen, write } from '../pen.ts';
import type { Tone } from './shades.ts';

export interface Badge {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly tone: Tone;
  /** Has a second ring. */
  readonly chosen: boolean;
}

export interface PlacedBadge extends Badge {
  /** Where it is drawn. */
  readonly atX: number;
  readonly atY: number;
}

const RADIUS = 9;
const CHOSEN = 13.5;
const NEAREST = 2 * RADIUS + 3;
/** Half the width of a small mark, and some air. */
const MARK = 6;

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/**
 * Places badges so that none covers another or one of the small marks in `taken`, the chosen one first, each as near to its
 * point as there is room.
 */
export function placeBadges(
  badges: readonly Badge[],
  frame: Frame,
  taken: readonly Place[] = [],
): PlacedBadge[] {
  const placed: PlacedBadge[] = [];
  for (const badge of badges.toSorted((a, b) => Number(b.chosen) - Number(a.chosen))) {
    const clear = (badge.chosen ? CHOSEN : RADIUS) + MARK;
    const free = (x: number, y: number) =>
      taken.every((mark) => (mark.x - x) ** 2 + (mark.y - y) ** 2 >= clear * clear) &&
      placed.every((each) => {
        const near = NEAREST + (each.chosen || badge.chosen ? CHOSEN - RADIUS : 0);
        return (each.atX - x) ** 2 + (each.atY - y) ** 2 >= near * near;
      });
    const inside = (x: number, y: number) =>
      x >= frame.x0 + RADIUS && x <= frame.x1 - RADIUS && y >= frame.y0 + RADIUS && y <= frame.y1 - RADIUS;
    const spot =
      SPOTS.map(([dx, dy]) => [badge.x + dx, badge.y + dy] as const).find(
        ([x, y]) => free(x, y) && (inside(x, y) || (x === badge.x && y === badge.y)),
      ) ?? ([badge.x, badge.y] as const);
    placed.push({ ...badge, atX: spot[0], atY: spot[1] });
  }
  return placed;
}

/** Steps away from a point, nearest first: the point itself, then eight directions on growing circles. */
const SPOTS: readonly (readonly [number, number])[] = [
  [0, 0],
  ...Array.from({ length: 14 }, (_, ring) => 24 + 12 * ring).flatMap((far) =>
    (
      [
        [0.7, -0.7],
        [0.7, 0.7],
        [-0.7, -0.7],
        [-0.7, 0.7],
        [0, -1],
        [1, 0],
        [0, 1],
        [-1, 0],
      ] as const
    ).map(([dx, dy]) => [dx * far, dy * far] as const),
  ),
];

/** All leaders first, so that none crosses a badge. */
export function drawBadges(pen: Pen, badges: readonly PlacedBadge[]): void {
  for (const { x, y, atX, atY, tone } of badges) {
    if (atX === x && atY === y) continue;
    line(pen, x, y, atX, atY, 'edge');
    circle(pen, x, y, 3, `f-${tone}`);
  }
  for (const badge of badges) drawBadge(pen, badge);
}

export function drawBadge(pen: Pen, { atX, atY, label, tone, chosen }: PlacedBadge): void {
  if (chosen) circle(pen, atX, atY, CHOSEN, 'ring x-exact');
  const open = tone === 'unsure';
  if (tone === 'bad') {
    pen
      .append('rect')
      .attr('class', 'f-bad')
      .attr('x', coordinate(atX - RADIUS))
      .attr('y', coordinate(atY - RADIUS))
      .attr('width', 2 * RADIUS)
      .attr('height', 2 * RADIUS);
  } else {
    circle(pen, atX, atY, RADIUS, open ? 'ring x-unsure' : `f-${tone}`);
  }
  write(pen, atX, atY + 4, label, `s b mid${open ? '' : ' inverse'}`);
}

function circle(pen: Pen, x: number, y: number, radius: number, classes: string): void {
  pen
    .append('circle')
    .attr('class', classes)
    .attr('cx', coordinate(x))
    .attr('cy', coordinate(y))
    .attr('r', coordinate(radius));
}
