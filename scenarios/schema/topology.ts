/** `topology`: what fails together. */
import * as z from 'zod';
import { name, nameText } from './leaf.ts';

const racks = z.array(nameText()).meta({
  description: 'The racks of the zone. A zone without racks shares a fate as a whole.',
  examples: [['r1', 'r2']],
});

const zones = z
  .union(
    [
      z
        .array(nameText())
        .min(1)
        .meta({ description: 'Names of zones.', examples: [['a', 'b', 'c']] }),
      z
        .record(nameText(), racks)
        .meta({ description: 'Zones with their racks.', examples: [{ a: ['r1', 'r2'], b: ['r1', 'r2'] }] }),
    ],
    {
      error:
        'expected a list of zones, like [a, b, c], or a map of zones to their racks, like { a: [r1, r2] }',
    },
  )
  .default(['a'])
  .meta({
    description:
      'The zones (availability zones, fire compartments) of the datacenter: a list of names, or a map of zones to racks. Elsewhere a zone is called datacenter/zone, like us-west/a.',
    examples: [['a', 'b', 'c'], { a: ['r1', 'r2'], b: [] }],
  });

export const datacenter = z
  .strictObject({
    region: name({
      description:
        'The region it lies in. Datacenters of one region are closer to each other and may share a fate.',
      examples: ['us', 'eu'],
    }).default('home'),
    zones,
  })
  .meta({
    description: 'A datacenter: one site with one or more zones.',
    examples: [{ region: 'us', zones: ['a', 'b', 'c'] }],
  });

export const topology = z.record(nameText(), datacenter).meta({
  description:
    'What fails together: datacenters by name, each with its region, zones and, where they matter, racks.',
  examples: [{ 'us-west': { region: 'us', zones: ['a', 'b', 'c'] } }],
});
