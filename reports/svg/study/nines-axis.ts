/** The nines axis: unavailability on a logarithmic scale, labelled as availability, in nines, and as downtime a year. */
import { type Pen, write } from '../pen.ts';
import { textWidth } from '../text-width.ts';
import { drawLabels, freeLabels, type PlacedTick } from './axis.ts';
import { A_YEAR, type OwnTime, type TimeUnit } from './data.ts';
import { shortTime, statedShare } from './figures.ts';
import { type LogScale, logDomain, logScale } from './log-scale.ts';
import type { Plot } from './rows.ts';

/** Below this an unavailability is drawn at the end of the axis. */
const LEAST = 1e-12;

/** An axis that holds all values, at least two nines wide. */
export function ninesScale(values: readonly number[], plot: Plot): LogScale {
  const shown = values
    .filter((value) => value > 0 && Number.isFinite(value))
    .map((value) => Math.max(value, LEAST));
  const [from, to] = shown.length === 0 ? [1e-5, 1e-2] : logDomain(shown, 100, 1.5);
  return logScale(from, Math.min(1, to), plot.x0, plot.x1);
}

interface NinesTick {
  readonly x: number;
  readonly unavailability: number;
  /** How many nines; 0 between two whole numbers of them. */
  readonly nines: number;
}

export interface NinesTicks {
  readonly lines: readonly number[];
  readonly availability: readonly PlacedTick[];
  readonly nines: readonly PlacedTick[];
  /** None where runs differ in length, and a share is another time in each row. */
  readonly downtime: readonly PlacedTick[];
}

/** Whole nines, and halves between them where there is room. */
export function ninesTicks(scale: LogScale, unit: TimeUnit | OwnTime): NinesTicks {
  const found: NinesTick[] = [];
  const decades = (scale.x1 - scale.x0) / Math.max(1, decadesOf(scale));
  let unavailability = 1;
  for (let nines = 0; nines <= 12; nines++, unavailability = Number(`1e-${nines}`)) {
    for (const part of decades >= 190 ? [1, 0.5, 0.2] : [1]) {
      const value = unavailability * part;
      if (value < scale.from || value > scale.to) continue;
      found.push({ x: scale.x(value), unavailability: value, nines: part === 1 ? nines : -1 });
    }
  }
  const ticks = found.toSorted((a, b) => a.x - b.x);
  const label = (text: (tick: NinesTick) => string, of = ticks) =>
    of.map((tick) => ({ x: tick.x, label: text(tick) }));
  const whole = ticks.filter(({ nines }) => nines > 0);
  return {
    lines: ticks.map(({ x }) => x),
    availability: thinned(label((tick) => statedShare(1 - tick.unavailability))),
    nines: thinned(label(({ nines }) => (nines === 1 ? '1 nine' : `${nines} nines`), whole)),
    downtime: unit.us === null ? [] : thinned(label((tick) => shortTime(tick.unavailability * unit.us))),
  };
}

function decadesOf({ from, to }: LogScale): number {
  let decades = 0;
  for (let value = from; value < to; value *= 10) decades++;
  return decades;
}

/** All labels, or every second, third, ... so that none touches another. */
function thinned(ticks: readonly PlacedTick[]): PlacedTick[] {
  for (let every = 1; every < ticks.length; every++) {
    const kept = ticks.filter((_, i) => i % every === 0);
    if (freeLabels(kept).length === kept.length) return kept;
  }
  return ticks.slice(0, 1);
}

/** Above the rows: downtime a year or a run. Gives the height used. */
export function drawNinesHead(
  pen: Pen,
  ticks: NinesTicks,
  plot: Plot,
  unit: TimeUnit | OwnTime,
  y: number,
): number {
  if (unit.us === null) return 0;
  drawSide(pen, plot, ticks.downtime, unit === A_YEAR ? 'a year' : 'a run', y + 11);
  drawLabels(pen, ticks.downtime, y + 11);
  return 18;
}

/** Below the rows: availability, and how many nines it has. Gives the height used. */
export function drawNinesFoot(pen: Pen, ticks: NinesTicks, plot: Plot, y: number): number {
  drawSide(pen, plot, ticks.availability, 'available', y + 15);
  drawLabels(pen, ticks.availability, y + 15);
  drawLabels(pen, ticks.nines, y + 30, 's b');
  return 34;
}

/** What a line of labels is, at the left of the plot where names stand above, and of the first label. */
function drawSide(
  pen: Pen,
  plot: Plot,
  labels: readonly PlacedTick[],
  words: string,
  baseline: number,
): void {
  const [first] = freeLabels(labels);
  const free = first === undefined ? plot.x0 : first.x - textWidth(first.label, 11) / 2 - 10;
  const right = Math.min(plot.x0 - 12 - textWidth('0', 11) * 2, free);
  write(pen, right, baseline, words, 's m end');
}
