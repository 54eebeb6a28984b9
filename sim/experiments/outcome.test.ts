import { describe, expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { simulate } from '../simulate.ts';
import { compacted, NEVER, outcomeOf, outcomeRows, rowsOf } from './outcome.ts';
import { smallVariant } from './testing.ts';

const { scenario } = smallVariant();
const run = simulate(scenario, { seed: '7/0' });

describe('what is kept of a run', () => {
  const outcome = outcomeOf(run, 2, 9);

  test('names its variant and number, and survives JSON as it is', () => {
    expect(outcome).toMatchObject({ variant: 2, run: 9, faults: run.faults.length });
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(outcome);
  });

  test('has the figures of the summary, row by row, and every outage', () => {
    expect(outcome.operations).toHaveLength(run.summary.length);
    expect(run.outages.length).toBeGreaterThan(0);
    run.summary.forEach((row, i) => {
      const kept = outcome.operations[i]!;
      expect([kept.downUs, kept.degradedUs, kept.waitingUs]).toEqual([
        row.downtimeUs,
        row.degradedUs,
        row.waitingUs,
      ]);
      expect(kept.outagesUs).toHaveLength(row.outages);
      expect(Math.max(0, ...kept.outagesUs)).toBe(row.longestOutageUs);
      const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
      expect(sum(kept.outagesUs)).toBe(row.downtimeUs);
      expect(sum(kept.causes.map(([, us]) => us))).toBe(row.downtimeUs);
    });
  });

  test('counts failovers and elections of each system', () => {
    expect(outcome.systems[0]!.failovers).toHaveLength(run.failovers.length);
    expect(outcome.systems[0]).toMatchObject({ elections: run.systems[0]!.elections });
  });
});

const LOST = `version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
vantages: [zone]
timeline:
  - { at: 10s, FAULT }
objectives: [etcd failover max <= 5s, etcd write availability >= 10%]
run: { duration: 1m, warm-up: 10s }
`;
const lost = (fault: string) =>
  outcomeOf(simulate(loadScenario(LOST.replace('FAULT', fault)).scenario, { seed: 1 }), 0, 0);

describe('causes', () => {
  test.each([
    ['zone-outage: dc/b, for: 20s', 'zone-outage dc/b'],
    ['name: fire, kill: majority of etcd, for: 20s', 'kill fire'],
    ['kill: majority of etcd, for: 20s', 'kill a majority of etcd'],
    ['partition: [manager-1, manager-2, manager-3], for: 20s', 'partition manager-1 | manager-2 | manager-3'],
  ])('an outage goes back to the entry of the scenario: %s', (fault, label) => {
    const causes = new Set(lost(fault).operations.flatMap(({ causes }) => causes.map(([name]) => name)));
    expect([...causes]).toEqual([label]);
  });

  test.each([
    ['power-loss: each manager', 'power-loss each manager'],
    ['zone-outage: each zone', 'zone-outage each zone'],
    ['kill: [each manager-1, each manager-2]', 'kill each of 2 nodes'],
    ['kill: each manager-1', 'kill manager-1'],
    ['name: wear, kill: each manager', 'kill wear'],
  ])('what fails by itself, each of several, is one cause: %s', (fault, label) => {
    const text = LOST.replace(
      'timeline:\n  - { at: 10s, FAULT }',
      'faults:\n  - { every: exponential(mean 30s), FAULT, for: 20s }',
    );
    const { scenario: random } = loadScenario(text.replace('FAULT', fault).replace('1m, warm', '5m, warm'));
    const { operations } = outcomeOf(simulate(random, { seed: 1 }), 0, 0);
    expect([...new Set(operations.flatMap(({ causes }) => causes.map(([name]) => name)))]).toEqual([label]);
  });

  test('a fault of each zone has one name, however many zones have nodes', () => {
    const { scenario: one } = loadScenario(
      LOST.replace('manager: { count: 3 }', 'manager: { placement: { dc/a: 3 } }').replace(
        'timeline:\n  - { at: 10s, FAULT }',
        'faults:\n  - { every: exponential(mean 30s), zone-outage: each zone, for: 20s }',
      ),
    );
    const { operations } = outcomeOf(simulate(one, { seed: 1 }), 0, 0);
    expect([...new Set(operations.flatMap(({ causes }) => causes.map(([name]) => name)))]).toEqual([
      'zone-outage each zone',
    ]);
  });

  test('an outage that lasts to the end is cut off, and a failover without an end took longer than any limit', () => {
    const outcome = lost('power-loss: majority of etcd');
    const down = outcome.operations.filter(({ outagesUs }) => outagesUs.length > 0);
    expect(down.length).toBeGreaterThan(0);
    expect(down.every(({ cutOff }) => cutOff)).toBe(true);
    expect(outcome.objectives[0]).toBe(NEVER);
    expect(JSON.parse(JSON.stringify(outcome.objectives))).toEqual(outcome.objectives);
  });

  test('an entry that changed nothing is idle; a random one that did not happen is not', () => {
    const idle = loadScenario(
      `${LOST.replace('FAULT', 'kill: manager-1, for: 30s').replace(
        'objectives',
        '  - { at: 20s, kill: manager-1, for: 1s }\nfaults:\n  - { every: exponential(mean 200y), kill: manager-2 }\nobjectives',
      )}`,
    ).scenario;
    expect(outcomeOf(simulate(idle), 0, 0).idleFaults).toEqual([1]);
  });
});

test('the rows are known without a run', () => {
  expect(rowsOf(scenario)).toEqual(outcomeRows(run));
});

test('in little memory it is the same outcome, in which rows that saw the same are one object', () => {
  const outcome = outcomeOf(run, 0, 0);
  const small = compacted(outcome);
  expect(small).toEqual(outcome);
  const pairs = outcome.operations.flatMap((a, i) =>
    outcome.operations.map((b, j) => [
      JSON.stringify(a) === JSON.stringify(b),
      small.operations[i] === small.operations[j],
    ]),
  );
  expect(pairs.filter(([equal, one]) => equal !== one)).toEqual([]);
  expect(new Set(small.operations).size).toBeLessThan(outcome.operations.length);
});
