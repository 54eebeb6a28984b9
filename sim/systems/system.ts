/**
 * What every system shows to the floors above: who its members are, what its groups are doing, and whether an operation
 * would be served from somewhere. Measures only look; nothing here changes a run.
 */
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { GroupState, MemberState } from '../run.ts';
import type { ParkingReport } from './parking.ts';
import type { SystemSpec } from './system-spec.ts';

/** What a request that is sent now meets. */
export interface Access {
  /** `waits`: it is accepted and held until the group serves, or until its deadline; `fails`: it is refused or lost. */
  readonly outcome: 'served' | 'waits' | 'fails';
  /** A stale or local answer is to be had meanwhile. */
  readonly stale: boolean;
  /** `waits`: only for this server (a leader in its term) to serve again; `served`: by this one. ANYONE: any will do. */
  readonly bond: number;
  /** `fails`: what is sent now is turned away at once, but what has been waiting goes on waiting. */
  readonly refused: boolean;
  /** The trace event behind anything but `served`; 0 when nothing in the run is to blame. */
  readonly cause: TraceId;
}

/** No bond. */
export const ANYONE = 0;

/** All are made here: measures compare thousands of them, which is fast while they are of one shape. */
export function accessOf(
  outcome: Access['outcome'],
  cause: TraceId,
  stale = false,
  bond = ANYONE,
  refused = false,
): Access {
  return { outcome, stale, bond, refused, cause };
}

export const SERVED = accessOf('served', NO_CAUSE);

function rankOf({ outcome }: Access): number {
  return outcome === 'served' ? 2 : outcome === 'waits' ? 1 : 0;
}

/** The better of two, for a client that may try both. */
export function better(a: Access, b: Access): Access {
  const stale = a.stale || b.stale;
  const rank = rankOf(b) - rankOf(a);
  // Of two that wait, the one that anybody may serve; of two that fail, the one that only turns newcomers away.
  const second = rank === 0 && ((a.bond !== ANYONE && b.bond === ANYONE) || (!a.refused && b.refused));
  const best = rank > 0 || second ? b : a;
  return best.stale === stale ? best : accessOf(best.outcome, best.cause, stale, best.bond, best.refused);
}

export interface Operation {
  /** `write`, `read`, `schedule`. */
  readonly name: string;
  /** A waiting request gives up after so long. */
  readonly deadlineUs: number;
}

export interface GroupStatus {
  readonly state: GroupState;
  /** Node of the leader while serving, '' otherwise. */
  readonly leader: string;
  readonly term: number;
  /** Active members in the largest set whose members can all exchange messages with one of them. */
  readonly reachable: number;
  readonly voters: number;
  readonly quorum: number;
  readonly cause: TraceId;
}

export interface MemberStatus {
  readonly state: MemberState;
  readonly term: number;
  /** A leader without a quorum, or a member that no leader reaches. */
  readonly cutOff: boolean;
}

/** One set of members with one leader: the whole of Swarm's Raft, or one table of RethinkDB. */
export interface Group {
  /** '' when the system has but one. */
  readonly name: string;
  /** Node names in the order of the scenario. */
  readonly members: readonly string[];
  /** Its voters now, by node; absent: the members of the system's spec. */
  readonly voters?: readonly string[];
  readonly status: GroupStatus;
  memberStatus(node: string): MemberStatus;
  /** Figures since measuring began. */
  readonly counts: GroupCounts;
}

export interface GroupCounts {
  campaigns: number;
  elections: number;
  highestTerm: number;
  /** Campaigns that ended because the votes were split among candidates. */
  splitVotes: number;
}

/**
 * Told of what happens in a group at the moment it happens. The ids are trace events.
 * Every campaign counts, also those that the trace leaves out (a lonely candidate's hundredth).
 */
export interface GroupObserver {
  campaign(group: Group, node: string, term: number, event: TraceId): void;
  elected(group: Group, node: string, term: number, event: TraceId): void;
  /** The status differs from the last one told in state, leader or term, or in how many members are reachable. */
  statusChanged(group: Group, status: GroupStatus, event: TraceId): void;
}

export interface Traffic {
  readonly linkClass: string;
  messages: number;
  lost: number;
  bytes: number;
}

/** What operators made when a quorum was gone. */
export interface Recovered {
  /** Who is in it; the others are to be joined again. */
  readonly nodes: readonly string[];
  /** Committed entries that none of them had; null where nobody counts them. */
  readonly lostEntries: number | null;
}

/** Operators' hands: how a quorum is made from what is left. */
export interface Recovery {
  /** How often its processes were started anew for it: what they had been sent before is lost. */
  readonly restarts: number;
  /** Members, by node, that were left out and wait to be joined again. */
  outside(): readonly string[];
  /** Makes a quorum of members that run; null when there is none to make it from. */
  recover(cause: TraceId): Recovered | null;
  /** Joins one again, or goes on joining it: true when it is a member; else it is to be called again. */
  rejoin(node: string, cause: TraceId): boolean;
}

/**
 * What may be seen of a system that was not when it was last looked at, the world being the same. `reach`: only who hears
 * whom among members that neither lead nor are led by the other: status may differ, access and members' states cannot.
 */
export type Change = 'nothing' | 'reach' | 'anything';

export interface System {
  readonly spec: SystemSpec;
  readonly operations: readonly Operation[];
  /** What users lose with it, in words (DESIGN.md, impact). */
  readonly impact: readonly string[];
  readonly groups: readonly Group[];
  readonly traffic: readonly Traffic[];
  /** Absent where there is no quorum to bring back. */
  readonly recovery?: Recovery;
  /** Boots the members; called once, before the first event. */
  start(): void;
  /** The warm-up is over: counts begin at zero, and the state of each group is recorded as the beginning of the trace. */
  beginMeasuring(): void;
  observe(observer: GroupObserver): void;
  /** Asked once for each instant in which something of it was touched. Absent: anything may. */
  changed?(): Change;
  /** Looks at each group again and tells observers what changed; called when an instant has settled. */
  settle(): void;
  /** From a node's place in the world (index; also the hidden nodes that stand for users). */
  access(operation: string, vantage: number): Access;
  /** Wakes what is parked, so that every count is what it is now. Systems that never park leave it out. */
  catchUp?(): void;
  /** How its groups were parked. */
  readonly parking?: readonly ParkingReport[];
  /** Present leaders' nodes, for `leader of X`; of several groups the first one's first. */
  leaders(): readonly string[];
}
