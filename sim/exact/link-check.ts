/** Whether the network is fast enough for the timers of a system that votes over it. Exact: from the distributions, no run. */

import type { VotingSpec } from '../systems/system-spec.ts';
import type { LinkClass } from '../world/topology.ts';
import type { Ground } from './remains.ts';
import type { Range } from './timers.ts';
import { timersOf } from './timers.ts';

/** The slowest pair of voters. */
export interface SlowestPair {
  readonly a: string;
  readonly b: string;
  readonly linkClass: LinkClass;
  /** Round trip, microseconds: half of all are faster; 99 of 100 are. */
  readonly rttP50Us: number;
  readonly rttP99Us: number;
}

export type LinkRule =
  /** Heartbeat about the largest average RTT, 0.5 to 1.5 times (facts/consensus.md 2.21). */
  | 'rtt-reaches-heartbeat'
  /** Election time-out at least ten times the RTT (2.21). */
  | 'election-below-ten-rtt'
  /** A vote takes a round trip: past the time-out no election can end. */
  | 'rtt-reaches-election';

export interface LinkWarning {
  readonly rule: LinkRule;
  readonly system: string;
  readonly rttUs: number;
  /** The time-out it is held against. */
  readonly timeoutUs: number;
}

export interface LinkCheck {
  readonly system: string;
  /** null for a system of one voter. */
  readonly slowest: SlowestPair | null;
  readonly warnings: readonly LinkWarning[];
}

const ELECTION_RTTS = 10;

export function checkLinks(spec: VotingSpec, ground: Ground): LinkCheck {
  const slowest = slowestPair(spec, ground);
  if (slowest === null) return { system: spec.name, slowest, warnings: [] };
  const timers = timersOf(spec);
  const election: Range = timers.electionUs;
  const warnings: LinkWarning[] = [];
  const warn = (rule: LinkRule, rttUs: number, timeoutUs: number) =>
    warnings.push({ rule, system: spec.name, rttUs, timeoutUs });
  if (slowest.rttP50Us >= election.fromUs) warn('rtt-reaches-election', slowest.rttP50Us, election.fromUs);
  else if (election.fromUs < ELECTION_RTTS * slowest.rttP50Us)
    warn('election-below-ten-rtt', slowest.rttP50Us, election.fromUs);
  if (slowest.rttP50Us >= timers.heartbeatUs)
    warn('rtt-reaches-heartbeat', slowest.rttP50Us, timers.heartbeatUs);
  return { system: spec.name, slowest, warnings };
}

function slowestPair(spec: VotingSpec, ground: Ground): SlowestPair | null {
  let slowest: SlowestPair | null = null;
  spec.members.forEach((a, i) => {
    for (const b of spec.members.slice(i + 1)) {
      const rttP50Us = rttUs(ground, a, b, 0.5);
      if (slowest !== null && rttP50Us <= slowest.rttP50Us) continue;
      const linkClass = ground.network.linkClass(ground.indexOf(a), ground.indexOf(b));
      slowest = { a, b, linkClass, rttP50Us, rttP99Us: rttUs(ground, a, b, 0.99) };
    }
  });
  return slowest;
}

/** There and back, each way at that share of its distribution; at 0.99 this is a little more than the p99 of the sum. */
function rttUs(ground: Ground, a: string, b: string, share: number): number {
  const way = (from: string, to: string) =>
    ground.network.path(ground.indexOf(from), ground.indexOf(to)).latency.atShare(share);
  return way(a, b) + way(b, a);
}
