/**
 * How long a system is down where that is so rare that plain runs see nothing: cycles of failures are drawn by importance
 * sampling, each is played through the model by the calendar, and its downtime counts with its weight. By renewal and
 * reward: share of time down = mean downtime of a cycle / mean length of a cycle. In the long run, elections included.
 */

import { quorumOf } from '../../exact/majority.ts';
import { Ground } from '../../exact/remains.ts';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { lifeProcesses } from '../../faults/life.ts';
import { constant } from '../../kernel/distribution.ts';
import { RandomStream, type Seed } from '../../kernel/streams.ts';
import { SECOND } from '../../kernel/time.ts';
import type { GroupInterval } from '../../run.ts';
import type { Scenario } from '../../scenario.ts';
import { simulate } from '../../simulate.ts';
import { votingSystems } from '../../systems/system-spec.ts';
import { Damages } from '../exact/damages.ts';
import { DEFAULT_CONFIDENCE, type Interval, meanInterval, sumOf } from '../statistics/index.ts';
import { seedOfRun } from '../study.ts';
import { type Cycle, type CyclicProcess, drawCycle } from './cycle.ts';

/** The first failure comes at some moment in this time, so that it meets heartbeats at any phase. */
const PHASE_US = 10 * SECOND;
/** What follows the last repair until everything is calm again. */
const CALM_US = 180 * SECOND;

export interface RareModel {
  readonly scenario: Scenario;
  readonly processes: readonly CyclicProcess[];
  /** Mean time from "all up" to the first failure. */
  readonly meanIdleUs: number;
  readonly isGoal: (down: ReadonlySet<number>) => boolean;
}

/** One cycle played through the model; rows in the order of the run's summary. */
export interface CycleOutcome {
  readonly weight: number;
  readonly lengthUs: number;
  readonly downUs: readonly number[];
  readonly notUpUs: readonly number[];
  /** Time without a quorum, elections aside; by system, in the order of the scenario. */
  readonly noQuorumUs: readonly number[];
}

/** Shares of time in the long run. */
export interface RareEstimate {
  readonly system: string;
  readonly operation: string;
  readonly vantage: string;
  /** Down, and down or degraded: with the time of elections. */
  readonly unavailability: Interval;
  readonly notUp: Interval;
  /** Its system has no quorum: without the time of elections, as an exact answer by failures alone. */
  readonly noQuorum: Interval;
}

/** The model of a scenario whose failures come by themselves at exponential times; else why there is none. */
export function rareModel(scenario: Scenario): RareModel | string {
  const planned = scenario.faults.find(({ start }) => start.kind !== 'every');
  if (planned !== undefined) return `${planned.origin}: it is planned`;
  const { operators } = scenario;
  if ((operators?.maintenance.length ?? 0) > 0) return 'maintenance is planned';
  if ((operators?.runbooks.length ?? 0) > 0) return 'a runbook ends the loss of a quorum';
  const lives = lifeProcesses(scenario.faults);
  if (lives.length === 0) return 'nothing fails by itself';
  const processes: CyclicProcess[] = [];
  for (const life of lives) {
    const { origin } = scenario.faults[life.fault]!;
    const { up, repair } = life;
    if (up.kind !== 'exponential') return `${origin}: the time to a failure is not exponential`;
    if (repair === null) return `${origin}: it is never repaired`;
    processes.push({ ...life, up, repair });
  }
  return {
    scenario,
    processes,
    meanIdleUs: 1 / processes.reduce((sum, { up }) => sum + 1 / up.mean, 0),
    isGoal: quorumsLost(scenario, processes),
  };
}

/** Every system that votes has lost its quorum: nothing more need be forced. */
function quorumsLost(
  scenario: Scenario,
  processes: readonly CyclicProcess[],
): (down: ReadonlySet<number>) => boolean {
  const damages = new Damages(scenario, new Ground(scenario.world));
  const lost = processes.map(({ effects }) => {
    const damage = damages.ofAll(effects);
    return typeof damage === 'string' ? [] : damage.nodes;
  });
  const voting = votingSystems(scenario.systems);
  return (down) => {
    const nodes = new Set([...down].flatMap((i) => lost[i]!));
    return (
      voting.length > 0 &&
      voting.every(
        ({ members }) => members.filter((member) => !nodes.has(member)).length < quorumOf(members.length),
      )
    );
  };
}

/** Cycle k, played through the model. The same seed and k give the same cycle on any machine. */
export function playCycle({ scenario, processes, isGoal }: RareModel, seed: Seed, k: number): CycleOutcome {
  const own = seedOfRun(seed, k);
  const cycle = drawCycle(processes, scenario.operators?.crews ?? [], own, isGoal);
  const phaseUs = 1 + new RandomStream(own, 'rare/phase').integer(0, PHASE_US);
  const { summary, groups } = simulate(scripted(scenario, processes, cycle, phaseUs), { seed: own });
  return {
    weight: cycle.weight,
    lengthUs: cycle.lengthUs,
    downUs: summary.map(({ downtimeUs }) => downtimeUs),
    notUpUs: summary.map(({ downtimeUs, degradedUs }) => downtimeUs + degradedUs),
    noQuorumUs: scenario.systems.map(({ name }) => noQuorumUs(groups, name)),
  };
}

/** Of a system with several groups: of the first, as they have the same members. */
function noQuorumUs(groups: readonly GroupInterval[], system: string): number {
  const first = groups.find((one) => one.system === system)?.group;
  return groups
    .filter((one) => one.system === system && one.group === first && one.state === 'no-quorum')
    .reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs), 0);
}

/** The scenario with the failures of a cycle by the calendar instead of chance. */
function scripted(
  scenario: Scenario,
  processes: readonly CyclicProcess[],
  { failures, lengthUs }: Cycle,
  phaseUs: number,
): Scenario {
  const faults = failures.flatMap(({ process, fromUs, toUs }): FaultSpec[] => {
    const { effects, fault } = processes[process]!;
    const { name, origin } = scenario.faults[fault]!;
    const atUs = phaseUs + Math.round(fromUs);
    const duration = constant(Math.max(1, phaseUs + Math.round(toUs) - atUs));
    return effects.map((effect) => ({
      name,
      start: { kind: 'at', atUs },
      repeat: null,
      duration,
      effect,
      origin,
    }));
  });
  return {
    ...scenario,
    faults,
    objectives: [],
    run: { ...scenario.run, durationUs: phaseUs + Math.round(lengthUs) + CALM_US },
  };
}

/** From any number of played cycles, in the order of k. */
export function rareEstimates(
  { scenario, meanIdleUs }: RareModel,
  rows: readonly { readonly system: string; readonly operation: string; readonly vantage: string }[],
  cycles: readonly CycleOutcome[],
  confidence = DEFAULT_CONFIDENCE,
): RareEstimate[] {
  // Weights have mean one, so that the idle time needs none; what it adds to the busy time hardly varies.
  const meanCycleUs =
    meanIdleUs + sumOf(cycles.map(({ weight, lengthUs }) => weight * lengthUs)) / cycles.length;
  const share = (pick: (cycle: CycleOutcome) => number): Interval => {
    const { estimate, lower, upper, n, method } = meanInterval(
      cycles.map((cycle) => cycle.weight * pick(cycle)),
      confidence,
    );
    return {
      estimate: estimate / meanCycleUs,
      lower: lower / meanCycleUs,
      upper: Math.min(1, upper / meanCycleUs),
      n,
      method,
    };
  };
  const names = scenario.systems.map(({ name }) => name);
  return rows.map(({ system, operation, vantage }, row) => ({
    system,
    operation,
    vantage,
    unavailability: share(({ downUs }) => downUs[row]!),
    notUp: share(({ notUpUs }) => notUpUs[row]!),
    noQuorum: share((cycle) => cycle.noQuorumUs[names.indexOf(system)]!),
  }));
}
