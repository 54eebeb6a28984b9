// When members exchange whole states: memberlist state.go pushPullTrigger, pushPullScale.
import { expect, test, vi } from 'vitest';
import { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import type { Hold } from '../../world/node.ts';
import { worldSpec } from '../../world/testing.ts';
import { World } from '../../world/world.ts';
import { GossipGroup } from './group.ts';
import { GOSSIP_PROFILES } from './parameters.ts';

const KILLED: Hold = { kind: 'process', cause: 0, fsyncUs: null, driftPpm: 0 };
const RESTART_S = 100;

/** Seconds until the first exchange of each member: of settled ones, and of those that are restarted. */
function firstExchanges(members: number): { settled: number[]; restarted: number[] } {
  const names = Array.from({ length: members }, (_, i) => `m${i}`);
  const kernel = new Kernel(1, 0, { parking: false });
  const world = new World(kernel, worldSpec(Object.fromEntries(names.map((name) => [name, 'r/d/a']))));
  const { parameters } = GOSSIP_PROFILES['serf-0.9']!;
  const group = new GossipGroup(kernel, world, { name: 'gossip', members: names }, parameters);
  const first = (sinceS: number) => {
    const found = new Map<number, number>();
    for (const member of group.members) {
      vi.spyOn(member, 'exchange').mockImplementation(() => {
        if (!found.has(member.index)) found.set(member.index, kernel.nowUs / SECOND - sinceS);
      });
    }
    return found;
  };
  const settled = first(0);
  group.start();
  kernel.runUntil(RESTART_S * SECOND);
  const back = world.nodes.slice(-12);
  for (const node of back) world.addHold(node, KILLED);
  for (const node of back) world.removeHold(node, KILLED, 0);
  const restarted = first(RESTART_S);
  kernel.runUntil(2 * RESTART_S * SECOND);
  return {
    settled: [...settled.values()],
    restarted: back.map(({ index }) => restarted.get(index) ?? Number.NaN),
  };
}

test.each([
  [20, 30],
  [60, 60],
])(
  '%i members exchange states each %i s, at any point of it where they have run for long',
  (members, intervalS) => {
    const { settled } = firstExchanges(members);
    expect(settled).toHaveLength(members);
    expect(Math.min(...settled)).toBeLessThan(0.2 * intervalS);
    expect(Math.max(...settled)).toBeGreaterThan(0.8 * intervalS);
    expect(Math.max(...settled)).toBeLessThan(intervalS);
  },
);

test.each([
  [20, 30],
  [60, 60],
])('of %i members, one that has started waits for a part of 30 s and then for %i s', (members, intervalS) => {
  const { restarted } = firstExchanges(members);
  expect(Math.min(...restarted)).toBeGreaterThan(intervalS);
  expect(Math.max(...restarted)).toBeLessThan(intervalS + 30);
});
