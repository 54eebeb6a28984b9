/** What SwarmKit does around its Raft group, seen through whole runs. */
import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { constant } from '../../kernel/distribution.ts';
import type { Run } from '../../run.ts';
import { simulate } from '../../simulate.ts';
import { leaderOf, node, SECOND, smallScenario } from '../../testing.ts';

const AT_S = 30;
const SEEDS = [1, 2, 3, 4, 5, 6];

function run(
  seed: number,
  fault: (leader: string, others: string[]) => Partial<FaultSpec>[],
  options: { readonly profile?: string; readonly parameters?: object; readonly seconds?: number } = {},
) {
  const scenario = (faults: Partial<FaultSpec>[]) =>
    smallScenario({
      systems: [['swarm', options.profile ?? 'swarmkit-20.10', options.parameters ?? {}]],
      seconds: options.seconds ?? 150,
      warmUpSeconds: 90,
      levels: ['node'],
      faults: faults.map((one) => ({ start: { kind: 'at', atUs: AT_S * SECOND }, ...one })),
    });
  const calm = simulate(scenario([]), { seed });
  const leader = calm.groups[0]!.leader;
  const others = calm.systems[0]!.members.filter((name) => name !== leader);
  return { run: simulate(scenario(fault(leader, others)), { seed }), leader, others };
}

const forS = (seconds: number) => constant(seconds * SECOND);
const eventsOf = (of: Run, event: string, who?: string) =>
  of.events.filter((one) => one.event === event && (who === undefined || one.node === who));
const seen = (of: Run, operation: string, vantage: string) =>
  of.availability
    .filter((one) => one.operation === operation && one.vantage === vantage)
    .map(({ fromUs, toUs, state, waits }) => ({
      fromS: fromUs / SECOND - AT_S,
      toS: toUs / SECOND - AT_S,
      state: `${state}${waits ? ' waits' : ''}`,
    }));

test('writes sent while a killed leader is replaced wait at the proxies and succeed, if that takes less than 20 s', () => {
  let quick = 0;
  for (const seed of SEEDS) {
    const { run: one, others } = run(seed, () => [{ effect: { kind: 'kill', target: leaderOf('swarm') } }]);
    const [failover] = one.failovers;
    expect(failover!.electedUs! / SECOND).toBeGreaterThan(7.9);
    if (failover!.recoveredUs! >= 20 * SECOND) continue;
    quick++;
    expect(seen(one, 'write', others[0]!).map(({ state }) => state)).toEqual(['up', 'up waits', 'up']);
  }
  expect(quick).toBeGreaterThan(2);
});

test('an orderly stop of the leader hands nothing over: the others wait for their time-outs', () => {
  for (const seed of SEEDS) {
    const { run: one } = run(seed, () => [{ effect: { kind: 'stop', target: leaderOf('swarm') } }]);
    expect(one.failovers[0]!.detectedUs! / SECOND).toBeGreaterThan(7.9);
  }
});

describe('a leader that is cut off', () => {
  const isolated = (seed: number, seconds: number) =>
    run(seed, (leader) => [{ effect: { kind: 'isolate', target: node(leader) }, duration: forS(seconds) }]);

  test('answers reads from its own store, stale, until it steps down 10 to 20 s later; its writes are lost', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = isolated(seed, 60);
      const [stepDown] = eventsOf(one, 'step-down', leader);
      const stepDownS = stepDown!.timeUs / SECOND - AT_S;
      expect(stepDownS).toBeGreaterThan(9.9);
      expect(stepDownS).toBeLessThan(20.1);
      const [, stale] = seen(one, 'read', leader);
      expect(stale!.state).toBe('degraded');
      expect(stale!.toS).toBeCloseTo(stepDownS, 2);
      expect(seen(one, 'write', leader)[1]!.state).toBe('down');
    }
  });

  test('keeps those who follow it waiting in vain: what was passed to it is lost until they know a new leader', () => {
    for (const seed of SEEDS) {
      const { run: one, others } = isolated(seed, 60);
      const [, down] = seen(one, 'write', others[0]!);
      expect(down!.state).toBe('down');
      expect(down!.toS).toBeGreaterThan(7.9);
    }
  });

  test('is told of its successor when TCP tries again, 26 s after the cut, and not at the heal', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = run(
        seed,
        (boss) => [{ effect: { kind: 'isolate', target: node(boss) }, duration: forS(22) }],
        { parameters: { requestEveryUs: SECOND / 10 } },
      );
      if (eventsOf(one, 'leader').length < 2 || eventsOf(one, 'campaign', leader).length > 0) continue;
      const follows = eventsOf(one, 'follower', leader)[0]!.timeUs / SECOND - AT_S;
      expect(follows).toBeGreaterThan(25.8);
      expect(follows).toBeLessThan(27.2);
    }
  });
});

test('more than ten ticks after the last leader requests are turned away, however soon one would be there', () => {
  const states = (profile: string) => {
    const { run: one, others } = run(
      2,
      (leader, [second]) => [
        { effect: { kind: 'kill', target: node(leader) }, duration: forS(60) },
        { effect: { kind: 'kill', target: node(second!) } },
      ],
      { profile },
    );
    return seen(one, 'write', others[1]!).filter(({ toS }) => toS > 0);
  };
  // Before 17.06 they wait, and those of the last 20 s succeed.
  const patient = states('swarmkit-17.03').find(({ state }) => state === 'up waits');
  expect(patient!.fromS).toBeLessThan(55);
  // Since then only the returned manager, which has not counted to ten yet, lets them wait.
  const hasty = states('swarmkit-17.06');
  expect(hasty.map(({ state }) => state)).toEqual(['down', 'up waits', 'up']);
  expect(hasty[1]!.fromS).toBeCloseTo(60, 1);
});

describe('a manager whose machine was dark for a minute', () => {
  const outage = (seed: number) =>
    run(
      seed,
      (_leader, [lone]) => [{ effect: { kind: 'power-loss', target: node(lone!) }, duration: forS(70) }],
      { parameters: { requestEveryUs: SECOND }, seconds: 200 },
    );

  test('wins nothing while the others cannot reach it: they check its health before they vote', () => {
    for (const seed of SEEDS) {
      const { run: one, leader, others } = outage(seed);
      const backUs = (AT_S + 70) * SECOND;
      // The leader's own connection to it stands silent until TCP tries again, at the earliest 104 s after the loss.
      const early = one.events.filter(
        ({ event, node: name, timeUs }) =>
          event.startsWith('vote-') && name === leader && timeUs > backUs && timeUs < (AT_S + 100) * SECOND,
      );
      expect(early).toEqual([]);
      expect(eventsOf(one, 'campaign', others[0]!).length).toBeGreaterThan(0);
    }
  });

  test('deposes the healthy leader when the connection is back', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = outage(seed);
      const [stepDown] = eventsOf(one, 'step-down', leader);
      expect(stepDown!.timeUs / SECOND).toBeGreaterThan(AT_S + 100);
    }
  });
});

test('a manager that cannot reach the leader does not keep agents from it: the others hand on what they say', () => {
  const { run: one, others } = run(1, (leader, [near]) => [
    {
      effect: { kind: 'cut', from: node(near!), to: node(leader), direction: 'both' },
      duration: forS(5),
    },
  ]);
  const scheduling = seen(one, 'schedule', others[0]!);
  expect(scheduling.every(({ state }) => state === 'up')).toBe(true);
});
