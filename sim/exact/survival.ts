/**
 * What a system still does on what is left of its world, once every time-out has run: exact, by quorum arithmetic.
 *
 * Where the answer depends on which member leads, every possible answer is given.
 */
import type { OperationState } from '../run.ts';
import { OPERATIONS } from '../systems/profiles.ts';
import type { VotingSpec } from '../systems/system-spec.ts';
import { quorumOf } from './majority.ts';
import type { Remains } from './remains.ts';

export interface OperationSurvival {
  readonly operation: string;
  /** By zone of the users who can still ask: the states it may come to, best first. One, unless it depends on who leads. */
  readonly byZone: readonly { readonly zone: string; readonly states: readonly OperationState[] }[];
  /** Over all zones. */
  readonly states: readonly OperationState[];
}

/**
 * `stays`: whoever led goes on; `may change`: it depends on whether the leader is among what is lost; `changes`: it is;
 * `none`: no member can lead any more.
 */
export type LeaderFate = 'stays' | 'may change' | 'changes' | 'none';

export interface Survival {
  readonly system: string;
  readonly voters: number;
  readonly quorum: number;
  /** Voters in the largest set that one of them reaches, itself included. */
  readonly together: number;
  readonly leader: LeaderFate;
  readonly operations: readonly OperationSurvival[];
}

/** `leader`: the member that leads before, where that is known. */
export function survival(spec: VotingSpec, remains: Remains, leader?: string): Survival {
  const quorum = quorumOf(spec.members.length);
  const reachedBy = new Map(
    spec.members
      .filter((member) => remains.works(member))
      .map((member) => [member, votersReached(spec, remains, member)]),
  );
  const able = [...reachedBy].filter(([, reached]) => reached >= quorum).map(([member]) => member);
  const before = leader === undefined ? spec.members : [leader];
  const operations = OPERATIONS[spec.kind].map((operation): OperationSurvival => {
    const byZone = remains.zones.map((zone) => ({
      zone,
      states: inOrder(before.flatMap((old) => statesOf(spec, remains, operation, zone, able, old))),
    }));
    return {
      operation,
      byZone,
      states: byZone.length === 0 ? ['down'] : inOrder(byZone.flatMap(({ states }) => states)),
    };
  });
  return {
    system: spec.name,
    voters: spec.members.length,
    quorum,
    together: Math.max(0, ...reachedBy.values()),
    leader: leaderFate(before, able),
    operations,
  };
}

function votersReached(spec: VotingSpec, remains: Remains, member: string): number {
  return spec.members.filter(
    (other) => other === member || (remains.works(other) && remains.connects(member, other)),
  ).length;
}

function leaderFate(before: readonly string[], able: readonly string[]): LeaderFate {
  if (able.length === 0) return 'none';
  const staying = before.filter((member) => able.includes(member)).length;
  return staying === before.length ? 'stays' : staying === 0 ? 'changes' : 'may change';
}

/** From a zone, for each member that may lead now. */
function statesOf(
  spec: VotingSpec,
  remains: Remains,
  operation: string,
  zone: string,
  able: readonly string[],
  oldLeader: string,
): OperationState[] {
  const contacts = [...spec.members, ...spec.learners].filter(
    (member) => remains.works(member) && remains.reaches(zone, member),
  );
  const talksTo = (leader: string) => (member: string) =>
    member === leader || remains.connects(member, leader);
  const unserved: OperationState = staleReads(spec, remains, operation, contacts, oldLeader)
    ? 'degraded'
    : 'down';
  if (able.length === 0) return [unserved];
  return able.map((leader) => {
    // Scheduling is the leader's own work: users must reach it, not just any manager.
    const served = operation === 'schedule' ? contacts.includes(leader) : contacts.some(talksTo(leader));
    return served ? 'up' : unserved;
  });
}

/** Whether a read still gets a stale answer from one of these members without a leader that can commit. */
function staleReads(
  spec: VotingSpec,
  remains: Remains,
  operation: string,
  contacts: readonly string[],
  oldLeader: string,
): boolean {
  if (operation !== 'read') return false;
  switch (spec.kind) {
    case 'etcd':
    // Serializable reads are local (facts/consensus.md 2.11); so are outdated ones (3.21).
    case 'rethink':
      return contacts.length > 0;
    case 'swarm':
      // Reads come from the leader's store: without CheckQuorum one that has lost its quorum never steps down (facts/platform.md 1.1).
      return (
        !spec.parameters.checkQuorum &&
        remains.works(oldLeader) &&
        contacts.some((member) => member === oldLeader || remains.connects(member, oldLeader))
      );
    case 'raft':
      return false;
  }
}

const ORDER: readonly OperationState[] = ['up', 'degraded', 'down'];

function inOrder(states: readonly OperationState[]): OperationState[] {
  return ORDER.filter((state) => states.includes(state));
}
