/** What the marks of one picture share: where things are, what they are drawn on, and which looks were used. */
import type { Run } from '../../sim/run.ts';
import { type Band, type BandPaths, LETTER_ROOM, simplified } from './bands.ts';
import { coordinate, type D3, type Pen, write } from './pen.ts';
import { textWidth } from './text-width.ts';
import { LOOKS, type Look } from './theme.ts';
import type { TimeAxis } from './time-scale.ts';

/** Pixels of the page: names at the left, the time axis, figures at the right. */
export const PAGE = { width: 1200, left: 24, plot0: 278, plot1: 1080, right: 1176 } as const;

export const LABEL_SIZE = 11;

export interface Chart {
  readonly run: Run;
  readonly d3: D3;
  readonly axis: TimeAxis;
  /** Pixels of a moment. */
  readonly x: (us: number) => number;
  readonly prefix: string;
  /** Layers from back to front. */
  readonly back: Pen;
  readonly bands: BandPaths;
  readonly front: Pen;
}

export interface BandSpec {
  readonly fromUs: number;
  readonly toUs: number;
  readonly look: Look;
  readonly letter: string;
  readonly labels: readonly string[];
}

/** One lane: its ground, its bands, their letters or labels. */
export function drawLane(chart: Chart, specs: Iterable<BandSpec>, y: number, height: number): void {
  const bands = simplified(placed(chart, specs));
  for (const band of bands) chart.bands.add(band, y, height);
  const baseline = y + height / 2 + 4;
  const letters = { plain: [] as [number, string][], on: [] as [number, string][] };
  for (const band of bands) {
    const room = widestRoom(chart.axis, band);
    const label = band.labels.find((each) => textWidth(each, LABEL_SIZE, true) + 10 <= room.width);
    const kind = band.look === 'lead' ? 'on' : 'plain';
    if (label !== undefined) {
      if (LOOKS[band.look].pattern !== null) drawPill(chart.front, room.middle, baseline, label);
      write(chart.front, room.middle, baseline, label, `s b mid${kind === 'on' ? ' on' : ''}`);
    } else if (band.letter !== '' && room.width >= LETTER_ROOM)
      letters[kind].push([room.middle, band.letter]);
  }
  writeLetters(chart.front, letters.plain, baseline, 'letter halo');
  writeLetters(chart.front, letters.on, baseline, 'letter on');
}

function* placed(chart: Chart, specs: Iterable<BandSpec>): Generator<Band, void, void> {
  for (const { fromUs, toUs, look, letter, labels } of specs)
    yield { x0: chart.x(fromUs), x1: chart.x(toUs), look, letter, labels };
}

/** A ground of page colour, so that no pattern runs through the words. */
export function drawPill(pen: Pen, x: number, baseline: number, label: string): void {
  const width = textWidth(label, LABEL_SIZE, true) + 6;
  pen
    .append('rect')
    .attr('class', 'page')
    .attr('x', coordinate(x - width / 2))
    .attr('y', coordinate(baseline - 11))
    .attr('width', coordinate(width))
    .attr('height', 14)
    .attr('rx', 3);
}

/** All letters of a lane in one element, each at its own x. */
function writeLetters(pen: Pen, letters: readonly [number, string][], y: number, classes: string): void {
  if (letters.length === 0) return;
  pen
    .append('text')
    .attr('class', classes)
    .attr('x', letters.map(([x]) => coordinate(x)).join(' '))
    .attr('y', coordinate(y))
    .text(letters.map(([, letter]) => letter).join(''));
}

/** The widest part of a band that no break covers. */
function widestRoom(axis: TimeAxis, band: Band): { width: number; middle: number } {
  let best = { width: 0, middle: (band.x0 + band.x1) / 2 };
  const consider = (x0: number, x1: number) => {
    if (x1 - x0 > best.width) best = { width: x1 - x0, middle: (x0 + x1) / 2 };
  };
  let from = band.x0;
  for (const gap of axis.breaks) {
    if (gap.x1 <= band.x0 || gap.x0 >= band.x1) continue;
    consider(from, gap.x0);
    from = gap.x1;
  }
  consider(from, band.x1);
  return best;
}
