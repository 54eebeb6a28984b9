/** Random members (memberlist util.go, kRandomNodes). */
import type { Dice } from './permutation.ts';
import type { SwimState } from './state.ts';
import { UNKNOWN } from './states.ts';

/** Draws of one number; a list of three hundred nodes and more never needs so many. */
const LANES = 1000;

/**
 * Up to `count` different members other than oneself that `wanted` accepts. As memberlist does it, at most 3n draws are
 * made: in a small cluster fewer may be found than there are. Members that this node does not list are not drawn at all.
 */
export function randomMembers(
  s: SwimState,
  count: number,
  dice: Dice,
  number: number,
  wanted: (member: number) => boolean,
): number[] {
  const { size } = s.roster;
  const found: number[] = [];
  let tries = 3 * s.known;
  for (let lane = 0; lane < LANES && tries > 0 && found.length < count; lane++) {
    const member = Math.floor(dice.uniform(number, lane) * size);
    if (member === s.self) {
      tries--;
      continue;
    }
    const state = s.view.state(member);
    if (state === UNKNOWN) continue;
    tries--;
    if (wanted(member) && !found.includes(member)) found.push(member);
  }
  return found;
}
