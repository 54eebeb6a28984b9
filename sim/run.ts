/**
 * What a run answers: the shape every report is written from. Times are model microseconds; a report rounds when it
 * writes. Arrays are in the order of time, then of the scenario.
 */
import type { Seed } from './kernel/streams.ts';
import type { TraceEvent, TraceId } from './kernel/trace.ts';
import type { ObjectiveVerdict } from './measures/objectives.ts';
import type { Scenario } from './scenario.ts';
import type { ParkingReport } from './systems/parking.ts';

/** `degraded`: only stale or local reads, or reduced capacity. */
export type OperationState = 'up' | 'degraded' | 'down';

/** A place or node from which an operation is tried. */
export interface Vantage {
  readonly name: string;
  readonly level: 'region' | 'datacenter' | 'zone' | 'node';
}

export interface AvailabilityInterval {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly state: OperationState;
  /** True where a request is accepted but waits (for a leader) before it succeeds within its deadline: state is `up`. */
  readonly waits: boolean;
  /** What made it so; 0 for the state at the start. */
  readonly cause: TraceId;
}

export interface SummaryRow {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  /** Share of the run in state up or degraded... see docs/reference: availability counts `up` only. */
  readonly availability: number;
  readonly degradedUs: number;
  readonly downtimeUs: number;
  readonly waitingUs: number;
  readonly outages: number;
  readonly longestOutageUs: number;
}

/** A maximal interval in which an operation is down from a vantage, with the chain of trace ids that led to it (nearest first). */
export interface Outage {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  readonly fromUs: number;
  readonly toUs: number;
  /** False when the run ended before the outage did. */
  readonly ended: boolean;
  readonly causes: readonly TraceId[];
}

/** Loss of a leader until the group serves again. Durations count from `lostAtUs`; null = did not happen in the run. */
export interface Failover {
  readonly system: string;
  /** Which of the system's groups: '' when it has but one, else e.g. a table. */
  readonly group: string;
  /** Number of the fault that caused it (1, 2, ...; FaultReport.number), 0 when none did. */
  readonly fault: number;
  readonly oldLeader: string;
  readonly newLeader: string | null;
  readonly oldTerm: number;
  readonly newTerm: number | null;
  /** Campaigns up to and including the winning one. */
  readonly rounds: number;
  readonly lostAtUs: number;
  readonly detectedUs: number | null;
  readonly electedUs: number | null;
  readonly recoveredUs: number | null;
  /** Trace ids of the four moments, for the chain in words. */
  readonly lostEvent: TraceId;
  readonly detectedEvent: TraceId | null;
  readonly electedEvent: TraceId | null;
  readonly recoveredEvent: TraceId | null;
}

/** What one member of one system was, for how long. */
export type MemberState =
  | 'leader'
  | 'follower'
  | 'candidate'
  | 'pre-candidate'
  | 'learner'
  /** RethinkDB: holds the primary replica / a secondary replica of the group. */
  | 'primary'
  | 'secondary'
  | 'paused'
  | 'stalled'
  | 'down';

export interface MemberInterval {
  readonly system: string;
  readonly group: string;
  readonly node: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly state: MemberState;
  readonly term: number;
  /** A leader that cannot reach a quorum, or a member that reaches no leader. */
  readonly cutOff: boolean;
}

/** Whether a group could serve: it has a leader that reaches a quorum, a quorum without a leader, or no quorum. */
export type GroupState = 'serving' | 'no-leader' | 'no-quorum';

export interface GroupInterval {
  readonly system: string;
  readonly group: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly state: GroupState;
  /** Leader's node and term while serving, '' and 0 otherwise. */
  readonly leader: string;
  readonly term: number;
  /** Members that can talk to each other in the largest such set, voters in all, and the quorum. */
  readonly reachable: number;
  readonly voters: number;
  readonly quorum: number;
  readonly cause: TraceId;
}

export interface FaultReport {
  /** 1, 2, 3, ... in the order of their beginning; keyed to the numbers in the pictures. */
  readonly number: number;
  /** Index into the scenario's faults; -1 for what operators do. */
  readonly index: number;
  /** Of a fault that befalls `each` of several: the node, place, link or common cause it was. */
  readonly entity?: string | undefined;
  /** `zone-outage`, `kill`, ...; of operators `maintenance` and `runbook`. */
  readonly kind: string;
  /** One clause in plain words: "zone us-west/b loses power". */
  readonly title: string;
  /** Nodes it touched (for link faults: on either side). */
  readonly nodes: readonly string[];
  readonly fromUs: number;
  /** null: lasted to the end of the run. */
  readonly toUs: number | null;
  readonly event: TraceId;
  /** False when it changed no node and no message felt it. */
  readonly hadEffect: boolean;
  /** Why it had none, '' otherwise. */
  readonly note: string;
}

export interface SystemReport {
  readonly name: string;
  readonly kind: string;
  readonly profile: string;
  readonly members: readonly string[];
  readonly groups: readonly string[];
  /** In words, what is lost when this system is: "UCP operations: logins, ..." */
  readonly impact: readonly string[];
  /** Campaigns begun / leaders elected / highest term / campaigns that ended without a winner because votes were split. */
  readonly campaigns: number;
  readonly elections: number;
  readonly highestTerm: number;
  readonly splitVotes: number;
  readonly messages: readonly TrafficRow[];
}

export interface TrafficRow {
  readonly linkClass: string;
  readonly messages: number;
  readonly lost: number;
  readonly bytes: number;
}

export interface Run {
  readonly scenario: Scenario;
  readonly seed: Seed;
  readonly durationUs: number;
  readonly events: readonly TraceEvent[];
  readonly faults: readonly FaultReport[];
  readonly systems: readonly SystemReport[];
  readonly vantages: readonly Vantage[];
  readonly failovers: readonly Failover[];
  readonly availability: readonly AvailabilityInterval[];
  readonly summary: readonly SummaryRow[];
  readonly outages: readonly Outage[];
  readonly members: readonly MemberInterval[];
  readonly groups: readonly GroupInterval[];
  readonly objectives: readonly ObjectiveVerdict[];
  /** Kernel events handled: the cost of the run. */
  readonly eventCount: number;
  /** What was parked meanwhile, and why not; it changes nothing else. Absent in a run that was read from files. */
  readonly parking?: { readonly everyEvent: boolean; readonly groups: readonly ParkingReport[] };
}
