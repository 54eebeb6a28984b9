/** What a system's constants come to in seconds: when it notices, and when it has a new leader. Exact, from the parameters. */
import { resolveSystem } from '../systems/profiles.ts';
import type { RaftParameters } from '../systems/raft/parameters.ts';
import type { RethinkParameters } from '../systems/rethink/parameters.ts';
import type { SystemSpec, VotingSpec } from '../systems/system-spec.ts';

export interface Range {
  readonly fromUs: number;
  readonly toUs: number;
}

export interface RaftTimers {
  readonly kind: 'raft';
  readonly heartbeatUs: number;
  /** A follower without a leader campaigns after so long, uniform in whole ticks (facts/consensus.md 1.2). */
  readonly electionUs: Range;
  /**
   * A lower bound for the mean time from the loss of a leader to the first campaign of those who remain: the least of
   * their draws, less half a tick and half a heartbeat of age (facts/numbers.md 8). null for one member.
   */
  readonly meanDetectionUs: number | null;
  /** A leader without a quorum steps down after so long; null: never, it has no CheckQuorum (facts/consensus.md 1.19). */
  readonly stepDownUs: Range | null;
}

export interface RethinkTimers {
  readonly kind: 'rethink';
  readonly heartbeatUs: number;
  /** A peer that falls silent is given up so long after its last message (facts/consensus.md 3.4). A killed process is noticed at once (3.5). */
  readonly silenceUs: Range;
  /** Then, where the Raft leader was lost too, its followers campaign after so long (3.7). */
  readonly electionUs: Range;
}

export type Timers = RaftTimers | RethinkTimers;

/** A connection ends so many intervals more than the time-out names after the ring that saw its last message (facts/consensus.md 3.4). */
const EXTRA_INTERVALS = 2;

export function timersOf(spec: VotingSpec): Timers {
  return spec.kind === 'rethink'
    ? rethinkTimers(spec.parameters)
    : raftTimers(spec.parameters, spec.members.length);
}

function raftTimers(parameters: RaftParameters, members: number): RaftTimers {
  const { tickUs, electionTicks, heartbeatTicks } = parameters;
  return {
    kind: 'raft',
    heartbeatUs: tickUs * heartbeatTicks,
    electionUs: { fromUs: electionTicks * tickUs, toUs: (2 * electionTicks - 1) * tickUs },
    meanDetectionUs: members < 2 ? null : meanDetectionUs(parameters, members - 1),
    stepDownUs: parameters.checkQuorum
      ? { fromUs: electionTicks * tickUs, toUs: 2 * electionTicks * tickUs }
      : null,
  };
}

function meanDetectionUs(
  { tickUs, electionTicks, heartbeatTicks }: RaftParameters,
  followers: number,
): number {
  return tickUs * (meanLeastTimeoutTicks(electionTicks, followers) - 0.5 - heartbeatTicks / 2);
}

/** E[min] of so many independent draws, each uniform on the whole numbers E .. 2E - 1. */
export function meanLeastTimeoutTicks(electionTicks: number, draws: number): number {
  let mean = electionTicks;
  // E[min] = E + sum of P(min > E + k).
  for (let k = 1; k < electionTicks; k++) {
    let product = 1;
    for (let i = 0; i < draws; i++) product *= (electionTicks - k) / electionTicks;
    mean += product;
  }
  return mean;
}

function rethinkTimers(parameters: RethinkParameters): RethinkTimers {
  const { heartbeatTimeoutUs, heartbeatIntervals } = parameters;
  const heartbeatUs = heartbeatTimeoutUs / heartbeatIntervals;
  const intervals = heartbeatIntervals + EXTRA_INTERVALS;
  return {
    kind: 'rethink',
    heartbeatUs,
    silenceUs: { fromUs: intervals * heartbeatUs, toUs: (intervals + 1) * heartbeatUs },
    electionUs: { fromUs: parameters.electionTimeoutMinUs, toUs: parameters.electionTimeoutMaxUs },
  };
}

/** Where the constants were read, and whether the scenario changed some. */
export function sourceOf(spec: SystemSpec): { source: string; changed: boolean } {
  const changed = spec.profile.endsWith('+');
  const profile = changed ? spec.profile.slice(0, -1) : spec.profile;
  return { source: resolveSystem(spec.kind, profile, {}).source, changed };
}
