/** Which places hold so many voters that their loss alone takes the quorum. */
import type { Scenario } from '../scenario.ts';
import type { SystemSpec } from '../systems/system-spec.ts';
import { PLACE_LEVELS, type PlaceLevel } from '../world/topology.ts';
import { quorumOf } from './majority.ts';
import type { Ground } from './remains.ts';

export interface Concentration {
  readonly place: string;
  readonly level: PlaceLevel;
  readonly voters: number;
  /** It holds a quorum by itself; without, it holds just enough that the others are none (half of an even number). */
  readonly majority: boolean;
}

/** Places without which no quorum is left, smallest first; a place that only repeats a smaller one's voters is left out. */
export function singlePointsOfFailure(scenario: Scenario, spec: SystemSpec, ground: Ground): Concentration[] {
  const quorum = quorumOf(spec.members.length);
  const found: Concentration[] = [];
  const seen = new Set<string>();
  for (const level of [...PLACE_LEVELS].reverse()) {
    for (const place of scenario.world.places) {
      if (place.level !== level) continue;
      const inside = ground.nodesIn(place.name).filter((node) => spec.members.includes(node));
      const key = [...inside].sort().join('\0');
      if (spec.members.length - inside.length >= quorum || seen.has(key)) continue;
      seen.add(key);
      found.push({ place: place.name, level, voters: inside.length, majority: inside.length >= quorum });
    }
  }
  return found;
}

/** Voters by zone, in the order of the scenario; zones without one are left out. */
export function votersByZone(spec: SystemSpec, ground: Ground): { zone: string; voters: number }[] {
  return ground.zones
    .map((zone) => ({
      zone,
      voters: spec.members.filter((member) => ground.zoneOf(member) === zone).length,
    }))
    .filter(({ voters }) => voters > 0);
}
