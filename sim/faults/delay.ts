import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect, SpikeShape } from './fault-spec.ts';
import { linkWords, onLinks } from './link-fault.ts';
import { durationWords } from './words.ts';

/**
 * A spike that grows or fades does so in steps of at most 10 ms, so that no step by itself looks like silence to a
 * heartbeat; within these bounds.
 */
const STEP_US = 10_000;
const STEPS_MIN = 32;
const STEPS_MAX = 2000;

/** How much of the full delay there is, at a share (0..1) of the fault's time. */
const SHAPES: Readonly<Record<SpikeShape, (share: number) => number>> = {
  square: () => 1,
  ramp: (share) => share,
  triangle: (share) => (share < 0.5 ? 2 * share : 2 * (1 - share)),
  decay: (share) => (1 - share) * (1 - share),
};

/** Messages take longer: by so much, so many times, with so much jitter. */
export const delay: FaultBehaviour<Extract<FaultEffect, { kind: 'delay' }>> = {
  begin(effect, context) {
    const fault = onLinks(effect, context, { multiply: effect.multiply, jitterUs: effect.jitterUs });
    const set = (share: number) => {
      const addUs = Math.round(effect.addUs * SHAPES[effect.shape](share));
      for (const one of fault.effects) if (one.addUs !== addUs) context.world.changeEffect(one, addUs);
    };
    if (effect.shape === 'square' || context.endUs === null)
      set(effect.shape === 'triangle' ? 0.5 : effect.shape === 'ramp' ? 1 : 0);
    else {
      const steps = Math.min(STEPS_MAX, Math.max(STEPS_MIN, Math.ceil((2 * effect.addUs) / STEP_US)));
      context.atShares(steps, (share) => set(share + 0.5 / steps));
    }
    return fault;
  },
  title(effect, names) {
    const parts: string[] = [];
    if (effect.addUs > 0) parts.push(`take ${durationWords(effect.addUs)} longer one way`);
    if (effect.multiply !== 1) parts.push(`take ${effect.multiply} times as long`);
    if (effect.jitterUs > 0) parts.push(`jitter by ${durationWords(effect.jitterUs)}`);
    return `messages ${linkWords(effect, names)} ${parts.join(', ') || 'take no longer'}`;
  },
};
