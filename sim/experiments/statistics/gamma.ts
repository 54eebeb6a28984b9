/**
 * The gamma function's logarithm and the regularized incomplete gamma function with its inverse, in portable arithmetic:
 * relative error below 1e-11 (gamma.test.ts holds tables of SciPy).
 */
import { exp, log, log1p } from '../../kernel/portable-math.ts';
import { normalQuantile } from './normal.ts';
import { solveIncreasing } from './solve.ts';

const HALF_LOG_TWO_PI = 0.9189385332046728;
/** From here on Stirling's series with the terms below is exact to the last bit. */
const STIRLING_FROM = 16;
const TERMS_MAX = 100_000;
const TINY = 1e-300;
const EPSILON = 1e-16;

/** ln Gamma(x) for x > 0. */
export function logGamma(x: number): number {
  let product = 1;
  let shift = 0;
  for (; x < STIRLING_FROM; x++) {
    product *= x;
    if (product > 1e250) {
      shift += log(product);
      product = 1;
    }
  }
  return (x - 0.5) * log(x) - x + HALF_LOG_TWO_PI + stirlingError(x) - log(product) - shift;
}

/** ln Gamma(x + 1) - ((x + 1/2) ln x - x + ln(2 pi) / 2) for x > 0: what Stirling's formula lacks. */
export function stirlingError(x: number): number {
  if (x < STIRLING_FROM) {
    return logGamma(x + 1) - ((x + 0.5) * log(x) - x + HALF_LOG_TWO_PI);
  }
  const z = 1 / (x * x);
  return (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - (z * 691) / 360360))))) / x;
}

/**
 * x ln(x / m) + m - x, the deviance of x from m, without the loss of digits where they are close.
 * Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function deviance(x: number, m: number): number {
  const d = (x - m) / (x + m);
  if (Math.abs(d) >= 0.1) return x * log(x / m) + m - x;
  let sum = (x - m) * d;
  let term = 2 * x * d;
  const square = d * d;
  for (let k = 3; k < 1000; k += 2) {
    term *= square;
    const next = sum + term / k;
    if (next === sum) break;
    sum = next;
  }
  return sum;
}

/** x^a e^-x / Gamma(a). */
function gammaFront(a: number, x: number): number {
  if (x === 0) return 0;
  if (a < 1) return exp(a * log(x) - x - logGamma(a));
  // a * Poisson(a; x), after Loader.
  return exp(-stirlingError(a) - deviance(a, x)) * Math.sqrt(a / (2 * Math.PI));
}

/** P(a, x) and Q(a, x) = 1 - P: the chances that a gamma variable of shape a > 0 is below and above x >= 0. */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const front = gammaFront(a, x);
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < TERMS_MAX; n++) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * EPSILON) break;
    }
    const lower = front * sum;
    return { lower, upper: 1 - lower };
  }
  // The continued fraction, by Lentz's method.
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < TERMS_MAX; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / nonZero(numerator * d + b);
    c = nonZero(b + numerator / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < EPSILON * 10) break;
  }
  const upper = front * fraction;
  return { lower: 1 - upper, upper };
}

/** The x below which a share p (0..1) of a gamma distribution of this shape (and scale 1) lies. */
export function gammaQuantile(p: number, shape: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  // Wilson and Hilferty's cube as a beginning; for small shapes the power law of the left tail.
  const cube = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * Math.sqrt(shape));
  const tail = (log(p) + logGamma(shape + 1)) / shape;
  const start = cube > 0.2 ? log(shape) + 3 * log(cube) : tail;
  const small = p < 0.5;
  const goal = small ? log(p) : -log1p(-p);
  return exp(
    solveIncreasing(goal, start, (u) => {
      const x = exp(u);
      const { lower, upper } = incompleteGamma(shape, x);
      const slope = gammaFront(shape, x);
      return small
        ? { value: log(lower), slope: slope / lower }
        : { value: -log(upper), slope: slope / upper };
    }),
  );
}

function nonZero(x: number): number {
  return Math.abs(x) < TINY ? TINY : x;
}
