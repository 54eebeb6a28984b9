/** The picture "whose fault is it": the share of each cause in the downtime, by variant and system. */
import { capitalised, clean } from '../../words.ts';
import { coordinate, type D3, type Pen, write } from '../pen.ts';
import { fittedName, textWidth } from '../text-width.ts';
import { arranged } from './arrange.ts';
import { drawGrid, drawLabels } from './axis.ts';
import {
  type BySystem,
  type CausesRow,
  type OwnTime,
  type StudyWords,
  type TimeUnit,
  unitOfRow,
} from './data.ts';
import { inSentence, timePer } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { drawRows, plotOf } from './rows.ts';
import { PARTS, type Part } from './shades.ts';
import { finishSheet, type PictureOptions, prepareSheet } from './sheet.ts';

export interface CausesPicture extends StudyWords {
  readonly systems: readonly BySystem<CausesRow>[];
}

const ROW = 34;
const BAR = 20;
/** The last look is for all other causes together. */
const OWN_LOOK_MAX = PARTS.length - 1;
/** Systems with this share of the most downtime are about as bad. */
const ABOUT_AS_MUCH = 0.5;
const OTHERS = 'all other causes';

export function drawCauses(svg: Pen, d3: D3, picture: CausesPicture, options: PictureOptions = {}): void {
  const looks = looksOf(picture.systems);
  const groups = arranged(picture.systems, () => '');
  const rows = groups.flatMap((group) => group.rows);
  const sheet = prepareSheet(
    svg,
    d3,
    options.prefix ?? 'zonefall-causes',
    {
      question: picture.title,
      answer: answerOf(picture.systems, picture.unit),
      details: rows.map(({ name, system, row }) => {
        const subject = name === system.name ? clean(name) : `${clean(system.name)}, ${name}`;
        const shares = row.causes.map(([cause, share]) => `${clean(cause)} ${percentOf(share)}`);
        return `${subject}: ${shares.length === 0 ? 'no downtime' : shares.join(', ')}.`;
      }),
      reading: [
        `Share of the downtime that goes back to each cause; at the right how much downtime there is. ${capitalised(picture.basis)}.`,
        ...(rows.some(({ row }) => row.missed !== null)
          ? [
              'Only what these runs met is shared out. Where the exact answer stands at the right, a rarer failure, which they have not met, counts more than all that is drawn.',
            ]
          : []),
      ],
    },
    true,
  );
  const figures = (row: CausesRow) => figuresOf(row, picture.unit);
  const plot = plotOf(rows.map(({ name, note, row }) => ({ name, note, figures: figures(row) })));
  const x = (share: number) => plot.x0 + share * (plot.x1 - plot.x0);
  let y = sheet.top + drawKey(sheet.front, keyOf(looks), sheet.top) + 8;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => ({ x: x(share), label: `${100 * share} %` }));
  y += 4;
  const { blocks, bottom } = drawRows(
    sheet,
    groups.map((group) => ({
      name: group.name,
      note: group.note,
      rows: group.rows.map(({ name, note, row }) => ({
        name,
        note,
        figures: figures(row),
        height: ROW,
        draw: (top: number, height: number) => {
          let from = 0;
          for (const [part, share] of partsOf(row, looks)) {
            drawPart(
              sheet.marks,
              sheet.front,
              x(from),
              x(from + share),
              top + (height - BAR) / 2,
              part,
              share,
            );
            from += share;
          }
          if (row.causes.length === 0)
            write(sheet.front, plot.x0 + 8, top + height / 2 + 4, 'no downtime', 's m');
        },
      })),
    })),
    plot,
    y,
  );
  drawGrid(
    sheet.back,
    ticks.map((tick) => tick.x),
    blocks,
  );
  drawLabels(sheet.front, ticks, bottom + 15);
  finishSheet(sheet, bottom + 20);
}

/** A look for each of the causes with the largest shares over all rows. */
function looksOf(systems: readonly BySystem<CausesRow>[]): Map<string, Part> {
  const weights = new Map<string, number>();
  for (const { rows } of systems)
    for (const { causes } of rows)
      for (const [cause, share] of causes) weights.set(cause, (weights.get(cause) ?? 0) + share);
  const ranked = [...weights].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([cause]) => cause);
  const own = ranked.length <= PARTS.length ? ranked : ranked.slice(0, OWN_LOOK_MAX);
  const looks = new Map(own.map((cause, i) => [cause, PARTS[i]!]));
  if (ranked.length > own.length) looks.set(OTHERS, PARTS.at(-1)!);
  return looks;
}

/** In the order of the key. */
function partsOf({ causes }: CausesRow, looks: ReadonlyMap<string, Part>): [Part, number][] {
  const shares = new Map<Part, number>();
  for (const [cause, share] of causes) {
    const part = looks.get(cause) ?? PARTS.at(-1)!;
    shares.set(part, (shares.get(part) ?? 0) + share);
  }
  return PARTS.flatMap((part) => (shares.has(part) ? [[part, shares.get(part)!] as [Part, number]] : []));
}

function drawPart(pen: Pen, front: Pen, x0: number, x1: number, y: number, part: Part, share: number): void {
  pen
    .append('rect')
    .attr('class', `${part} part`)
    .attr('x', coordinate(x0))
    .attr('y', coordinate(y))
    .attr('width', coordinate(Math.max(0.5, x1 - x0)))
    .attr('height', BAR);
  const words = percentOf(share);
  const width = textWidth(words, 11, true) + 8;
  // The pattern must still be seen beside its number.
  if (x1 - x0 < width + 12) return;
  const middle = (x0 + x1) / 2;
  front
    .append('rect')
    .attr('class', 'page')
    .attr('x', coordinate(middle - width / 2))
    .attr('y', coordinate(y + 3))
    .attr('width', coordinate(width))
    .attr('height', 14)
    .attr('rx', 3);
  write(front, middle, y + 14, words, 's b mid');
}

function keyOf(looks: ReadonlyMap<string, Part>): KeyEntry[] {
  return [...looks].map(([cause, part]) => ({
    words: fittedName(clean(cause), 520, 11),
    width: 26,
    draw: (pen, x, y) => {
      pen
        .append('rect')
        .attr('class', `${part} part`)
        .attr('x', coordinate(x))
        .attr('y', coordinate(y - 7))
        .attr('width', 26)
        .attr('height', 14);
    },
  }));
}

function figuresOf(row: CausesRow, picture: TimeUnit | OwnTime): string[] {
  const { unavailability, causes, missed, durationUs } = row;
  const unit = unitOfRow(picture, durationUs);
  const met = causes.length === 0 ? 'none' : timePer(unavailability, unit);
  return missed === null ? [met] : [`${met} met`, `exact ${timePer(missed, unit)}`];
}

function percentOf(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 1) return 'under 1 %';
  if (percent < 100 && percent > 99) return 'over 99 %';
  return `${Math.round(percent)} %`;
}

/** The first cause in the variant with most downtime, of the system that it takes most from. */
function answerOf(systems: readonly BySystem<CausesRow>[], unit: TimeUnit | OwnTime): string {
  const downUs = ({ unavailability, durationUs }: CausesRow) =>
    unavailability * unitOfRow(unit, durationUs).us;
  const all = systems.flatMap(({ name, rows }) => rows.map((row) => ({ name, row })));
  const down = all.filter(({ row }) => row.causes.length > 0);
  if (down.length === 0) return 'There was no downtime';
  const worst = down.toSorted((a, b) => downUs(b.row) - downUs(a.row))[0]!.row;
  const [most] = down
    .filter(
      ({ row }) =>
        row.variant === worst.variant && row.unavailability >= ABOUT_AS_MUCH * worst.unavailability,
    )
    .map((each) => ({ ...each, first: each.row.causes.toSorted(([, a], [, b]) => b - a)[0]! }))
    .toSorted((a, b) => b.first[1] - a.first[1]);
  const { row, name, first } = most!;
  const [cause, share] = first;
  const variants = new Set(all.map(({ row }) => row.variant)).size;
  const where = variants === 1 ? '' : ` with ${inSentence(clean(row.variant))}`;
  const met = row.missed === null ? 'downtime' : 'downtime that these runs met';
  const rarer = row.missed === null ? '' : '; a rarer failure counts more';
  return `${inSentence(clean(cause))} makes ${percentOf(share)} of the ${met} of ${clean(name)}${where}${rarer}`;
}
