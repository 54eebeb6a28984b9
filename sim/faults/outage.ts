import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { isOrAre } from './words.ts';

/** Machines go dark: no connection closes, packets vanish. */
export const powerLoss: FaultBehaviour<Extract<FaultEffect, { kind: 'power-loss' }>> = {
  begin: (effect, context) => holdNodes(context.select(effect.target), context, 'power'),
  title: (effect, names) =>
    `${names(effect.target)} ${isOrAre(effect.target) === 'is' ? 'loses' : 'lose'} power`,
};

/** A whole place goes dark, its users with it. */
export const placeOutage: FaultBehaviour<
  Extract<FaultEffect, { kind: 'rack-outage' | 'zone-outage' | 'datacenter-outage' | 'region-outage' }>
> = {
  begin: (effect, context) =>
    holdNodes(context.select({ kind: 'place', place: effect.place }, true), context, 'power'),
  title: (effect) => `${effect.kind.replace('-outage', '')} ${effect.place} loses power`,
};
