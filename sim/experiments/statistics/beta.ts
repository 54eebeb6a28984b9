/**
 * The regularized incomplete beta function with its inverse, and what follows from it: Student's t and the binomial. Portable
 * arithmetic; relative error below 1e-11 (beta.test.ts holds tables of SciPy).
 */
import { exp, log, log1p } from '../../kernel/portable-math.ts';
import { deviance, stirlingError } from './gamma.ts';
import { normalQuantile } from './normal.ts';
import { solveIncreasing } from './solve.ts';

const TERMS_MAX = 100_000;
const TINY = 1e-300;
const EPSILON = 1e-15;

/** x^a y^b / B(a, b) with y = 1 - x. Loader's form of the binomial, which keeps its digits for large a and b. */
function betaFront(a: number, b: number, x: number, y: number): number {
  if (x <= 0 || y <= 0) return 0;
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return exp(exponent) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

/**
 * I_x(a, b) and its complement, a, b > 0. `y` is 1 - x, where the caller knows it better than x tells.
 * The continued fraction of DLMF 8.17.22, by Lentz's method.
 */
export function incompleteBeta(x: number, a: number, b: number, y = 1 - x): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (x > (a + 1) / (a + b + 2)) {
    const { lower, upper } = betaByFraction(y, b, a, x);
    return { lower: upper, upper: lower };
  }
  return betaByFraction(x, a, b, y);
}

function betaByFraction(x: number, a: number, b: number, y: number): { lower: number; upper: number } {
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < TERMS_MAX; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d);
    c = nonZero(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d);
    c = nonZero(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < EPSILON) break;
  }
  const lower = (betaFront(a, b, x, y) * fraction) / a;
  return { lower, upper: 1 - lower };
}

/** The x, with y = 1 - x to its own precision, at which I_x(a, b) = p. */
export function betaQuantile(p: number, a: number, b: number): { x: number; y: number } {
  if (p <= 0) return { x: 0, y: 1 };
  if (p >= 1) return { x: 1, y: 0 };
  const small = p < 0.5;
  const goal = small ? log(p) : -log1p(-p);
  const spread = Math.sqrt(1 / a + 1 / b);
  // In u = ln(x / y), of which the beta distribution is nearly normal.
  const start = log(a / b) + normalQuantile(p) * Math.min(spread, 2);
  const u = solveIncreasing(goal, start, (at) => {
    const { x, y } = fromLogit(at);
    const { lower, upper } = incompleteBeta(x, a, b, y);
    const slope = betaFront(a, b, x, y);
    return small ? { value: log(lower), slope: slope / lower } : { value: -log(upper), slope: slope / upper };
  });
  return fromLogit(u);
}

function fromLogit(u: number): { x: number; y: number } {
  const e = exp(-Math.abs(u));
  const near = 1 / (1 + e);
  const far = e / (1 + e);
  return u > 0 ? { x: near, y: far } : { x: far, y: near };
}

/** The p-quantile of Student's t with `freedom` > 0 degrees of freedom. */
export function studentQuantile(p: number, freedom: number): number {
  if (p === 0.5) return 0;
  const tail = Math.min(p, 1 - p);
  const { x, y } = betaQuantile(2 * tail, freedom / 2, 0.5);
  const t = Math.sqrt((freedom * y) / x);
  return p < 0.5 ? -t : t;
}

/** The chance that at most k of n independent trials of chance p succeed. */
export function binomialAtMost(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  return incompleteBeta(p, k + 1, n - k).upper;
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
