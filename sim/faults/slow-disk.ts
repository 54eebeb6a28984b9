import { mean } from '../kernel/distribution.ts';
import type { FaultBehaviour } from './fault.ts';
import type { FaultEffect } from './fault-spec.ts';
import { holdNodes } from './hold-fault.ts';
import { durationWords } from './words.ts';

/** fsync takes longer, or never returns: the process waits for it, frozen, with its TCP peers up (facts/consensus.md 2.13). */
export const slowDisk: FaultBehaviour<Extract<FaultEffect, { kind: 'slow-disk' }>> = {
  begin: (effect, context) =>
    holdNodes(context.select(effect.target), context, 'disk', { fsyncUs: effect.fsyncUs }),
  title: (effect, names) =>
    effect.fsyncUs === null
      ? `the disk of ${names(effect.target)} is stuck`
      : `the disk of ${names(effect.target)} is slow: ${durationWords(Math.round(mean(effect.fsyncUs)))} for each fsync`,
};
