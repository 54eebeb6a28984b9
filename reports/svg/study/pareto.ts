/** The picture "what does a nine cost": options by unavailability, failover time and cost; what nothing beats is numbered. */
import { type Estimate, type ParetoPoint, toldUnavailability } from '../../../sim/experiments/decisions.ts';
import type { Standing } from '../../../sim/experiments/standing.ts';
import { capitalised, clean, count } from '../../words.ts';
import { PAGE } from '../chart.ts';
import { coordinate, type D3, line, type Pen, write } from '../pen.ts';
import { fittedName, textWidth } from '../text-width.ts';
import { drawGrid, drawLabels, type PlacedTick } from './axis.ts';
import { type Badge, drawBadge, drawBadges, placeBadges } from './badges.ts';
import type { OneScenarioWords, TimeUnit } from './data.ts';
import { availabilityOf, inSentence, roundTime } from './figures.ts';
import { drawKey, type KeyEntry } from './key.ts';
import { logDomain, logScale } from './log-scale.ts';
import { ninesScale, ninesTicks } from './nines-axis.ts';
import type { Plot } from './rows.ts';
import type { Tone } from './shades.ts';
import { arrowHead, diamond } from './shapes.ts';
import { finishSheet, type PictureOptions, prepareSheet, type Sheet } from './sheet.ts';
import { logTimeTicks, numberTicks, plainNumber } from './ticks.ts';

export interface ParetoPicture extends OneScenarioWords {
  /** What costs are: money a year, or the number of nodes where the file states no costs. */
  readonly costs: 'money' | 'nodes';
  readonly points: readonly ParetoPoint[];
  /** Why the chosen one: the rest of a sentence after its name. */
  readonly why: string;
}

const COST_WORDS = { money: 'cost a year', nodes: 'nodes' } as const;
const HEIGHT = 330;
/** More than these are not numbered. */
const NUMBERED_MAX = 20;
const TABLE_PITCH = 20;

interface Numbered {
  readonly label: string;
  readonly point: ParetoPoint;
}

interface Frame extends Plot {
  readonly y0: number;
  readonly y1: number;
}

export function drawPareto(svg: Pen, d3: D3, picture: ParetoPicture, options: PictureOptions = {}): void {
  const { unit } = picture;
  const numbered = numberedOf(picture.points);
  const sheet = prepareSheet(svg, d3, options.prefix ?? 'zonefall-pareto', {
    question: picture.title,
    answer: answerOf(picture),
    details: numbered.map(
      ({ label, point }) => `${label}: ${clean(point.name)}, ${cellsOf(point, unit).join(', ')}.`,
    ),
    reading: [
      `Left and down is better. Unavailability is that of the worst system, failover that of the slowest. ${capitalised(picture.basis)}.`,
    ],
  });
  let y = sheet.top + drawKey(sheet.front, keyOf(picture.points, numbered), sheet.top) + 4;
  const anyFailover = picture.points.some(({ failoverUs }) => failoverUs !== null);
  const costs = costScale(picture.points, y + 34, y + 34 + HEIGHT);
  const widest = Math.max(
    textWidth(COST_WORDS[picture.costs], 11),
    ...costs.ticks.map(({ label }) => textWidth(label, 11)),
  );
  const x0 = PAGE.left + Math.ceil(widest) + 14;
  const middle = (x0 + PAGE.right) / 2;
  const frame = { y0: y + 34, y1: y + 34 + HEIGHT };
  const left = { ...frame, x0, x1: anyFailover ? middle - 16 : PAGE.right - 8 };
  write(sheet.front, PAGE.left, y + 24, COST_WORDS[picture.costs], 's m');
  for (const { value, label } of costs.ticks) write(sheet.front, x0 - 8, costs.y(value) + 4, label, 's end');
  drawUnavailability(sheet, left, picture.points, numbered, costs, unit);
  if (anyFailover)
    drawFailovers(sheet, { ...frame, x0: middle + 16, x1: PAGE.right - 8 }, picture.points, numbered, costs);
  y = frame.y1 + 46;
  y += drawTable(sheet.front, numbered, picture, y);
  const rest =
    picture.points.filter(({ onFront }) => onFront).length -
    numbered.filter(({ point }) => point.onFront).length;
  if (rest > 0) {
    write(
      sheet.front,
      PAGE.left,
      y + 12,
      `+ ${count(rest, 'more option')} that nothing beats, see the table`,
      's m',
    );
    y += 20;
  }
  finishSheet(sheet, y);
}

/** The chosen one, the front from the cheapest on, and the file as it stands. */
function numberedOf(points: readonly ParetoPoint[]): Numbered[] {
  const front = points
    .filter(({ onFront, chosen, current }) => onFront || chosen || current)
    .toSorted(
      (a, b) =>
        Number(b.chosen || b.current) - Number(a.chosen || a.current) ||
        a.cost - b.cost ||
        told(a) - told(b) ||
        (a.name < b.name ? -1 : 1),
    )
    .slice(0, NUMBERED_MAX)
    .toSorted((a, b) => a.cost - b.cost || told(b) - told(a) || (a.name < b.name ? -1 : 1));
  return front.map((point, i) => ({ label: String(i + 1), point }));
}

/** The exact one where the runs know less. */
function told(point: ParetoPoint): number {
  return toldUnavailability(point).value;
}

function toneOf({ objectives, onFront }: ParetoPoint): Tone {
  if (objectives === 'fail') return 'bad';
  if (objectives === 'inconclusive') return 'unsure';
  return onFront ? 'good' : 'exact';
}

interface CostScale {
  readonly y: (cost: number) => number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

function costScale(points: readonly ParetoPoint[], y0: number, y1: number): CostScale {
  const costs = points.map(({ cost }) => cost);
  const least = costs.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = costs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const air = most > least ? (most - least) * 0.12 : Math.max(1, Math.abs(most) * 0.5);
  const [from, to] =
    costs.length === 0 ? [0, 1] : [least >= 0 ? Math.max(0, least - air) : least - air, most + air];
  // A point at the very bottom would lie on the frame.
  const floor = from === 0 ? -(to - from) * 0.06 : from;
  const y = (cost: number) => y1 - ((cost - floor) / (to - floor)) * (y1 - y0);
  return {
    y,
    ticks: numberTicks(Math.max(0, from), to, 6).map(({ value }) => ({ value, label: plainNumber(value) })),
  };
}

function drawUnavailability(
  sheet: Sheet,
  frame: Frame,
  points: readonly ParetoPoint[],
  numbered: readonly Numbered[],
  costs: CostScale,
  unit: TimeUnit,
): void {
  const scale = ninesScale(
    points.flatMap((point) => [
      told(point) > 0 ? told(point) : point.unavailability.upper,
      point.exactUnavailability ?? 0,
    ]),
    inner(frame),
  );
  const ticks = ninesTicks(scale, unit);
  drawFrame(sheet, frame, ticks.lines, costs);
  write(sheet.front, frame.x0, frame.y0 - 24, 'Unavailability', 'h');
  drawLabels(sheet.front, ticks.downtime, frame.y0 - 6);
  drawLabels(sheet.front, ticks.availability, frame.y1 + 15);
  drawLabels(sheet.front, ticks.nines, frame.y1 + 30, 's b');
  const within = (x: number) => Math.min(frame.x1, Math.max(frame.x0, x));
  drawPoints(sheet, frame, points, numbered, costs, (point) => {
    const { value, lower, upper } = point.unavailability;
    const { by } = toldUnavailability(point);
    // What runs that know less say is not drawn: the table has it.
    const bounds =
      by === 'exact' ? { x0: null, x1: null, below: false, exact: null } : { below: value === 0 };
    return {
      x: scale.x(told(point) > 0 ? told(point) : upper),
      x0: lower > 0 ? within(scale.x(lower)) : frame.x0,
      x1: Number.isFinite(upper) ? within(scale.x(Math.min(1, upper))) : null,
      // Where the exact answer is the one told, the number stands there.
      exact: point.exactUnavailability === null ? null : scale.x(point.exactUnavailability),
      ...bounds,
    };
  });
}

function drawFailovers(
  sheet: Sheet,
  frame: Frame,
  points: readonly ParetoPoint[],
  numbered: readonly Numbered[],
  costs: CostScale,
): void {
  const [from, to] = logDomain(
    points.flatMap(({ failoverUs }) =>
      failoverUs === null
        ? []
        : [failoverUs.value, failoverUs.lower, failoverUs.upper].filter(
            (each) => Number.isFinite(each) && each > 0,
          ),
    ),
    3,
    1.15,
  );
  const plot = inner(frame);
  const scale = logScale(from, to, plot.x0, plot.x1);
  const ticks = logTimeTicks(from, to, 6).map(({ value, label }) => ({ x: scale.x(value), label }));
  drawFrame(
    sheet,
    frame,
    ticks.map(({ x }) => x),
    costs,
  );
  write(sheet.front, frame.x0, frame.y0 - 24, 'Failover, 99 of 100 are faster', 'h');
  drawLabels(sheet.front, ticks as PlacedTick[], frame.y1 + 15);
  drawPoints(sheet, frame, points, numbered, costs, ({ failoverUs }) =>
    failoverUs === null
      ? null
      : {
          x: scale.x(failoverUs.value),
          x0: failoverUs.lower > 0 ? scale.x(failoverUs.lower) : null,
          x1: Number.isFinite(failoverUs.upper) ? scale.x(failoverUs.upper) : null,
          below: false,
          exact: null,
        },
  );
}

function inner({ x0, x1 }: Plot): Plot {
  return { x0: x0 + 18, x1: x1 - 18 };
}

function drawFrame(sheet: Sheet, frame: Frame, xs: readonly number[], costs: CostScale): void {
  sheet.back
    .append('rect')
    .attr('class', 'lane')
    .attr('x', coordinate(frame.x0))
    .attr('y', coordinate(frame.y0))
    .attr('width', coordinate(frame.x1 - frame.x0))
    .attr('height', coordinate(frame.y1 - frame.y0));
  drawGrid(sheet.back, xs, [frame]);
  for (const { value } of costs.ticks)
    line(sheet.back, frame.x0, costs.y(value), frame.x1, costs.y(value), 'grid');
}

interface Spot {
  readonly x: number;
  /** Ends of the interval; null where the runs give none. */
  readonly x0: number | null;
  readonly x1: number | null;
  /** Nothing failed: the true place is somewhere to the left. */
  readonly below: boolean;
  /** Of the exact answer. */
  readonly exact: number | null;
}

/** Dashes that stand for "from here on nothing is known". */
const UNKNOWN_LENGTH = 26;
const EXACT_RADIUS = 4;

function drawPoints(
  sheet: Sheet,
  frame: Frame,
  points: readonly ParetoPoint[],
  numbered: readonly Numbered[],
  costs: CostScale,
  spotOf: (point: ParetoPoint) => Spot | null,
): void {
  const named = new Set(numbered.map(({ point }) => point));
  const dots = points.flatMap((point) => {
    const spot = named.has(point) ? null : spotOf(point);
    return spot === null ? [] : [ringPath(spot.x, costs.y(point.cost), 3.5)];
  });
  if (dots.length > 0) sheet.marks.append('path').attr('class', 'thin s-unsure').attr('d', dots.join(''));
  const badges: Badge[] = [];
  const taken: { x: number; y: number }[] = [];
  for (const { label, point } of numbered) {
    const spot = spotOf(point);
    if (spot === null) continue;
    const y = costs.y(point.cost);
    const tone = toneOf(point);
    line(sheet.marks, spot.x0 ?? spot.x, y, spot.x1 ?? spot.x, y, `thin s-${tone}`);
    if (spot.x1 === null && spot.x0 !== null)
      line(sheet.marks, spot.x, y, Math.min(frame.x1, spot.x + UNKNOWN_LENGTH), y, `thin dash s-${tone}`);
    if (spot.below && spot.x0 !== null) arrowHead(sheet.marks, spot.x0 + 3, y, -1, 5, tone);
    if (spot.exact !== null) {
      line(sheet.marks, spot.x, y, spot.exact, y, 'edge');
      diamond(sheet.marks, spot.exact, y, EXACT_RADIUS);
      taken.push({ x: spot.exact, y });
    }
    badges.push({ x: spot.x, y, label, tone, chosen: point.chosen });
  }
  drawBadges(sheet.front, placeBadges(badges, frame, taken));
}

/** All that is dominated in one path: there may be many. */
function ringPath(x: number, y: number, radius: number): string {
  const step = `a${radius},${radius} 0 1,0`;
  return `M${coordinate(x - radius)},${coordinate(y)}${step} ${2 * radius},0${step} ${-2 * radius},0`;
}

function keyOf(points: readonly ParetoPoint[], numbered: readonly Numbered[]): KeyEntry[] {
  const badge = (tone: Tone, words: string, chosen = false): KeyEntry => ({
    words,
    width: chosen ? 28 : 20,
    draw: (pen, x, y) =>
      drawBadge(pen, {
        x: x + (chosen ? 14 : 10),
        y,
        atX: x + (chosen ? 14 : 10),
        atY: y,
        label: chosen ? '' : '1',
        tone,
        chosen,
      }),
  });
  const tones = new Set(numbered.map(({ point }) => toneOf(point)));
  const keys: KeyEntry[] = [];
  const chosen = points.find((point) => point.chosen);
  if (chosen !== undefined) keys.push(badge(toneOf(chosen), 'the choice', true));
  if (tones.has('good')) keys.push(badge('good', 'no option beats it'));
  if (tones.has('exact')) keys.push(badge('exact', 'as it stands'));
  if (tones.has('unsure')) keys.push(badge('unsure', 'not certain to keep every objective'));
  if (tones.has('bad')) keys.push(badge('bad', 'breaks an objective'));
  if (
    numbered.some(
      ({ point }) => point.exactUnavailability !== null && toldUnavailability(point).by === 'runs',
    )
  )
    keys.push({
      words: 'exact by failures alone',
      width: 10,
      draw: (pen, x, y) => diamond(pen, x + 5, y, EXACT_RADIUS),
    });
  if (points.some(({ failoverUs }) => failoverUs !== null && !Number.isFinite(failoverUs.upper)))
    keys.push({
      words: 'too few failovers to bound it above',
      width: UNKNOWN_LENGTH,
      draw: (pen, x, y) => line(pen, x, y, x + UNKNOWN_LENGTH, y, 'thin dash s-good'),
    });
  if (points.length > numbered.length)
    keys.push({
      words: 'another option costs no more and is as good or better, as far as these runs tell',
      width: 8,
      draw: (pen, x, y) => {
        pen
          .append('path')
          .attr('class', 'thin s-unsure')
          .attr('d', ringPath(x + 4, y, 3.5));
      },
    });
  return keys;
}

const COLUMNS = {
  number: PAGE.left + 10,
  name: PAGE.left + 30,
  cost: 540,
  nines: 562,
  exact: 742,
  failover: 896,
  note: 986,
} as const;

function drawTable(
  pen: Pen,
  numbered: readonly Numbered[],
  { unit, costs }: ParetoPicture,
  top: number,
): number {
  let y = top + 14;
  write(pen, COLUMNS.name, y, 'option', 's m');
  write(pen, COLUMNS.cost, y, COST_WORDS[costs], 's m end');
  write(pen, COLUMNS.nines, y, `available, down ${unit.words}`, 's m');
  const anyExact = numbered.some(({ point }) => point.exactUnavailability !== null);
  if (anyExact) write(pen, COLUMNS.exact, y, 'exact', 's m');
  write(pen, COLUMNS.failover, y, 'failover', 's m');
  for (const { label, point } of numbered) {
    y += TABLE_PITCH;
    const bold = point.chosen ? ' b' : '';
    const [cost, nines, failover, exact] = cellsOf(point, unit);
    write(pen, COLUMNS.number, y, label, 'b mid');
    const room = COLUMNS.cost - textWidth(cost!, 12, true) - 16 - COLUMNS.name;
    write(pen, COLUMNS.name, y, fittedName(clean(point.name), room, 12, true), bold.trim());
    write(pen, COLUMNS.cost, y, cost!, `end${bold}`);
    write(pen, COLUMNS.nines, y, nines!, bold.trim());
    if (exact !== undefined) write(pen, COLUMNS.exact, y, exact.replace(/^exact /, ''), bold.trim());
    write(pen, COLUMNS.failover, y, failover!, bold.trim());
    write(pen, COLUMNS.note, y, noteOf(point), 's m');
  }
  return y + 12 - top;
}

const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  agrees: '',
  'too-few': ', few runs',
  missed: ', not met',
  differs: ', DIFFERS',
};

/** Cost, nines, failover, and the exact answer where there is one. */
function cellsOf(point: ParetoPoint, unit: TimeUnit): string[] {
  const { cost, unavailability, failoverUs, exactUnavailability, standing } = point;
  const down = told(point);
  const nines =
    down > 0
      ? `${availabilityOf(down)}, ${roundTime(down * unit.us)}`
      : Number.isFinite(unavailability.upper)
        ? `never failed, below ${roundTime(unavailability.upper * unit.us)}`
        : 'never failed';
  const exact =
    exactUnavailability === null
      ? []
      : [
          `exact ${roundTime(exactUnavailability * unit.us)}${standing === null ? '' : STANDING_WORDS[standing]}`,
        ];
  return [plainNumber(cost), nines, failoverUs === null ? 'none' : failoverOf(failoverUs), ...exact];
}

/** What has no upper end is at least so much. */
function failoverOf({ value, lower, upper }: Estimate): string {
  if (Number.isFinite(upper)) return roundTime(value);
  return Number.isFinite(lower) ? `≥ ${roundTime(lower)}` : 'unknown';
}

function noteOf({ chosen, current, onFront, objectives }: ParetoPoint): string {
  const words = [
    chosen ? 'the choice' : '',
    current ? 'as it stands' : '',
    objectives === 'fail' ? 'fails' : objectives === 'inconclusive' ? 'uncertain' : '',
    onFront ? '' : 'beaten',
  ];
  return words.filter((each) => each !== '').join(', ');
}

function answerOf({ points, why, unit, costs }: ParetoPicture): string {
  const chosen = points.find((point) => point.chosen);
  if (points.length === 0) return 'No option was weighed';
  if (chosen === undefined) return why === '' ? 'No option meets what is asked' : clean(why);
  const name = chosen.current
    ? `Stay with ${inSentence(clean(chosen.name))}`
    : `Take ${inSentence(clean(chosen.name))}`;
  const { upper } = chosen.unavailability;
  const { value, by } = toldUnavailability(chosen);
  const down =
    value > 0
      ? `${roundTime(value * unit.us)} down ${unit.words}${by === 'exact' ? ' by exact analysis' : ''}`
      : `never down in any run${Number.isFinite(upper) ? `, below ${roundTime(upper * unit.us)} ${unit.words}` : ''}`;
  return why === ''
    ? `${name}: ${down} ${costs === 'nodes' ? `with ${count(chosen.cost, 'node')}` : `at a cost of ${plainNumber(chosen.cost)}`}`
    : `${name}, ${down}: ${clean(why)}`;
}
