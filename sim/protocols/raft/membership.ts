import { RaftError } from './broken.ts';

/**
 * Who votes and who learns. `outgoing` is empty except while two voter sets decide together (joint consensus);
 * `learnersNext` are outgoing voters that become learners when the joint state is left. All lists are sorted.
 */
export interface Membership {
  readonly voters: readonly number[];
  readonly outgoing: readonly number[];
  readonly learners: readonly number[];
  readonly learnersNext: readonly number[];
  /** The leader leaves the joint state by itself, as soon as it has applied the entry that entered it. */
  readonly autoLeave: boolean;
}

export interface SingleChange {
  readonly type: 'add-voter' | 'add-learner' | 'remove';
  readonly id: number;
}

/**
 * A change of membership, as ConfChangeV2. `auto` goes through a joint state only if there is more than one change
 * and then leaves it by itself; `joint-implicit` always enters and leaves by itself; `joint-explicit` enters and waits
 * for a change without changes, which leaves.
 */
export interface ConfChange {
  readonly transition: 'auto' | 'joint-implicit' | 'joint-explicit';
  readonly changes: readonly SingleChange[];
}

/** The change that leaves a joint state. */
export const LEAVE_JOINT: ConfChange = { transition: 'auto', changes: [] };

/** A plain membership of these voters and learners. */
export function membershipOf(voters: readonly number[], learners: readonly number[] = []): Membership {
  return {
    voters: sorted(voters),
    outgoing: [],
    learners: sorted(learners),
    learnersNext: [],
    autoLeave: false,
  };
}

export function isJoint(membership: Membership): boolean {
  return membership.outgoing.length > 0;
}

/** Ids of all members (voters of both halves and learners), sorted, each once. */
export function memberIds(membership: Membership): number[] {
  return sorted([...membership.voters, ...membership.outgoing, ...membership.learners]);
}

/** Ids that vote in either half, sorted, each once: whom a candidate asks. */
export function voterIds(membership: Membership): number[] {
  return sorted([...membership.voters, ...membership.outgoing]);
}

/**
 * The membership after `change`. Throws RaftError if it cannot be applied: leaving when not joint, entering when
 * joint, a simple change of more than one voter, or nobody left to vote.
 * Source: facts/consensus.md 1.16; etcd-io/raft confchange/confchange.go.
 */
export function changeMembership(before: Membership, change: ConfChange): Membership {
  if (change.transition === 'auto' && change.changes.length === 0) return leaveJoint(before);
  if (change.transition !== 'auto' || change.changes.length > 1) {
    return enterJoint(before, change.changes, change.transition !== 'joint-explicit');
  }
  if (isJoint(before)) throw new RaftError('a simple membership change is not possible in a joint state');
  const after = applyChanges(before, change.changes);
  if (difference(before.voters, after.voters) > 1) {
    throw new RaftError('more than one voter changed without entering a joint state');
  }
  return after;
}

function enterJoint(before: Membership, changes: readonly SingleChange[], autoLeave: boolean): Membership {
  if (isJoint(before)) throw new RaftError('the membership is already joint');
  if (before.voters.length === 0) throw new RaftError('a membership without voters cannot become joint');
  return { ...applyChanges({ ...before, outgoing: before.voters }, changes), autoLeave };
}

function leaveJoint(before: Membership): Membership {
  if (!isJoint(before)) throw new RaftError('the membership is not joint: there is nothing to leave');
  return membershipOf(before.voters, [...before.learners, ...before.learnersNext]);
}

function applyChanges(before: Membership, changes: readonly SingleChange[]): Membership {
  const voters = new Set(before.voters);
  const learners = new Set(before.learners);
  const learnersNext = new Set(before.learnersNext);
  for (const { type, id } of changes) {
    if (type === 'add-learner' && learners.has(id)) continue;
    voters.delete(id);
    learners.delete(id);
    learnersNext.delete(id);
    if (type === 'add-voter') voters.add(id);
    // An outgoing voter cannot be tracked as voter and learner at once: it is staged until the joint state ends.
    if (type === 'add-learner') (before.outgoing.includes(id) ? learnersNext : learners).add(id);
  }
  if (voters.size === 0) throw new RaftError('the change would remove all voters');
  return {
    voters: sorted(voters),
    outgoing: before.outgoing,
    learners: sorted(learners),
    learnersNext: sorted(learnersNext),
    autoLeave: before.autoLeave,
  };
}

function difference(a: readonly number[], b: readonly number[]): number {
  return a.filter((id) => !b.includes(id)).length + b.filter((id) => !a.includes(id)).length;
}

function sorted(ids: Iterable<number>): number[] {
  return [...new Set(ids)].sort((a, b) => a - b);
}
