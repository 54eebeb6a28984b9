/** Small platforms for tests of exact answers. */
import { constant } from '../kernel/distribution.ts';
import type { Scenario } from '../scenario.ts';
import { resolveSystem } from '../systems/profiles.ts';
import type { SystemKind, SystemSpec } from '../systems/system-spec.ts';
import type { LinkRule, WorldSpec } from '../world/topology.ts';

const SECOND = 1_000_000;

export interface SmallPlatform {
  /** Members by zone: `[2, 1]` puts m1 and m2 into dc/a, m3 into dc/b. */
  readonly zones: readonly number[];
  readonly systems: readonly {
    readonly kind: SystemKind;
    readonly profile?: string;
    readonly learners?: number;
  }[];
  readonly links?: readonly LinkRule[];
  /** One-way latency between zones, microseconds. */
  readonly oneWayUs?: number;
  /** On every link. */
  readonly loss?: number;
}

const LETTERS = 'abcdefghij';

/** Members m1, m2, ... in zones dc/a, dc/b, ... of region r; learners are the last members and have no vote. */
export function smallPlatform({
  zones,
  systems,
  links = [],
  oneWayUs = 500,
  loss = 0,
}: SmallPlatform): Scenario {
  const names = zones.map((_, i) => `dc/${LETTERS[i]}`);
  const link = { latencyUs: constant(oneWayUs), jitterUs: 0, loss };
  let number = 0;
  const world: WorldSpec = {
    places: [
      { name: 'r', level: 'region', parent: null },
      { name: 'dc', level: 'datacenter', parent: 'r' },
      ...names.map((name) => ({ name, level: 'zone', parent: 'dc' }) as const),
    ],
    nodes: zones.flatMap((count, i) =>
      Array.from({ length: count }, () => ({
        name: `m${++number}`,
        place: names[i]!,
        roles: ['manager'],
        labels: {},
        fsync: constant(1_000),
        clock: { driftPpm: 0, offsetUs: 0 },
        cpu: null,
        memoryBytes: null,
      })),
    ),
    linkClasses: {
      'within-node': { ...link, latencyUs: constant(20) },
      'within-rack': link,
      'within-zone': link,
      'between-zones': link,
      'between-datacenters': link,
      'between-regions': link,
    },
    linkRules: links,
  };
  const nodes = world.nodes.map((node) => node.name);
  return {
    title: 'small',
    description: '',
    world,
    systems: systems.map(({ kind, profile = 'deck-2017', learners = 0 }, i): SystemSpec => {
      const resolved = resolveSystem(kind, profile, {});
      const voters = nodes.length - learners;
      return {
        name: `${kind}-${i}`,
        family: kind,
        kind,
        profile: resolved.profile,
        parameters: resolved.parameters,
        members: nodes.slice(0, voters),
        learners: nodes.slice(voters),
      } as SystemSpec;
    }),
    faults: [],
    objectives: [],
    vantages: { levels: ['zone'], nodes: [] },
    run: { durationUs: 10 * 60 * SECOND, warmUpUs: 120 * SECOND },
  };
}
