/**
 * The time a system of independent components is down in a run that begins with all of them up: the chance of each set of
 * failed components at each moment, summed over the sets in which it is down, integrated over the run.
 */
import type { Course } from './renewal.ts';

/** Which sets of failed components (bit i = component i) take something away: 0..1 for each of 2^n sets. */
export type StructureFunction = Float64Array;

export interface ExpectedDowntime {
  /** Mean share of the run in which it is down. */
  readonly share: number;
  /** Expected number of times it goes down in the run. */
  readonly outages: number;
  /** Share of time in the long run; null where a component has none. */
  readonly longRun: number | null;
}

/** Gauss and Legendre's points and weights on [-1, 1] for five points: exact for polynomials up to degree nine. */
const GAUSS: readonly (readonly [number, number])[] = [
  [-0.906179845938664, 0.23692688505618908],
  [-0.5384693101056831, 0.47862867049936647],
  [0, 0.5688888888888889],
  [0.5384693101056831, 0.47862867049936647],
  [0.906179845938664, 0.23692688505618908],
];

/** The first panel is this share of the shortest time that matters; each further one is this much longer. */
const FIRST_PANEL = 0.25;
const GROWTH = 1.3;

/** For each of several structure functions over the same components. */
export function expectedDowntimes(
  structures: readonly StructureFunction[],
  courses: readonly Course[],
  horizon: number,
): ExpectedDowntime[] {
  const downSums = structures.map(() => 0);
  const outageSums = structures.map(() => 0);
  for (const { at, weight } of quadrature(courses, horizon)) {
    const chances = courses.map((course) => course.downAt(at));
    const flows = courses.map((course, i) =>
      chances[i]! < 1 ? course.failureRateAt(at) / (1 - chances[i]!) : 0,
    );
    const weights = setChances(chances);
    structures.forEach((structure, s) => {
      downSums[s]! += weight * chanceOf(structure, weights);
      outageSums[s]! += weight * flowOf(structure, weights, flows);
    });
  }
  courses.forEach((course, i) => {
    for (const at of course.failuresAt) {
      if (at >= horizon) continue;
      const chances = courses.map((other) => other.downAt(at));
      structures.forEach((structure, s) => {
        outageSums[s]! += birnbaum(structure, chances, i);
      });
    }
  });
  const longRuns = courses.map(({ longRun }) => longRun);
  const settled = longRuns.every((chance) => chance !== null)
    ? setChances(longRuns as readonly number[])
    : null;
  return structures.map((structure, s) => ({
    share: downSums[s]! / horizon,
    outages: outageSums[s]!,
    longRun: settled === null ? null : chanceOf(structure, settled),
  }));
}

/** result[set] = chance that exactly these components are down. */
export function setChances(chances: readonly number[]): Float64Array {
  const result = new Float64Array(1 << chances.length);
  result[0] = 1;
  chances.forEach((chance, i) => {
    const half = 1 << i;
    for (let set = 0; set < half; set++) {
      result[set + half] = result[set]! * chance;
      result[set]! *= 1 - chance;
    }
  });
  return result;
}

export function chanceOf(structure: StructureFunction, weights: Float64Array): number {
  let sum = 0;
  for (let set = 0; set < structure.length; set++) {
    if (structure[set] !== 0) sum += structure[set]! * weights[set]!;
  }
  return sum;
}

/** Birnbaum's importance: how much the chance to be down grows when component i fails. Birnbaum (1969). */
export function birnbaum(structure: StructureFunction, chances: readonly number[], i: number): number {
  const others = setChances(chances.map((chance, j) => (j === i ? 0 : chance)));
  const bit = 1 << i;
  let sum = 0;
  for (let set = 0; set < structure.length; set++) {
    if ((set & bit) === 0) sum += others[set]! * (structure[set + bit]! - structure[set]!);
  }
  return sum;
}

/** How often it goes down at a moment: over each set, the failures that take more away. `flows`: of a component that is up. */
function flowOf(structure: StructureFunction, weights: Float64Array, flows: readonly number[]): number {
  let sum = 0;
  for (let set = 0; set < structure.length; set++) {
    if (structure[set] === 1 || weights[set] === 0) continue;
    let lost = 0;
    for (let i = 0, bit = 1; i < flows.length; i++, bit *= 2) {
      if ((set & bit) === 0) lost += flows[i]! * (structure[set + bit]! - structure[set]!);
    }
    sum += weights[set]! * lost;
  }
  return sum;
}

/** Points and weights over the run: dense at the beginning, while components are still as new, and none across a break. */
function quadrature(courses: readonly Course[], horizon: number): { at: number; weight: number }[] {
  const scale = courses.reduce((least, course) => Math.min(least, course.scale), horizon);
  const longest = courses.reduce((least, course) => Math.min(least, course.longestPanel), horizon);
  const edges = [0];
  let panel = scale * FIRST_PANEL;
  for (let at = panel; at < horizon; at += panel) {
    edges.push(at);
    panel = Math.min(panel * GROWTH, longest);
  }
  const breaks = courses.flatMap((course) => course.breaks).filter((at) => at > 0 && at < horizon);
  const all = [...new Set([...edges, ...breaks, horizon])].sort((a, b) => a - b);
  return all.slice(1).flatMap((to, i) => {
    const from = all[i]!;
    const half = (to - from) / 2;
    return GAUSS.map(([x, weight]) => ({ at: from + half + half * x, weight: weight * half }));
  });
}
