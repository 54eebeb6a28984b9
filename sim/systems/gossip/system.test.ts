import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { causesOf } from '../../kernel/trace.ts';
import { simulate } from '../../simulate.ts';
import { all, node, SECOND, smallScenario } from '../../testing.ts';

function run(faults: readonly Partial<FaultSpec>[], seconds = 60, zones = [2, 2, 2], seed = 1) {
  return simulate(
    smallScenario({ zones, systems: [['gossip', 'docker-18.03']], faults, seconds, warmUpSeconds: 5 }),
    { seed },
  );
}

const lasting = (seconds: number) => ({ duration: { kind: 'constant', value: seconds * SECOND } as const });

/** State and length in seconds of the intervals of an operation from a vantage. */
function states(result: ReturnType<typeof run>, operation: string, vantage: string) {
  return result.availability
    .filter((one) => one.operation === operation && one.vantage === vantage)
    .map(({ state, fromUs, toUs }) => [state, (toUs - fromUs) / SECOND] as const);
}

test('nothing is wrong while nothing happens: no events, no failovers, no groups', () => {
  const result = run([]);
  expect(result.events).toEqual([]);
  expect(result.failovers).toEqual([]);
  expect(result.groups).toEqual([]);
  expect(result.summary.every(({ availability }) => availability === 1)).toBe(true);
  expect(result.systems[0]).toMatchObject({ name: 'gossip', groups: [], elections: 0 });
  expect(result.systems[0]!.messages.reduce((sum, { messages }) => sum + messages, 0)).toBeGreaterThan(600);
});

describe('a dead node', () => {
  const result = run([{ effect: { kind: 'power-loss', target: node('m1') }, ...lasting(30) }]);

  test('is a black hole for a share of the requests until it is declared dead: degraded, then up', () => {
    const [before, hole, after] = states(result, 'request', 'r/d/b');
    expect(before).toEqual(['up', 10]);
    expect(hole![0]).toBe('degraded');
    expect(hole![1]).toBeGreaterThan(5);
    expect(hole![1]).toBeLessThan(10);
    expect(after![0]).toBe('up');
  });

  test('is told of in a few events with their causes, back to the fault', () => {
    const { events } = result;
    const words = events.filter(({ system }) => system === 'gossip').map(({ event }) => event);
    expect(words).toEqual(['suspect', 'failed', 'all-know', 'rejoined', 'view-healed']);
    const failed = events.find(({ event }) => event === 'failed')!;
    expect(failed.detail).toMatch(
      /^declares m1 failed after [4-9]\.\d s of suspicion, confirmed by 2 others$/,
    );
    expect(causesOf(events, failed.id).map(({ event }) => event)).toEqual(['suspect', 'node-down', 'fault']);
    const allKnow = events.find(({ event }) => event === 'all-know')!;
    expect(allKnow.detail).toContain('the last of 5');
  });

  test('every outage goes back to the fault', () => {
    for (const one of result.availability) {
      if (one.state === 'up') continue;
      const chain = [one.cause, ...causesOf(result.events, one.cause).map(({ id }) => id)];
      expect(chain.some((id) => result.events[id - 1]?.event.startsWith('fault'))).toBe(true);
    }
  });
});

test('a zone without power: its users are down, the others degraded until the verdicts', () => {
  const result = run([{ effect: { kind: 'zone-outage', place: 'r/d/a' }, ...lasting(30) }]);
  // Back with power its nodes know nobody until they have joined, and not everyone knows them at once.
  expect(states(result, 'request', 'r/d/a').map(([state]) => state)).toEqual([
    'up',
    'down',
    'degraded',
    'up',
  ]);
  expect(
    states(result, 'request', 'r/d/b')
      .map(([state]) => state)
      .slice(0, 3),
  ).toEqual(['up', 'degraded', 'up']);
});

test('an isolated node resolves names into the void first, and to nothing once it has given up on all', () => {
  const scenario = smallScenario({
    zones: [2, 2, 2],
    systems: [['gossip', 'docker-18.03']],
    faults: [{ effect: { kind: 'isolate', target: node('m1') }, duration: null }],
    seconds: 120,
    warmUpSeconds: 5,
  });
  const result = simulate({ ...scenario, vantages: { levels: [], nodes: ['m1'] } }, { seed: 1 });
  expect(states(result, 'resolve', 'm1').map(([state]) => state)).toEqual(['up', 'degraded', 'down']);
  expect(states(result, 'request', 'm1').map(([state]) => state)).toEqual(['up', 'down']);
});

test('a partition: each side is whole again by itself after the verdicts, and degraded after the heal until it has synced', () => {
  const result = run(
    [{ effect: { kind: 'partition', groups: [{ kind: 'place', place: 'r/d/a' }] }, ...lasting(60) }],
    120,
  );
  const b = states(result, 'request', 'r/d/b');
  expect(b.map(([state]) => state)).toEqual(['up', 'degraded', 'up', 'degraded', 'up']);
  expect(b[3]![1]).toBeLessThan(11);
});

test('with all nodes gone nobody can be asked', () => {
  const result = run([{ effect: { kind: 'kill', target: all }, ...lasting(20) }]);
  expect(
    states(result, 'resolve', 'r/d')
      .map(([state]) => state)
      .slice(0, 2),
  ).toEqual(['up', 'down']);
});

test('the same seed gives the same run', () => {
  const faults = [
    { effect: { kind: 'zone-outage', place: 'r/d/a' } as const, ...lasting(20) },
    { effect: { kind: 'loss', share: 0.1, from: all, to: all, direction: 'both' } as const, ...lasting(40) },
  ];
  expect(run(faults, 90)).toEqual(run(faults, 90));
  expect(run(faults, 90, [2, 2, 2], 2).events).not.toEqual(run(faults, 90).events);
});

test('three hundred nodes, a third of them lost at once: all others learn of all', () => {
  const result = run([{ effect: { kind: 'zone-outage', place: 'r/d/b' } }], 70, [100, 100, 100]);
  expect(result.events.filter(({ event }) => event === 'all-know').length).toBe(100);
  expect(states(result, 'request', 'r/d/a').map(([state]) => state)).toEqual(['up', 'degraded', 'up']);
});
