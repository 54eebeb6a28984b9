/** Places, nodes and links as a scenario states them. */
import { describe, expect, test } from 'vitest';
import { mean, quantile } from '../../sim/kernel/distribution.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { errorsOf, load, minimalWith } from '../testing/minimal.ts';

function world(topology: string, nodes: string, network = ''): Scenario['world'] {
  return load(`version: 1\n${topology}\n${nodes}\n${network}\nsystems: { raft: { members: manager } }\n`)
    .scenario.world;
}

/** How many managers stand in each place. */
function standing(topology: string, group: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { place } of world(topology, `nodes: { manager: ${group} }`).nodes)
    counts[place] = (counts[place] ?? 0) + 1;
  return counts;
}

const ONE = 'topology: { west: { zones: [a, b, c] } }';
const TWO = 'topology: { west: { region: us, zones: [a, b, c] }, east: { region: eu, zones: [a, b] } }';
const RACKS = 'topology: { west: { zones: { a: [r1, r2], b: [] } } }';

describe('places', () => {
  test('nest, region first, in the order of the file', () => {
    expect(
      world(
        'topology: { west: { region: us, zones: { a: [r1], b: [] } }, east: { region: us } }',
        'nodes: { manager: {} }',
      ).places,
    ).toEqual([
      { name: 'us', level: 'region', parent: null },
      { name: 'west', level: 'datacenter', parent: 'us' },
      { name: 'west/a', level: 'zone', parent: 'west' },
      { name: 'west/a/r1', level: 'rack', parent: 'west/a' },
      { name: 'west/b', level: 'zone', parent: 'west' },
      { name: 'east', level: 'datacenter', parent: 'us' },
      { name: 'east/a', level: 'zone', parent: 'east' },
    ]);
  });

  test('datacenters without a region share one', () => {
    expect(
      world('topology: { west: {}, east: {} }', 'nodes: { manager: {} }').places.filter(
        ({ level }) => level === 'region',
      ),
    ).toEqual([{ name: 'home', level: 'region', parent: null }]);
  });
});

describe('nodes stand where the group says', () => {
  test.each([
    [ONE, '{ count: 5 }', { 'west/a': 2, 'west/b': 2, 'west/c': 1 }],
    [ONE, '{ count: 7, spread: zone }', { 'west/a': 3, 'west/b': 2, 'west/c': 2 }],
    [ONE, '{}', { 'west/a': 1 }],
    [TWO, '{ count: 5, spread: zone }', { 'west/a': 1, 'west/b': 1, 'west/c': 1, 'east/a': 1, 'east/b': 1 }],
    [
      TWO,
      '{ count: 6, spread: datacenter }',
      { 'west/a': 1, 'west/b': 1, 'west/c': 1, 'east/a': 2, 'east/b': 1 },
    ],
    [TWO, '{ count: 3, spread: region }', { 'west/a': 1, 'west/b': 1, 'east/a': 1 }],
    [TWO, '{ count: 4, in: west }', { 'west/a': 2, 'west/b': 1, 'west/c': 1 }],
    [TWO, '{ count: 4, in: [west/b, east] }', { 'west/b': 2, 'east/a': 1, 'east/b': 1 }],
    [TWO, '{ count: 3, in: west/a, spread: region }', { 'west/a': 3 }],
    [TWO, '{ placement: { west/a: 2, east/b: 1 } }', { 'west/a': 2, 'east/b': 1 }],
    [
      TWO,
      '{ placement: { west: 4, eu: 2 } }',
      { 'west/a': 2, 'west/b': 1, 'west/c': 1, 'east/a': 1, 'east/b': 1 },
    ],
    [RACKS, '{ count: 4 }', { 'west/a/r1': 1, 'west/a/r2': 1, 'west/b': 2 }],
    [RACKS, '{ count: 4, spread: rack }', { 'west/a/r1': 2, 'west/a/r2': 2 }],
    [RACKS, '{ placement: { west/a/r2: 1 } }', { 'west/a/r2': 1 }],
  ])('%s %s', (topology, group, expected) => {
    expect(standing(topology, group)).toEqual(expected);
  });

  test('their names are numbered from 1, or given', () => {
    const names = (group: string) => world(ONE, `nodes: { manager: ${group} }`).nodes.map(({ name }) => name);
    expect(names('{ count: 3 }')).toEqual(['manager-1', 'manager-2', 'manager-3']);
    expect(names('{ names: [alpha, beta] }')).toEqual(['alpha', 'beta']);
  });

  test('the name of the group is always a role', () => {
    const roles = (group: string) => world(ONE, `nodes: { manager: ${group} }`).nodes[0]!.roles;
    expect(roles('{}')).toEqual(['manager']);
    expect(roles('{ roles: [boss, manager] }')).toEqual(['boss', 'manager']);
    expect(roles('{ roles: [boss] }')).toEqual(['boss', 'manager']);
  });

  test('quantities are in the units of the model', () => {
    const [node] = world(
      ONE,
      'nodes: { manager: { cpu: 16, memory: 64GiB, fsync: 5ms, labels: { disk: ssd, tier: 1 }, clock: { drift: -50ppm, offset: 2s } } }',
    ).nodes;
    expect(node).toEqual({
      name: 'manager-1',
      place: 'west/a',
      roles: ['manager'],
      labels: { disk: 'ssd', tier: '1' },
      fsync: { kind: 'constant', value: 5000 },
      clock: { driftPpm: -50, offsetUs: 2_000_000 },
      cpu: 16,
      memoryBytes: 64 * 2 ** 30,
    });
  });
});

describe('links', () => {
  const between = (network: string) => world(TWO, 'nodes: { manager: { count: 5 } }', `network:\n${network}`);

  test('a round trip is halved, one way is taken as it is', () => {
    const { linkClasses } = between(
      "  between-zones: { rtt: 3ms, loss: 0.5%, jitter: 1ms, bandwidth: 1Gbps }\n  between-regions: { one-way: 'uniform(40ms, 60ms)' }",
    );
    expect(linkClasses['between-zones']).toEqual({
      latencyUs: { kind: 'constant', value: 1500 },
      loss: 0.005,
      jitterUs: 1000,
      bandwidthBitsPerSecond: 1e9,
    });
    expect(linkClasses['between-regions'].latencyUs).toEqual({ kind: 'uniform', low: 40_000, high: 60_000 });
  });

  test('scaling by one half keeps the shape', () => {
    const { linkClasses } = between("  between-zones: { rtt: 'lognormal(p50 20ms, p99 80ms)' }");
    expect(quantile(linkClasses['between-zones'].latencyUs!, 0.5)).toBeCloseTo(10_000, 6);
    expect(quantile(linkClasses['between-zones'].latencyUs!, 0.99)).toBeCloseTo(40_000, 6);
  });

  test('every class has a latency, nearer ones shorter', () => {
    const { linkClasses } = between('  links: []');
    const means = Object.values(linkClasses).map(({ latencyUs }) => mean(latencyUs!));
    expect(Object.keys(linkClasses)).toEqual([
      'within-node',
      'within-rack',
      'within-zone',
      'between-zones',
      'between-datacenters',
      'between-regions',
    ]);
    expect(means).toEqual([...means].sort((a, b) => a - b));
  });

  test('a stated field leaves the other defaults', () => {
    const { linkClasses } = between('  within-zone: { loss: 1% }');
    expect(linkClasses['within-zone']).toMatchObject({
      loss: 0.01,
      jitterUs: 0,
      bandwidthBitsPerSecond: 1e10,
    });
    expect(linkClasses['within-zone'].latencyUs?.kind).toBe('lognormal');
  });

  test('between is both directions, from and to is one', () => {
    const { linkRules } = between(
      '  links:\n    - { between: [west, east], rtt: 70ms }\n    - { from: west/a, to: manager-5, loss: 1% }\n    - { between: [west, west], rtt: 1ms }',
    );
    expect(linkRules).toEqual([
      { from: 'west', to: 'east', latencyUs: { kind: 'constant', value: 35_000 } },
      { from: 'east', to: 'west', latencyUs: { kind: 'constant', value: 35_000 } },
      { from: 'west/a', to: 'manager-5', loss: 0.01 },
      { from: 'west', to: 'west', latencyUs: { kind: 'constant', value: 500 } },
    ]);
  });
});

describe('files beside the scenario', () => {
  const files: Record<string, string> = {
    'matrix.csv':
      'from,to,level,rtt_ms\nDallas,London,region,113\nLondon,Dallas,region,112.5\nDallas,Tokyo,region,142\n"Dallas 1",Dallas 2,zone,1.5\n',
    'oneway.csv': 'from,to,one_way_us\nDallas,London,60000\n',
    'rtt.csv': 'when,rtt_ms\n1,30\n2,10\n3,20\n',
    'plain.csv': 'rtt\n5\n1\n',
    'broken.csv': 'from,to,rtt_ms\nDallas,London,fast\n',
    'ragged.csv': 'from,to,rtt_ms\nDallas,London\n',
    'quote.csv': 'from,to,rtt_ms\n"Dallas,London,3\n',
    'empty.csv': '',
    'other.csv': 'a,b\n1,2\n',
  };
  const readFile = (name: string): string => {
    const text = files[name];
    if (text === undefined) throw new Error('there is no such file');
    return text;
  };
  const topology = 'topology:\n  us-west: { region: us, zones: [a, b, c] }';
  const withNetwork = (network: string) =>
    minimalWith(topology, `${topology}\n  london: { region: eu }\nnetwork:\n${network}`);
  const rules = (network: string) => load(withNetwork(network), { readFile }).scenario.world.linkRules;
  const firstError = (network: string) => errorsOf(withNetwork(network), { readFile })[0];

  test('a matrix becomes rules between the places its names stand for', () => {
    expect(
      rules(
        '  matrix: { file: matrix.csv, names: { Dallas: us-west, London: london, Dallas 1: us-west/a, Dallas 2: us-west/b } }',
      ),
    ).toEqual([
      { from: 'us-west', to: 'london', latencyUs: { kind: 'constant', value: 56_500 } },
      { from: 'london', to: 'us-west', latencyUs: { kind: 'constant', value: 56_250 } },
      { from: 'us-west/a', to: 'us-west/b', latencyUs: { kind: 'constant', value: 750 } },
    ]);
    expect(rules('  matrix: { file: oneway.csv, names: { Dallas: us-west, London: london } }')).toEqual([
      { from: 'us-west', to: 'london', latencyUs: { kind: 'constant', value: 60_000 } },
    ]);
  });

  test('links come after the matrix and win', () => {
    const found = rules(
      '  matrix: { file: oneway.csv, names: { Dallas: us-west, London: london } }\n  links: [{ from: us-west, to: london, one-way: 1ms }]',
    );
    expect(found.at(-1)).toEqual({
      from: 'us-west',
      to: 'london',
      latencyUs: { kind: 'constant', value: 1000 },
    });
  });

  test('samples are sorted and in microseconds', () => {
    const latency = (text: string) =>
      load(withNetwork(`  within-zone: { one-way: '${text}' }`), { readFile }).scenario.world.linkClasses[
        'within-zone'
      ].latencyUs;
    const expected = { kind: 'empirical', samples: [10_000, 20_000, 30_000] };
    expect(latency('empirical(rtt.csv)')).toEqual(expected);
    expect(latency('empirical(rtt.csv, column rtt_ms)')).toEqual(expected);
    expect(latency('empirical(plain.csv, column rtt, unit ms)')).toEqual({
      kind: 'empirical',
      samples: [1000, 5000],
    });
  });

  test.each([
    [
      '  within-zone: { rtt: empirical(none.csv) }',
      'f.yaml:7:23: network.within-zone.rtt: cannot read none.csv: there is no such file',
    ],
    [
      '  within-zone: { rtt: "empirical(rtt.csv, column rt_ms)" }',
      'rtt.csv:1:1: no column "rt_ms": its columns are when and rtt_ms (did you mean "rtt_ms"?)',
    ],
    [
      '  within-zone: { rtt: empirical(plain.csv) }',
      'plain.csv:1:1: no column whose name ends in _us, _ms or _s: say which, like empirical(plain.csv, column NAME, unit ms)',
    ],
    [
      '  within-zone: { rtt: "empirical(plain.csv, column rtt)" }',
      'plain.csv:1:1: the name of column rtt does not end in a unit: add one, like empirical(plain.csv, column rtt, unit ms)',
    ],
    [
      '  matrix: { file: none.csv, names: { Dallas: us-west } }',
      'f.yaml:7:19: network.matrix.file: cannot read none.csv: there is no such file',
    ],
    [
      '  matrix: { file: matrix.csv, names: { Dalas: us-west } }',
      'f.yaml:7:40: network.matrix.names.Dalas: matrix.csv does not know "Dalas": its names are Dallas, London, Tokyo, Dallas 1 and Dallas 2 (did you mean "Dallas"?)',
    ],
    [
      '  matrix: { file: matrix.csv, names: { Dallas: us-wst } }',
      'f.yaml:7:48: network.matrix.names.Dallas: "us-wst" is no place or node: places are us, us-west, us-west/a, us-west/b, us-west/c, eu, london and london/a (did you mean "us-west"?)',
    ],
    [
      '  matrix: { file: broken.csv, names: { Dallas: us-west } }',
      'broken.csv:2:1: "fast" in column rtt_ms is not a number of at least zero',
    ],
    [
      '  matrix: { file: ragged.csv, names: { Dallas: us-west } }',
      'ragged.csv:2:1: 2 cells where the header has 3',
    ],
    [
      '  matrix: { file: quote.csv, names: { Dallas: us-west } }',
      'quote.csv:2:1: a quote is opened and never closed',
    ],
    [
      '  matrix: { file: empty.csv, names: { Dallas: us-west } }',
      'empty.csv: a header and at least one row are needed',
    ],
    [
      '  matrix: { file: other.csv, names: { Dallas: us-west } }',
      'other.csv:1:1: no column "from": a latency matrix has from, to and rtt_ms (or rtt_us, rtt_s, one_way_ms, ...)',
    ],
  ])('%s', (network, message) => {
    expect(firstError(network)).toBe(message);
  });
});
