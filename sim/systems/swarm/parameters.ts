import type { RaftParameters } from '../raft/parameters.ts';

/** SwarmKit's Raft (facts/platform.md 1.1). */
export interface SwarmParameters extends RaftParameters {
  /** After so many ticks without a leader API calls fail at once; null before 17.06 (facts/platform.md 1.1, lostQuorumTimeout). */
  readonly lostQuorumTicks: number | null;
}
