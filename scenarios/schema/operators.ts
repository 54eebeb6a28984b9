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

const system = (does: string, example: string) =>
  z
    .string({ error: 'expected the name of a system, like swarm' })
    .optional()
    .meta({ description: does, examples: [example], unit: 'system' });

/** Each key is the deed, named as its product names it. */
export const deeds = {
  'force-new-cluster': system(
    'Of swarm, etcd or raft: one survivor, the one that has most of the log, makes a cluster of itself alone (docker swarm init --force-new-cluster). What it had not got is lost. The others are joined again as new members.',
    'swarm',
  ),
  'emergency-repair': system(
    'Of rethink: the table goes on with the servers that live. Writes that only dead ones had are lost. The others are joined again, and filled anew.',
    'rethink-dtr',
  ),
  restore: system(
    'Of any system that votes: a new one from the last backup, on one of the nodes that run. What was written since is lost. The others are joined again.',
    'etcd',
  ),
};

const runbook = z
  .strictObject({
    ...deeds,
    'no-quorum-for': duration({
      description: 'How long a quorum must be missing before people are called.',
      examples: ['10m'],
    }).default('5m'),
    reaction: distribution({
      description: 'From the call to the beginning of the work.',
      examples: ['lognormal(p50 10m, p99 1h)'],
    }).default('0s'),
    for: distribution({
      description:
        'How long the work takes; at its end there is a quorum again, if any member runs. When the quorum comes back before, the work is called off. A field runbook has 40 minutes for the quorum of UCP and 10 for that of DTR.',
      examples: ['40m', 'lognormal(p50 40m, p99 3h)'],
    }),
    rejoin: distribution({
      description: 'How long joining each of the other members takes, one after another.',
      examples: ['5m'],
    }).default('5m'),
    crew: name({
      description: 'Who does it, by the name under crews. Left out: somebody is there.',
      examples: ['hands'],
    }).optional(),
  })
  .superRefine((entry, context) => {
    const stated = (Object.keys(deeds) as (keyof typeof deeds)[]).filter((deed) => entry[deed] !== undefined);
    if (stated.length === 1) return;
    context.addIssue({
      code: 'custom',
      path: stated.slice(1, 2),
      message:
        stated.length === 0
          ? `what is done? State one of ${Object.keys(deeds).join(', ')}, and the system`
          : `a runbook does one thing, and this one already has ${stated[0]}: begin a new entry`,
    });
  })
  .meta({
    description: 'What people do when a system has had no quorum for too long.',
    examples: [{ 'force-new-cluster': 'swarm', 'no-quorum-for': '10m', for: '40m' }],
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
    runbooks: z
      .array(runbook, {
        error: 'expected a list, like [{ force-new-cluster: swarm, no-quorum-for: 10m, for: 40m }]',
      })
      .max(MAX_OPERATIONS)
      .default([])
      .meta({
        description: 'How a lost quorum is brought back; without an entry a system waits for its members.',
        examples: [[{ 'force-new-cluster': 'swarm', 'no-quorum-for': '10m', for: '40m' }]],
      }),
  })
  .prefault({})
  .meta({
    description: 'What people do: who repairs, planned maintenance, and how a lost quorum is brought back.',
    examples: [{ crews: { hands: { size: 2 } } }],
  });
