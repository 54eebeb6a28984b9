/**
 * What fails by itself in a scenario, as shares of time: the ground on which placements that nobody has built yet are judged
 * by exact analysis.
 */
import type { FaultEffect, NodeSelector } from '../../faults/fault-spec.ts';
import { type LifeProcess, lifeProcesses } from '../../faults/life.ts';
import { mean } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import { Places } from '../../world/places.ts';

/** Things that fail together for so large a share of time. */
export interface CommonFate {
  /** Nodes and places by name. */
  readonly members: readonly string[];
  readonly pFail: number;
}

export interface Fates {
  /** Share of time in which a node is down by itself. */
  readonly node: ReadonlyMap<string, number>;
  readonly place: ReadonlyMap<string, number>;
  readonly common: readonly CommonFate[];
  /** Faults that come by themselves and are not in these shares (links, pauses of moving targets): their origins. */
  readonly leftOut: readonly string[];
  /** The scenario has nothing that fails by itself: the shares are ASSUMED. */
  readonly assumed: boolean;
}

/** Where a scenario does not say how often things fail: nodes are down 1 % and zones 0.1 % of the time (facts/numbers.md 6). */
export const ASSUMED = { node: 0.01, zone: 0.001 } as const;

export function fatesOf(scenario: Scenario): Fates {
  const node = new Map<string, number>();
  const place = new Map<string, number>();
  const common: CommonFate[] = [];
  const leftOut = new Set<string>();
  const own = scenario.faults.filter(({ start }) => start.kind === 'every');
  if (own.length === 0) {
    for (const { name } of scenario.world.nodes) node.set(name, ASSUMED.node);
    for (const { name, level } of scenario.world.places) if (level === 'zone') place.set(name, ASSUMED.zone);
    return { node, place, common, leftOut: [], assumed: true };
  }
  const both = (map: Map<string, number>, name: string, pFail: number) =>
    map.set(name, 1 - (1 - (map.get(name) ?? 0)) * (1 - pFail));
  for (const process of lifeProcesses(scenario.faults)) {
    const pFail = shareDown(process);
    const hits = process.effects.map((effect) => targetOf(effect, scenario));
    if (pFail === null || hits.includes(undefined)) leftOut.add(scenario.faults[process.fault]!.origin);
    if (pFail === null) continue;
    const known = hits.filter((hit) => hit !== undefined);
    if (process.members.length > 0) {
      common.push({ members: known.flatMap((hit) => hit.place ?? hit.nodes), pFail });
      continue;
    }
    for (const hit of known) {
      if (hit.place !== undefined) both(place, hit.place, pFail);
      else if (hit.nodes.length === 1) both(node, hit.nodes[0]!, pFail);
      else if (hit.drawn > 0)
        for (const name of hit.nodes) both(node, name, (pFail * hit.drawn) / hit.nodes.length);
      else common.push({ members: hit.nodes, pFail });
    }
  }
  return { node, place, common, leftOut: [...leftOut], assumed: false };
}

/** In the long run; null for what is never repaired. Waiting for a crew is not in it. */
function shareDown({ up, reaction, repair }: LifeProcess): number | null {
  if (repair === null) return null;
  const down = mean(repair) + (reaction === null ? 0 : mean(reaction));
  return down / (mean(up) + down);
}

interface Target {
  readonly place?: string;
  readonly nodes: readonly string[];
  /** So many of `nodes`, drawn each time; 0: all of them. */
  readonly drawn: number;
}

/** undefined: it does not stop fixed nodes. */
function targetOf(effect: FaultEffect, scenario: Scenario): Target | undefined {
  switch (effect.kind) {
    case 'rack-outage':
    case 'zone-outage':
    case 'datacenter-outage':
    case 'region-outage':
      return { place: effect.place, nodes: [], drawn: 0 };
    case 'kill':
    case 'stop':
    case 'restart':
    case 'pause':
    case 'power-loss': {
      const { target } = effect;
      if (target.kind === 'any') {
        const nodes = staticNodes(target.of, scenario);
        return nodes === undefined ? undefined : { nodes, drawn: Math.min(target.count, nodes.length) };
      }
      const nodes = staticNodes(target, scenario);
      return nodes === undefined ? undefined : { nodes, drawn: 0 };
    }
    default:
      return undefined;
  }
}

/** Node names in the order of the scenario; undefined where they depend on the moment. */
export function staticNodes(selector: NodeSelector, scenario: Scenario): string[] | undefined {
  const all = scenario.world.nodes;
  const names = (keep: (node: (typeof all)[number]) => boolean) => all.filter(keep).map(({ name }) => name);
  switch (selector.kind) {
    case 'all':
      return names(() => true);
    case 'node':
      return names(({ name }) => name === selector.node);
    case 'place': {
      const places = new Places(scenario.world.places);
      return names(({ place }) => places.around(place).includes(selector.place));
    }
    case 'role':
      return names(({ roles }) => roles.includes(selector.role));
    case 'label':
      return names(({ labels }) => labels[selector.key] === selector.value);
    case 'members': {
      const system = scenario.systems.find(({ name }) => name === selector.system);
      return names(({ name }) => system?.members.includes(name) ?? false);
    }
    case 'union':
    case 'intersection': {
      const parts = selector.of.map((one) => staticNodes(one, scenario));
      if (parts.some((part) => part === undefined)) return undefined;
      const every = selector.kind === 'intersection';
      return names(({ name }) =>
        every ? parts.every((part) => part!.includes(name)) : parts.some((part) => part!.includes(name)),
      );
    }
    case 'not': {
      const inside = staticNodes(selector.of, scenario);
      return inside && names(({ name }) => !inside.includes(name));
    }
    default:
      return undefined;
  }
}
