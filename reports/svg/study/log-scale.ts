/** Positions on a logarithmic axis. Downtimes and unavailabilities differ by factors, not by sums. */
import { exp, log } from '../../../sim/kernel/portable-math.ts';

export interface LogScale {
  readonly from: number;
  readonly to: number;
  readonly x0: number;
  readonly x1: number;
  /** Pixels; values outside of the axis are held at its ends. */
  readonly x: (value: number) => number;
}

export function logScale(from: number, to: number, x0: number, x1: number): LogScale {
  const lowest = log(from);
  const perLog = (x1 - x0) / (log(to) - lowest);
  const x = (value: number) => (value <= from ? x0 : value >= to ? x1 : x0 + (log(value) - lowest) * perLog);
  return { from, to, x0, x1, x };
}

/** The ends of an axis that holds all finite values above zero with some air, and spans at least a factor. */
export function logDomain(values: readonly number[], least: number, air: number): [number, number] {
  const shown = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = shown.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = shown.reduce((a, b) => Math.max(a, b), 0);
  if (high === 0) return [1 / least, 1];
  const span = (high / low) * air * air;
  const grow = span >= least ? air : air * exp(log(least / span) / 2);
  return [low / grow, high * grow];
}
