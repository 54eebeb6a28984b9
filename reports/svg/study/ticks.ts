/** Round figures for axes. */
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../../../sim/kernel/time.ts';
import { duration } from '../../words.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

const sorted = (values: readonly number[]) => [...new Set(values)].toSorted((a, b) => a - b);
/** Durations that people count in, from a microsecond to a century: about one, two and three in a factor of ten. */
const LADDERS_US = [
  sorted([
    ...[1, 10, 100].flatMap((n) => [n, n * 1_000]),
    ...[1, 10].flatMap((n) => [n * SECOND, n * MINUTE, n * HOUR]),
    ...[4 * DAY, 40 * DAY],
    ...[1, 10, 100].map((n) => n * YEAR),
  ]),
  sorted([
    ...[1, 3, 10, 30, 100, 300].flatMap((n) => [n, n * 1_000]),
    ...[1, 3, 10, 30].flatMap((n) => [n * SECOND, n * MINUTE]),
    ...[1, 3, 12].map((n) => n * HOUR),
    ...[1, 3, 10, 30, 100].map((n) => n * DAY),
    ...[1, 3, 10, 30, 100].map((n) => n * YEAR),
  ]),
  sorted([
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((n) => [n, n * 1_000]),
    ...[1, 2, 5, 10, 20, 30].flatMap((n) => [n * SECOND, n * MINUTE]),
    ...[1, 2, 4, 8, 16].map((n) => n * HOUR),
    ...[1, 2, 4, 7, 14, 30, 60, 120, 200].map((n) => n * DAY),
    ...[1, 2, 5, 10, 20, 50, 100].map((n) => n * YEAR),
  ]),
] as const;
const STEPS_US = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].flatMap((n) => [n, n * 1_000]),
  ...[1, 2, 5, 10, 15, 30].flatMap((n) => [n * SECOND, n * MINUTE]),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200].map((n) => n * DAY),
  ...[1, 2, 5, 10, 20, 50].map((n) => n * YEAR),
].toSorted((a, b) => a - b);

/** Ticks of a logarithmic axis of microseconds: no more than `most`, as many as may be. */
export function logTimeTicks(fromUs: number, toUs: number, most: number): Tick[] {
  const within = (us: number) => us >= fromUs * 0.999 && us <= toUs * 1.001;
  // A narrow axis is labelled like a linear one.
  if (toUs / fromUs < 4) {
    const linear = linearTimeTicks(fromUs, toUs, most).filter(({ value }) => value > 0);
    if (linear.length >= 2) return linear.map(({ value }) => ({ value, label: duration(value) }));
  }
  const found = LADDERS_US.map((ladder) => ladder.filter(within));
  const chosen = found.findLast((ticks) => ticks.length <= most) ?? found[0]!;
  const every = Math.ceil(chosen.length / most);
  return chosen.filter((_, i) => i % every === 0).map((us) => ({ value: us, label: duration(us) }));
}

/** Ticks of a linear axis of microseconds, of which some may lie below zero. */
export function linearTimeTicks(fromUs: number, toUs: number, most: number): Tick[] {
  const step = STEPS_US.find((each) => (toUs - fromUs) / each <= most) ?? STEPS_US.at(-1)!;
  return stepsWithin(fromUs, toUs, step).map((us) => ({ value: us, label: signedDuration(us) }));
}

/** Ticks of a linear axis of plain numbers. */
export function numberTicks(from: number, to: number, most: number): Tick[] {
  const step = numberStep(to - from, most);
  return stepsWithin(from, to, step).map((value) => ({ value, label: plainNumber(value) }));
}

function numberStep(span: number, most: number): number {
  let power = 1;
  while (power * 10 < span / most) power *= 10;
  while (power > span / most) power /= 10;
  return [power, 2 * power, 5 * power, 10 * power].find((each) => span / each <= most) ?? 10 * power;
}

function stepsWithin(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** `1,204`, `0.25`: three figures at most after the point, no zeros at the end. */
export function plainNumber(value: number): string {
  const rounded = Math.round(value * 1_000) / 1_000;
  const [whole, rest] = String(Math.abs(rounded)).split('.');
  const sign = rounded < 0 ? '−' : '';
  return `${sign}${whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ',')}${rest === undefined ? '' : `.${rest}`}`;
}

/** `−3 min`, `0`, `+3 min`. */
export function signedDuration(us: number): string {
  const rounded = Math.round(Math.abs(us));
  if (rounded === 0) return '0';
  return `${us < 0 ? '−' : '+'}${duration(rounded)}`;
}
