/**
 * What a system still does when any set of things has failed: a structure function over failures, by quorum arithmetic on
 * each of the 2^n sets. Barlow and Proschan, "Statistical theory of reliability and life testing" (1975), ch. 1.
 */
import type { OperationState } from '../run.ts';
import type { VotingSpec } from '../systems/system-spec.ts';
import type { StructureFunction } from './expected-downtime.ts';
import type { Ground, Remains } from './remains.ts';
import { survival } from './survival.ts';

/** What one failure takes away. */
export interface Damage {
  readonly nodes: readonly string[];
  /** Zones whose users are in the dark. */
  readonly darkZones: readonly string[];
  /** Sides between which nothing passes either way: nodes, and zones for their users. */
  readonly cuts: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[];
}

/** From where operations are tried: users in zones, the best of whom counts, or a node. */
export interface Watch {
  readonly vantage: string;
  /** Names of zones or of one node. */
  readonly from: readonly string[];
}

/** More failures than this are not enumerated: 2^14 sets take about a second. */
export const FAILURES_MAX = 14;

/** What becomes of one operation from one vantage. Where it depends on who leads, both bounds are given. */
export interface OperationStructure {
  readonly operation: string;
  readonly vantage: string;
  /** 1 where it is down whoever leads; where it may be. */
  readonly surelyDown: StructureFunction;
  readonly perhapsDown: StructureFunction;
  /** The same of "not up": down or degraded. */
  readonly surelyNotUp: StructureFunction;
  readonly perhapsNotUp: StructureFunction;
}

/** @throws RangeError for more failures than FAILURES_MAX */
export function structuresOf(
  spec: VotingSpec,
  ground: Ground,
  damages: readonly Damage[],
  watches: readonly Watch[],
): OperationStructure[] {
  if (damages.length > FAILURES_MAX) throw new RangeError(`more than ${FAILURES_MAX} failures`);
  const sets = 1 << damages.length;
  const names = [...new Set(watches.flatMap(({ from }) => from))];
  const found = new Map<string, OperationStructure>();
  const keyOf = (operation: string, vantage: string) => JSON.stringify([operation, vantage]);
  for (let set = 0; set < sets; set++) {
    const present = damages.filter((_, i) => (set & (1 << i)) !== 0);
    const remains = after(ground, present, names);
    const { operations } = survival(spec, remains);
    for (const { operation, byZone } of operations) {
      const states = new Map(byZone.map(({ zone, states }) => [zone, states]));
      for (const { vantage, from } of watches) {
        const key = keyOf(operation, vantage);
        let structure = found.get(key);
        if (structure === undefined) {
          const empty = () => new Float64Array(sets);
          structure = {
            operation,
            vantage,
            surelyDown: empty(),
            perhapsDown: empty(),
            surelyNotUp: empty(),
            perhapsNotUp: empty(),
          };
          found.set(key, structure);
        }
        // Nobody there to ask: down.
        const seen = from.map((name) => states.get(name) ?? DOWN);
        const best = leastRank(seen.map((one) => RANK[one[0]!]));
        const worst = leastRank(seen.map((one) => RANK[one.at(-1)!]));
        structure.surelyDown[set] = best === RANK.down ? 1 : 0;
        structure.perhapsDown[set] = worst === RANK.down ? 1 : 0;
        structure.surelyNotUp[set] = best === RANK.up ? 0 : 1;
        structure.perhapsNotUp[set] = worst === RANK.up ? 0 : 1;
      }
    }
  }
  return [...found.values()];
}

const DOWN: readonly OperationState[] = ['down'];
const RANK: Readonly<Record<OperationState, number>> = { up: 0, degraded: 1, down: 2 };

/** The best of a vantage's places counts. */
function leastRank(ranks: readonly number[]): number {
  return ranks.reduce((a, b) => Math.min(a, b), RANK.down);
}

/** Whether a failure touches anything that a system or its users need. */
export function concerns(spec: VotingSpec, watches: readonly Watch[], damage: Damage): boolean {
  const needed = new Set([...spec.members, ...spec.learners, ...watches.flatMap(({ from }) => from)]);
  const isNeeded = (name: string) => needed.has(name);
  return (
    damage.nodes.some(isNeeded) ||
    damage.darkZones.some(isNeeded) ||
    damage.cuts.some(([a, b]) => [...a].some(isNeeded) && [...b].some(isNeeded))
  );
}

function after(ground: Ground, damages: readonly Damage[], names: readonly string[]): Remains {
  const lost = new Set(damages.flatMap(({ nodes }) => nodes));
  const dark = new Set(damages.flatMap(({ darkZones }) => darkZones));
  const cuts = damages.flatMap((damage) => damage.cuts);
  const apart = (x: string, y: string) =>
    cuts.some(([a, b]) => (a.has(x) && b.has(y)) || (a.has(y) && b.has(x)));
  return {
    zones: names.filter((name) => !dark.has(name) && !lost.has(name)),
    works: (node) => !lost.has(node),
    connects: (a, b) => ground.connects(a, b) && !apart(a, b),
    reaches: (zone, node) => ground.reaches(zone, node) && !apart(zone, node),
  };
}
