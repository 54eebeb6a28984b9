import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { causesOf } from './kernel/trace.ts';
import type { Run } from './run.ts';
import { simulate } from './simulate.ts';
import { faultSpec, leaderOf, randomScenario, SECOND, smallScenario } from './testing.ts';

const without = ({ scenario, ...rest }: Run) => JSON.stringify(rest);

describe('whatever the scenario', () => {
  test('the same scenario and seed give the same run, to the last byte', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer(), (scenario, seed) => {
        expect(without(simulate(scenario, { seed }))).toBe(
          without(simulate(structuredClone(scenario), { seed })),
        );
      }),
      { numRuns: 40 },
    );
  });

  test('the run is whole: intervals tile the time, events are in order, causes come before effects', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer(), (scenario, seed) => {
        const run = simulate(scenario, { seed });
        const tracks = new Map<string, { fromUs: number; toUs: number }[]>();
        const add = (key: string, interval: { fromUs: number; toUs: number }) =>
          tracks.set(key, [...(tracks.get(key) ?? []), interval]);
        for (const one of run.availability) add(`a/${one.system}/${one.operation}/${one.vantage}`, one);
        for (const one of run.members) add(`m/${one.system}/${one.group}/${one.node}`, one);
        for (const one of run.groups) add(`g/${one.system}/${one.group}`, one);
        for (const intervals of tracks.values()) {
          const sorted = [...intervals].sort((a, b) => a.fromUs - b.fromUs);
          let at = 0;
          for (const { fromUs, toUs } of sorted) {
            expect(fromUs).toBe(at);
            expect(toUs).toBeGreaterThan(fromUs);
            at = toUs;
          }
          expect(at).toBe(run.durationUs);
        }
        let before = 0;
        for (const [i, event] of run.events.entries()) {
          expect(event.id).toBe(i + 1);
          expect(event.cause).toBeLessThan(event.id);
          expect(event.timeUs).toBeGreaterThanOrEqual(before);
          before = event.timeUs;
        }
        for (const row of run.summary) {
          const whole = row.availability * run.durationUs + row.degradedUs + row.downtimeUs;
          expect(Math.abs(whole - run.durationUs)).toBeLessThan(1);
        }
        for (const failover of run.failovers) {
          const { detectedUs, electedUs, recoveredUs } = failover;
          const steps = [0, detectedUs, electedUs, recoveredUs].filter((us) => us !== null);
          expect(steps).toEqual([...steps].sort((a, b) => a - b));
        }
      }),
      { numRuns: 60 },
    );
  });

  test('at no time do two members of one Raft group lead the same term', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer(), (scenario, seed) => {
        const run = simulate(scenario, { seed });
        const leaders = new Map<string, string>();
        for (const { system, event, term, node } of run.events) {
          if (event !== 'leader' || system === 'rethink') continue;
          const key = `${system}/${term}`;
          expect(leaders.get(key) ?? node).toBe(node);
          leaders.set(key, node);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('another fault at the end changes nothing of what came before it', () => {
    fc.assert(
      fc.property(randomScenario, fc.integer(), (scenario, seed) => {
        const lateUs = scenario.run.durationUs - 5 * SECOND;
        const late = faultSpec({
          name: 'late',
          start: { kind: 'at', atUs: lateUs },
          effect: { kind: 'kill', target: leaderOf('etcd') },
        });
        const early = (run: Run) => run.events.filter((event) => event.timeUs < lateUs);
        expect(early(simulate({ ...scenario, faults: [...scenario.faults, late] }, { seed }))).toEqual(
          early(simulate(scenario, { seed })),
        );
      }),
      { numRuns: 25 },
    );
  });
});

describe('a zone of three goes dark for five minutes', () => {
  const run = (seed: number) =>
    simulate(
      smallScenario({
        systems: [
          ['etcd', 'etcd-3.4'],
          ['swarm', 'swarmkit-17.06'],
        ],
        seconds: 600,
        faults: [
          {
            start: { kind: 'at', atUs: 120 * SECOND },
            duration: { kind: 'constant', value: 300 * SECOND },
            effect: { kind: 'zone-outage', place: 'r/d/b' },
          },
        ],
      }),
      { seed },
    );

  test('every system keeps serving from the zones that live, and fails over only where the leader was lost', () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { failovers, groups, events } = run(seed);
      for (const system of ['etcd', 'swarm']) {
        const leader = groups.find((group) => group.system === system)!.leader;
        // When the power is back the returned manager may depose the leader (sim/systems/swarm): not before.
        const own = failovers.filter(
          (failover) => failover.system === system && failover.lostAtUs < 420 * SECOND,
        );
        expect(own.length).toBe(leader === 'm2' ? 1 : 0);
        for (const failover of own) {
          expect(failover).toMatchObject({ fault: 1, oldLeader: 'm2', lostAtUs: 120 * SECOND });
          // Time-outs are 10 to 19 ticks of 100 ms, or 3 to 5 of 1 s; a refused campaign repeats.
          expect(failover.detectedUs!).toBeGreaterThan(system === 'etcd' ? 0.8 * SECOND : 1.9 * SECOND);
          expect(failover.recoveredUs!).toBeLessThan(30 * SECOND);
          const chain = causesOf(events, failover.recoveredEvent!).map(({ event }) => event);
          expect(chain.slice(-3)).toEqual(['campaign', 'node-down', 'fault']);
        }
      }
    }
  });

  test('users in the dark zone have nothing, and get it back when the power returns', () => {
    const dark = run(1).availability.filter(
      (one) => one.vantage === 'r/d/b' && one.operation === 'write' && one.state === 'down',
    );
    expect(dark.map(({ system, fromUs }) => [system, fromUs / SECOND])).toEqual([
      ['etcd', 120],
      ['swarm', 120],
    ]);
    for (const { toUs } of dark) expect(toUs / SECOND).toBeCloseTo(420, 0);
  });
});

test('two zones: the loss of the larger half takes the quorum, and every chain of causes ends at the fault', () => {
  const { outages, events, failovers, groups } = simulate(
    smallScenario({
      zones: [2, 1],
      seconds: 60,
      faults: [
        {
          effect: { kind: 'zone-outage', place: 'r/d/a' },
          duration: { kind: 'constant', value: 20 * SECOND },
        },
      ],
    }),
  );
  const write = outages.find((outage) => outage.operation === 'write' && outage.vantage === 'r/d/b')!;
  expect(write.fromUs).toBe(10 * SECOND);
  expect(events[write.causes.at(-1)! - 1]!.event).toBe('fault');
  expect(groups.some((group) => group.state === 'no-quorum' && group.reachable === 1)).toBe(true);
  expect(failovers.every((failover) => failover.fault === 1)).toBe(true);
});

test('the default seed is fixed, and 0 is a seed like any other', () => {
  const scenario = smallScenario({ faults: [{ effect: { kind: 'kill', target: leaderOf('etcd') } }] });
  expect(without(simulate(scenario))).toBe(without(simulate(scenario, { seed: 1 })));
  expect(without(simulate(scenario, { seed: 0 }))).not.toBe(without(simulate(scenario, { seed: 1 })));
});
