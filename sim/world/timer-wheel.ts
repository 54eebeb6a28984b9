/**
 * Linux's timer wheel: a timer of the kernel (TCP's among them) fires late, by up to the granularity of the wheel's level
 * that its delay falls into: 4 ms for short ones, 32 ms from a quarter of a second, 256 ms from 2 s, 2 s from 16 s, 16 s
 * from 129 s. Source: Linux kernel/time/timer.c (LVL_START, calc_index), since 4.8, at 250 Hz, the common setting.
 */

const JIFFY_US = 4_000;
const LEVELS = 9;

/** Grids of two machines stand apart by a random part of the coarsest one that matters. */
export const WHEEL_PHASE_MAX_US = 4096 * JIFFY_US;

/** When a kernel timer that is set now for `delayUs` fires. `phaseUs` is how far this machine's jiffies are ahead. */
export function wheelExpiryUs(nowUs: number, delayUs: number, phaseUs: number): number {
  const delay = Math.ceil(delayUs / JIFFY_US);
  const expires = Math.floor((nowUs + phaseUs) / JIFFY_US) + delay;
  let granularity = 1;
  for (let level = 1; level < LEVELS && delay >= 63 * granularity; level++) granularity *= 8;
  const bucket = (Math.floor(expires / granularity) + 1) * granularity;
  return bucket * JIFFY_US - phaseUs;
}
