/** The one door to the model: a scenario and a seed in, a run out. No I/O, no clock, the same answer each time. */
import { FaultRunner } from './faults/fault-runner.ts';
import { Kernel } from './kernel/kernel.ts';
import { DEFAULT_SEED, type Seed } from './kernel/streams.ts';
import { SECOND } from './kernel/time.ts';
import { AvailabilityMeter } from './measures/availability.ts';
import { FailoverMeter, faultFinder } from './measures/failovers.ts';
import { judge } from './measures/judge.ts';
import { LaneMeter } from './measures/lanes.ts';
import { findOutages, summarize } from './measures/summary.ts';
import { vantagePoints, withUsers } from './measures/vantage.ts';
import type { Run, SystemReport } from './run.ts';
import type { Scenario } from './scenario.ts';
import { createSystem } from './systems/create.ts';
import type { Change, System } from './systems/system.ts';
import { World } from './world/world.ts';

export interface SimulateOptions {
  readonly seed?: Seed;
  /** Handles every event, also of what could be parked: the same answer, much later. */
  readonly everyEvent?: boolean;
}

/** Runs a scenario once. Throws Error only for a bug: a scenario that the loader accepted has an answer. */
export function simulate(scenario: Scenario, options: SimulateOptions = {}): Run {
  const steps = simulateInSteps(scenario, options);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Steps of a run: so many, but none shorter than a second of model time. */
const STEPS = 2_000;
const STEP_MIN_US = SECOND;
/** And after so many events at most: whoever drives it can stop it. */
const STEP_EVENTS_MAX = 100_000;

/**
 * The same run with pauses in which a caller can show progress or give up: yields the model time that is reached, in
 * microseconds (below zero in the warm-up), and returns the run.
 */
export function* simulateInSteps(
  scenario: Scenario,
  options: SimulateOptions = {},
): Generator<number, Run, void> {
  const seed = options.seed ?? DEFAULT_SEED;
  const { durationUs, warmUpUs } = scenario.run;
  const kernel = new Kernel(seed, -warmUpUs, { parking: options.everyEvent !== true });
  const world = new World(kernel, withUsers(scenario.world));
  const faults = new FaultRunner(kernel, world, scenario.faults, scenario.operators);
  const systems = scenario.systems.map((spec, i) =>
    kernel.within(i + 1, () => createSystem(kernel, world, spec)),
  );
  /** Of each system: what measures are to look at again in the present instant. */
  const looks: Change[] = systems.map(() => 'nothing');

  for (const system of systems) system.start();
  yield* advance(kernel, 0);

  kernel.trace.begin();
  const { events } = kernel.trace;
  const failoverMeter = new FailoverMeter(kernel, systems);
  for (const system of systems) system.beginMeasuring();
  const vantages = vantagePoints(scenario, world);
  const availabilityMeter = new AvailabilityMeter(kernel, systems, vantages);
  const lanes = new LaneMeter(kernel, systems);
  availabilityMeter.settle();
  kernel.onSettled(() => {
    let some = false;
    let all = false;
    for (let i = 0; i < systems.length; i++) {
      looks[i] = 'nothing';
      if (!kernel.concerns(i + 1)) continue;
      const change = systems[i]!.changed?.() ?? 'anything';
      looks[i] = kernel.concernsAll ? 'anything' : change;
      if (looks[i] !== 'nothing') some = true;
      if (looks[i] === 'anything') all = true;
    }
    if (!some) return;
    for (let i = 0; i < systems.length; i++) if (looks[i] !== 'nothing') systems[i]!.settle();
    lanes.settleGroups();
    if (!all) return;
    const isConcerned = (system: number) => looks[system] === 'anything';
    lanes.settleMembers(isConcerned);
    availabilityMeter.settle(isConcerned);
  });
  faults.start(systems);
  yield* advance(kernel, durationUs);

  for (const system of systems) system.catchUp?.();
  const faultReports = faults.reports();
  const availability = availabilityMeter.intervals(durationUs);
  const outages = findOutages(availability, events, durationUs);
  const summary = summarize(availability, durationUs, outages);
  const failovers = failoverMeter.failovers(faultFinder(events, faultReports));
  const reports = systems.map(report);
  return {
    scenario,
    seed,
    durationUs,
    events,
    faults: faultReports,
    systems: reports,
    vantages: vantages.map(({ name, level }) => ({ name, level })),
    failovers,
    availability,
    summary,
    outages,
    ...lanes.finish(),
    objectives: judge(scenario.objectives, {
      systems: reports,
      failovers,
      summary,
      faults: faultReports,
      families: new Map(systems.map(({ spec }) => [spec.name, spec.family])),
    }),
    eventCount: kernel.eventCount,
    parking: { everyEvent: !kernel.parking, groups: systems.flatMap((system) => system.parking ?? []) },
  };
}

function* advance(kernel: Kernel, endUs: number): Generator<number, void, void> {
  const stepUs = Math.max(STEP_MIN_US, Math.ceil((endUs - kernel.nowUs) / STEPS));
  let untilUs = kernel.nowUs;
  do {
    untilUs = Math.min(endUs, untilUs + stepUs);
    while (!kernel.runUntil(untilUs, STEP_EVENTS_MAX)) yield kernel.nowUs;
    yield kernel.nowUs;
  } while (kernel.nowUs < endUs);
}

function report(system: System): SystemReport {
  const { spec, groups } = system;
  const sum = (pick: (group: System['groups'][number]) => number) =>
    groups.reduce((total, group) => total + pick(group), 0);
  return {
    name: spec.name,
    kind: spec.kind,
    profile: spec.profile,
    members: spec.members,
    groups: groups.map((group) => group.name),
    impact: system.impact,
    campaigns: sum((group) => group.counts.campaigns),
    elections: sum((group) => group.counts.elections),
    highestTerm: Math.max(0, ...groups.map((group) => group.counts.highestTerm)),
    splitVotes: sum((group) => group.counts.splitVotes),
    messages: system.traffic.filter((row) => row.messages > 0).map((row) => ({ ...row })),
  };
}
