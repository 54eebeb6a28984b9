/** Sums that do not lose small terms beside large ones, and what is made of them. */

/** Neumaier's compensated sum: as if added in twice the precision. */
export function sumOf(values: readonly number[]): number {
  let sum = 0;
  let rest = 0;
  for (const value of values) {
    const next = sum + value;
    rest += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + rest;
}

/** Sum of (value - center)^2. */
export function squaresAbout(values: readonly number[], center: number): number {
  return sumOf(values.map((value) => (value - center) * (value - center)));
}

/** The third standardized moment; 0 of values that are all the same. */
export function skewness(values: readonly number[]): number {
  const n = values.length;
  const mean = sumOf(values) / n;
  const variance = squaresAbout(values, mean) / n;
  if (variance === 0) return 0;
  const sd = Math.sqrt(variance);
  return (
    sumOf(values.map((value) => ((value - mean) / sd) * ((value - mean) / sd) * ((value - mean) / sd))) / n
  );
}

/** Ascending, as a new array. */
export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function medianOf(values: readonly number[]): number {
  const ascending = sorted(values);
  const half = ascending.length / 2;
  if (half === 0) return Number.NaN;
  return ascending.length % 2 === 1
    ? ascending[Math.floor(half)]!
    : (ascending[half - 1]! + ascending[half]!) / 2;
}
