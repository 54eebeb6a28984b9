/** Continuous-time Markov chains as sparse rows of rates, and how long they stay in each state. */

export interface SparseGenerator {
  /** rows[state]: [to, rate] for each other state that follows it. State 0 is the beginning. */
  readonly rows: readonly (readonly (readonly [to: number, rate: number])[])[];
}

/** Uniformization takes about rate x time steps; beyond this the long run with its beginning is used. */
const STEPS_MAX = 2_000;
const SWEEPS_MAX = 20_000;
const RELATIVE = 1e-13;

/** Mean share of [0, horizon] in each state, from state 0; null: in the long run (every state must lead back to state 0). */
export function meanOccupation(generator: SparseGenerator, horizon: number | null): Float64Array {
  const { rows } = generator;
  const leaving = Float64Array.from(rows, (row) => row.reduce((sum, [, rate]) => sum + rate, 0));
  const fastest = leaving.reduce((a, b) => Math.max(a, b), 0);
  if (fastest === 0) return Float64Array.from(rows, (_, s) => (s === 0 ? 1 : 0));
  if (horizon !== null && fastest * horizon <= STEPS_MAX) return uniformized(rows, leaving, fastest, horizon);
  const incoming = transposed(rows);
  const unscaled = solve(incoming, leaving, new Float64Array(rows.length), 1);
  const total = unscaled.reduce((a, b) => a + b, 0);
  const stationary = unscaled.map((share) => share / total);
  if (horizon === null) return stationary;
  // Integral over [0, T] = T pi + (pi0 - pi) D up to what is left of the beginning at T, D the deviation matrix:
  // y = (pi0 - pi) D solves y Q = pi - pi0 and sums to zero.
  const gap = stationary.map((share, s) => share - (s === 0 ? 1 : 0));
  const y = solve(incoming, leaving, gap, 0);
  const excess = y.reduce((a, b) => a + b, 0);
  return stationary.map((share, s) => Math.max(0, share + (y[s]! - excess * share) / horizon));
}

type Rows = SparseGenerator['rows'];

function transposed(rows: Rows): [number, number][][] {
  const result: [number, number][][] = rows.map(() => []);
  rows.forEach((row, from) => {
    for (const [to, rate] of row) result[to]!.push([from, rate]);
  });
  return result;
}

/**
 * x Q = b by Gauss and Seidel's sweeps, to and fro, with the value of state 0 given: what is left is an M-matrix, for which
 * they converge.
 */
function solve(incoming: Rows, leaving: Float64Array, b: Float64Array, first: number): Float64Array {
  const n = leaving.length;
  const x = new Float64Array(n);
  x[0] = first;
  for (let sweep = 0; sweep < SWEEPS_MAX; sweep++) {
    let change = 0;
    let largest = 0;
    for (let i = 1; i < n; i++) {
      const s = sweep % 2 === 0 ? n - i : i;
      let sum = -b[s]!;
      for (const [from, rate] of incoming[s]!) sum += x[from]! * rate;
      const next = sum / leaving[s]!;
      const size = Math.abs(next);
      // Chances each to their own digits; what may have either sign against the largest.
      const scale = first > 0 ? size : 1;
      if (size > 0) change = Math.max(change, Math.abs(next - x[s]!) / scale);
      largest = Math.max(largest, size);
      x[s] = next;
    }
    if (change <= RELATIVE * (first > 0 ? 1 : largest)) break;
  }
  return x;
}

/** The integral of the transient chances, by uniformization: Grassmann (1977), in the form of Fox and Glynn's steps from the left. */
function uniformized(rows: Rows, leaving: Float64Array, fastest: number, horizon: number): Float64Array {
  const n = rows.length;
  const mean = fastest * horizon;
  let now = new Float64Array(n);
  now[0] = 1;
  const sum = new Float64Array(n);
  // P(more than k jumps by the horizon) / mean is the weight of the k-th step.
  for (const tail of poissonTails(mean)) {
    const weight = tail / mean;
    if (weight < 1e-18) break;
    const next = new Float64Array(n);
    for (let s = 0; s < n; s++) {
      const chance = now[s]!;
      sum[s]! += weight * chance;
      if (chance === 0) continue;
      next[s]! += chance * (1 - leaving[s]! / fastest);
      for (const [to, rate] of rows[s]!) next[to]! += (chance * rate) / fastest;
    }
    now = next;
  }
  return sum;
}

/** P(Poisson(mean) > k) for k = 0, 1, 2, ...: terms from the mode outwards, so that none underflows. */
function poissonTails(mean: number): number[] {
  const mode = Math.floor(mean);
  const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 40);
  const terms = new Array<number>(last + 1).fill(0);
  terms[mode] = 1;
  for (let k = mode; k < last; k++) terms[k + 1] = (terms[k]! * mean) / (k + 1);
  for (let k = mode; k > 0; k--) terms[k - 1] = (terms[k]! * k) / mean;
  const total = terms.reduce((a, b) => a + b, 0);
  const tails = new Array<number>(last + 1).fill(0);
  let above = 0;
  for (let k = last; k >= 0; k--) {
    tails[k] = above / total;
    above += terms[k]!;
  }
  return tails;
}
