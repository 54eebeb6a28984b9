import { describe, expect, test } from 'vitest';
import { constant } from '../kernel/distribution.ts';
import type { Run } from '../run.ts';
import { simulate } from '../simulate.ts';
import type { SystemKind } from '../systems/system-spec.ts';
import { node, SECOND, smallScenario } from '../testing.ts';
import type { FaultSpec } from './fault-spec.ts';
import { NO_OPERATORS, type OperatorsSpec, type RunbookSpec } from './operators-spec.ts';

const PROFILES: Readonly<Partial<Record<SystemKind, string>>> = {
  etcd: 'etcd-3.4',
  swarm: 'deck-2017',
  rethink: 'deck-2017',
};

const runbook = (system: SystemKind, more: Partial<RunbookSpec> = {}): RunbookSpec => ({
  kind: system === 'rethink' ? 'emergency-repair' : 'force-new-cluster',
  system,
  afterUs: 60 * SECOND,
  reaction: constant(30 * SECOND),
  duration: constant(60 * SECOND),
  rejoin: constant(10 * SECOND),
  crew: null,
  origin: 'operators.runbooks[0]',
  ...more,
});

/** Three of five lose power at 10 s. */
const lost = (forSeconds: number): Partial<FaultSpec> => ({
  duration: constant(forSeconds * SECOND),
  effect: {
    kind: 'power-loss',
    target: { kind: 'union', of: [node('m1'), node('m2'), node('m3')] },
  },
});

function run(
  system: SystemKind,
  forSeconds: number,
  operators: Partial<OperatorsSpec>,
  { seconds = 600, seed = 1 } = {},
): Run {
  const systems = [[system, PROFILES[system]!]] as const;
  const small = smallScenario({ zones: [2, 2, 1], systems, faults: [lost(forSeconds)], seconds });
  return simulate({ ...small, operators: { ...NO_OPERATORS, ...operators } }, { seed });
}

const outages = (result: Run) =>
  result.outages.filter((outage) => outage.operation === 'write' && outage.vantage === 'r/d');
const at = (result: Run, word: string) =>
  result.events.filter((event) => event.event === word).map((event) => event.timeUs / SECOND);

describe.each<SystemKind>(['etcd', 'swarm', 'rethink'])('%s without a quorum', (system) => {
  test('is down for as long as its members are, when nobody does anything', () => {
    expect(outages(run(system, 3000, {}))).toEqual([expect.objectContaining({ ended: false })]);
  });

  test('serves again soon after the work is done: noticed, come, worked', () => {
    const result = run(system, 3000, { runbooks: [runbook(system)] });
    expect(at(result, 'runbook')).toEqual([160]);
    const [first] = outages(result);
    expect(first!.ended).toBe(true);
    // What was sent before the processes were started anew is lost, however short a time it had waited.
    expect(first!.toUs / SECOND).toBeGreaterThanOrEqual(160);
    expect(first!.toUs / SECOND).toBeLessThan(190);
    expect(result.faults[1]).toMatchObject({ kind: 'runbook', index: -1, hadEffect: true });
    // The last word on who serves goes back to the runbook.
    const serving = result.events.find((event) => event.event === 'serving' && event.timeUs > 160 * SECOND)!;
    const causes: string[] = [];
    for (let id = serving.cause; id !== 0; id = result.events[id - 1]!.cause)
      causes.push(result.events[id - 1]!.event);
    expect(causes).toContain('runbook');
    expect(causes).toContain('quorum-lost');
  });

  test('has all its members again once they are back and joined, one after another', () => {
    const result = run(system, 300, { runbooks: [runbook(system)] });
    const last = result.groups.at(-1)!;
    expect(last).toMatchObject({ state: 'serving', voters: 5, quorum: 3, reachable: 5 });
    const joined = at(result, 'rejoin').filter((time) => time >= 310);
    expect(joined).toHaveLength(3);
    for (let i = 1; i < 3; i++) expect(joined[i]! - joined[i - 1]!).toBeGreaterThanOrEqual(10);
    // And they count: two of the five may go.
    expect(outages(result).every((outage) => outage.ended)).toBe(true);
  });

  test('is left alone when its quorum comes back before the work is done', () => {
    const result = run(system, 120, { runbooks: [runbook(system)] });
    expect(at(result, 'runbook')).toEqual([]);
    expect(result.faults[1]).toMatchObject({
      hadEffect: false,
      note: 'the quorum came back before they were done',
      toUs: 130 * SECOND,
    });
    expect(result.groups.at(-1)).toMatchObject({ state: 'serving', voters: 5, reachable: 5 });
  });

  test('nobody is called when it comes back before anybody notices', () => {
    const result = run(system, 30, { runbooks: [runbook(system)] });
    expect(result.faults).toHaveLength(1);
  });
});

test('a crew does one runbook after another, and repairs wait for it', () => {
  const small = smallScenario({
    zones: [2, 2, 1],
    systems: [
      ['etcd', 'etcd-3.4'],
      ['rethink', 'deck-2017'],
    ],
    faults: [lost(3000)],
    seconds: 500,
  });
  const runbooks = [runbook('etcd', { crew: 'hands' }), runbook('rethink', { crew: 'hands' })];
  const operators = { ...NO_OPERATORS, crews: [{ name: 'hands', size: 1 }], runbooks };
  const result = simulate({ ...small, operators });
  expect(at(result, 'repair-begins')).toEqual([100, 170]);
  expect(at(result, 'repair-waits')).toEqual([100]);
});

test('when every member is down the work waits for the first that runs', () => {
  const result = simulate({
    ...smallScenario({
      zones: [1, 1, 1],
      faults: [
        { duration: constant(400 * SECOND), effect: { kind: 'power-loss', target: { kind: 'all' } } },
        {
          start: { kind: 'at', atUs: 11 * SECOND },
          duration: constant(1000 * SECOND),
          effect: { kind: 'power-loss', target: { kind: 'union', of: [node('m1'), node('m2')] } },
        },
      ],
      seconds: 600,
    }),
    operators: { ...NO_OPERATORS, runbooks: [runbook('etcd', { kind: 'restore' })] },
  });
  const [outage] = outages(result);
  expect(outage!.toUs / SECOND).toBeGreaterThanOrEqual(410);
  expect(outage!.toUs / SECOND).toBeLessThan(420);
});

test('a second loss while members are being joined is another call', () => {
  const result = run(
    'etcd',
    3000,
    { runbooks: [runbook('etcd', { rejoin: constant(5 * SECOND) })] },
    { seconds: 300 },
  );
  expect(result.faults.filter((fault) => fault.kind === 'runbook')).toHaveLength(1);
  const again = simulate({
    ...smallScenario({
      zones: [2, 2, 1],
      faults: [
        lost(3000),
        {
          start: { kind: 'at', atUs: 250 * SECOND },
          duration: constant(100 * SECOND),
          effect: { kind: 'power-loss', target: node('m4') },
        },
      ],
      seconds: 900,
    }),
    operators: {
      ...NO_OPERATORS,
      runbooks: [runbook('etcd', { afterUs: 30 * SECOND, duration: constant(20 * SECOND) })],
    },
  });
  const calls = again.faults.filter((fault) => fault.kind === 'runbook');
  expect(calls).toHaveLength(2);
  expect(again.groups.at(-1)).toMatchObject({ state: 'serving' });
});
