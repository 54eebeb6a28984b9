import { describe, expect, test } from 'vitest';
import { searchPlan } from '../sim/experiments/plan/search.ts';
import { loadScenario } from './load.ts';
import { settingsOf } from './plan-settings.ts';

const BASE = `version: 1
topology: { us-west: { zones: [a, b, c] }, us-east: { zones: [a] } }
nodes:
  manager: { count: 3, in: us-west, cpu: 4 }
  dtr: { placement: { us-west/a: 2, us-west/b: 1 } }
  worker: { count: 6 }
systems:
  swarm: { members: manager }
  rethink: { members: [manager, dtr] }
  gossip: { members: all }
`;

const load = (plan: string) => loadScenario(`${BASE}plan: ${plan}\n`, { fileName: 'f.yaml' });

describe('what the file leaves out', () => {
  test('groups that vote, over all zones, with 1, 3, 5 or 7 nodes at a cost of 1', () => {
    const sites = ['us-west/a', 'us-west/b', 'us-west/c', 'us-east/a'];
    expect(loadScenario(BASE).plan).toEqual({
      groups: [
        { group: 'manager', counts: [1, 3, 5, 7], sites, mostPerSite: null },
        { group: 'dtr', counts: [1, 3, 5, 7], sites, mostPerSite: null },
      ],
      settings: [],
      costs: { node: 1, groups: {}, extra: {}, site: 0 },
      costMax: null,
      systems: ['swarm', 'rethink-manager', 'rethink-dtr'],
      simulate: 12,
    });
  });

  test('datacenters where the zones would be too many placements', () => {
    const many = BASE.replace('zones: [a, b, c]', `zones: [${Array.from({ length: 12 }, (_, i) => `z${i}`)}]`)
      .replace('us-west/a', 'us-west/z1')
      .replace('us-west/b', 'us-west/z2');
    expect(loadScenario(many).plan.groups[0]!.sites).toEqual(['us-west', 'us-east']);
  });
});

test('what the file says', () => {
  const { plan } = load(
    '{ place: { manager: { count: [5, 3], sites: [us-west/a, us-east], per-site: 3 } }, vary: { systems.swarm.election: [3s, 5s] }, cost: { node: 1000, groups: { manager: 1200 }, extra: { us-east: 300 }, site: 50, most: 9000 }, systems: [swarm], simulate: 4 }',
  );
  expect(plan).toEqual({
    groups: [{ group: 'manager', counts: [3, 5], sites: ['us-west/a', 'us-east'], mostPerSite: 3 }],
    settings: [{ path: 'systems.swarm.election', values: ['3s', '5s'] }],
    costs: { node: 1000, groups: { manager: 1200 }, extra: { 'us-east': 300 }, site: 50 },
    costMax: 9000,
    systems: ['swarm'],
    simulate: 4,
  });
});

test.each([
  ['{ place: { managers: {} } }', /unknown group of nodes "managers".*did you mean "manager"/],
  ['{ place: { worker: {} } }', 'not every node of worker votes'],
  ['{ place: { manager: { sites: [us-west/x] } } }', 'unknown place "us-west/x"'],
  ['{ place: { manager: { count: 9, per-site: 2 } } }', '4 sites of 2 take 8 nodes: none of the counts fits'],
  ['{ place: { manager: { count: 0 } } }', 'from 1 to 99'],
  ['{ systems: [gossip] }', 'nobody votes in gossip'],
  ['{ systems: [swam] }', /unknown system "swam".*did you mean "swarm"/],
  ['{ cost: { node: -1 } }', 'a cost is not below zero'],
  ['{ cost: { extra: { mars: 1 } } }', 'unknown place "mars"'],
  ['{ cost: { groups: { mangers: 1 } } }', /unknown group of nodes "mangers".*did you mean "manager"/],
  ['{ vary: { "a[": [1] } }', 'is not a path'],
  ['{ placement: {} }', 'unknown key "placement"'],
])('%s is refused with its place', (plan, message) => {
  expect(() => load(plan)).toThrow(message);
  expect(() => load(plan)).toThrow(/^f\.yaml:11:\d+: plan/);
});

test('every option is a scenario: its settings make the placement that was weighed', () => {
  const { scenario, plan, stated } = load(
    '{ place: { manager: { count: [3, 5] }, dtr: { count: 3 } }, vary: { systems.swarm.election: [3s, 5s] } }',
  );
  const { kept } = searchPlan(scenario, plan);
  expect(kept.length).toBeGreaterThan(3);
  for (const candidate of kept) {
    const set = settingsOf(candidate, plan, stated);
    const made = loadScenario(BASE, { set }).scenario;
    for (const { group, bySite } of candidate.placements) {
      const nodes = made.world.nodes.filter(({ roles }) => roles.includes(group));
      const { sites } = plan.groups.find((one) => one.group === group)!;
      expect(
        sites.map((site) => nodes.filter(({ place }) => place === site).length),
        set.join(' '),
      ).toEqual(bySite);
      // The rest of the group is as the file says.
      if (group === 'manager') expect(nodes[0]!.cpu).toBe(4);
    }
  }
});
