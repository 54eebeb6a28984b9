/** `operators`: who repairs, planned maintenance, and what people do when a quorum is gone. */
import * as z from 'zod';
import { MAX_CREW_SIZE, MAX_OPERATIONS } from '../limits.ts';
import { choice, distribution, duration, name, nameText, selector, wholeNumber } from './leaf.ts';

const crews = z
  .record(
    nameText(),
    z.strictObject({
      size: wholeNumber(1, MAX_CREW_SIZE, {
        description: 'How many can work at once, each on one thing.',
        examples: [2],
        unit: 'people',
      }).default(1),
    }),
  )
  .default({})
  .meta({
    description: 'Repair crews, by name, for `crew` of a fault or a runbook.',
    examples: [{ hands: { size: 2 } }],
  });

export const operators = z
  .strictObject({ crews })
  .prefault({})
  .meta({
    description: 'What people do: who repairs, how many at once.',
    examples: [{ crews: { hands: { size: 2 } } }],
  });
void [MAX_OPERATIONS, choice, distribution, duration, name, selector];
