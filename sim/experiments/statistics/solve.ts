/** The root of an increasing function on the whole line: Newton's steps, kept inside a bracket that only shrinks. */
const STEPS_MAX = 400;
/** A first step this long at most, doubled while the root is not bracketed. */
const STRIDE = 2;

/** The u at which `f(u).value` is `goal`. An infinite or missing value counts as beyond the goal on its own side. */
export function solveIncreasing(
  goal: number,
  start: number,
  f: (u: number) => { readonly value: number; readonly slope: number },
): number {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let stride = STRIDE;
  let u = start;
  for (let step = 0; step < STEPS_MAX; step++) {
    const { value, slope } = f(u);
    const gap = value - goal;
    if (gap === 0) return u;
    if (gap < 0) low = u;
    else high = u;
    let next = u - gap / slope;
    if (!(next > low && next < high && Math.abs(next - u) <= stride)) {
      const bracketed = low > Number.NEGATIVE_INFINITY && high < Number.POSITIVE_INFINITY;
      next = bracketed ? (low + high) / 2 : u + (gap < 0 ? stride : -stride);
      stride *= 2;
    }
    if (Math.abs(next - u) <= 4e-16 * Math.max(1e-3, Math.abs(next)) || next === low || next === high)
      return next;
    u = next;
  }
  return u;
}
