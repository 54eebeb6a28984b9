/** What studies made by hand are put together from. */
import type { Estimate } from '../../../sim/experiments/decisions.ts';

/** Evenly spread shares in a fixed, mixed order. */
export function mixed(n: number, salt: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 0.6180339887498949 + salt * 0.37) % 1) * 0.998 + 0.001);
}

export const BASIS = '400 runs of 1 year for each variant, seed 42';

export const LONG = [
  'nodes.manager.count=7,systems.swarm.election-timeout=uniform(10s, 20s),topology.us-west.zones=a+b+c',
  'production-us-west-2-three-zones-with-five-managers-and-a-witness-in-another-region.yaml',
  'a',
  'Ein_sehr_langer_Name_ohne_ein_einziges_Leerzeichen_der_irgendwo_umbrechen_muss_und_nicht_endet_und_nicht_endet_nie',
];

export function longNames(n: number): string[] {
  return Array.from(
    { length: n },
    (_, i) => `${LONG[i % LONG.length]!}${i < LONG.length ? '' : ` #${i + 1}`}`,
  );
}

export function around(value: number, factor: number, n = 400): Estimate {
  return { value, lower: value / factor, upper: value * factor, n };
}

export const never = (n: number, upper: number): Estimate => ({ value: 0, lower: 0, upper, n });
