import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { durationWords } from './words.ts';

/**
 * A clock that runs too fast or too slow. A step of the wall clock by itself changes nothing: every timer of the modelled
 * products is monotonic, and the run says so.
 */
export const clockSkew: FaultBehaviour<Extract<FaultEffect, { kind: 'clock-skew' }>> = {
  begin(effect, context) {
    const fault = holdNodes(context.select(effect.target), context, 'clock', { driftPpm: effect.driftPpm });
    if (effect.driftPpm !== 0) return fault;
    return {
      ...fault,
      note: 'timers of these products are monotonic: a step of the wall clock does not reach them',
    };
  },
  title(effect, names) {
    const parts: string[] = [];
    if (effect.driftPpm !== 0) parts.push(driftWords(effect.driftPpm));
    if (effect.offsetUs !== 0) parts.push(`jumps by ${durationWords(Math.abs(effect.offsetUs))}`);
    return `the clock of ${names(effect.target)} ${parts.join(' and ')}`;
  },
};

/** Beyond a per cent, a speed says more than a drift. */
const SPEED_TOLD_PPM = 10_000;

function driftWords(ppm: number): string {
  return Math.abs(ppm) < SPEED_TOLD_PPM
    ? `drifts by ${ppm} ppm`
    : `runs at ${Number((1 + ppm * 1e-6).toFixed(3))} times its speed`;
}
