import { describe, expect, test } from 'vitest';
import { constant } from '../kernel/distribution.ts';
import { type LinkEffect, Network } from './network.ts';
import { worldSpec } from './testing.ts';

const nodes = {
  a1: 'us/west/a/r1',
  a2: 'us/west/a/r1',
  a3: 'us/west/a/r2',
  b1: 'us/west/b',
  e1: 'us/east/a',
  f1: 'eu/fra/a',
};
const index = (name: keyof typeof nodes) => Object.keys(nodes).indexOf(name);
const effect = (from: number[], to: number[], figures: Partial<LinkEffect> = {}): LinkEffect => ({
  cause: 1,
  from: new Set(from),
  to: new Set(to),
  cut: false,
  loss: 0,
  multiply: 1,
  addUs: 0,
  jitterUs: 0,
  bandwidthBitsPerSecond: Number.POSITIVE_INFINITY,
  felt: 0,
  ...figures,
});

describe('how far apart two nodes are', () => {
  const network = new Network(worldSpec(nodes));
  test.each([
    ['a1', 'a1', 'within-node', 10],
    ['a1', 'a2', 'within-rack', 50],
    ['a1', 'a3', 'within-zone', 250],
    ['a1', 'b1', 'between-zones', 500],
    ['b1', 'e1', 'between-datacenters', 5000],
    ['e1', 'f1', 'between-regions', 40_000],
  ] as const)('%s to %s is %s', (from, to, linkClass, us) => {
    const path = network.path(index(from), index(to));
    expect([path.linkClass, path.typicalUs]).toEqual([linkClass, us]);
  });
});

describe('the most specific rule wins, field by field', () => {
  const network = new Network(
    worldSpec(nodes, {
      rules: [
        { from: 'a1', to: 'f1', loss: 0.5 },
        { from: 'us', to: 'eu', latencyUs: constant(1), jitterUs: 7 },
        { from: 'us/west', to: 'eu/fra', latencyUs: constant(2) },
        { from: 'us/west/b', to: 'eu', latencyUs: constant(3) },
        { from: 'us/west', to: 'eu/fra', latencyUs: constant(4) },
      ],
    }),
  );
  const path = (from: keyof typeof nodes, to: keyof typeof nodes) => network.path(index(from), index(to));
  test('depths add up: datacenter-datacenter beats region-region, the later of two equals wins', () => {
    expect(path('a3', 'f1').typicalUs).toBe(4);
    expect(path('e1', 'f1').typicalUs).toBe(1);
  });
  test('zone-region is as deep as datacenter-datacenter, and earlier: it loses', () => {
    expect(path('b1', 'f1').typicalUs).toBe(4);
  });
  test('a field that the winner leaves out comes from a less specific rule', () => {
    expect(path('a1', 'f1')).toMatchObject({ loss: 0.5, jitterUs: 7, typicalUs: 4 });
  });
  test('rules are directed', () => {
    expect(path('f1', 'a1')).toMatchObject({ loss: 0, typicalUs: 40_000 });
  });
});

describe('effects', () => {
  test('reach only the pairs they name, in the direction they name, and go away again', () => {
    const network = new Network(worldSpec(nodes));
    const cut = effect([index('a1')], [index('b1')], { cut: true });
    network.addEffect(cut);
    expect(network.path(index('a1'), index('b1')).blocked).toBe(true);
    expect(network.path(index('b1'), index('a1')).blocked).toBe(false);
    // a2 stands in the same rack as a1: they shared a class until now.
    expect(network.path(index('a2'), index('b1')).blocked).toBe(false);
    network.removeEffect(cut);
    expect(network.path(index('a1'), index('b1')).blocked).toBe(false);
  });

  test('lie on top of each other: losses combine, factors multiply, delays add, bandwidths take the least', () => {
    const network = new Network(worldSpec(nodes));
    const both: [number[], number[]] = [[index('a1')], [index('b1')]];
    network.addEffect(effect(...both, { loss: 0.5, multiply: 2, addUs: 100, bandwidthBitsPerSecond: 9 }));
    network.addEffect(effect(...both, { loss: 0.5, multiply: 3, addUs: 10, bandwidthBitsPerSecond: 5 }));
    const path = network.path(index('a1'), index('b1'));
    expect(path).toMatchObject({ loss: 0.75, multiply: 6, addedUs: 110, bandwidth: 5 });
    expect(path.typicalUs).toBe(500 * 6 + 110);
  });

  test('are never an hour or longer in sum', () => {
    const network = new Network(worldSpec(nodes));
    for (let i = 0; i < 8; i++) network.addEffect(effect([index('a1')], [index('b1')], { multiply: 1000 }));
    expect(network.path(index('a1'), index('b1')).typicalUs).toBe(3_600_000_000);
  });

  test('losses that together leave nothing to speak of block, and the last of them is to blame', () => {
    const network = new Network(worldSpec(nodes));
    for (const cause of [5, 6, 7])
      network.addEffect(effect([index('a1')], [index('b1')], { loss: 0.999999, cause }));
    network.addEffect(effect([index('a1')], [index('b1')], { addUs: 3, cause: 8 }));
    expect(network.path(index('a1'), index('b1'))).toMatchObject({ blocked: true, blockCause: 7 });
  });

  test('a loss of everything blocks, and says who is to blame', () => {
    const network = new Network(worldSpec(nodes));
    network.addEffect(effect([index('a1')], [index('b1')], { loss: 1, cause: 7 }));
    expect(network.path(index('a1'), index('b1'))).toMatchObject({ blocked: true, blockCause: 7 });
  });

  test('both ways among one set of nodes is felt once in each direction', () => {
    const network = new Network(worldSpec(nodes));
    const everyone = Object.keys(nodes).map((_, i) => i);
    network.addEffect(effect(everyone, everyone, { both: true, addUs: 100 }));
    expect(network.path(index('a1'), index('b1')).addedUs).toBe(100);
    expect(network.path(index('b1'), index('a1')).addedUs).toBe(100);
  });

  test('no effect of the network reaches a node talking to itself', () => {
    const network = new Network(worldSpec(nodes));
    const everyone = Object.keys(nodes).map((_, i) => i);
    network.addEffect(effect(everyone, everyone, { cut: true }));
    expect(network.path(0, 0).blocked).toBe(false);
  });
});
