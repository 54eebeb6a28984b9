/** The picture "how bad can a year be": the downtime of all runs, one dot for the same share of them each. */
import { YEAR } from '../../../sim/kernel/time.ts';
import { capitalised, clean, count, integer, list } from '../../words.ts';
import type { D3, Pen } from '../pen.ts';
import { line, write } from '../pen.ts';
import { type Arranged, arranged } from './arrange.ts';
import { drawBetter, drawGrid, drawLabels } from './axis.ts';
import {
  A_YEAR,
  aRun,
  type BySystem,
  type DowntimeRow,
  type OwnTime,
  type StudyWords,
  type TimeUnit,
  unitOfRow,
} from './data.ts';
import { inSentence, roundTime, shareWords, statedShare } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawLimit, LIMIT_KEY } from './limit-mark.ts';
import { type LogScale, logDomain, logScale } from './log-scale.ts';
import { block, type Dot, drawDots, pileUp, quantiles } from './quantile-dots.ts';
import { drawRows, type Plot, plotOf, type RowGroup } from './rows.ts';
import { disc, ring } from './shapes.ts';
import { finishSheet, type PictureOptions, prepareSheet } from './sheet.ts';
import { logTimeTicks } from './ticks.ts';

export interface DistributionPicture extends StudyWords {
  readonly systems: readonly BySystem<DowntimeRow>[];
}

/** Widths of a dot, the largest that keeps every pile this low is taken; else there are fewer dots. */
const PITCHES = [8, 6] as const;
const PILE_MAX = 128;
/** Runs without downtime stand side by side in a column of their own. */
const LEVELS_MAX = 8;
/** More variants than this are counted in the title. */
const NAMED_MAX = 3;
/** With more rows each has fewer dots. */
const ROWS_OF_FIFTY = 8;
/** Runs shorter than this are not stretched to a year. */
const YEAR_OF_RUNS = 0.95 * YEAR;

/** One row, its downtimes in the unit of the axis and sorted. */
interface Told {
  readonly name: string;
  readonly variant: string;
  readonly system: string;
  readonly limitUs: number | null;
  readonly sortedUs: readonly number[];
  readonly beyond: number;
}

export function drawDistribution(
  svg: Pen,
  d3: D3,
  picture: DistributionPicture,
  options: PictureOptions = {},
): void {
  const unit = unitOf(picture);
  const groups = arranged(picture.systems, (limit) =>
    unit.us === null
      ? `limit ${statedShare(1 - limit)}`
      : `limit ${roundTime(limit * unit.us)} ${unit.words}`,
  );
  const told = new Map(groups.flatMap((group) => group.rows.map((each) => [each, tell(each, unit)])));
  const all = [...told.values()];
  const shown = groups.flatMap((group) =>
    group.rows.map((each) => ({ ...each, figures: figuresOf(told.get(each)!) })),
  );
  const plot = plotOf(shown);
  const { dots, pitch, zeros, zeroWidth, scale, limitXOf, piles } = layoutOf(all, plot);
  const x0 = scale.x0;
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-distribution', {
    question: picture.title,
    answer: answerOf(all, unit.words),
    details: all.map((each) => `${sentenceName(each)}: ${rowWords(each, unit.words)}.`),
    reading: [
      `${dots.words} The further right, the longer the downtime ${unit.words}. ${capitalised(picture.basis)}.`,
    ],
  });

  const keys: KeyEntry[] = [
    {
      words: `${dots.each}${all.some(({ limitUs }) => (limitUs ?? 0) > 0) ? ' within the limit' : ''}`,
      width: 8,
      draw: (pen, x, y) => disc(pen, x + 4, y, 4, 'plain'),
    },
  ];
  if (all.some(({ beyond }) => beyond > 0))
    keys.push({
      words: `${dots.each} beyond it`,
      width: 8,
      draw: (pen, x, y) => ring(pen, x + 4, y, 3.2, 'bad'),
    });
  if (all.some(({ limitUs }) => limitUs !== null)) keys.push(LIMIT_KEY);
  let y = sheet.top + drawKey(sheet.front, keys, sheet.top) + 8;
  const ticks = logTimeTicks(scale.from, scale.to, Math.floor((plot.x1 - x0) / 70)).map(
    ({ value, label }) => ({
      x: scale.x(value),
      label,
    }),
  );
  if (zeros) write(sheet.front, plot.x0 + zeroWidth / 2, y + 11, 'none', 's b mid');
  drawLabels(sheet.front, ticks, y + 11);
  y += 18;

  const groupsOfRows: RowGroup[] = groups.map(({ name, note, rows }) => ({
    name,
    note,
    rows: rows.map((each) => {
      const row = told.get(each)!;
      const limitX = limitXOf(row);
      const own = piles.get(row)!;
      return {
        name: each.name,
        note: each.note,
        figures: figuresOf(row),
        height: Math.max(2 * PITCHES[0], highest(own) * pitch) + 16,
        draw: (top: number, height: number) => {
          const baseline = top + height - 6;
          if (zeros) line(sheet.marks, plot.x0, baseline, plot.x0 + zeroWidth, baseline, 'thin s-unsure');
          line(sheet.marks, x0, baseline, plot.x1, baseline, 'thin s-unsure');
          if (limitX !== null) drawLimit(sheet.marks, limitX, top, top + height);
          drawDots(sheet.marks, own, pitch, baseline);
        },
      };
    }),
  }));
  const { blocks, bottom } = drawRows(sheet, groupsOfRows, plot, y);
  drawGrid(
    sheet.back,
    ticks.map(({ x }) => x),
    blocks,
  );
  drawLabels(sheet.front, ticks, bottom + 15);
  if (zeros) write(sheet.front, plot.x0 + zeroWidth / 2, bottom + 15, 'none', 's b mid');
  drawBetter(sheet.front, plot.x0, bottom + 33, `less downtime ${unit.words}`);
  finishSheet(sheet, bottom + 36);
}

/** Downtime a year where runs are that long; else in a run, for an hour's outage is not a year's. */
function unitOf(picture: DistributionPicture): TimeUnit | OwnTime {
  if (picture.unit !== A_YEAR) return picture.unit;
  const durations = picture.systems.flatMap(({ rows }) => rows.map(({ durationUs }) => durationUs));
  const shortest = durations.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (shortest >= YEAR_OF_RUNS || durations.some((us) => us !== shortest)) return A_YEAR;
  return aRun(shortest);
}

function tell({ name, system, row }: Arranged<DowntimeRow>['rows'][number], unit: TimeUnit | OwnTime): Told {
  const { downUs, durationUs } = row;
  const { us: unitUs } = unitOfRow(unit, durationUs);
  const sortedUs = downUs.map((us) => (us * unitUs) / durationUs).toSorted((a, b) => a - b);
  const limitUs = system.limit === null ? null : system.limit * unitUs;
  const beyond = limitUs === null ? 0 : sortedUs.filter((us) => us > limitUs).length;
  return { name, variant: clean(row.variant), system: clean(system.name), limitUs, sortedUs, beyond };
}

interface Dots {
  /** Most in a row. */
  readonly number: number;
  readonly words: string;
  readonly each: string;
}

interface Layout {
  readonly dots: Dots;
  readonly pitch: number;
  /** Whether some runs are without downtime, and the width of their column. */
  readonly zeros: boolean;
  readonly zeroWidth: number;
  readonly scale: LogScale;
  readonly limitXOf: (row: Told) => number | null;
  readonly piles: ReadonlyMap<Told, readonly Dot[]>;
}

/** As many and as large dots as leave the piles low enough. */
function layoutOf(rows: readonly Told[], plot: Plot): Layout {
  const layouts = dotsOf(rows).flatMap((dots) =>
    PITCHES.map((pitch) => () => laidOut(rows, plot, dots, pitch)),
  );
  let layout = layouts[0]!();
  for (const next of layouts.slice(1)) {
    if ([...layout.piles.values()].every((piles) => highest(piles) * layout.pitch <= PILE_MAX)) break;
    layout = next();
  }
  return layout;
}

function laidOut(rows: readonly Told[], plot: Plot, dots: Dots, pitch: number): Layout {
  const valuesOf = new Map(rows.map((row) => [row, quantiles(row.sortedUs, dots.number)]));
  const values = [...valuesOf.values()];
  const zeros = rows.some(({ sortedUs }) => sortedUs[0] === 0);
  // The column of runs without downtime is as wide as its largest pile.
  const zeroDots = Math.max(0, ...values.map((each) => each.filter((us) => us === 0).length));
  const zeroWidth = zeros ? Math.max(40, Math.ceil(zeroDots / LEVELS_MAX) * pitch + 12) : 0;
  const limits = rows.flatMap(({ limitUs }) => (limitUs !== null && limitUs > 0 ? [limitUs] : []));
  const [from, to] = logDomain([...values.flat(), ...limits], 12, 1.6);
  const x0 = plot.x0 + zeroWidth + (zeros ? 22 : 0);
  const scale = logScale(from, to, x0, plot.x1);
  const limitXOf = ({ limitUs }: Told) =>
    limitUs === null ? null : limitUs > 0 ? scale.x(limitUs) : x0 - 11;
  const piles = new Map(
    rows.map((row) => {
      const isBeyond = (us: number) => row.limitUs !== null && us > row.limitUs;
      const own = valuesOf.get(row)!;
      const none = own.filter((us) => us === 0).map(isBeyond);
      const some = own.filter((us) => us > 0).map((us) => ({ x: scale.x(us), beyond: isBeyond(us) }));
      return [
        row,
        [...block(none, pitch, LEVELS_MAX, plot.x0 + zeroWidth / 2), ...pileUp(some, pitch, limitXOf(row))],
      ];
    }),
  );
  return { dots, pitch, zeros, zeroWidth, scale, limitXOf, piles };
}

function highest(piles: readonly Dot[]): number {
  return piles.reduce((most, { level }) => Math.max(most, level + 1), 0);
}

/** How many dots a row may have, the most first. */
function dotsOf(rows: readonly Told[]): Dots[] {
  const numbers = rows.map(({ sortedUs }) => sortedUs.length);
  const fewest = numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  if (numbers.every((n) => n <= 20)) return [{ number: 20, words: 'Each dot is one run.', each: 'a run' }];
  const of = (number: number): Dots => {
    const few = fewest < number ? ' Rows with fewer runs have a dot for each.' : '';
    return {
      number,
      words: `Each row has ${number} dots, each of them 1 in ${number} of the runs.${few}`,
      each: `1 in ${number} runs`,
    };
  };
  return fewest >= 50 && rows.length <= ROWS_OF_FIFTY ? [of(50), of(20)] : [of(20)];
}

function figuresOf({ sortedUs, limitUs, beyond }: Told): string[] {
  const worst = sortedUs.at(-1) ?? 0;
  const median = medianOf(sortedUs);
  const facts =
    worst === 0
      ? 'no downtime in any run'
      : sortedUs[0] === worst
        ? `${sortedUs.length === 1 ? '' : 'always '}${roundTime(worst)}`
        : `median ${median === 0 ? 'none' : roundTime(median)}, worst ${roundTime(worst)}`;
  if (sortedUs.length === 0) return ['no runs'];
  if (limitUs === null) return [facts];
  const share = beyond === 0 ? 'none' : shareWords(beyond, sortedUs.length);
  return [`${share} beyond the limit`, facts];
}

/** Upper median: half of the runs are at or under it. */
function medianOf(sorted: readonly number[]): number {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function rowWords({ sortedUs, limitUs, beyond }: Told, unit: string): string {
  const worst = sortedUs.at(-1) ?? 0;
  const range =
    worst === 0
      ? 'no downtime in any run'
      : `half of the runs are down ${roundTime(medianOf(sortedUs))} or less ${unit}, the worst ${roundTime(worst)}`;
  return limitUs === null
    ? range
    : `${range}; ${integer(beyond)} of ${count(sortedUs.length, 'run')} beyond the limit`;
}

function sentenceName({ name, system, variant }: Told): string {
  return name === system ? system : `${system}, ${variant}`;
}

/** The system in which variants differ most, and the two ends there. */
function answerOf(rows: readonly Told[], unit: string): string {
  if (rows.length === 0) return 'No runs';
  if (rows.every(({ sortedUs }) => (sortedUs.at(-1) ?? 0) === 0)) return 'Nothing was down in any run';
  const bySystem = [...new Set(rows.map(({ system }) => system))].map((system) =>
    rows.filter((row) => row.system === system),
  );
  const shareOf = (row: Told) => (row.sortedUs.length === 0 ? 0 : row.beyond / row.sortedUs.length);
  const limited = bySystem.filter(([row]) => row!.limitUs !== null);
  if (limited.length > 0) {
    const ranked = limited.map((each) => each.toSorted((a, b) => shareOf(a) - shareOf(b)));
    const best = ranked.toSorted(
      (a, b) =>
        shareOf(b.at(-1)!) - shareOf(b[0]!) - (shareOf(a.at(-1)!) - shareOf(a[0]!)) ||
        shareOf(b[0]!) - shareOf(a[0]!),
    )[0]!;
    const low = best[0]!;
    const high = best.at(-1)!;
    if (shareOf(high) === 0) return 'No run goes beyond a limit';
    const limit = `the limit for ${low.system}`;
    const words = (row: Told) =>
      row.beyond === 0 ? 'No run goes' : `${shareWords(row.beyond, row.sortedUs.length)} of the runs go`;
    const highShare = shareWords(high.beyond, high.sortedUs.length);
    if (words(low) === words(high)) return `${highShare} of the runs go beyond ${limit}`;
    // Variants of the same share are told together.
    const variantsLike = (row: Told) => {
      const names = best
        .filter((each) => words(each) === words(row))
        .map(({ variant }) => inSentence(variant));
      return names.length > NAMED_MAX ? `${names.length} of ${best.length} variants` : list(names);
    };
    return `${words(low)} beyond ${limit} with ${variantsLike(low)}, ${highShare} of them with ${variantsLike(high)}`;
  }
  const middle = (row: Told) => medianOf(row.sortedUs);
  const mean = (row: Told) => row.sortedUs.reduce((a, b) => a + b, 0) / Math.max(1, row.sortedUs.length);
  const ranked = bySystem.map((each) => each.toSorted((a, b) => mean(a) - mean(b)));
  const most = ranked.toSorted((a, b) => mean(b.at(-1)!) - mean(a.at(-1)!))[0]!;
  const low = most[0]!;
  const high = most.at(-1)!;
  const worst = (row: Told) => roundTime(row.sortedUs.at(-1)!);
  if (most.length > 1)
    return `${low.system}: at worst ${worst(low)} ${unit} with ${inSentence(low.variant)}, ${worst(high)} with ${inSentence(high.variant)}`;
  const typical = middle(high) === 0 ? 'no downtime' : `${roundTime(middle(high))} of downtime or less`;
  return `${high.system}: half of the runs have ${typical} ${unit}, the worst ${worst(high)}`;
}
