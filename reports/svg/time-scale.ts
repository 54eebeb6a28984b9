/**
 * The time axis of a run in which nothing happens most of the time: linear where something changes, with breaks over
 * the quiet stretches, one scale throughout. A failover of four seconds in a year is then as wide as one in a minute.
 */

export interface Break {
  /** The time left out. */
  readonly fromUs: number;
  readonly toUs: number;
  readonly x0: number;
  readonly x1: number;
}

export interface TimeAxis {
  /** Corners of the piecewise linear map, for a polylinear d3 scale. */
  readonly domainUs: readonly number[];
  readonly range: readonly number[];
  readonly breaks: readonly Break[];
  /** Pixels for a microsecond in the linear stretches. */
  readonly scale: number;
}

/** Widths to try for a break with its margins, widest first. */
const BREAK_WIDTHS = [66, 46, 32, 22, 14] as const;
/** Share of a break's width that is linear time on either side of it. */
const MARGIN = 0.24;
/** A break must save at least this many times its own width. */
const WORTHWHILE = 1.6;
/** Breaks take at most this share of the axis. */
const BREAKS_SHARE_MAX = 0.6;
/** A wider break is taken when it costs no more than this share of the scale. */
const GOOD_ENOUGH = 0.75;
/** More would cut the lanes to pieces. */
const BREAKS_MAX = 24;
/** All breaks together stretch the rest at least so many times. */
const GAIN_MIN = 1.4;
/** Quiet gaps are at least so many times as long as the others; else only the longest few are broken. */
const CLEAR_FALL = 3;
const UNCLEAR_BREAKS_MAX = 4;
/** A gap so many times as long as the longest episode is quiet in any case. */
const LONG_GAP = 3;
/** No more than one pixel for 5 ms. */
const SCALE_MAX = 1 / 5_000;

/**
 * An axis from 0 to `durationUs` over the pixels x0 to x1. `momentsUs`: when something changes; order and duplicates do
 * not matter. `episodes`: what is never broken, for its length is what the picture is for.
 */
export function timeAxis(
  durationUs: number,
  momentsUs: readonly number[],
  episodes: readonly Episode[],
  x0: number,
  x1: number,
): TimeAxis {
  const gaps = gapsBetween(durationUs, momentsUs, episodes);
  const kept = keptOf(gaps, episodes);
  const open = gaps.filter((gap) => !kept.has(gap)).sort((a, b) => b.us - a.us || a.fromUs - b.fromUs);
  let longestKeptUs = 0;
  for (const gap of kept) longestKeptUs = Math.max(longestKeptUs, gap.us);
  const lengths = open.map((gap) => gap.us);
  const plans = BREAK_WIDTHS.map((breakWidth) =>
    plan(durationUs, lengths, longestKeptUs, x1 - x0, breakWidth),
  );
  const best = Math.max(...plans.map((each) => each.scale));
  const chosen = plans.find((each) => each.scale >= best * GOOD_ENOUGH)!;
  return layOut(gaps, new Set(open.slice(0, chosen.breaks)), chosen, x0, x1);
}

interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
  readonly us: number;
}

interface Episode {
  readonly fromUs: number;
  readonly toUs: number;
}

function gapsBetween(durationUs: number, momentsUs: readonly number[], episodes: readonly Episode[]): Gap[] {
  const all = new Float64Array(momentsUs.length + 2 * episodes.length + 1);
  all.set(momentsUs);
  episodes.forEach(({ fromUs, toUs }, i) => {
    all.set([fromUs, toUs], momentsUs.length + 2 * i);
  });
  all[all.length - 1] = durationUs;
  const gaps: Gap[] = [];
  let fromUs = 0;
  for (const toUs of all.sort()) {
    if (toUs <= fromUs || toUs > durationUs) continue;
    gaps.push({ fromUs, toUs, us: toUs - fromUs });
    fromUs = toUs;
  }
  return gaps;
}

/** Those that lie within an episode. */
function keptOf(gaps: readonly Gap[], episodes: readonly Episode[]): ReadonlySet<Gap> {
  const kept = new Set<Gap>();
  const inOrder = episodes.toSorted((a, b) => a.fromUs - b.fromUs);
  let next = 0;
  let latestUs = Number.NEGATIVE_INFINITY;
  for (const gap of gaps) {
    for (; next < inOrder.length && inOrder[next]!.fromUs <= gap.fromUs; next++)
      latestUs = Math.max(latestUs, inOrder[next]!.toUs);
    if (gap.toUs <= latestUs) kept.add(gap);
  }
  return kept;
}

interface Plan {
  readonly breaks: number;
  readonly breakWidth: number;
  readonly scale: number;
}

/**
 * Breaks the longest gaps. Of the numbers of breaks that pay it takes the one after which the gaps become much shorter:
 * that is where quiet ends and events begin.
 */
function plan(
  durationUs: number,
  longestFirst: readonly number[],
  longestKeptUs: number,
  width: number,
  breakWidth: number,
): Plan {
  const unbroken: Plan = { breaks: 0, breakWidth: 0, scale: width / durationUs };
  const paying: Plan[] = [];
  let linearUs = durationUs;
  // Something stays linear.
  const breakable = longestFirst.length - (longestKeptUs > 0 ? 0 : 1);
  const most = Math.min(BREAKS_MAX, breakable, Math.floor((width * BREAKS_SHARE_MAX) / breakWidth));
  for (let breaks = 1; breaks <= most; breaks++) {
    const gap = longestFirst[breaks - 1]!;
    linearUs -= gap;
    const scale = Math.min(SCALE_MAX, (width - breakWidth * breaks) / Math.max(1, linearUs));
    if (gap * scale < breakWidth * WORTHWHILE || scale < unbroken.scale * GAIN_MIN) continue;
    // What the largest scale leaves over goes to the breaks.
    const left = width - breakWidth * breaks - linearUs * scale;
    paying.push({ breaks, breakWidth: breakWidth + left / breaks, scale });
  }
  // Or all that are much longer than any episode.
  const long = longestFirst.filter((us) => longestKeptUs > 0 && us > LONG_GAP * longestKeptUs).length;
  const fall = ({ breaks }: Plan) =>
    longestFirst[breaks - 1]! / Math.max(1, longestKeptUs, longestFirst[breaks] ?? 0);
  const steepest = paying.reduce(
    (best, each) => (fall(each) > fall(best) ? each : best),
    paying[0] ?? unbroken,
  );
  if (steepest.breaks === 0 || fall(steepest) >= CLEAR_FALL) return steepest;
  return paying.findLast((each) => each.breaks <= Math.max(long, UNCLEAR_BREAKS_MAX)) ?? unbroken;
}

function layOut(
  gaps: readonly Gap[],
  quiet: ReadonlySet<Gap>,
  { breakWidth, scale }: Plan,
  x0: number,
  x1: number,
): TimeAxis {
  const domainUs: number[] = [];
  const range: number[] = [];
  const breaks: Break[] = [];
  const corner = (us: number, x: number) => {
    if (domainUs.at(-1) === us) return;
    domainUs.push(us);
    range.push(x);
  };
  corner(0, x0);
  let x = x0;
  for (const gap of gaps) {
    if (!quiet.has(gap)) {
      x += gap.us * scale;
      continue;
    }
    const margin = breakWidth * MARGIN;
    const marginUs = Math.min(Math.floor(margin / scale), Math.floor(gap.us / 3));
    const leftOut = {
      fromUs: gap.fromUs + marginUs,
      toUs: gap.toUs - marginUs,
      x0: x + margin,
      x1: x + breakWidth - margin,
    };
    corner(gap.fromUs, x);
    corner(leftOut.fromUs, leftOut.x0);
    corner(leftOut.toUs, leftOut.x1);
    corner(gap.toUs, x + breakWidth);
    breaks.push(leftOut);
    x += breakWidth;
  }
  corner(gaps.at(-1)!.toUs, x1);
  range[range.length - 1] = x1;
  return { domainUs, range, breaks, scale };
}
