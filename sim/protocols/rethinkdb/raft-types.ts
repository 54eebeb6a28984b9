/** What a Raft member is given, keeps, and says. */
import type { RaftConfig, RaftMembers } from './raft-config.ts';
import type { Log } from './raft-log.ts';
import type { RaftTiming } from './raft-timing.ts';
import { NO_SERVER, type ServerId } from './server-id.ts';

/** What a member keeps on disk. A value: a write makes a new one. */
export interface RaftDurable<S, C> {
  readonly term: number;
  readonly vote: ServerId;
  readonly log: Log<S, C>;
  readonly commit: number;
}

export type RaftTimer = 'watchdog' | 'leader-watchdog' | 'election' | 'vote-retry' | 'append-retry';

/** Set (replacing) or, with null, cancel a timer; `peer` is NO_SERVER for the member's own. */
export interface RaftTimerRequest {
  readonly timer: RaftTimer;
  readonly peer: ServerId;
  readonly delayMs: number | null;
}

export interface RaftSettings<S, C> {
  readonly id: ServerId;
  readonly timing: RaftTiming;
  /** A fresh uniform integer in [0, spread). */
  readonly draw: (spread: number) => number;
  readonly apply: (state: S, change: C) => S;
}

export type RaftMode = 'follower' | 'candidate' | 'leader';

export type RaftEvent =
  | { readonly kind: 'campaign'; readonly term: number; readonly attempt: number }
  | { readonly kind: 'election-timed-out'; readonly term: number }
  | { readonly kind: 'raft-leader'; readonly term: number; readonly votes: number }
  | { readonly kind: 'step-down'; readonly term: number; readonly was: RaftMode; readonly newTerm: number };

/** A new table's Raft state: nothing in the log, the given state as its snapshot. */
export function newRaftDurable<S, C>(state: S, members: RaftMembers): RaftDurable<S, C> {
  const config: RaftConfig = { members, next: null };
  return {
    term: 0,
    vote: NO_SERVER,
    log: { snapshot: { index: 0, term: 0, state, config }, entries: [] },
    commit: 0,
  };
}
