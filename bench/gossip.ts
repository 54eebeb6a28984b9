/** A gossip cluster that loses a third of its nodes at once: seconds of one core, and memory, for a minute of model time. */
import { Kernel } from '../sim/kernel/kernel.ts';
import { SECOND } from '../sim/kernel/time.ts';
import { GossipGroup } from '../sim/systems/gossip/group.ts';
import { GOSSIP_PROFILES } from '../sim/systems/gossip/parameters.ts';
import type { Hold } from '../sim/world/node.ts';
import { worldSpec } from '../sim/world/testing.ts';
import { World } from '../sim/world/world.ts';
import type { Section } from './section.ts';

const PROFILE = 'docker-18.03';
const LOST_AT_S = 10;
const SIZES = [100, 1000, 10_000];

export async function gossipSection(): Promise<Section> {
  return {
    title: `Gossip (${PROFILE}): one minute of model time, a third of the nodes lost at once after ${LOST_AT_S} s`,
    goal: '1000 nodes under 5 s; 10 000 nodes under 90 s and 2 GB',
    head: ['nodes', 'seconds of CPU', 'peak memory of the process, MB', 'events, million'],
    rows: SIZES.map((n) => {
      const { cpuS, events } = minute(n);
      const peakMb = process.resourceUsage().maxRSS / 1024;
      return [String(n), cpuS.toFixed(1), peakMb.toFixed(0), (events / 1e6).toFixed(2)];
    }),
  };
}

function minute(n: number): { cpuS: number; events: number } {
  const names = Array.from({ length: n }, (_, i) => `m${i}`);
  const spec = worldSpec(Object.fromEntries(names.map((name, i) => [name, `r/d/${'abc'[i % 3]}`])));
  const before = process.cpuUsage();
  const kernel = new Kernel(1);
  const world = new World(kernel, spec);
  const group = new GossipGroup(
    kernel,
    world,
    { name: 'gossip', members: names },
    GOSSIP_PROFILES[PROFILE]!.parameters,
  );
  group.start();
  kernel.runUntil(LOST_AT_S * SECOND);
  for (const [index, node] of world.nodes.entries()) {
    const off: Hold = { kind: 'power', cause: 0, fsyncUs: null, driftPpm: 0 };
    if (index % 3 === 0) world.addHold(node, off);
  }
  kernel.runUntil(60 * SECOND);
  const { user, system } = process.cpuUsage(before);
  return { cpuS: (user + system) / 1e6, events: kernel.eventCount };
}
