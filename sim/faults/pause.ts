import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { isOrAre } from './words.ts';

/** SIGSTOP: the processes are frozen, their TCP peers stay connected. */
export const pause: FaultBehaviour<Extract<FaultEffect, { kind: 'pause' }>> = {
  begin: (effect, context) => holdNodes(context.select(effect.target), context, 'pause'),
  title: (effect, names) => `${names(effect.target)} ${isOrAre(effect.target)} frozen`,
};
