/** The picture "how many nines": unavailability of each system with its interval, the exact answer beside it. */
import { capitalised, clean, integer, list, listSome } from '../../words.ts';
import type { D3, Pen } from '../pen.ts';
import { line } from '../pen.ts';
import { arranged, limitInNines } from './arrange.ts';
import { drawBetter, drawGrid } from './axis.ts';
import {
  type BySystem,
  type NinesRow,
  type OwnTime,
  type StudyWords,
  type TimeUnit,
  unitOfRow,
} from './data.ts';
import { availabilityOf, inSentence, roundTime, timePer } from './figures.ts';
import { drawEstimate, drawInterval, isUnbounded } from './interval-mark.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawLimit, LIMIT_KEY } from './limit-mark.ts';
import type { LogScale } from './log-scale.ts';
import { drawNinesFoot, drawNinesHead, ninesScale, ninesTicks } from './nines-axis.ts';
import { drawRows, plotOf } from './rows.ts';
import type { Tone } from './shades.ts';
import { arrowHead, diamond } from './shapes.ts';
import { finishSheet, type PictureOptions, prepareSheet } from './sheet.ts';

export interface NinesPicture extends StudyWords {
  readonly systems: readonly BySystem<NinesRow>[];
}

const ROW = 34;
const TONES = { pass: 'good', fail: 'bad', inconclusive: 'unsure' } as const;
const WORDS = { pass: 'pass', fail: 'FAIL', inconclusive: 'inconclusive' } as const;

export function drawNines(svg: Pen, d3: D3, picture: NinesPicture, options: PictureOptions = {}): void {
  const { unit } = picture;
  const groups = arranged(picture.systems, (limit) => limitInNines(limit, unit));
  const rows = groups.flatMap((group) => group.rows);
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-nines', {
    question: picture.title,
    answer: answerOf(picture.systems, unit),
    details: rows.map(({ name, system, row }) => {
      const subject = name === system.name ? name : `${system.name}, ${name}`;
      return `${subject}: ${figuresOf(row, unit).join('; ')}.`;
    }),
    reading: [
      `Unavailability with its 95 % interval; each line to the left is a nine more. ${unit.us === null ? 'Shares are of runs that differ in length: times tell them apart. ' : ''}${capitalised(picture.basis)}.`,
    ],
  });
  const plot = plotOf(rows.map(({ name, note, row }) => ({ name, note, figures: figuresOf(row, unit) })));
  const scale = ninesScale(
    rows.flatMap(({ system, row: { estimate, exact, exactRange } }) => [
      estimate.value,
      // An upper end of nearly everything would push all else to the left.
      ...[estimate.lower, estimate.upper].filter((end) => end > estimate.value / 1_000 && end < 1),
      exact ?? 0,
      exactRange?.[1] ?? 0,
      system.limit ?? 0,
    ]),
    plot,
  );
  const ticks = ninesTicks(scale, unit);
  let y = sheet.top + drawKey(sheet.front, keyOf(rows), sheet.top) + 8;
  y += drawNinesHead(sheet.front, ticks, plot, unit, y);
  const { blocks, bottom } = drawRows(
    sheet,
    groups.map((group) => ({
      name: group.name,
      note: group.note,
      rows: group.rows.map(({ name, note, system, row }) => ({
        name,
        note,
        figures: figuresOf(row, unit),
        height: ROW,
        draw: (top: number, height: number) => {
          const middle = top + height / 2;
          if (system.limit !== null) drawLimit(sheet.marks, scale.x(system.limit), top, top + height);
          drawInterval(
            sheet.marks,
            row.estimate,
            scale,
            0,
            row.exact === null ? middle : middle - 6,
            toneOf(row),
          );
          drawExact(sheet.marks, row, scale, middle + 9);
        },
      })),
    })),
    plot,
    y,
  );
  drawGrid(sheet.back, ticks.lines, blocks);
  const foot = drawNinesFoot(sheet.front, ticks, plot, bottom);
  drawBetter(sheet.front, plot.x0, bottom + foot + 14, 'more nines');
  finishSheet(sheet, bottom + foot + 18);
}

/** The exact answer in the range that a right simulation may come out in. */
function drawExact(pen: Pen, { exact, exactRange }: NinesRow, scale: LogScale, y: number): void {
  if (exactRange !== null && exactRange[1] > exactRange[0])
    line(pen, scale.x(exactRange[0]), y, scale.x(exactRange[1]), y, 'axis');
  if (exact !== null && exact > 0) diamond(pen, scale.x(exact), y, 5);
}

function toneOf({ verdict }: NinesRow): Tone {
  return verdict === null ? 'plain' : TONES[verdict];
}

type Arrow = Parameters<KeyEntry['draw']>;

function keyOf(rows: readonly { readonly row: NinesRow; readonly system: BySystem<NinesRow> }[]): KeyEntry[] {
  const of = (tone: Tone, words: string): KeyEntry => ({
    words,
    width: 26,
    draw: (...[pen, x, y]: Arrow) => {
      line(pen, x, y, x + 26, y, `thick s-${tone}`);
      drawEstimate(pen, x + 13, y, tone);
    },
  });
  const keys: KeyEntry[] = [];
  const verdicts = new Set(rows.map(({ row }) => row.verdict));
  if (verdicts.has(null))
    keys.push(of('plain', `estimate and 95 % interval${verdicts.has('pass') ? '; pass' : ''}`));
  else if (verdicts.has('pass')) keys.push(of('good', 'pass'));
  if (verdicts.has('fail')) keys.push(of('bad', 'fail'));
  if (verdicts.has('inconclusive')) keys.push(of('unsure', 'inconclusive'));
  if (rows.some(({ row }) => row.estimate.value === 0 && Number.isFinite(row.estimate.upper)))
    keys.push({
      words: 'nothing failed: somewhere below',
      width: 26,
      draw: (pen, x, y) => {
        line(pen, x, y, x + 26, y, 'thick s-plain');
        line(pen, x + 26, y - 5, x + 26, y + 5, 'thick s-plain');
        arrowHead(pen, x, y, -1, 5, 'plain');
      },
    });
  if (rows.some(({ row }) => row.exact !== null))
    keys.push({
      words: 'exact by failures alone, to what elections may add',
      width: 26,
      draw: (pen, x, y) => {
        line(pen, x + 5, y, x + 26, y, 'axis');
        diamond(pen, x + 5, y, 5);
      },
    });
  if (rows.some(({ system }) => system.limit !== null)) keys.push(LIMIT_KEY);
  return keys;
}

/** `99.98 %, 1 h 45 min a year`, its interval, the exact answer and the verdict. */
function figuresOf(row: NinesRow, picture: TimeUnit | OwnTime): string[] {
  const { estimate, exact, agrees, verdict } = row;
  const unit = unitOfRow(picture, row.durationUs);
  const word = verdict === null ? '' : ` · ${WORDS[verdict]}`;
  const { value, lower, upper, n } = estimate;
  const runs = `${integer(n)} run${n === 1 ? '' : 's'}`;
  const lines: string[] = [];
  if (value === 0) {
    lines.push(`nothing failed in ${runs}${word}`);
    if (Number.isFinite(upper)) lines.push(`below ${timePer(upper, unit)}, over ${availabilityOf(upper)}`);
    else lines.push('too few for a bound');
  } else {
    lines.push(`${availabilityOf(value)} · ${timePer(value, unit)}${word}`);
    if (isUnbounded(estimate)) lines.push(`${runs}: too few for an interval`);
    else lines.push(`${boundOf(upper)} to ${lower > 0 ? boundOf(lower) : '100 %'}`);
  }
  if (exact !== null) {
    const disagrees = exact > upper ? ', not met here' : ', DIFFERS';
    const agreement = agrees === null ? '' : agrees ? ', agrees' : disagrees;
    lines.push(`exact by failures alone ${availabilityOf(exact)}${agreement}`);
  }
  return lines;
}

function boundOf(unavailability: number): string {
  return availabilityOf(Math.min(1, unavailability));
}

/** Verdicts where there are any; else who has most and least nines, or that this cannot be told. */
function answerOf(systems: readonly BySystem<NinesRow>[], unit: TimeUnit | OwnTime): string {
  const usOf = ({ durationUs }: NinesRow) => unitOfRow(unit, durationUs).us;
  const timeOf = (row: NinesRow, share = row.estimate.value) =>
    timePer(share, unitOfRow(unit, row.durationUs));
  const all = systems.flatMap((system) => system.rows.map((row) => ({ system, row })));
  if (all.length === 0) return 'No runs';
  if (all.every(({ row }) => row.estimate.value === 0)) {
    const upperOf = (row: NinesRow) => row.estimate.upper * usOf(row);
    const least = all.map(({ row }) => row).reduce((a, b) => (upperOf(b) > upperOf(a) ? b : a));
    return Number.isFinite(upperOf(least))
      ? `Nothing failed in any run: downtime is below ${timeOf(least, least.estimate.upper)}`
      : 'Nothing failed in any run';
  }
  const variants = [...new Set(all.map(({ row }) => row.variant))];
  const judged = all.filter(({ row }) => row.verdict !== null);
  if (judged.length > 0) return verdictAnswer(variants, judged);
  // Where the first of the systems tells variants apart, it is told.
  const spread = systems
    .map((system) => ({
      system,
      sorted: system.rows.toSorted((a, b) => a.estimate.value * usOf(a) - b.estimate.value * usOf(b)),
    }))
    .toSorted((a, b) => {
      const [x, y] = [a, b].map(({ sorted }) => sorted.at(-1)!.estimate.value * usOf(sorted.at(-1)!));
      return y! - x!;
    })[0]!;
  const best = spread.sorted[0]!;
  const worst = spread.sorted.at(-1)!;
  const of = clean(spread.system.name);
  if (variants.length === 1) {
    const least = `${of} has the fewest nines: `;
    return `${systems.length > 1 ? least : `${of}: `}${availabilityOf(worst.estimate.value)}, ${timeOf(worst)}`;
  }
  if (best.estimate.upper * usOf(best) >= worst.estimate.lower * usOf(worst))
    // Of runs of different length nines are no measure of each other.
    return unit.us === null
      ? `Which is down least for ${of} cannot be told from these runs`
      : `Which has the most nines for ${of} cannot be told from these runs`;
  const bestWords = best.estimate.value === 0 ? 'none in any run' : timeOf(best);
  return `${of}: ${bestWords} with ${inSentence(clean(best.variant))}, ${roundTime(worst.estimate.value * usOf(worst))} with ${inSentence(clean(worst.variant))}`;
}

function verdictAnswer(
  variants: readonly string[],
  judged: readonly { readonly system: BySystem<NinesRow>; readonly row: NinesRow }[],
): string {
  const of = (variant: string) => {
    const verdicts = judged.filter(({ row }) => row.variant === variant).map(({ row }) => row.verdict);
    return verdicts.includes('fail') ? 'fail' : verdicts.includes('inconclusive') ? 'inconclusive' : 'pass';
  };
  if (variants.length === 1) {
    const failed = judged.filter(({ row }) => row.verdict === 'fail').map(({ system }) => clean(system.name));
    if (failed.length > 0)
      return `${listSome(failed, 4)} ${failed.length === 1 ? 'fails its limit' : 'fail their limits'}`;
    const limit = judged.length === 1 ? `the limit for ${clean(judged[0]!.system.name)}` : 'every limit';
    return of(variants[0]!) === 'pass'
      ? `${capitalised(limit)} is kept`
      : `These runs cannot tell yet whether ${limit} is kept`;
  }
  const limited = [...new Set(judged.map(({ system }) => clean(system.name)))];
  const subject = limited.length === 1 ? `The limit for ${limited[0]} is` : 'Limits are';
  const parts = (['pass', 'fail', 'inconclusive'] as const).flatMap((verdict) => {
    const names = variants
      .filter((variant) => of(variant) === verdict)
      .map((name) => inSentence(clean(name)));
    const word = { pass: 'kept', fail: 'broken', inconclusive: 'not certain yet' }[verdict];
    if (names.length === 0) return [];
    if (names.length === variants.length) return [`${word} with all ${variants.length} variants`];
    return [
      `${word} with ${names.length > 3 ? `${names.length} of ${variants.length} variants` : list(names)}`,
    ];
  });
  return `${subject} ${parts.join(', ')}`;
}
