import { expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { exactFigures, exactKey, exactMissing } from './exact-figures.ts';

const withFault = (fault: string) =>
  loadScenario(`version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
faults:
  - { every: exponential(mean 10d), ${fault}, for: exponential(mean 1d) }
run: { duration: 1y }
`).scenario;
const scenario = withFault('power-loss: each manager');
const of = (metric: string, vantage = 'dc') =>
  exactFigures(scenario).get(exactKey({ system: 'etcd', operation: 'write', vantage, metric }))!;

test('two of three machines down at once: the long-run share, nearly', () => {
  // Each is down 1 day of 11; a year of 365 days from all up comes close to it.
  const down = 1 / 11;
  const share = 3 * down * down * (1 - down) + down * down * down;
  expect(of('unavailability').value).toBeCloseTo(share, 3);
});

test('the same answer in the unit of each cell, with a range about it', () => {
  const share = of('unavailability');
  expect(of('availability').value).toBeCloseTo(1 - share.value, 12);
  expect(of('downtime_ms').value).toBeCloseTo(share.value * 365.25 * 86_400_000, 0);
  expect(of('downtime_ms_per_year').value).toBeCloseTo(of('downtime_ms').value, 0);
  for (const metric of ['unavailability', 'availability', 'downtime_ms']) {
    const { least, value, most } = of(metric);
    expect(least).toBeLessThanOrEqual(value);
    expect(most).toBeGreaterThanOrEqual(value);
    expect(most).toBeGreaterThan(least);
  }
});

test('of a script there is an answer by the run, and none by the year', () => {
  const text = `version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
timeline: [{ at: 1m, power-loss: [manager-1, manager-2], for: 2m }]
`;
  const figureOf = (duration: string, metric: string, operation = 'write') =>
    exactFigures(loadScenario(`${text}run: { duration: ${duration} }`).scenario).get(
      exactKey({ system: 'etcd', operation, vantage: 'dc', metric }),
    );
  for (const duration of ['10m', '60m']) {
    expect(figureOf(duration, 'downtime_ms')!.value).toBeCloseTo(120_000, 3);
    expect(figureOf(duration, 'downtime_ms_per_year')).toBeUndefined();
  }
  // Reads are stale and never down: what is not up ends as late as what is down, within a request's patience.
  const [writes, reads] = ['write', 'read'].map((operation) => figureOf('10m', 'unavailability', operation)!);
  expect(reads!.value).toBeCloseTo(writes!.value, 12);
  expect(writes!.least).toBeLessThan(writes!.value);
  expect(reads!.least).toBeLessThan(reads!.value);
});

test('is calculated once, and there is none where a fault strikes who leads', () => {
  expect(exactFigures(scenario)).toBe(exactFigures(scenario));
  expect(exactFigures(withFault('kill: leader of etcd')).size).toBe(0);
});

test('why a system has none is told where something fails by itself', () => {
  expect(exactMissing(scenario)).toEqual([]);
  const text = (count: number, faults: string) =>
    loadScenario(`version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: ${count} } }
systems: { etcd: { members: manager }, serf: { kind: gossip, members: manager } }
${faults}
run: { duration: 1y }
`).scenario;
  const each = 'faults: [{ every: exponential(mean 10d), power-loss: each manager, for: 1d }]';
  expect(exactMissing(text(15, each))).toEqual([
    {
      system: 'etcd',
      why: '15 things that fail by themselves concern it; up to 14 can be computed',
    },
  ]);
  expect(exactMissing(text(3, 'timeline: [{ at: 1d, kill: leader of etcd, for: 1h }]'))).toEqual([]);
});
