import { expect, test } from 'vitest';
import { loadScenario } from '../../../scenarios/load.ts';
import { votingSystems } from '../../systems/system-spec.ts';
import { ASSUMED, fatesOf } from './fates.ts';
import { Screen } from './screen.ts';
import { searchPlan } from './search.ts';

const load = (more = '') =>
  loadScenario(`version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
${more}`);
const voters = (...zones: string[]) =>
  zones.map((zone) => ({ name: '', place: `dc/${zone}`, pFail: ASSUMED.node }));

test('layouts of zones as published (facts/numbers.md 6): zones down 0.1 %, nodes 1 %', () => {
  const screen = new Screen(load().scenario, []);
  const up = (...zones: string[]) => (100 * (1 - screen.withoutQuorum(voters(...zones)))).toFixed(6);
  expect(up('a', 'a', 'a')).toBe('99.870230');
  expect(up('a', 'a', 'b')).toBe('99.868272');
  expect(up('a', 'b', 'c')).toBe('99.964031');
  expect(up('a', 'a', 'b', 'b', 'c')).toBe('99.992731');
});

test('shares of time from the processes of a file; a common cause takes two zones at once', () => {
  const { scenario } = load(`faults:
  - { every: exponential(mean 99h), power-loss: each manager, for: exponential(mean 1h) }
  - every: exponential(mean 999h)
    zone-outage: each zone
    for: exponential(mean 1h)
    common-cause: [{ group: [dc/a, dc/b], beta: 50% }]
`);
  const fates = fatesOf(scenario);
  expect(fates.node.get('manager-1')).toBeCloseTo(0.01, 12);
  expect(fates.place.get('dc/c')).toBeCloseTo(0.001, 12);
  expect(fates.place.get('dc/a')).toBeCloseTo(1 / 1999, 12);
  expect(fates.common).toEqual([{ members: ['dc/a', 'dc/b'], pFail: expect.closeTo(1 / 1999, 12) }]);
  expect(fates).toMatchObject({ assumed: false, leftOut: [] });
  const screen = new Screen(scenario, []);
  const pair = screen.withoutQuorum(voters('a', 'b', 'c'));
  // The building that a and b share costs nearly its own share of time.
  expect(pair).toBeGreaterThan(1 / 1999 + 3e-4);
  expect(pair).toBeLessThan(1 / 1999 + 5e-4);
});

test('a failover is noticed, then two round trips; a single voter has none', () => {
  const { scenario } = load();
  const screen = new Screen(scenario, []);
  const [etcd] = votingSystems(scenario.systems);
  const three = screen.failoverUs(etcd!, voters('a', 'b', 'c'));
  expect(three).toBeGreaterThan(5_000_000);
  expect(three).toBeLessThan(10_000_000);
  expect(screen.failoverUs(etcd!, voters('a', 'a', 'a'))).toBeLessThan(three);
  expect(screen.failoverUs(etcd!, voters('a'))).toBe(Number.POSITIVE_INFINITY);
});

test('nothing that another option beats in everything is kept, but the file as it stands', () => {
  const { scenario, plan } = load();
  const { kept, weighed, dominated, notSimulated } = searchPlan(scenario, plan);
  expect(weighed).toBe(kept.length + dominated + notSimulated);
  expect(kept.filter(({ current }) => current)).toHaveLength(1);
  for (const one of kept) {
    if (one.current) continue;
    for (const other of kept.filter((each) => each !== one))
      expect(
        other.cost <= one.cost &&
          other.unavailability <= one.unavailability &&
          other.failoverUs <= one.failoverUs,
      ).toBe(false);
  }
});
