/** `timeline` and `faults`: what breaks, when, for how long. A new fault is one verb here and one file in sim/faults. */
import * as z from 'zod';
import { SPIKE_SHAPES } from '../../sim/faults/fault-spec.ts';
import { MAX_REPEATS } from '../limits.ts';
import {
  after,
  choice,
  distribution,
  duration,
  eachSelector,
  name,
  placeName,
  ppm,
  rate,
  selector,
  share,
  signedDuration,
  wholeNumber,
} from './leaf.ts';
import { endsOfLink } from './network.ts';

const target = (does: string, examples: readonly unknown[]) =>
  eachSelector({ description: does, examples }).optional();
const outage = (level: string, example: string) =>
  placeName({
    description: `A ${level} loses power: its nodes go dark and its links with them, without a word to anyone. With every also \`each ${level}\` or \`each ${level} in PLACE\`.`,
    examples: [example],
  }).optional();

/** The two sides of a link fault. */
const sides = {
  between: z
    .array(eachSelector({ description: 'One side.', examples: ['us-west/a'] }), {
      error: 'expected a list of two selectors, like [us-west/a, us-west/b]',
    })
    .refine((ends) => ends.length === 2, { error: 'expected two selectors, like [us-west/a, us-west/b]' })
    .optional()
    .meta({
      description: 'The two sides; both directions. With the same nodes on both sides: all links among them.',
      examples: [['us-west/a', 'us-west/b']],
    }),
  from: target('Where messages come from, for one direction only.', ['leader of etcd']),
  to: target('Where messages go to, for one direction only.', ['us-west/b']),
  target: target('All links of these nodes with all others, both directions; instead of between.', [
    'manager-1',
  ]),
};

function sidesOnce(
  link: { between?: unknown; from?: unknown; to?: unknown; target?: unknown },
  context: z.RefinementCtx,
): void {
  if (link.target === undefined) endsOfLink(link, context);
  else if (link.between !== undefined || link.from !== undefined || link.to !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['target'],
      message: 'target stands for all links of its nodes: state it alone, or between, or from and to',
    });
  }
}

/** What a fault may do; each key is the verb, named as in the chaos tools. */
export const verbs = {
  kill: target(
    'The processes are killed (SIGKILL). The machine lives, so peers see their connections close. They start again when the fault ends.',
    ['leader of etcd', 'any two managers'],
  ),
  stop: target(
    'The processes are stopped in good order; a leader hands over first where the product does so. They start again when the fault ends.',
    ['manager-1'],
  ),
  restart: target('Stopped in good order and started again after `for`.', [
    'manager-1',
    'managers in us-west/a',
  ]),
  pause: target(
    'The processes that run are frozen (SIGSTOP, a stalled hypervisor): connections stay open and nothing answers. One that is killed meanwhile is not frozen when it comes back.',
    ['leader of swarm'],
  ),
  'power-loss': target('The machines go dark: no connection closes, packets vanish.', ['manager-1']),
  'rack-outage': outage('rack', 'us-west/a/r1'),
  'zone-outage': outage('zone', 'us-west/b'),
  'datacenter-outage': outage('datacenter', 'us-west'),
  'region-outage': outage('region', 'us'),
  cut: z
    .strictObject(sides)
    .superRefine(sidesOnce)
    .optional()
    .meta({
      description: 'Packets between the two sides vanish, without a word.',
      examples: [{ between: ['us-west/a', 'us-west/b'] }, { from: 'manager-1', to: 'manager-2' }],
    }),
  isolate: target('These nodes and all others cannot talk; among themselves they can.', ['leader of etcd']),
  partition: z
    .array(selector({ description: 'One group.', examples: ['us-west/a'] }), {
      error: 'expected a list of groups, like [[us-west/a], [us-west/b, us-west/c]]',
    })
    .min(1)
    .optional()
    .meta({
      description: 'Nodes of different groups cannot talk. Nodes in no group make up one more.',
      examples: [[['us-west/a'], ['us-west/b', 'us-west/c']]],
    }),
  delay: z
    .strictObject({
      ...sides,
      'add-rtt': duration({
        description:
          'Added to the round trip: half to each message, each way. Of a one-way fault the whole of it.',
        examples: ['500ms'],
      }).optional(),
      'add-one-way': duration({
        description: 'Added to each message; instead of add-rtt.',
        examples: ['250ms'],
      }).optional(),
      multiply: z
        .number({ error: 'expected a number, like 3' })
        .min(0.01, { error: 'must be at least 0.01' })
        .max(1_000_000, { error: 'must be at most 1000000' })
        .default(1)
        .meta({ description: 'Multiplies the latency of each message.', examples: [3], unit: 'factor' }),
      jitter: duration({
        description: 'Added to each message besides: uniform between minus and plus this much.',
        examples: ['50ms'],
      }).default('0s'),
      shape: choice(SPIKE_SHAPES, {
        description:
          'How it grows and fades between start and end: square (all of it all the time), ramp (grows to the end), triangle (grows, then fades), decay (at once, then fades).',
        examples: ['triangle'],
      }).default('square'),
    })
    .superRefine(sidesOnce)
    .superRefine((delay, context) => {
      if (delay['add-rtt'] !== undefined && delay['add-one-way'] !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['add-one-way'],
          message: 'state add-rtt or add-one-way, not both',
        });
      } else if (
        delay['add-rtt'] === undefined &&
        delay['add-one-way'] === undefined &&
        delay.multiply === 1 &&
        delay.jitter === '0s'
      ) {
        context.addIssue({
          code: 'custom',
          message: 'state how much: add-rtt, add-one-way, multiply or jitter',
        });
      }
    })
    .optional()
    .meta({
      description: 'Messages between the two sides take longer: a latency spike.',
      examples: [{ between: ['us-west', 'us-east'], 'add-rtt': '500ms', shape: 'triangle' }],
    }),
  loss: z
    .strictObject({
      ...sides,
      share: share({ description: 'Share of packets lost besides.', examples: ['5%'] }),
    })
    .superRefine(sidesOnce)
    .optional()
    .meta({
      description: 'Packets between the two sides are lost at random.',
      examples: [{ between: ['us-west', 'us-east'], share: '5%' }],
    }),
  bandwidth: z
    .strictObject({ ...sides, limit: rate({ description: 'What is left.', examples: ['10Mbps'] }) })
    .superRefine(sidesOnce)
    .optional()
    .meta({
      description: 'The links between the two sides carry no more than this.',
      examples: [{ between: ['us-west', 'us-east'], limit: '10Mbps' }],
    }),
  'slow-disk': z
    .strictObject({
      target: eachSelector({ description: 'Whose disk.', examples: ['leader of etcd'] }),
      fsync: distribution({
        description: 'How long each fsync takes. Left out: the disk is stuck until the fault ends.',
        examples: ['4s', 'lognormal(p50 200ms, p99 2s)'],
      }).optional(),
    })
    .optional()
    .meta({
      description:
        'The disk is slow, or stuck: who stores something waits for it. A stuck one is felt at once, because users write all the time; a slow one with every write (`writes-every`).',
      examples: [{ target: 'leader of etcd', fsync: '4s' }],
    }),
  'clock-skew': z
    .strictObject({
      target: eachSelector({ description: 'Whose clock.', examples: ['manager-1'] }),
      drift: ppm({
        description: 'Added to the rate of the clock: its timers run faster (+) or slower (-).',
        examples: ['500ppm'],
      }).default('0ppm'),
      offset: signedDuration({
        description: 'A step of the wall clock. Timers do not feel it.',
        examples: ['-5s'],
      }).default('0s'),
    })
    .optional()
    .meta({
      description: 'The clock runs at another rate, or jumps.',
      examples: [{ target: 'manager-1', drift: '500ppm' }],
    }),
};

export const VERBS = Object.keys(verbs) as (keyof typeof verbs)[];

const when = {
  at: duration({ description: 'When it begins, from the start of the run.', examples: ['2m'] }).optional(),
  after: after({
    description:
      'Begins after another fault, by its name: NAME or "end of NAME" when that one ends, "start of NAME" when it begins, with "+ 30s" so much later.',
    examples: ['zone-b-dark', 'start of zone-b-dark + 30s'],
  }).optional(),
  every: distribution(
    {
      description: 'Again and again: the wait before it, drawn anew each time from the end of the last one.',
      examples: ['exponential(mean 90d)', '1h'],
    },
    false,
  ).optional(),
  for: distribution(
    {
      description:
        'How long it lasts: with reaction and crew, from the moment they begin to repair it. Left out: to the end of the run.',
      examples: ['5m', 'lognormal(mean 4h, p95 12h)'],
    },
    false,
  ).optional(),
  reaction: distribution({
    description: 'How long people take before the repair begins. Left out: no time.',
    examples: ['10m', 'lognormal(p50 10m, p99 1h)'],
  }).optional(),
  crew: name({
    description:
      'Who repairs it, by the name under operators.crews. While all of them are at work it waits, first come first served. Left out: it waits for nobody.',
    examples: ['hands'],
  }).optional(),
};

const commonCause = z
  .array(
    z.strictObject({
      name: name({ description: 'In reports.', examples: ['building-1'] }).optional(),
      group: z
        .array(z.string({ error: 'expected a node, a place or a selector of nodes' }), {
          error: 'expected a list, like [us-west/a, us-west/b]',
        })
        .min(1)
        .meta({
          description: 'Who shares the cause: some of those that `each` stands for.',
          examples: [['us-west/a', 'us-west/b']],
        }),
      beta: share({
        description:
          'The share of the failures of each of them that takes the whole group. The others befall it alone: how often it fails in all stays the same.',
        examples: ['10%'],
      }),
    }),
    { error: 'expected a list of groups, like [{ group: [us-west/a, us-west/b], beta: 10% }]' },
  )
  .optional()
  .meta({
    description: 'With each: who also fails together, at once (the beta-factor model).',
    examples: [[{ group: ['us-west/a', 'us-west/b'], beta: '10%' }]],
  });

const startWords = ['at', 'after', 'every'] as const;

function oneVerb(entry: object, context: z.RefinementCtx): void {
  const stated = VERBS.filter((verb) => (entry as Record<string, unknown>)[verb] !== undefined);
  if (stated.length === 0)
    context.addIssue({ code: 'custom', message: `what breaks? State one of ${VERBS.join(', ')}` });
  for (const verb of stated.slice(1)) {
    context.addIssue({
      code: 'custom',
      path: [verb],
      message: `an entry breaks one thing, and this one already has ${stated[0]}: begin a new entry`,
    });
  }
}

function needsFor(entry: { restart?: unknown; for?: unknown }, context: z.RefinementCtx): void {
  if (entry.restart !== undefined && entry.for === undefined) {
    context.addIssue({
      code: 'custom',
      path: ['restart'],
      message: 'restart needs for: how long the nodes stay down, like "for: 10s"',
    });
  }
}

export const planned = z
  .strictObject({
    name: name({ description: 'A name, for after and in reports.', examples: ['zone-b-dark'] }).optional(),
    ...when,
    repeat: z
      .strictObject({
        every: duration({ description: 'From one beginning to the next.', examples: ['10m'] }, false),
        times: wholeNumber(1, MAX_REPEATS, {
          description: 'How often in all, the first included.',
          examples: [5],
          unit: 'times',
        }),
      })
      .optional()
      .meta({ description: 'Begins again each period.', examples: [{ every: '10m', times: 5 }] }),
    'common-cause': commonCause,
    ...verbs,
  })
  .superRefine((entry, context) => {
    oneVerb(entry, context);
    needsFor(entry, context);
    const starts = startWords.filter((word) => entry[word] !== undefined);
    if (starts.length === 0)
      context.addIssue({ code: 'custom', message: 'when? State at: 2m, after: NAME, or every: 1h' });
    for (const word of starts.slice(1)) {
      context.addIssue({
        code: 'custom',
        path: [word],
        message: `an entry begins in one way, and this one already has ${starts[0]}`,
      });
    }
    if (entry.repeat !== undefined && entry.every !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['repeat'],
        message: 'every already says again and again: repeat belongs to at and after',
      });
    }
  })
  .meta({
    description: 'One fault: when (at, after or every), for how long, and one verb.',
    examples: [{ at: '2m', 'zone-outage': 'us-west/b', for: '5m' }],
  });

export const stochastic = z
  .strictObject({
    name: name({ description: 'A name, for after and in reports.', examples: ['node-crashes'] }).optional(),
    ...when,
    'common-cause': commonCause,
    ...verbs,
  })
  .superRefine((entry, context) => {
    oneVerb(entry, context);
    needsFor(entry, context);
    const planned = (['at', 'after'] as const).find((word) => entry[word] !== undefined);
    if (planned !== undefined) {
      context.addIssue({
        code: 'custom',
        path: [planned],
        message:
          'faults happen by themselves, with every: exponential(mean 90d); one at a stated time belongs under timeline',
      });
    } else if (entry.every === undefined) {
      context.addIssue({ code: 'custom', message: 'how often? State every: exponential(mean 90d)' });
    }
  })
  .meta({
    description:
      'One kind of failure: how often, for how long, and one verb. With `each` in the verb every one of them fails by itself.',
    examples: [
      { every: 'exponential(mean 1y)', 'power-loss': 'each manager', for: 'lognormal(mean 4h, p95 12h)' },
      { every: 'exponential(mean 90d)', kill: 'any manager', for: '10m' },
    ],
  });
