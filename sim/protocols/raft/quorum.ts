/**
 * Majority arithmetic, for one voter set and for two at once (joint consensus).
 * Source: facts/consensus.md 1.15, 1.16; etcd-io/raft quorum/majority.go, quorum/joint.go.
 */

export type VoteResult = 'won' | 'lost' | 'pending';

/** What an empty voter set has committed: everything, so that it never holds back the other half of a joint pair. */
export const NO_LIMIT_INDEX = Number.MAX_SAFE_INTEGER;

/** The fewest of `voters` members that any two quorums share one of. */
export function majoritySize(voters: number): number {
  return (voters >> 1) + 1;
}

/**
 * The state of an election among `voters` members of which `yes` granted and `no` refused.
 * It is lost as soon as the answers still missing cannot make a majority; an empty set wins.
 */
export function majorityVote(yes: number, no: number, voters: number): VoteResult {
  if (voters === 0) return 'won';
  const needed = majoritySize(voters);
  if (yes >= needed) return 'won';
  return voters - no < needed ? 'lost' : 'pending';
}

/** Both halves of a joint configuration must win; one lost half loses the election. */
export function jointVote(incoming: VoteResult, outgoing: VoteResult): VoteResult {
  if (incoming === outgoing) return incoming;
  return incoming === 'lost' || outgoing === 'lost' ? 'lost' : 'pending';
}

/**
 * The largest index that a majority has reached. Reads and sorts the first `voters` items of `indexes` in place
 * (a scratch array of the caller: this runs for every acknowledged entry and must not allocate).
 */
export function majorityIndex(indexes: number[], voters: number): number {
  if (voters === 0) return NO_LIMIT_INDEX;
  for (let i = 1; i < voters; i++) {
    const value = indexes[i]!;
    let j = i - 1;
    for (; j >= 0 && indexes[j]! > value; j--) indexes[j + 1] = indexes[j]!;
    indexes[j + 1] = value;
  }
  return indexes[voters - majoritySize(voters)]!;
}

/** What a joint configuration has committed: both halves must have reached it. */
export function jointIndex(incoming: number, outgoing: number): number {
  return incoming < outgoing ? incoming : outgoing;
}
