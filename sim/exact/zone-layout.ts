/**
 * Availability of a quorum whose members share the fate of nested places, exactly: a member works when it and every
 * place around it does. Source: facts/numbers.md 6, there by enumerating the zones that are up; here by the distribution
 * of the number of members that are up, which takes any nesting and a hundred zones.
 */
import { type Odds, quorumOf } from './majority.ts';

/** A place that fails as a whole with probability `pFail`, and what stands in it. */
export interface FateTree {
  readonly pFail: number;
  /** Members that stand directly in it, each failing on its own besides. */
  readonly members: readonly { readonly pFail: number }[];
  readonly places: readonly FateTree[];
}

/** result[k] = probability that exactly k members below this place work. */
export function upDistribution(tree: FateTree): number[] {
  let inside = [1];
  for (const member of tree.members) inside = convolve(inside, [member.pFail, 1 - member.pFail]);
  for (const place of tree.places) inside = convolve(inside, upDistribution(place));
  const result = inside.map((share) => share * (1 - tree.pFail));
  result[0]! += tree.pFail;
  return result;
}

/** At least `needed` members work; by default a majority of all. */
export function treeOdds(tree: FateTree, needed?: number): Odds {
  const distribution = upDistribution(tree);
  const least = needed ?? quorumOf(distribution.length - 1);
  // Small terms first.
  const sum = (shares: readonly number[]) => [...shares].sort((a, b) => a - b).reduce((a, b) => a + b, 0);
  return { up: sum(distribution.slice(least)), down: sum(distribution.slice(0, least)) };
}

/** Zones with so many members each: `[2, 2, 1]`. */
export function zoneLayoutOdds(
  zones: readonly number[],
  pZone: number,
  pNode: number,
  needed?: number,
): Odds {
  const places = zones.map(
    (members): FateTree => ({
      pFail: pZone,
      members: Array.from({ length: members }, () => ({ pFail: pNode })),
      places: [],
    }),
  );
  return treeOdds({ pFail: 0, members: [], places }, needed);
}

function convolve(a: readonly number[], b: readonly number[]): number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      result[i + j]! += x * y;
    });
  });
  return result;
}
