/** The mark of the time axis: moments with true labels, and the breaks with how much time they leave out. */
import { DAY, HOUR, MINUTE, SECOND } from '../../sim/kernel/time.ts';
import { clock, duration } from '../words.ts';
import { type Chart, PAGE } from './chart.ts';
import { coordinate, type Pen, write } from './pen.ts';
import { textWidth } from './text-width.ts';

const SIZE = 11;
/** From so much time in a pixel on, labels are in whole seconds. */
const PIXEL_MAX_US = 50_000;
/** More moments of note than this give way to round times. */
const NOTABLE_MAX = 12;
/** Round times that a piece of a broken axis must hold to show any. */
const ROUND_MIN = 3;
/** Free pixels between two labels. */
const SPACE = 8;
const STEPS_US = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500].map((ms) => ms * 1_000),
  ...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((min) => min * MINUTE),
  ...[1, 2, 3, 6, 12].map((h) => h * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000].map((d) => d * DAY),
];

interface Tick {
  readonly us: number;
  readonly x: number;
  /** '' = a mark without a label, for want of room. */
  readonly label: string;
}

export interface AxisLabels {
  readonly ticks: readonly Tick[];
  /** The day that a label belongs to, where it differs from the one before; only in runs longer than a day. */
  readonly days: readonly { readonly x: number; readonly label: string }[];
}

/** Chooses ticks: moments of note, the ends of the run, lesser moments, then round times, as long as there is room. */
export function axisLabels(
  chart: Pick<Chart, 'axis' | 'x'>,
  durationUs: number,
  momentsUs: readonly number[],
  lessNotableUs: readonly number[],
): AxisLabels {
  const { axis, x } = chart;
  const placed: { us: number; x: number; label: string; x0: number; x1: number }[] = [];
  // No finer than the picture shows.
  const unitUs = 1 / axis.scale > PIXEL_MAX_US ? SECOND : 1_000;
  const place = (us: number) => {
    const told = Math.round(us / unitUs) * unitUs;
    const label = us >= DAY ? clock(told).replace(/^.* d /, '') : clock(told);
    const half = textWidth(label, SIZE) / 2;
    const at = Math.min(Math.max(x(us), PAGE.plot0 + half - 16), PAGE.plot1 - half + 16);
    const free = placed.every((each) => at + half + SPACE <= each.x0 || at - half - SPACE >= each.x1);
    if (free) placed.push({ us, x: at, label, x0: at - half, x1: at + half });
  };
  const notable = momentsUs.length <= NOTABLE_MAX ? momentsUs : [];
  for (const us of [...notable, 0, durationUs, ...(notable.length > 0 ? lessNotableUs : [])]) place(us);
  for (const { fromUs, toUs } of linearStretches(chart, durationUs)) {
    const stepUs = STEPS_US.find((each) => each * axis.scale >= 64);
    if (stepUs === undefined) continue;
    const firstUs = Math.ceil(fromUs / stepUs) * stepUs;
    // One round time in a short piece between moments of note tells nothing, and looks like one of them.
    if (notable.length > 0 && axis.breaks.length > 0 && firstUs + (ROUND_MIN - 1) * stepUs > toUs) continue;
    for (let us = firstUs; us <= toUs; us += stepUs) place(us);
  }
  const ticks = placed.sort((a, b) => a.us - b.us).map(({ us, x: at, label }) => ({ us, x: at, label }));
  return { ticks, days: durationUs > DAY ? dayLabels(ticks) : [] };
}

function dayLabels(ticks: readonly Tick[]): { x: number; label: string }[] {
  const days: { x: number; label: string }[] = [];
  let last = -1;
  let busyUntil = Number.NEGATIVE_INFINITY;
  for (const { us, x } of ticks) {
    const day = Math.floor(us / DAY);
    const label = `day ${day}`;
    const half = textWidth(label, SIZE, true) / 2;
    if (day === last || x - half < busyUntil) continue;
    days.push({ x, label });
    last = day;
    busyUntil = x + half + SPACE;
  }
  return days;
}

function linearStretches(
  { axis }: Pick<Chart, 'axis'>,
  durationUs: number,
): { fromUs: number; toUs: number }[] {
  const stretches: { fromUs: number; toUs: number }[] = [];
  let fromUs = 0;
  for (const gap of axis.breaks) {
    stretches.push({ fromUs, toUs: gap.fromUs });
    fromUs = gap.toUs;
  }
  stretches.push({ fromUs, toUs: durationUs });
  return stretches;
}

/** Labels over the lanes, the days above them; gives the height used. */
export function drawAxis(chart: Chart, labels: AxisLabels, y: number): number {
  const top = labels.days.length > 0 ? y + 14 : y;
  for (const { x, label } of labels.days) write(chart.front, x, y + 11, label, 's b mid');
  for (const { x, label } of labels.ticks) write(chart.front, x, top + 12, label, 's mid');
  return top - y + 18;
}

/** A block of lanes, from its top to its bottom; what goes through the lanes spares the headings between blocks. */
export interface Block {
  readonly y0: number;
  readonly y1: number;
}

/** Faint lines through the lanes at the labelled moments. */
export function drawGrid(chart: Chart, labels: AxisLabels, blocks: readonly Block[]): void {
  const path = labels.ticks.flatMap(({ us }) =>
    blocks.map(({ y0, y1 }) => `M${coordinate(chart.x(us))},${coordinate(y0)}V${coordinate(y1)}`),
  );
  chart.back.append('path').attr('class', 'grid').attr('d', path.join(''));
}

/**
 * The breaks: a strip of page between two zigzags over all lanes, and the time left out below them where it fits.
 * Gives the height used below the lanes.
 */
export function drawBreaks(chart: Chart, pen: Pen, blocks: readonly Block[]): number {
  const strips: string[] = [];
  const edges: string[] = [];
  const bottom = blocks.at(-1)!.y1;
  const busyUntil = LABEL_ROWS.map(() => Number.NEGATIVE_INFINITY);
  for (const gap of chart.axis.breaks) {
    const middle = (gap.x0 + gap.x1) / 2;
    const half = Math.min(6, (gap.x1 - gap.x0) / 2);
    for (const { y0, y1 } of blocks) {
      const teeth = zigzag(y0, y1);
      const [left, right] = [middle - half, middle + half].map(
        (x) => `M${coordinate(x - TOOTH.width)},${coordinate(y0)}${teeth}`,
      );
      edges.push(left!, right!);
      strips.push(
        `M${coordinate(middle - half)},${coordinate(y0)}H${coordinate(middle + half)}V${coordinate(y1)}H${coordinate(middle - half)}Z`,
      );
    }
    const label = duration(gap.toUs - gap.fromUs);
    const width = textWidth(label, SIZE);
    const row = busyUntil.findIndex((busy) => middle - width / 2 >= busy);
    if (row < 0) continue;
    write(pen, middle, bottom + LABEL_ROWS[row]!, label, 's i m mid');
    busyUntil[row] = middle + width / 2 + SPACE;
  }
  pen.append('path').attr('class', 'page').attr('d', strips.join(''));
  pen.append('path').attr('class', 'edge').attr('d', edges.join(''));
  return LABEL_ROWS.findLast((_, row) => busyUntil[row]! > 0) ?? 0;
}

/** Baselines below the lanes for how long the breaks are. */
const LABEL_ROWS = [13, 26] as const;
const TOOTH = { width: 1.5, height: 5 } as const;

/** Relative steps from the top of a block to its bottom. */
function zigzag(y0: number, y1: number): string {
  const teeth = Math.ceil((y1 - y0) / TOOTH.height / 2);
  const step = coordinate((y1 - y0) / teeth / 2);
  return `l${2 * TOOTH.width},${step}l-${2 * TOOTH.width},${step}`.repeat(teeth);
}

/** A vertical rule through the lanes at a moment. */
export function drawRules(pen: Pen, xs: readonly number[], blocks: readonly Block[]): void {
  if (xs.length === 0) return;
  const path = xs.flatMap((x) =>
    blocks.map(({ y0, y1 }) => `M${coordinate(x)},${coordinate(y0)}V${coordinate(y1)}`),
  );
  pen.append('path').attr('class', 'rule').attr('d', path.join(''));
}
