/**
 * Something that works for a time, is repaired for a time, and works again, on its own: the chance that it is down at time
 * t when it began as new at time 0, and how often it fails. Barlow and Proschan, "Mathematical theory of reliability"
 * (1965), ch. 3. Times in whatever unit they are given.
 */
import { type Distribution, mean, quantile } from '../kernel/distribution.ts';
import { exp } from '../kernel/portable-math.ts';

export interface AlternatingRenewal {
  /** From the end of a repair, or time 0, to the next failure. */
  readonly up: Distribution;
  /** What passes from a failure to its end, one after another: reaction, repair. null = it is never repaired. */
  readonly down: readonly Distribution[] | null;
}

/** A component over the time of a run. */
export interface Course {
  /** The chance that it is down at time t. */
  downAt(t: number): number;
  /** Failures for each unit of time at time t. */
  failureRateAt(t: number): number;
  /** Failures that are due at one moment: so many, then. */
  readonly failuresAt: readonly number[];
  /** Moments at which its chances jump. */
  readonly breaks: readonly number[];
  /** The shortest time in which its chances change at the beginning, and the longest over which they may be taken as smooth. */
  readonly scale: number;
  readonly longestPanel: number;
  /** In the long run; null where there is none (it is not repaired, or comes by the calendar). */
  readonly longRun: number | null;
}

/** Points of time at which a general course is computed, and samples of each distribution. */
const POINTS = 2048;
const SAMPLES = 65_536;
/** Points of the grid in one panel of an integral over a general course. */
const PANEL_POINTS = 16;

export function courseOf(process: AlternatingRenewal, horizon: number): Course {
  const { up, down } = process;
  if (up.kind === 'exponential') {
    if (down === null) return unrepaired(1 / up.mean);
    if (down.length === 1 && down[0]!.kind === 'exponential') return markov(1 / up.mean, 1 / down[0]!.mean);
  }
  return general(process, horizon);
}

function markov(failureRate: number, repairRate: number): Course {
  const rate = failureRate + repairRate;
  const longRun = failureRate / rate;
  const downAt = (t: number) => longRun * (1 - exp(-rate * t));
  return {
    downAt,
    failureRateAt: (t) => failureRate * (1 - downAt(t)),
    failuresAt: [],
    breaks: [],
    scale: 1 / rate,
    longestPanel: Number.POSITIVE_INFINITY,
    longRun,
  };
}

function unrepaired(failureRate: number): Course {
  return {
    downAt: (t) => 1 - exp(-failureRate * t),
    failureRateAt: (t) => failureRate * exp(-failureRate * t),
    failuresAt: [],
    breaks: [],
    scale: 1 / failureRate,
    longestPanel: Number.POSITIVE_INFINITY,
    longRun: null,
  };
}

/**
 * The renewal equation m = f + (f * g) * m on a grid: f the up time, g the down time, m the failures; then the chance to be
 * down is m * (1 - G). Chances between two points of the grid are shared so that means are kept.
 */
function general({ up, down }: AlternatingRenewal, horizon: number): Course {
  const step = horizon / POINTS;
  const f = masses(up, step);
  const failures = new Float64Array(POINTS + 1);
  const downAt = new Float64Array(POINTS + 1);
  if (down === null) {
    let failed = 0;
    for (let k = 0; k <= POINTS; k++) {
      failures[k] = f[k]!;
      failed += f[k]!;
      downAt[k] = failed;
    }
  } else {
    const g = down.map((part) => masses(part, step)).reduce(convolve);
    const cycle = convolve(f, g);
    // A cycle shorter than half a step would renew itself at the same point.
    const again = 1 / (1 - cycle[0]!);
    for (let k = 0; k <= POINTS; k++) {
      let sum = f[k]!;
      for (let j = 1; j <= k; j++) sum += cycle[j]! * failures[k - j]!;
      failures[k] = sum * again;
    }
    // Its mean, not its grid, says how long the part of a down time that is below a step lasts.
    const still = stillDown(down, g, step);
    for (let k = 0; k <= POINTS; k++) {
      let sum = 0;
      for (let j = 0; j <= k; j++) sum += failures[j]! * still[k - j]!;
      downAt[k] = Math.min(1, sum);
    }
  }
  const between = (values: Float64Array, t: number) => {
    const at = Math.min(POINTS, Math.max(0, t / step));
    const k = Math.min(POINTS - 1, Math.floor(at));
    return values[k]! + (at - k) * (values[k + 1]! - values[k]!);
  };
  const meanDown = down === null ? null : down.reduce((sum, part) => sum + mean(part), 0);
  return {
    downAt: (t) => between(downAt, t),
    failureRateAt: (t) => between(failures, t) / step,
    failuresAt: [],
    breaks: [],
    scale: step,
    longestPanel: PANEL_POINTS * step,
    longRun: meanDown === null ? null : meanDown / (mean(up) + meanDown),
  };
}

/** Mass at each point of the grid; what lies beyond the last is left out. */
function masses(distribution: Distribution, step: number): Float64Array {
  const result = new Float64Array(POINTS + 1);
  const share = 1 / SAMPLES;
  // Samples are scaled so that their mean is the distribution's: the tail beyond the last is not lost.
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) sum += Math.max(0, quantile(distribution, (i + 0.5) * share));
  const truth = mean(distribution);
  const scale = sum > 0 && truth > 0 ? truth / (sum * share) : 1;
  for (let i = 0; i < SAMPLES; i++) {
    const at = (Math.max(0, quantile(distribution, (i + 0.5) * share)) * scale) / step;
    const k = Math.floor(at);
    if (k > POINTS) continue;
    const rest = at - k;
    result[k]! += share * (1 - rest);
    if (k < POINTS) result[k + 1]! += share * rest;
  }
  return result;
}

function convolve(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(POINTS + 1);
  for (let i = 0; i <= POINTS; i++) {
    const x = a[i]!;
    if (x === 0) continue;
    for (let j = 0; i + j <= POINTS; j++) result[i + j]! += x * b[j]!;
  }
  return result;
}

/** The share of a cell's length in which it is still down, k cells after its failure; in sum the mean down time. */
function stillDown(down: readonly Distribution[], g: Float64Array, step: number): Float64Array {
  const result = new Float64Array(POINTS + 1);
  let left = 1;
  let sum = 0;
  for (let k = 0; k <= POINTS; k++) {
    const before = left;
    left = Math.max(0, left - g[k]!);
    // Trapezoid: the failure itself happens within its cell.
    result[k] = k === 0 ? left / 2 : (before + left) / 2;
    sum += result[k]!;
  }
  const meanCells = down.reduce((total, part) => total + mean(part), 0) / step;
  // What the trapezoid loses of short down times goes where they are.
  const lost = meanCells - sum;
  if (left < 1e-9) result[0]! = Math.max(0, result[0]! + lost);
  return result;
}

/** Something that is down at given times: planned, not drawn. Its lengths are fixed. */
export function calendarCourse(spans: readonly { readonly from: number; readonly to: number }[]): Course {
  return {
    downAt: (t) => (spans.some(({ from, to }) => t >= from && t < to) ? 1 : 0),
    failureRateAt: () => 0,
    failuresAt: spans.map(({ from }) => from),
    breaks: spans.flatMap(({ from, to }) => [from, to]),
    scale: Number.POSITIVE_INFINITY,
    longestPanel: Number.POSITIVE_INFINITY,
    longRun: null,
  };
}
