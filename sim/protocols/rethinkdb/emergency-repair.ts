/**
 * What an operator does when too many replicas are gone for good (RethinkDB emergency_repair.cc; facts/consensus.md 3.18,
 * facts/platform.md 5.3, 5.4): the table goes on with those who are left, in a new Raft group. It can lose writes.
 */
import type { TableState } from './contract.ts';
import { isMajority, type RaftMembers } from './raft-config.ts';
import type { ServerId } from './server-id.ts';

export interface Repaired {
  /** What the new Raft group of the living begins with. */
  readonly state: TableState;
  readonly members: RaftMembers;
}

/**
 * `unsafe_rollback`: the table without the dead servers. null where it is refused: a majority of the voters lives, or no
 * replica does (then only erasing the table would help).
 */
export function emergencyRepair(state: TableState, isDead: (server: ServerId) => boolean): Repaired | null {
  const { contract, config } = state;
  if (isMajority(contract.voters, (server) => !isDead(server))) return null;
  const replicas = contract.replicas.filter((server) => !isDead(server));
  const livingVoters = contract.voters.filter((server) => !isDead(server));
  // Without a living voter the other replicas are promoted.
  const voters = livingVoters.length > 0 ? livingVoters : replicas;
  if (voters.length === 0) return null;
  const nonVoters = replicas.filter((server) => !voters.includes(server));
  const primary = voters.includes(config.primary) ? config.primary : voters[0]!;
  return {
    state: {
      config: { voters, nonVoters, primary },
      contractId: `${state.contractId}/repaired`,
      contract: { replicas, voters, tempVoters: null, primary: null, afterEmergencyRepair: true },
      branch: state.branch,
    },
    members: { voting: voters, nonVoting: nonVoters },
  };
}
