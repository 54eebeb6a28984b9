import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FaultRunner } from '../../../faults/fault-runner.ts';
import { Kernel } from '../../../kernel/kernel.ts';
import type { Scenario } from '../../../scenario.ts';
import { parkingScenario } from '../../../testing/parking.ts';
import { World } from '../../../world/world.ts';
import { createSystem } from '../../create.ts';
import type { RaftGroup } from '../group.ts';
import { RaftSystem } from '../system.ts';

const CONFIGS = Number(process.env.ZF_CONFIGS ?? 120);

/** What its members' machines hold at each of these times, when it is woken then. */
function states(scenario: Scenario, timesUs: readonly number[], parking: boolean): unknown[] {
  const kernel = new Kernel(1, -scenario.run.warmUpUs, { parking });
  const world = new World(kernel, scenario.world);
  const faults = new FaultRunner(kernel, world, scenario.faults, scenario.operators);
  const systems = scenario.systems.map((spec, i) =>
    kernel.within(i + 1, () => createSystem(kernel, world, spec)),
  );
  for (const system of systems) system.start();
  kernel.runUntil(0);
  for (const system of systems) system.beginMeasuring();
  faults.start(systems);
  return timesUs.map((timeUs) => {
    kernel.runUntil(timeUs);
    return systems.map((system) => {
      system.catchUp?.();
      return system instanceof RaftSystem ? machines(system.groups[0] as RaftGroup) : null;
    });
  });
}

function machines({ hosts }: RaftGroup): unknown[] {
  return hosts.map(({ running, raft, ticker, cause, committedTerm }) => {
    if (!running) return 'down';
    const { state, term, lead, commit, electionElapsed, heartbeatElapsed } = raft;
    const known = hosts.map(({ id }) => {
      const progress = state === 'Leader' ? raft.progressOf(id) : null;
      return progress && { match: progress.match, active: progress.recentActive, state: progress.state };
    });
    const own = { state, term, lead, commit, electionElapsed, cause, committedTerm, tick: ticker.number };
    return { ...own, ...(state === 'Leader' ? { heartbeatElapsed, known } : {}) };
  });
}

test('a group that wakes holds what it would hold had it never parked', () => {
  fc.assert(
    fc.property(
      parkingScenario,
      fc.uniqueArray(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 8, maxLength: 8 }),
      (scenario, shares) => {
        const timesUs = shares
          .map((share) => Math.round(share * scenario.run.durationUs))
          .sort((a, b) => a - b);
        expect(states(scenario, timesUs, true)).toEqual(states(scenario, timesUs, false));
      },
    ),
    { numRuns: CONFIGS, seed: 5 },
  );
});
