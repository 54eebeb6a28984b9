/** Which nodes a selector means, at the moment it is asked. */
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { NodeSelector } from './fault-spec.ts';

/** What was drawn last for the `any` of some words. */
export type Draws = Map<string, readonly number[]>;

/**
 * `pick(n)`: an integer in [0, n) from the fault's own stream, for `any`. `draws`: of one occurrence, so that "everything
 * but any manager" is everything but the manager that has been drawn. Hidden nodes are included: callers filter.
 */
export function select(
  selector: NodeSelector,
  world: World,
  systems: readonly System[],
  pick: (n: number) => number,
  draws: Draws = new Map(),
): Node[] {
  const wanted = new Set(indices(selector, world, systems, pick, draws, false));
  return world.nodes.filter((node) => wanted.has(node.index));
}

function indices(
  selector: NodeSelector,
  world: World,
  systems: readonly System[],
  pick: (n: number) => number,
  draws: Draws,
  excluded: boolean,
): number[] {
  const where = (test: (node: Node) => boolean) => world.nodes.filter(test).map((node) => node.index);
  const inner = (of: NodeSelector) => indices(of, world, systems, pick, draws, excluded);
  const byName = (names: readonly string[]) => names.map((name) => world.node(name).index);
  switch (selector.kind) {
    case 'all':
      return where(() => true);
    case 'node':
      return byName([selector.node]);
    case 'place':
      return where((node) => world.isIn(node, selector.place));
    case 'role':
      return where((node) => node.spec.roles.includes(selector.role));
    case 'label':
      return where((node) => node.spec.labels[selector.key] === selector.value);
    case 'members':
      return byName(membersOf(selector.system, systems));
    case 'leader':
      return byName(leadersOf(selector.system, systems));
    case 'followers': {
      const leaders = leadersOf(selector.system, systems);
      return byName(membersOf(selector.system, systems).filter((name) => !leaders.includes(name)));
    }
    case 'majority':
    case 'minority': {
      // A majority with the leader, or a minority without it: the halves that a story wants.
      const members = membersOf(selector.system, systems);
      const leaders = leadersOf(selector.system, systems);
      const ordered = [...leaders, ...members.filter((name) => !leaders.includes(name))];
      const quorum = Math.floor(members.length / 2) + 1;
      return byName(selector.kind === 'majority' ? ordered.slice(0, quorum) : ordered.slice(quorum));
    }
    case 'any': {
      const words = JSON.stringify(selector);
      const drawn = excluded ? draws.get(words) : undefined;
      if (drawn !== undefined) return [...drawn];
      const left = inner(selector.of).filter((index) => !world.nodes[index]!.spec.hidden);
      const chosen: number[] = [];
      while (chosen.length < selector.count && left.length > 0) {
        chosen.push(left.splice(pick(left.length), 1)[0]!);
      }
      draws.set(words, chosen);
      return chosen;
    }
    case 'union':
      return selector.of.flatMap(inner);
    case 'intersection': {
      const [first, ...rest] = selector.of.map(inner);
      return (first ?? []).filter((index) => rest.every((other) => other.includes(index)));
    }
    case 'not': {
      const others = new Set(indices(selector.of, world, systems, pick, draws, true));
      return where((node) => !others.has(node.index));
    }
  }
}

function ofFamily(name: string, systems: readonly System[]): System[] {
  return systems.filter(({ spec }) => spec.name === name || spec.family === name);
}

function membersOf(name: string, systems: readonly System[]): string[] {
  return [...new Set(ofFamily(name, systems).flatMap(({ spec }) => spec.members))];
}

function leadersOf(name: string, systems: readonly System[]): string[] {
  return [...new Set(ofFamily(name, systems).flatMap((system) => system.leaders()))];
}
