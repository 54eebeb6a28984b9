/**
 * Who votes in a table's Raft group, and what counts as a majority: joint consensus while the members change
 * (RethinkDB raft_core.hpp, raft_complex_config_t; facts/consensus.md 3.13).
 */
import type { ServerId } from './server-id.ts';

export interface RaftMembers {
  readonly voting: readonly ServerId[];
  readonly nonVoting: readonly ServerId[];
}

export interface RaftConfig {
  readonly members: RaftMembers;
  /** While joint: majorities of both sets are needed. */
  readonly next: RaftMembers | null;
}

export function isJoint(config: RaftConfig): boolean {
  return config.next !== null;
}

export function allMembers(config: RaftConfig): ServerId[] {
  const all = new Set<ServerId>();
  for (const members of setsOf(config)) {
    for (const id of members.voting) all.add(id);
    for (const id of members.nonVoting) all.add(id);
  }
  return [...all].sort((a, b) => a - b);
}

export function isMember(config: RaftConfig, id: ServerId): boolean {
  return setsOf(config).some((members) => members.voting.includes(id) || members.nonVoting.includes(id));
}

/** A server without a vote in every set of the configuration steps down once that is committed. */
export function isVoter(config: RaftConfig, id: ServerId): boolean {
  return setsOf(config).some((members) => members.voting.includes(id));
}

/** Do those for whom `has` says yes form a majority (of each set, while joint)? */
export function isQuorum(config: RaftConfig, has: (id: ServerId) => boolean): boolean {
  return setsOf(config).every((members) => isMajority(members.voting, has));
}

/** More than half of the servers. */
export function isMajority(of: readonly ServerId[], has: (id: ServerId) => boolean): boolean {
  let count = 0;
  for (const id of of) if (has(id)) count++;
  return count > of.length / 2;
}

function setsOf(config: RaftConfig): readonly RaftMembers[] {
  return config.next === null ? [config.members] : [config.members, config.next];
}
