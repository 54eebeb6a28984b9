/** The scenario file as a whole. */
import * as z from 'zod';
import { MAX_FAULTS, MAX_OBJECTIVES } from '../limits.ts';
import { planned, stochastic } from './faults.ts';
import { duration, objective } from './leaf.ts';
import { network } from './network.ts';
import { nodes } from './nodes.ts';
import { operators } from './operators.ts';
import { plan } from './plan.ts';
import { study } from './study.ts';
import { systems } from './systems.ts';
import { topology } from './topology.ts';

export const SCHEMA_VERSION = 1;

const run = z
  .strictObject({
    duration: duration(
      { description: 'How long the measured run takes, in model time.', examples: ['10m', '1y'] },
      false,
    ).default('10m'),
    'warm-up': duration({
      description:
        'Model time before time zero, in which the systems elect their first leaders; it is not measured.',
      examples: ['2m'],
    }).default('2m'),
    seed: z
      .union([z.string().min(1), z.number()], { error: 'a seed is a number or a text' })
      .optional()
      .meta({
        description: 'The seed of all chance. Left out: the fixed default. --seed wins over it.',
        examples: [7, 'tuesday'],
        unit: 'number or text',
      }),
  })
  .prefault({})
  .meta({ description: 'How long, and from which seed.', examples: [{ duration: '10m' }] });

export const scenarioFile = z
  .strictObject({
    $schema: z
      .string()
      .optional()
      .meta({
        description: 'Where editors find this schema; not used otherwise.',
        examples: ['../schema/v1.json'],
      }),
    version: z
      .literal(SCHEMA_VERSION, {
        error: (issue) =>
          issue.input === undefined
            ? undefined
            : `expected version: ${SCHEMA_VERSION}, the only one there is`,
      })
      .meta({ description: 'Version of this format.', examples: [SCHEMA_VERSION] }),
    title: z
      .string({ error: 'expected text' })
      .default('')
      .meta({
        description: 'One line: what is asked. Left out: the name of the file.',
        examples: ['Lose one zone of three'],
      }),
    description: z
      .string({ error: 'expected text' })
      .default('')
      .meta({
        description: 'The story, in plain words.',
        examples: [
          'Three managers, one in each zone of one datacenter; zone b loses power for five minutes.',
        ],
      }),
    topology,
    network,
    nodes,
    systems,
    vantages: z
      .array(z.string(), { error: 'expected a list, like [zone, manager-1]' })
      .default(['region', 'datacenter', 'zone'])
      .meta({
        description:
          'From where users try operations: levels of places (region, datacenter, zone, node: each place of that level that holds a node), and nodes by name.',
        examples: [['zone'], ['datacenter', 'manager-1']],
      }),
    timeline: z
      .array(planned, { error: 'expected a list of faults, like [{ at: 2m, kill: manager-1 }]' })
      .max(MAX_FAULTS)
      .default([])
      .meta({
        description: 'The script: faults at stated times.',
        examples: [[{ at: '2m', 'zone-outage': 'us-west/b', for: '5m' }]],
      }),
    faults: z
      .array(stochastic, {
        error:
          'expected a list of faults, like [{ every: exponential(mean 90d), kill: any manager, for: 10m }]',
      })
      .max(MAX_FAULTS)
      .default([])
      .meta({
        description: 'What breaks by itself, at random.',
        examples: [[{ every: 'exponential(mean 90d)', kill: 'any manager', for: '10m' }]],
      }),
    operators,
    objectives: z
      .array(
        objective({
          description:
            'A limit: SYSTEM OPERATION availability|downtime|longest outage|outages|degraded|waiting [from PLACE], SYSTEM failover [detected|elected] p99|max, SYSTEM failovers|campaigns|elections|split votes|highest term; then >=, <= or = and the limit.',
          examples: [
            'etcd write availability >= 98%',
            'swarm failover p99 <= 8s',
            'etcd write longest outage from us-west/a <= 5s',
            'etcd split votes = 0',
          ],
        }),
        { error: 'expected a list of objectives, like [etcd write availability >= 98%]' },
      )
      .max(MAX_OBJECTIVES)
      .default([])
      .meta({
        description: 'Limits that decide between pass and fail.',
        examples: [['etcd write availability >= 98%', 'swarm failover p99 <= 8s']],
      }),
    run,
    study,
    plan,
  })
  .meta({
    title: 'zonefall scenario',
    description: 'One question to zonefall: a platform, what breaks, and what must hold.',
  });

/** A file after defaults. */
export type ScenarioFile = z.infer<typeof scenarioFile>;
/** A file as written. */
export type ScenarioFileInput = z.input<typeof scenarioFile>;
export type NodeGroup = ScenarioFile['nodes'][string];
export type SystemEntry = ScenarioFile['systems'][string];
export type PlannedFault = ScenarioFile['timeline'][number];
export type StochasticFault = ScenarioFile['faults'][number];
