import { expect, test } from 'vitest';
import { votingSystems } from '../systems/system-spec.ts';
import { birnbaum, setChances } from './expected-downtime.ts';
import { Ground } from './remains.ts';
import { concerns, type Damage, structuresOf } from './structure.ts';
import { smallPlatform } from './testing.ts';
import { zoneLayoutOdds } from './zone-layout.ts';

function platform(zones: readonly number[]) {
  const scenario = smallPlatform({ zones, systems: [{ kind: 'etcd' }] });
  return { scenario, ground: new Ground(scenario.world), spec: votingSystems(scenario.systems)[0]! };
}

const nodeLost = (node: string): Damage => ({ nodes: [node], darkZones: [], cuts: [] });
const region = (ground: Ground) => [{ vantage: 'r', from: ground.zones }];

test('nodes and zones that fail on their own: the exact answer of the zone layout', () => {
  for (const zones of [
    [1, 1, 1],
    [2, 1],
    [2, 2, 1],
  ]) {
    const { scenario, ground, spec } = platform(zones);
    const damages = [
      ...scenario.world.nodes.map(({ name }) => nodeLost(name)),
      ...ground.zones.map((zone) => ({ nodes: ground.nodesIn(zone), darkZones: [], cuts: [] })),
    ];
    const [write] = structuresOf(spec, ground, damages, region(ground));
    const chances = setChances(
      damages.map(({ nodes }, i) => (i < scenario.world.nodes.length ? 0.02 : 0.005 + 0 * nodes.length)),
    );
    const down = chances.reduce((sum, chance, set) => sum + chance * write!.surelyDown[set]!, 0);
    expect(down / zoneLayoutOdds(zones, 0.005, 0.02).down, zones.join()).toBeCloseTo(1, 10);
  }
});

test('whose zone is dark has no service, though others have', () => {
  const { ground, spec } = platform([1, 1, 1]);
  const dark: Damage = { nodes: ['m1'], darkZones: ['dc/a'], cuts: [] };
  const watches = [...region(ground), ...ground.zones.map((zone) => ({ vantage: zone, from: [zone] }))];
  const writes = structuresOf(spec, ground, [dark], watches).filter(({ operation }) => operation === 'write');
  expect(writes.map(({ vantage, surelyDown }) => [vantage, surelyDown[1]])).toEqual([
    ['r', 0],
    ['dc/a', 1],
    ['dc/b', 0],
    ['dc/c', 0],
  ]);
});

test('a member behind a cut is lost to the others, and its zone to them', () => {
  const { ground, spec } = platform([1, 1, 1]);
  const cutOff = (zone: string, node: string): Damage => ({
    nodes: [],
    darkZones: [],
    cuts: [
      [
        new Set([zone, node]),
        new Set([...ground.zones, 'm1', 'm2', 'm3'].filter((x) => x !== zone && x !== node)),
      ],
    ],
  });
  const watches = [{ vantage: 'dc/a', from: ['dc/a'] }];
  const [write] = structuresOf(spec, ground, [cutOff('dc/b', 'm2'), cutOff('dc/c', 'm3')], watches);
  expect([...write!.surelyDown]).toEqual([0, 0, 0, 1]);
});

test('what touches neither a member nor its users does not concern it', () => {
  const { ground, spec } = platform([2, 1]);
  const learning = { ...spec, members: ['m1', 'm3'] };
  expect(concerns(learning, [], nodeLost('m2'))).toBe(false);
  expect(concerns(learning, region(ground), nodeLost('m1'))).toBe(true);
});

test("Birnbaum's importance of one of three: that exactly one of the others is down", () => {
  const { scenario, ground, spec } = platform([1, 1, 1]);
  const damages = scenario.world.nodes.map(({ name }) => nodeLost(name));
  const [write] = structuresOf(spec, ground, damages, region(ground));
  expect(birnbaum(write!.surelyDown, [0.1, 0.2, 0.3], 0)).toBeCloseTo(0.2 * 0.7 + 0.8 * 0.3, 14);
});
