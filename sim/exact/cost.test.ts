import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { simulate } from '../simulate.ts';
import { profileNames, SYSTEM_KINDS } from '../systems/profiles.ts';
import { costOf } from './cost.ts';
import { smallPlatform } from './testing.ts';

test('the estimate is within a twentieth of what a calm run costs, for every profile', () => {
  for (const kind of SYSTEM_KINDS) {
    for (const profile of profileNames(kind)) {
      const scenario = smallPlatform({ zones: [2, 2, 1], systems: [{ kind, profile }] });
      const calm = { ...scenario, run: { durationUs: 300_000_000, warmUpUs: 60_000_000 } };
      const { eventsUnparked } = costOf(calm);
      const { eventCount } = simulate(calm, { everyEvent: true });
      expect(
        Math.abs(eventCount - eventsUnparked),
        `${kind} ${profile}: ${eventsUnparked} for ${eventCount}`,
      ).toBeLessThan(500 + eventCount / 20);
    }
  }
});

test('of a year that is parked, the estimate is right to a factor of four', () => {
  for (const name of ['7-managers', 'one-zone-3-managers', 'the-whole-platform', 'three-zones-5-managers']) {
    const text = readFileSync(
      new URL(`../../scenarios/library/life/a-year-of-life-${name}.yaml`, import.meta.url),
      'utf8',
    );
    const { scenario } = loadScenario(text);
    const { events, eventsUnparked } = costOf(scenario);
    const { eventCount } = simulate(scenario, { seed: 1 });
    expect(eventCount / events, name).toBeGreaterThan(1 / 4);
    expect(eventCount / events, name).toBeLessThan(4);
    expect(eventsUnparked / eventCount).toBeGreaterThan(1000);
  }
});

test('so it is where a link is cut again and again', () => {
  const { scenario } = loadScenario(`
version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 5 } }
systems: { swarm: { members: managers }, etcd: { members: managers } }
faults: [{ every: exponential(mean 10d), isolate: dc/a, for: exponential(mean 20m) }]
run: { duration: 1y }
`);
  const { events } = costOf(scenario);
  const { eventCount } = simulate(scenario, { seed: 1 });
  expect(eventCount / events).toBeGreaterThan(1 / 4);
  expect(eventCount / events).toBeLessThan(4);
});

test('so it is where messages get lost', () => {
  const lossy = smallPlatform({
    zones: [7, 6, 6],
    systems: [{ kind: 'gossip', profile: 'docker-18.06' }],
    loss: 0.001,
  });
  const scenario = { ...lossy, run: { durationUs: 20 * 86_400_000_000, warmUpUs: 120_000_000 } };
  const { events } = costOf(scenario);
  const { eventCount } = simulate(scenario, { seed: 1 });
  expect(eventCount / events).toBeGreaterThan(1 / 2);
  expect(eventCount / events).toBeLessThan(2);
});

test('a group whose heartbeats come close to its time-out never parks: the estimate is that of every event', () => {
  const { scenario } = loadScenario(`
version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { swarm: { members: managers, election: 2s } }
run: { duration: 1h }
`);
  const { events, eventsUnparked } = costOf(scenario);
  expect(events).toBe(eventsUnparked);
  expect(simulate(scenario, { seed: 1 }).eventCount / events).toBeGreaterThan(0.9);
});
