/**
 * Repairable members as a birth-death chain: each works for MTTF and is repaired in MTTR, on its own, all repairs at
 * once. Source: facts/numbers.md 7. Times are in whatever unit they are given.
 */
import { majorityOdds, type Odds, toleratedFailures } from './majority.ts';

export interface Repairable {
  /** Mean time to failure of one member. */
  readonly mttf: number;
  /** Mean time to repair of one member. */
  readonly mttr: number;
}

/** Mean time from "all work" until the quorum is lost for the first time. */
export function meanTimeToQuorumLoss(members: number, { mttf, mttr }: Repairable): number {
  const failureRate = 1 / mttf;
  const repairRate = 1 / mttr;
  let total = 0;
  // From k failed to k + 1 for the first time: 1 / rate up, and again for each time a repair comes first.
  let step = 0;
  for (let failed = 0; failed <= toleratedFailures(members); failed++) {
    const up = (members - failed) * failureRate;
    const down = failed * repairRate;
    step = 1 / up + (down / up) * step;
    total += step;
  }
  return total;
}

/** Long-run share of time with and without a quorum; members fail and are repaired independently. */
export function steadyQuorumOdds(members: number, { mttf, mttr }: Repairable): Odds {
  return majorityOdds(members, mttr / (mttf + mttr));
}
