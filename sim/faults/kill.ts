import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { isOrAre } from './words.ts';

/** SIGKILL of the processes: the machine lives on and closes their connections. */
export const kill: FaultBehaviour<Extract<FaultEffect, { kind: 'kill' }>> = {
  begin: (effect, context) => holdNodes(context.select(effect.target), context, 'process'),
  title: (effect, names) => `${names(effect.target)} ${isOrAre(effect.target)} killed`,
};
