/**
 * Split votes in Raft's leader election, in closed form. Source: Ongaro, "Consensus: Bridging Theory and Practice", chapter 9
 * (facts/numbers.md 3). Times are in units of the range that election time-outs are drawn from; the least time-out is `base`
 * of them (1 for time-outs in [T, 2T]). Assumes timers that start together and one constant latency.
 */
import { pow } from '../kernel/portable-math.ts';
import { binomial } from './majority.ts';

/** P(the earliest of `servers` time-outs comes within `t` of the least possible one), 0 <= t <= 1. */
export function earliestTimeoutWithin(t: number, servers: number): number {
  return 1 - pow(1 - t, servers);
}

/** The mean of the earliest of `servers` time-outs, counted from the least possible one. */
export function earliestTimeoutMean(servers: number): number {
  return 1 / (servers + 1);
}

/**
 * Probability that an election ends without a winner: so many servers time out within one latency of the first that
 * nobody can get a majority of all `members`, of which `alive` still run. `latency` is one way, 0 <= latency <= 1.
 */
export function splitVoteProbability(members: number, alive: number, latency: number): number {
  // Candidates that it takes: with one fewer, the voters left over make a majority with one of them.
  const candidates = alive - Math.floor(members / 2) + 1;
  let sum = 0;
  for (let k = Math.max(0, candidates - 1); k <= alive; k++) {
    sum += binomial(alive, k) * pow(latency, k) * pow(1 - latency, alive - k);
  }
  return sum;
}

/** Terms until one has a leader, when each splits with this probability. */
export function expectedTerms(splitProbability: number): number {
  return 1 / (1 - splitProbability);
}

export interface ElectionTiming {
  readonly members: number;
  readonly alive: number;
  /** One way, in units of the range of the time-outs. */
  readonly latency: number;
  /** Of one vote, in the same unit. */
  readonly diskWrite?: number;
  /** The least time-out, in the same unit; 1 for [T, 2T]. */
  readonly base?: number;
  /** How far the timers have run when the leader is lost: a quarter of T with heartbeats each T/2, 0 for fresh timers. */
  readonly timerAge?: number;
}

/** Mean time until a leader is elected. */
export function expectedElectionTime(timing: ElectionTiming): number {
  const { members, alive, latency, diskWrite = 0, base = 1, timerAge = 0 } = timing;
  const split = splitVoteProbability(members, alive, latency);
  const term = base + earliestTimeoutMean(alive) + latency;
  return expectedTerms(split) * term + latency + diskWrite - timerAge;
}
