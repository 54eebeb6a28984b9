import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { linkWords, onLinks } from './link-fault.ts';

/** A share of the packets is lost. */
export const loss: FaultBehaviour<Extract<FaultEffect, { kind: 'loss' }>> = {
  begin: (effect, context) => onLinks(effect, context, { loss: effect.share }),
  title: (effect, names) => `${percent(effect.share)} of the packets ${linkWords(effect, names)} are lost`,
};

/** Links carry less: a message takes its size divided by the bandwidth longer. */
export const bandwidth: FaultBehaviour<Extract<FaultEffect, { kind: 'bandwidth' }>> = {
  begin: (effect, context) => onLinks(effect, context, { bandwidthBitsPerSecond: effect.bitsPerSecond }),
  title: (effect, names) =>
    `the link ${linkWords(effect, names)} carries only ${effect.bitsPerSecond / 1_000_000} Mbit/s`,
};

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(6))} %`;
}
