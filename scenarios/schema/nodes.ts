/** `nodes`: groups of machines and where they stand. */
import * as z from 'zod';
import { MAX_NODES } from '../limits.ts';
import { choice, distribution, nameText, placeName, ppm, signedDuration, size, wholeNumber } from './leaf.ts';

/** p99 below 10 ms is what etcd asks of its disk (facts/consensus.md 2.14). */
export const DEFAULT_FSYNC = 'lognormal(p50 2ms, p99 10ms)';

const labelValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'a label is text, a number, true or false',
});

export const nodeGroup = z
  .strictObject({
    count: wholeNumber(1, MAX_NODES, {
      description: 'How many nodes. Left out: as many as names or placement say, else 1.',
      examples: [3],
      unit: 'nodes',
    }).optional(),
    spread: choice(['zone', 'rack', 'datacenter', 'region'], {
      description:
        'Nodes are dealt out in turn over these places, in the order of the topology, and evenly inside each. zone: over all zones; datacenter: evenly over datacenters first, then over the zones of each.',
      examples: ['zone', 'datacenter'],
      default: 'zone',
    }).optional(),
    in: z
      .union([placeName({ description: 'A place.', examples: ['us-west'] }), z.array(z.string()).min(1)], {
        error: 'expected a place, like us-west, or a list of places',
      })
      .optional()
      .meta({
        description: 'Only in these places. Left out: everywhere.',
        examples: ['us-west', ['us-west/a', 'us-west/b']],
      }),
    placement: z
      .record(
        z.string(),
        wholeNumber(0, MAX_NODES, {
          description: 'How many nodes stand there.',
          examples: [2],
          unit: 'nodes',
        }),
      )
      .optional()
      .meta({
        description:
          'How many nodes stand where, place by place, instead of spread and in. In a place that has zones or racks they are dealt out over those.',
        examples: [{ 'us-west/a': 2, 'us-west/b': 1 }],
      }),
    names: z
      .array(nameText())
      .min(1)
      .optional()
      .meta({
        description: 'Names of the nodes. Left out: the name of the group and a number, like manager-1.',
        examples: [['alpha', 'beta', 'gamma']],
      }),
    roles: z
      .array(nameText())
      .optional()
      .meta({
        description:
          'What the nodes are for, to be used in selectors. The name of the group is always one of them.',
        examples: [['manager']],
      }),
    labels: z
      .record(z.string(), labelValue)
      .default({})
      .meta({
        description: 'Labels of each node, for label:key=value in selectors.',
        examples: [{ disk: 'ssd' }],
      }),
    fsync: distribution({
      description:
        'How long the disk takes to make a write durable. The default stays below the 10 ms at p99 that etcd asks for.',
      examples: ['lognormal(p50 2ms, p99 10ms)', '5ms'],
    }).default(DEFAULT_FSYNC),
    clock: z
      .strictObject({
        drift: ppm({
          description: 'How fast the clock runs: +100ppm gains 100 us each second.',
          examples: ['50ppm', '-20ppm'],
        }).default('0ppm'),
        offset: signedDuration({
          description: 'How far the wall clock is ahead.',
          examples: ['5ms', '-2s'],
        }).default('0s'),
      })
      .prefault({})
      .meta({ description: 'The clock of each node.', examples: [{ drift: '50ppm' }] }),
    cpu: z
      .number({ error: 'expected a number of cores, like 16' })
      .positive({ error: 'a node has more than zero cores' })
      .max(100_000, { error: 'a node has at most 100000 cores' })
      .optional()
      .meta({ description: 'Cores.', examples: [16], unit: 'cores' }),
    memory: size({ description: 'Memory.', examples: ['64GiB'] }).optional(),
  })
  .meta({
    description: 'A group of like nodes.',
    examples: [{ count: 3, spread: 'zone', roles: ['manager'] }],
  });

export const nodes = z.record(nameText(), nodeGroup).meta({
  description:
    'The machines, in groups. The name of a group is a role of its nodes: "managers" in a selector means the group manager.',
  examples: [{ manager: { count: 3 }, worker: { count: 12, cpu: 16, memory: '64GiB' } }],
});
