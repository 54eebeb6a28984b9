/** A full Raft group under heartbeats in the world: message deliveries a second on one core. */
import { Bench } from 'tinybench';
import { constant, type Distribution, lognormalFromP50P99 } from '../sim/kernel/distribution.ts';
import { Kernel } from '../sim/kernel/kernel.ts';
import { createSystem } from '../sim/systems/create.ts';
import { resolveSystem } from '../sim/systems/profiles.ts';
import { World } from '../sim/world/world.ts';
import { median, type Section } from './section.ts';

const MEMBERS = 5;
const MODEL_SECONDS = 2000;

export async function raftSection(): Promise<Section> {
  const rows: string[][] = [];
  const cases: [string, 'raft' | 'etcd', string, Distribution, number][] = [
    ['datagrams, constant latency', 'raft', 'etcd-raft', constant(500), 0],
    ['TCP connections, constant latency', 'etcd', 'etcd-3.5', constant(500), 0],
    [
      'TCP connections, lognormal latency, loss 1e-3',
      'etcd',
      'etcd-3.5',
      lognormalFromP50P99(500, 1500),
      1e-3,
    ],
  ];
  for (const [name, kind, profile, latencyUs, loss] of cases) {
    rows.push([name, ((await deliveredPerSecond(kind, profile, latencyUs, loss)) / 1e6).toFixed(2)]);
  }
  return {
    title: `Raft group of ${MEMBERS} under heartbeats (million deliveries a second)`,
    goal: 'at least 1.5',
    head: ['set-up', 'zonefall'],
    rows,
  };
}

async function deliveredPerSecond(
  kind: 'raft' | 'etcd',
  profile: string,
  latencyUs: Distribution,
  loss: number,
): Promise<number> {
  const nodes = Array.from({ length: MEMBERS }, (_, i) => `m${i + 1}`);
  const kernel = new Kernel(1);
  const quality = { latencyUs, loss };
  const world = new World(kernel, {
    places: [
      { name: 'r', level: 'region', parent: null },
      { name: 'd', level: 'datacenter', parent: 'r' },
      { name: 'd/a', level: 'zone', parent: 'd' },
    ],
    nodes: nodes.map((name) => ({
      name,
      place: 'd/a',
      roles: [],
      labels: {},
      fsync: constant(1000),
      clock: { driftPpm: 0, offsetUs: 0 },
      cpu: null,
      memoryBytes: null,
    })),
    linkClasses: {
      'within-node': {},
      'within-rack': quality,
      'within-zone': quality,
      'between-zones': quality,
      'between-datacenters': quality,
      'between-regions': quality,
    },
    linkRules: [],
  });
  const resolved = resolveSystem(kind, profile, {});
  const spec = {
    name: kind,
    family: kind,
    kind,
    profile,
    parameters: resolved.parameters,
    members: nodes,
    learners: [],
  };
  const system = createSystem(kernel, world, spec as Parameters<typeof createSystem>[2]);
  system.start();
  kernel.runUntil(60e6);
  const delivered = () => system.traffic.reduce((sum, row) => sum + row.messages, 0);
  const rates: number[] = [];
  const bench = new Bench({ iterations: 12, time: 0, warmupIterations: 4, warmupTime: 0 });
  bench.add(kind, () => {
    const before = delivered();
    const began = performance.now();
    kernel.runUntil(kernel.nowUs + MODEL_SECONDS * 1e6);
    rates.push(((delivered() - before) * 1000) / (performance.now() - began));
  });
  await bench.run();
  return median(rates);
}
