/**
 * What becomes of a request that reaches a member: exactly, from the state of the group at that instant.
 *
 * A request that waits for no leader in particular is served by whichever comes. One that has been handed to a leader is
 * bound to it: it is served if that leader serves again in the same term (its quorum or the connection came back), and
 * lost with it otherwise, however soon another one is elected.
 */
import type { RaftGroup } from './group.ts';
import type { Member } from './member.ts';

/** More than a group has members. */
const MEMBERS_SPAN = 65_536;

export type Reach =
  /** It leads, by its own word. */
  | 'leads'
  /** It knows no leader. */
  | 'no-leader'
  /** Its requests get to the leader that it knows, and answers back. */
  | 'reaches'
  /** They lie in its connection to that leader, and get there should it recover. */
  | 'stalled'
  /** The connection is closed, and the member knows it. */
  | 'closed'
  /** They are lost. */
  | 'lost';

/** How a member stands to the leader that it knows. */
export function reachOf(group: RaftGroup, member: Member): Reach {
  const leader = knownLeader(group, member);
  if (leader === null) return 'no-leader';
  if (leader === member) return member.raft.state === 'Leader' ? 'leads' : 'no-leader';
  if (group.exchanges(member, leader)) return 'reaches';
  const channel = group.wire.channel(member.id - 1, leader.id - 1);
  if (channel === null) return 'lost';
  if (!channel.connected) return 'closed';
  return channel.holds ? 'stalled' : 'lost';
}

export function knownLeader(group: RaftGroup, member: Member): Member | null {
  const { lead } = member.raft;
  return lead === 0 ? null : (group.hosts[lead - 1] ?? null);
}

/** Names a leader in one of its terms, as the member knows it. */
export function bondOf(member: Member): number {
  return bond(member.raft.lead, member.raft.term);
}

/** Names the leader that serves. */
export function bondTo(leader: Member): number {
  return bond(leader.id, leader.raft.term);
}

/** Ids begin at 1. */
function bond(leader: number, term: number): number {
  return term * MEMBERS_SPAN + leader;
}
