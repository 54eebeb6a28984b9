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

const maintenance = z
  .strictObject({
    name: name({ description: 'A name, in reports.', examples: ['patches'] }).optional(),
    at: duration({
      description: 'When the first round begins, from the start of the run.',
      examples: ['6d 2h'],
    }),
    every: duration(
      {
        description:
          'From the beginning of one round to the next; a date that comes while a round is going on is left out. Left out: once.',
        examples: ['30d'],
      },
      false,
    ).optional(),
    restart: selector({
      description:
        'Which nodes, in this order: one after another, each stopped in good order and started again. Selectors are settled when the round begins.',
      examples: ['managers', ['followers of swarm', 'leader of swarm']],
    }),
    for: distribution({
      description: 'How long each node is down, from the order to stop to its start.',
      examples: ['10m', 'uniform(5m, 15m)'],
    }),
    settle: duration({
      description: 'From the start of one node to the stop of the next.',
      examples: ['5m'],
    }).default('1m'),
    window: duration(
      {
        description:
          'So long after its beginning a round begins no further node; the next round begins with the first again. Left out: it goes on until all are done.',
        examples: ['4h'],
      },
      false,
    ).optional(),
    guard: choice(['quorum+1', 'quorum', 'none'], {
      description:
        'Fewer voters than this may not be left in service, of any system the node votes in: a stop that would leave fewer waits until it does not. A system of three voters can never spare one under quorum+1.',
      examples: ['quorum'],
    }).default('quorum+1'),
  })
  .meta({
    description: 'A rolling restart or upgrade, once or by a calendar.',
    examples: [{ name: 'patches', at: '6d', every: '30d', restart: 'managers', for: '10m' }],
  });

export const operators = z
  .strictObject({
    crews,
    maintenance: z
      .array(maintenance, {
        error: 'expected a list, like [{ at: 6d, every: 30d, restart: managers, for: 10m }]',
      })
      .max(MAX_OPERATIONS)
      .default([])
      .meta({
        description: 'Planned work: nodes stopped and started again, one after another, under a guard.',
        examples: [[{ at: '6d', every: '30d', restart: 'managers', for: '10m' }]],
      }),
  })
  .prefault({})
  .meta({
    description: 'What people do: who repairs, planned maintenance, and how a lost quorum is brought back.',
    examples: [{ crews: { hands: { size: 2 } } }],
  });
