/**
 * log, exp and pow that give the same bits on every engine: only + - * / and exact bit operations, because
 * Math.log and Math.exp differ between engines. log and exp are within 1 ulp of the true value.
 */

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);
/** Where the sign and exponent stand on this machine's byte order. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

const LN2_HIGH = 0.6931471803691238; // ln 2 with its last 32 bits zero: k * LN2_HIGH is exact for |k| < 2^20
const LN2_LOW = 1.9082149292705877e-10;
const SQRT2 = Math.SQRT2;

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let exponent = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984; // 2^54: a subnormal has no exponent of its own
    exponent = -54;
  }
  float[0] = x;
  const high = words[HIGH]!;
  exponent += (high >>> 20) - 1023;
  words[HIGH] = (high & 0x000fffff) | 0x3ff00000;
  let mantissa = float[0]!;
  if (mantissa > SQRT2) {
    mantissa *= 0.5;
    exponent += 1;
  }
  // log(1 + f) = 2 atanh(s), s = f / (2 + f), |s| < 0.172: the terms of the series past s^23 are below 2^-60.
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  // Odd and even terms apart, so that the processor can work on both at once.
  const w = z * z;
  const odd = z * (2 / 3 + w * (2 / 7 + w * (2 / 11 + w * (2 / 15 + w * (2 / 19 + w * (2 / 23))))));
  const even = w * (2 / 5 + w * (2 / 9 + w * (2 / 13 + w * (2 / 17 + w * (2 / 21)))));
  // 2s = f - s*f, written so that the rounding of s does not reach the leading term.
  return exponent * LN2_HIGH - (s * (f - (odd + even)) - exponent * LN2_LOW - f);
}

/** log(1 + x) without the loss of digits that log has for small x. */
export function log1p(x: number): number {
  const sum = 1 + x;
  return sum === 1 ? x : (log(sum) * x) / (sum - 1);
}

/** e^x; Infinity above 709.78, 0 below -745.13. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019412) return 0;
  const k = Math.round(x * Math.LOG2E);
  const high = x - k * LN2_HIGH;
  const low = k * LN2_LOW;
  const r = high - low;
  // |r| <= 0.3466: the terms of the series past r^14 are below 2^-57.
  let sum = 1 / 87178291200;
  sum = 1 / 6227020800 + r * sum;
  sum = 1 / 479001600 + r * sum;
  sum = 1 / 39916800 + r * sum;
  sum = 1 / 3628800 + r * sum;
  sum = 1 / 362880 + r * sum;
  sum = 1 / 40320 + r * sum;
  sum = 1 / 5040 + r * sum;
  sum = 1 / 720 + r * sum;
  sum = 1 / 120 + r * sum;
  sum = 1 / 24 + r * sum;
  sum = 1 / 6 + r * sum;
  sum = 1 / 2 + r * sum;
  const rest = r * r * sum - (r - high + low);
  const mantissa = 1 + (high - low + rest);
  return timesPowerOfTwo(mantissa, k);
}

/** x^y for x >= 0. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (x === 0) return y > 0 ? 0 : Number.POSITIVE_INFINITY;
  if (Number.isInteger(y) && Math.abs(y) <= 64) return integerPower(x, y);
  return exp(y * log(x));
}

function integerPower(x: number, y: number): number {
  let result = 1;
  let square = x;
  for (let n = Math.abs(y); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square;
    square *= square;
  }
  return y < 0 ? 1 / result : result;
}

function timesPowerOfTwo(x: number, k: number): number {
  if (k > 1023) return x * 2 * powerOfTwo(k - 1);
  if (k < -1021) return x * powerOfTwo(k + 60) * powerOfTwo(-60);
  return x * powerOfTwo(k);
}

function powerOfTwo(k: number): number {
  words[HIGH] = (k + 1023) << 20;
  words[LOW] = 0;
  return float[0]!;
}
