/**
 * Distributions by their inverse: a uniform draw in, a value out (unit of the caller, mostly microseconds). One draw
 * gives one value, so that a value belongs to a number of a stream. Portable arithmetic only.
 */
import { exp, log, pow } from './portable-math.ts';

/** A distribution as data: plain JSON, kept in manifests. */
export type Distribution =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly sd: number }
  /** Of exp(normal(mu, sigma)). */
  | { readonly kind: 'lognormal'; readonly mu: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly mean: number }
  | { readonly kind: 'weibull'; readonly shape: number; readonly scale: number }
  /** Ascending samples; the quantile is linear between neighbours. */
  | { readonly kind: 'empirical'; readonly samples: readonly number[] };

export function constant(value: number): Distribution {
  return { kind: 'constant', value };
}

/** The 0.99 quantile of the standard normal. */
const Z_99 = 2.3263478740408408;
const Z_95 = 1.6448536269514722;

/** A lognormal from two quantiles that people have: p50 and p99 (0 < p50 <= p99). */
export function lognormalFromP50P99(p50: number, p99: number): Distribution {
  return { kind: 'lognormal', mu: log(p50), sigma: log(p99 / p50) / Z_99 };
}

/**
 * A lognormal from its mean and p95. Of the two lognormals that fit, the one with the lighter tail is taken.
 * p95 must be at least the mean and at most 3.87 times the mean: no lognormal has more.
 */
export function lognormalFromMeanP95(mean: number, p95: number): Distribution {
  const ratio = log(p95 / mean);
  const root = Z_95 * Z_95 - 2 * ratio;
  if (root < 0 || ratio < 0) throw new RangeError('a lognormal needs mean <= p95 <= 3.87 x mean');
  const sigma = Z_95 - Math.sqrt(root);
  return { kind: 'lognormal', mu: log(mean) - (sigma * sigma) / 2, sigma };
}

/** A Weibull from its shape (> 0) and mean: below 1 young things fail most, above 1 old ones. */
export function weibullFromMean(shape: number, mean: number): Distribution {
  return { kind: 'weibull', shape, scale: mean / gamma(1 + 1 / shape) };
}

/** The value below which a share u (0 <= u < 1) of the distribution lies. */
export function quantile(distribution: Distribution, u: number): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return distribution.low + u * (distribution.high - distribution.low);
    case 'normal':
      return distribution.mean + distribution.sd * normalQuantile(u);
    case 'lognormal':
      return exp(distribution.mu + distribution.sigma * normalQuantile(u));
    case 'exponential':
      return -distribution.mean * log(1 - u);
    case 'weibull':
      return distribution.scale * pow(-log(1 - u), 1 / distribution.shape);
    case 'empirical':
      return empiricalQuantile(distribution.samples, u);
  }
}

/** The expectation. */
export function mean(distribution: Distribution): number {
  switch (distribution.kind) {
    case 'constant':
      return distribution.value;
    case 'uniform':
      return (distribution.low + distribution.high) / 2;
    case 'normal':
    case 'exponential':
      return distribution.mean;
    case 'lognormal':
      return exp(distribution.mu + (distribution.sigma * distribution.sigma) / 2);
    case 'weibull':
      return distribution.scale * gamma(1 + 1 / distribution.shape);
    case 'empirical': {
      // The quantile is piecewise linear, so each segment weighs its middle.
      const { samples } = distribution;
      if (samples.length === 1) return samples[0]!;
      let sum = 0;
      for (let i = 1; i < samples.length; i++) sum += (samples[i - 1]! + samples[i]!) / 2;
      return sum / (samples.length - 1);
    }
  }
}

/** The same distribution with every value multiplied by a factor > 0. */
export function scaled(distribution: Distribution, factor: number): Distribution {
  switch (distribution.kind) {
    case 'constant':
      return constant(distribution.value * factor);
    case 'uniform':
      return { kind: 'uniform', low: distribution.low * factor, high: distribution.high * factor };
    case 'normal':
      return { kind: 'normal', mean: distribution.mean * factor, sd: distribution.sd * factor };
    case 'lognormal':
      return { kind: 'lognormal', mu: distribution.mu + log(factor), sigma: distribution.sigma };
    case 'exponential':
      return { kind: 'exponential', mean: distribution.mean * factor };
    case 'weibull':
      return { kind: 'weibull', shape: distribution.shape, scale: distribution.scale * factor };
    case 'empirical':
      return { kind: 'empirical', samples: distribution.samples.map((sample) => sample * factor) };
  }
}

function empiricalQuantile(samples: readonly number[], u: number): number {
  const position = u * (samples.length - 1);
  const below = Math.floor(position);
  const low = samples[below]!;
  const high = samples[Math.min(below + 1, samples.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * The standard normal's inverse, relative error below 1e-15.
 * Wichura, "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37 (1988), PPND16.
 */
export function normalQuantile(u: number): number {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(CENTRE_NUMERATOR, r)) / polynomial(CENTRE_DENOMINATOR, r);
  }
  const tail = q < 0 ? u : 1 - u;
  if (tail <= 0) return q < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-log(tail));
  const value =
    r <= 5
      ? polynomial(MIDDLE_NUMERATOR, r - 1.6) / polynomial(MIDDLE_DENOMINATOR, r - 1.6)
      : polynomial(FAR_NUMERATOR, r - 5) / polynomial(FAR_DENOMINATOR, r - 5);
  return q < 0 ? -value : value;
}

/** Of degree 7, by Horner's rule. */
function polynomial(c: readonly number[], x: number): number {
  return (
    ((((((c[7]! * x + c[6]!) * x + c[5]!) * x + c[4]!) * x + c[3]!) * x + c[2]!) * x + c[1]!) * x + c[0]!
  );
}

const CENTRE_NUMERATOR = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const CENTRE_DENOMINATOR = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const MIDDLE_NUMERATOR = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const MIDDLE_DENOMINATOR = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
];
const FAR_NUMERATOR = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const FAR_DENOMINATOR = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/** Gamma(x) for x in [1, 171], Lanczos (g = 7, n = 9), relative error below 1e-13. */
function gamma(x: number): number {
  const y = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (y + i);
  const t = y + 7.5;
  return 2.5066282746310002 * exp((y + 0.5) * log(t) - t) * sum;
}

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];
