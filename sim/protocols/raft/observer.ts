import type { Membership } from './membership.ts';
import type { MessageType } from './message.ts';

export type Role = 'Follower' | 'PreCandidate' | 'Candidate' | 'Leader';

/** Why a node took its role. */
export type RoleReason =
  | 'start'
  | 'election-timeout'
  | 'campaign-asked'
  | 'pre-vote-won'
  | 'pre-vote-lost'
  | 'vote-won'
  | 'vote-lost'
  | 'transfer'
  | 'higher-term'
  | 'leader-heard'
  | 'quorum-lost'
  | 'removed';

export type VoteReason =
  | 'up-to-date'
  | 'lease'
  | 'voted-other'
  | 'leader-known'
  | 'log-behind'
  | 'stale-term';

/** The node took a role (also the same again: each campaign of a candidate is one). */
export interface RoleTaken {
  readonly kind: 'role';
  readonly node: number;
  readonly role: Role;
  readonly before: Role;
  readonly term: number;
  readonly termBefore: number;
  readonly lead: number;
  readonly reason: RoleReason;
  /** `higher-term`, `leader-heard`, `transfer`: whose message; otherwise 0. */
  readonly from: number;
  readonly message: MessageType | null;
  /** `election-timeout`: ticks since the timer started; `quorum-lost`: ticks between two checks; otherwise 0. */
  readonly ticks: number;
}

/** The leader that a follower knows changed: 0 = it knows none any more. */
export interface LeaderKnown {
  readonly kind: 'leader';
  readonly node: number;
  readonly lead: number;
  readonly term: number;
}

/** The node answered, or silently ignored, a request for its vote. */
export interface VoteAnswered {
  readonly kind: 'vote';
  readonly node: number;
  readonly candidate: number;
  /** The term that the candidate asks for. */
  readonly term: number;
  readonly preVote: boolean;
  readonly outcome: 'granted' | 'refused' | 'ignored';
  readonly reason: VoteReason;
  /** `lease`: ticks until it would have expired; otherwise 0. */
  readonly leaseTicksLeft: number;
}

/** A message of an older term arrived: answered with the own term, or dropped. */
export interface StaleMessage {
  readonly kind: 'stale';
  readonly node: number;
  readonly from: number;
  readonly message: MessageType;
  readonly messageTerm: number;
  readonly term: number;
  readonly answered: boolean;
}

/** A leader committed for the first time in its own term: from here it serves. */
export interface FirstCommit {
  readonly kind: 'first-commit';
  readonly node: number;
  readonly term: number;
  readonly index: number;
}

export interface TransferStep {
  readonly kind: 'transfer';
  readonly node: number;
  readonly term: number;
  readonly target: number;
  readonly step: 'started' | 'timeout-now-sent' | 'aborted' | 'refused';
  readonly reason:
    | 'asked'
    | 'log-current'
    | 'deadline'
    | 'other-target'
    | 'role-lost'
    | 'removed'
    | 'not-a-voter';
}

export interface MembershipChanged {
  readonly kind: 'membership';
  readonly node: number;
  readonly membership: Membership;
}

export type Observation =
  | RoleTaken
  | LeaderKnown
  | VoteAnswered
  | StaleMessage
  | FirstCommit
  | TransferStep
  | MembershipChanged;

/** Told of each observation while it happens; must not call back into the node. */
export type Observer = (observation: Observation) => void;
