/** The shipped studies: each has the variants of its question, and exact analysis answers it as its description says. */
import { expect, test } from 'vitest';
import { zonefall } from '../sim/cli/testing.ts';
import { exactFigures, exactKey } from '../sim/experiments/exact-figures.ts';
import { find } from './library.ts';
import { readStudy } from './read.ts';

const figures = new Map<string, [variant: string, ReturnType<typeof exactFigures>][]>();

function answers(name: string, vantage: string, system: string): Record<string, number> {
  if (!figures.has(name)) {
    const { variants } = readStudy(find(name).entry!.path, {});
    figures.set(
      name,
      variants.map((variant) => [variant.name, exactFigures(variant.scenario)]),
    );
  }
  const key = exactKey({ system, operation: 'write', vantage, metric: 'unavailability' });
  return Object.fromEntries(figures.get(name)!.map(([variant, found]) => [variant, found.get(key)!.value]));
}

const HOURS = 365.25 * 24;

test('three zones, or one? Two are no better than one; three cost a tenth of the downtime', () => {
  for (const system of ['swarm', 'etcd', 'rethink-manager', 'rethink-dtr']) {
    const found = answers('three-zones-or-one', 'us-west', system);
    expect(Object.keys(found)).toEqual(['one zone', 'two zones', 'three zones']);
    expect(found['one zone']! * HOURS).toBeGreaterThan(1);
    expect(found['two zones']!).toBeGreaterThan(0.97 * found['one zone']!);
    expect(found['three zones']!).toBeLessThan(0.1 * found['one zone']!);
  }
});

test('3, 5 or 7 managers? Five lose quorum a fraction of the time of three; seven gain little more', () => {
  const found = answers('3-5-or-7-managers', 'us-west', 'etcd');
  const [three, five, seven] = Object.values(found) as [number, number, number];
  expect(Object.keys(found)).toEqual([3, 5, 7].map((count) => `nodes.manager.count=${count}`));
  expect(five).toBeLessThan(0.2 * three);
  expect(seven).toBeLessThan(five);
  expect(seven).toBeGreaterThan(0.4 * five);
});

test('managers in two datacenters, or one? Two are no better than one; a witness in a third is what helps', () => {
  const found = answers('two-datacenters-or-one', 'us', 'etcd');
  expect(Object.keys(found)).toEqual(['one datacenter', 'two datacenters', 'two datacenters and a witness']);
  expect(found['two datacenters']!).toBeGreaterThan(0.98 * found['one datacenter']!);
  expect(found['two datacenters and a witness']!).toBeLessThan(0.05 * found['one datacenter']!);
});

test.each(['three-zones-or-one', '3-5-or-7-managers', 'two-datacenters-or-one'])(
  '%s: compare and plan take it as it is',
  async (name) => {
    const few = ['--runs', '1', '--no-out', '--set', 'run.duration=3d', '--json', '--quiet'];
    const compared = await zonefall(['compare', name, ...few]);
    expect(compared.code).toBeLessThanOrEqual(2);
    expect(JSON.parse(compared.stdout).variants).toHaveLength(3);
    const planned = await zonefall(['plan', name, ...few, '--set', 'plan.simulate=3']);
    expect(JSON.parse(planned.stdout)).toMatchObject({ kind: 'plan', chosen: expect.any(String) });
  },
);
