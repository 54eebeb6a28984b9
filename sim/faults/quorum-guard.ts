/** Whether a node may be taken out of service on purpose: how many voters would be left of each system that it votes in. */
import type { Group, System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { QuorumGuard } from './operators-spec.ts';

export type GuardVerdict =
  | { readonly kind: 'go' }
  /** Not now: something is down already, or nobody leads. */
  | { readonly kind: 'wait'; readonly why: string }
  /** Not even when everything is up: the system has too few voters for this guard. */
  | { readonly kind: 'never'; readonly why: string };

const GO: GuardVerdict = { kind: 'go' };

/** Of a group: its voters by name. */
export function votersOf(system: System, group: Group): readonly string[] {
  return group.voters ?? system.spec.members;
}

/** `leaving`: nodes that are being stopped, though they may still run. */
export function mayStop(
  node: Node,
  guard: QuorumGuard,
  systems: readonly System[],
  world: World,
  leaving: ReadonlySet<Node>,
): GuardVerdict {
  if (guard === 'none') return GO;
  let wait: GuardVerdict | null = null;
  for (const system of systems) {
    if (system.spec.kind === 'gossip') continue;
    for (const group of system.groups) {
      const voters = votersOf(system, group);
      if (!voters.includes(node.name)) continue;
      const quorum = Math.floor(voters.length / 2) + 1;
      const needed = guard === 'quorum' ? quorum : quorum + 1;
      const name = system.spec.name;
      if (voters.length - 1 < needed) {
        const why = `${name} has ${voters.length} voters: without ${node.name} ${voters.length - 1} are left, and the guard asks for ${needed}`;
        return { kind: 'never', why };
      }
      if (group.status.state !== 'serving') wait ??= { kind: 'wait', why: `${name} does not serve now` };
      const left = votersLeft(node, voters, group, world, leaving);
      if (left < needed) {
        const why = `without ${node.name} ${left} of ${voters.length} voters of ${name} are left, and the guard asks for ${needed}`;
        wait ??= { kind: 'wait', why };
      }
    }
  }
  return wait ?? GO;
}

/** The most voters that can talk to one of them once the node is out. */
export function votersLeft(
  node: Node,
  voters: readonly string[],
  group: Group,
  world: World,
  leaving: ReadonlySet<Node>,
): number {
  const others = voters
    .map((name) => world.node(name))
    .filter((other) => other !== node && other.active && !other.diskStalled && !leaving.has(other));
  // The world is as it is at this instant; connections that are not made again yet are known to the group alone, as of
  // the last instant. Of the two the fewer count.
  const known = group.status.reachable - (node.active ? 1 : 0);
  return Math.min(largestSet(others, world), known);
}

/** How many of these nodes, at most, can talk to one of them, that one included. */
export function largestSet(nodes: readonly Node[], world: World): number {
  let most = 0;
  for (const one of nodes) {
    const heard = nodes.filter((other) => other === one || world.passable(one.index, other.index)).length;
    most = Math.max(most, heard);
  }
  return most;
}
