/** `network`: how far apart. */
import * as z from 'zod';
import type { LinkClass } from '../../sim/world/topology.ts';
import { distribution, duration, placeName, rate, share } from './leaf.ts';
import { LINK_DEFAULTS } from './link-defaults.ts';

const RTT_EXAMPLES = ['lognormal(p50 1.2ms, p99 3ms)', '40ms', 'empirical(rtt.csv, column rtt_ms)'];

/** The fields of a link; `defaults` words what holds where a field is left out. */
function quality(defaults: { rtt: string; jitter: string; loss: string; bandwidth: string } | undefined) {
  const whenLeftOut = defaults === undefined ? ' Left out: as the less specific rule says.' : '';
  const byDefault = (key: 'rtt' | 'jitter' | 'loss' | 'bandwidth') =>
    defaults === undefined ? {} : { default: defaults[key] };
  return {
    rtt: distribution({
      description: `Round-trip time. Each way takes half: the distribution is scaled by one half, so two independent ways together have the same mean and a little less spread. State rtt or one-way, not both.${whenLeftOut}`,
      examples: RTT_EXAMPLES,
      ...byDefault('rtt'),
    }).optional(),
    'one-way': distribution({
      description: 'Latency of one message, one way; instead of rtt.',
      examples: ['20ms', 'lognormal(p50 20ms, p99 80ms)'],
    }).optional(),
    jitter: duration({
      description: `Added to each message: uniform between minus and plus this much (the sum is never below zero).${whenLeftOut}`,
      examples: ['2ms'],
      ...byDefault('jitter'),
    }).optional(),
    loss: share({
      description: `Share of packets that are lost, each on its own.${whenLeftOut}`,
      examples: ['0.1%', 0.001],
      ...byDefault('loss'),
    }).optional(),
    bandwidth: rate({
      description: `Bandwidth of the path, each way.${whenLeftOut}`,
      examples: ['1Gbps', '100Mbps'],
      ...byDefault('bandwidth'),
    }).optional(),
  };
}

function linkClass(linkClassName: LinkClass, description: string) {
  const { source, ...defaults } = LINK_DEFAULTS[linkClassName];
  return z
    .strictObject(quality(defaults))
    .superRefine(oneLatency)
    .optional()
    .meta({
      description: `${description} Default: ${source}.`,
      examples: [{ rtt: defaults.rtt }],
      default: defaults,
    });
}

function oneLatency(link: { rtt?: unknown; 'one-way'?: unknown }, context: z.RefinementCtx): void {
  if (link.rtt !== undefined && link['one-way'] !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['one-way'],
      message: 'state rtt or one-way, not both: they say the same thing twice',
    });
  }
}

const end = (which: string) =>
  placeName({ description: `${which} a place or a node.`, examples: ['us-west', 'us-west/a', 'manager-1'] });

const link = z
  .strictObject({
    between: z
      .array(end('One end:'), { error: 'expected a list of two places or nodes, like [us-west, us-east]' })
      .refine((ends) => ends.length === 2, { error: 'expected two places or nodes, like [us-west, us-east]' })
      .optional()
      .meta({ description: 'The two ends; both directions.', examples: [['us-west', 'us-east']] }),
    from: end('Where messages come from, for one direction only:').optional(),
    to: end('Where messages go to, for one direction only:').optional(),
    ...quality(undefined),
  })
  .superRefine(oneLatency)
  .superRefine(endsOfLink)
  .meta({
    description:
      'A rule for the links between two places or nodes. The most specific rule wins, field by field; of equals, the later.',
    examples: [{ between: ['us-west', 'us-east'], rtt: '70ms', loss: '0.1%' }],
  });

/** `between`, or `from` and `to`. */
export function endsOfLink(
  ends: { between?: unknown; from?: unknown; to?: unknown },
  context: z.RefinementCtx,
): void {
  const oneWay = ends.from !== undefined || ends.to !== undefined;
  if (ends.between !== undefined && oneWay) {
    context.addIssue({
      code: 'custom',
      path: ['between'],
      message: 'state between: [a, b] for both directions, or from and to for one, not both',
    });
  } else if (ends.between === undefined && !(ends.from !== undefined && ends.to !== undefined)) {
    context.addIssue({
      code: 'custom',
      message: oneWay
        ? `${ends.from === undefined ? 'from' : 'to'} is missing: one direction needs from and to`
        : 'state which: between: [a, b], or from and to',
    });
  }
}

const matrix = z
  .strictObject({
    file: z.string().meta({
      description:
        'A CSV file, relative to the scenario, with the columns from, to and rtt_ms (or rtt_us, rtt_s, one_way_ms, ...); others are ignored.',
      examples: ['data/ibm-cloud-2024-03.csv'],
    }),
    names: z
      .record(
        z.string(),
        placeName({ description: 'The place of that name in this scenario.', examples: ['dallas'] }),
      )
      .meta({
        description:
          'The names of the CSV that matter here, each with the place (or node) of this scenario it stands for. Rows about other names are left out.',
        examples: [{ Dallas: 'dallas', 'Dallas 1': 'dallas/z1' }],
      }),
  })
  .meta({
    description: 'A measured latency matrix. Its rows are rules like those of links, which win over it.',
    examples: [{ file: 'rtt.csv', names: { Dallas: 'dallas' } }],
  });

export const network = z
  .strictObject({
    'within-node': linkClass('within-node', 'Between processes of one node.'),
    'within-rack': linkClass('within-rack', 'Between nodes of one rack.'),
    'within-zone': linkClass(
      'within-zone',
      'Between nodes of one zone (of different racks, where it has racks).',
    ),
    'between-zones': linkClass('between-zones', 'Between zones of one datacenter.'),
    'between-datacenters': linkClass('between-datacenters', 'Between datacenters of one region.'),
    'between-regions': linkClass('between-regions', 'Between regions.'),
    matrix: matrix.optional(),
    links: z
      .array(link, { error: 'expected a list of links, like [{ between: [us-west, us-east], rtt: 70ms }]' })
      .default([])
      .meta({
        description: 'Links that differ from their class.',
        examples: [[{ between: ['us-west', 'us-east'], rtt: '70ms' }]],
      }),
  })
  .prefault({})
  .meta({
    description:
      'How far apart things are: a quality for each class of link, measured matrices, and single links.',
    examples: [{ 'between-zones': { rtt: 'lognormal(p50 1.2ms, p99 3ms)' } }],
  });
