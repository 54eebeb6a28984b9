/** Small worlds for tests. */
import { constant, type Distribution } from '../kernel/distribution.ts';
import type { LinkClass, LinkQuality, LinkRule, NodeSpec, PlaceSpec, WorldSpec } from './topology.ts';

/** `nodes`: name -> zone or rack, as `region/datacenter/zone[/rack]`; every place is made of the paths. */
export function worldSpec(
  nodes: Readonly<Record<string, string>>,
  options: {
    readonly latencyUs?: Partial<Record<LinkClass, Distribution>>;
    readonly quality?: LinkQuality;
    readonly rules?: readonly LinkRule[];
    readonly fsync?: Distribution;
  } = {},
): WorldSpec {
  const places = new Map<string, PlaceSpec>();
  const levels = ['region', 'datacenter', 'zone', 'rack'] as const;
  for (const path of Object.values(nodes)) {
    const parts = path.split('/');
    parts.forEach((_, i) => {
      const name = parts.slice(0, i + 1).join('/');
      places.set(name, { name, level: levels[i]!, parent: i === 0 ? null : parts.slice(0, i).join('/') });
    });
  }
  const linkClass = (name: LinkClass, us: number): LinkQuality => ({
    latencyUs: options.latencyUs?.[name] ?? constant(us),
    ...options.quality,
  });
  return {
    places: [...places.values()],
    nodes: Object.entries(nodes).map(
      ([name, place]): NodeSpec => ({
        name,
        place,
        roles: [],
        labels: {},
        fsync: options.fsync ?? constant(1000),
        clock: { driftPpm: 0, offsetUs: 0 },
        cpu: null,
        memoryBytes: null,
      }),
    ),
    linkClasses: {
      'within-node': linkClass('within-node', 10),
      'within-rack': linkClass('within-rack', 50),
      'within-zone': linkClass('within-zone', 250),
      'between-zones': linkClass('between-zones', 500),
      'between-datacenters': linkClass('between-datacenters', 5000),
      'between-regions': linkClass('between-regions', 40_000),
    },
    linkRules: options.rules ?? [],
  };
}
