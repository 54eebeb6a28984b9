/**
 * Model time: an integer number of microseconds, held in a float64 (exact for 285 years).
 * Names of variables carry the unit last: `atUs`, `timeoutUs`.
 */

export const MICROSECOND = 1;
export const MILLISECOND = 1_000;
export const SECOND = 1_000_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;
/** A Julian year, 365.25 days. */
export const YEAR = 365.25 * DAY;

/** Past this, microseconds are no longer exact integers in a float64. */
export const MAX_TIME_US = Number.MAX_SAFE_INTEGER;

/** Time k of a periodic thing: phase + k * period, computed anew each time and never accumulated (DESIGN.md rule 1). */
export function periodicTimeUs(phaseUs: number, periodUs: number, k: number): number {
  return Math.round(phaseUs + k * periodUs);
}
