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

/** The bands of one lane in order, made few: equal neighbours joined, slivers merged. */
export function simplified(bands: readonly Band[]): Band[] {
  const joined: Band[] = [];
  for (const band of bands) {
    const last = joined.at(-1);
    if (
      last !== undefined &&
      touches(last, band) &&
      last.look === band.look &&
      sameLabels(last, band) &&
      sameLetters(last, band)
    ) {
      joined[joined.length - 1] = {
        ...last,
        x1: band.x1,
        letter: last.letter === band.letter ? band.letter : '',
      };
    } else joined.push(band);
  }
  const merged: Band[] = [];
  // A sliver at the end of `merged` takes in the next ones until it is wide enough to be seen.
  let open = false;
  for (const band of joined) {
    const narrow = band.x1 - band.x0 < MERGE_BELOW;
    const sliver = open && touches(merged.at(-1)!, band) ? merged.pop()! : undefined;
    if (!narrow) merged.push(...(sliver === undefined ? [] : [sliver]), band);
    else
      merged.push(
        sliver === undefined ? bare(band) : { ...graver(sliver, band), x0: sliver.x0, x1: band.x1 },
      );
    const last = merged.at(-1)!;
    open = narrow && last.x1 - last.x0 < MERGE_BELOW;
  }
  return merged.map(atLeastVisible);
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

function bare(band: Band): Band {
  return { ...band, letter: '', labels: [] };
}

function graver(a: Band, b: Band): Band {
  return bare(LOOKS[b.look].weight > LOOKS[a.look].weight ? b : a);
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
