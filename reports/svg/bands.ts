/**
 * Bands of state along the time axis. A run may have thousands, so they are gathered and drawn as one path for each look;
 * what is narrower than a pixel is merged, the gravest state winning, so that no outage vanishes and no picture grows
 * with the run.
 */
import { coordinate, type Pen } from './pen.ts';
import { LOOKS, type Look } from './theme.ts';

export interface Band {
  readonly x0: number;
  readonly x1: number;
  readonly look: Look;
  /** One letter, or ''. */
  readonly letter: string;
  /** Words for a band that is wide enough, the best first. */
  readonly labels: readonly string[];
}

/** Narrower bands carry no letter. */
export const LETTER_ROOM = 11;
/** Narrower bands are merged with their neighbours. */
const MERGE_BELOW = 1;
/** A grave state is drawn at least this wide. */
const GRAVE_WIDTH_MIN = 2.4;
const GRAVE_WEIGHT = 3;

/**
 * The bands of one lane in order, made few: equal neighbours joined, slivers merged. A lane may have ten thousand, each
 * of which is seen once and let go.
 */
export function simplified(bands: Iterable<Band>): Band[] {
  const merged = new Slivers();
  let last: Mutable<Band> | undefined;
  for (const band of bands) {
    if (
      last !== undefined &&
      touches(last, band) &&
      last.look === band.look &&
      sameLabels(last, band) &&
      sameLetters(last, band)
    ) {
      last.x1 = band.x1;
      if (last.letter !== band.letter) last.letter = '';
    } else {
      if (last !== undefined) merged.add(last);
      last = { ...band };
    }
  }
  if (last !== undefined) merged.add(last);
  return merged.bands.map(atLeastVisible);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Takes joined bands, which are then its own, and merges what is too narrow to be seen. */
class Slivers {
  readonly bands: Mutable<Band>[] = [];
  /** The last of `bands` is a sliver, which takes in the next ones until it is wide enough to be seen. */
  #open = false;

  add(band: Mutable<Band>): void {
    const last = this.bands.at(-1);
    const sliver = this.#open && last !== undefined && touches(last, band) ? last : undefined;
    this.#open = false;
    if (band.x1 - band.x0 >= MERGE_BELOW) {
      this.bands.push(band);
      return;
    }
    const grown = sliver ?? band;
    grown.letter = '';
    grown.labels = [];
    if (sliver === undefined) this.bands.push(band);
    else {
      if (LOOKS[band.look].weight > LOOKS[sliver.look].weight) sliver.look = band.look;
      sliver.x1 = band.x1;
    }
    this.#open = grown.x1 - grown.x0 < MERGE_BELOW;
  }
}

/** Whether nothing lies between two bands. */
function touches(a: Band, b: Band): boolean {
  return b.x0 - a.x1 < 0.01;
}

function sameLabels(a: Band, b: Band): boolean {
  return a.labels.length === b.labels.length && a.labels.every((label, i) => label === b.labels[i]);
}

/** The same letter, or no room for letters that differ. */
function sameLetters(last: Band, band: Band): boolean {
  if (last.letter === band.letter) return true;
  return isNarrow(band) && (last.letter === '' || isNarrow(last));
}

function isNarrow(band: Band): boolean {
  return band.x1 - band.x0 < LETTER_ROOM;
}

function atLeastVisible(band: Band): Band {
  const missing = GRAVE_WIDTH_MIN - (band.x1 - band.x0);
  if (missing <= 0 || LOOKS[band.look].weight < GRAVE_WEIGHT) return band;
  return { ...band, x0: band.x0 - missing / 2, x1: band.x1 + missing / 2 };
}

/** Gathers the rectangles of all lanes. */
export class BandPaths {
  readonly #paths = new Map<Look, string[]>();

  add(band: Pick<Band, 'x0' | 'x1' | 'look'>, y: number, height: number): void {
    const width = coordinate(band.x1 - band.x0);
    const path = `M${coordinate(band.x0)},${coordinate(y)}h${width}v${coordinate(height)}h-${width}z`;
    const paths = this.#paths.get(band.look);
    if (paths === undefined) this.#paths.set(band.look, [path]);
    else paths.push(path);
  }

  draw(pen: Pen): void {
    for (const look of Object.keys(LOOKS) as Look[]) {
      const paths = this.#paths.get(look);
      if (paths !== undefined)
        pen.append('path').attr('class', `band f-${look} e-${look}`).attr('d', paths.join(''));
    }
  }
}
