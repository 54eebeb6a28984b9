/** `plan`: what `zonefall plan` may change, and what it costs. */
import * as z from 'zod';
import { MAX_MEMBERS, MAX_NODES } from '../limits.ts';
import { nameText, placeName, wholeNumber } from './leaf.ts';

const amount = (description: string, example: number) =>
  z
    .number({ error: 'expected a number, like 1000' })
    .min(0, { error: 'a cost is not below zero' })
    .max(1e12, { error: 'must be at most 1e12' })
    .meta({ description, examples: [example], unit: 'money a year' });

const count = wholeNumber(1, MAX_MEMBERS, {
  description: 'How many nodes.',
  examples: [3],
  unit: 'nodes',
});

const placedGroup = z
  .strictObject({
    count: z
      .union([count, z.array(count).min(1)], {
        error: 'expected a number of nodes, or a list like [3, 5, 7]',
      })
      .optional()
      .meta({
        description: 'How many nodes it may have. Left out: 1, 3, 5 or 7.',
        examples: [[3, 5, 7]],
        unit: 'nodes',
      }),
    sites: z
      .array(placeName({ description: 'A place.', examples: ['us-west/a'] }), {
        error: 'expected a list of places, like [us-west/a, us-west/b]',
      })
      .min(1)
      .optional()
      .meta({
        description:
          'Where its nodes may stand. Over the zones of a larger place they are dealt out evenly. Left out: every zone, or every datacenter where that would be too many placements.',
        examples: [['us-west/a', 'us-west/b', 'us-west/c']],
      }),
    'per-site': wholeNumber(1, MAX_NODES, {
      description: 'The most that may stand at one site.',
      examples: [3],
      unit: 'nodes',
    }).optional(),
  })
  .meta({ description: 'A group of nodes that is placed anew.', examples: [{ count: [3, 5, 7] }] });

const settingValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a value as it would stand in the file, like 5s',
});

export const plan = z
  .strictObject({
    place: z
      .record(nameText(), placedGroup)
      .optional()
      .meta({
        description:
          'Which groups of nodes may be placed anew, and how. Left out: every group of which all nodes vote in some system.',
        examples: [{ manager: { count: [3, 5, 7] }, dtr: { count: [3, 5] } }],
      }),
    vary: z
      .record(z.string(), z.array(settingValue).min(1))
      .default({})
      .meta({
        description: 'Other fields with the values that they may have, each named as for --set.',
        examples: [{ 'systems.etcd.election': ['1s', '5s'] }],
      }),
    cost: z
      .strictObject({
        node: amount(
          'Of a node that is placed. With the default of 1 the cost is the number of nodes.',
          1000,
        ).default(1),
        groups: z
          .record(nameText(), amount('Of a node of this group instead.', 1500))
          .default({})
          .meta({ description: 'Of a node of a group, where it differs.', examples: [{ dtr: 1500 }] }),
        extra: z
          .record(z.string(), amount('Added for each node there.', 200))
          .default({})
          .meta({
            description: 'Added for each node in a place (a region, datacenter, zone or rack).',
            examples: [{ 'us-east': 200 }],
          }),
        site: amount('Of each site at which a placed node stands.', 5000).default(0),
        most: amount('Options that cost more are left out.', 20000).optional(),
      })
      .prefault({})
      .meta({
        description: 'What an option costs a year, in whatever unit.',
        examples: [{ node: 1000, site: 5000, most: 20000 }],
      }),
    systems: z
      .array(nameText())
      .min(1)
      .optional()
      .meta({
        description: 'The systems that decide: the worst of them counts. Left out: every system that votes.',
        examples: [['swarm', 'etcd']],
      }),
    simulate: wholeNumber(1, 200, {
      description: 'Of the options that exact analysis leaves, simulate at most this many.',
      examples: [12],
      unit: 'options',
    }).default(12),
  })
  .prefault({})
  .meta({
    description: 'What zonefall plan may change: placements, other fields, costs.',
    examples: [{ place: { manager: { count: [3, 5, 7] } }, cost: { node: 1000 } }],
  });

export type PlanSection = z.infer<typeof plan>;
