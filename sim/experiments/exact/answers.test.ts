import { expect, test } from 'vitest';
import { steadyQuorumOdds } from '../../exact/markov.ts';
import { smallPlatform } from '../../exact/testing.ts';
import type { FaultEffect, FaultSpec } from '../../faults/fault-spec.ts';
import { constant, type Distribution } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import { simulate } from '../../simulate.ts';
import { meanInterval } from '../statistics/index.ts';
import { type ExactAnswer, exactAnalysis } from './answers.ts';

const HOUR = 3_600_000_000;
const exponential = (hours: number): Distribution => ({ kind: 'exponential', mean: hours * HOUR });
const powerLoss = (node: string): FaultEffect => ({ kind: 'power-loss', target: { kind: 'node', node } });

function eachNode(scenario: Scenario, changes: Partial<FaultSpec> = {}): FaultSpec {
  return {
    name: 'node',
    start: { kind: 'every', interval: exponential(50) },
    repeat: null,
    duration: exponential(4),
    effect: powerLoss('m1'),
    each: scenario.world.nodes.map(({ name }) => ({ name, effect: powerLoss(name) })),
    origin: 'life[0]',
    ...changes,
  };
}

function platform(
  zones: readonly number[],
  faults: (scenario: Scenario) => FaultSpec[],
  hours = 2000,
): Scenario {
  const scenario = smallPlatform({ zones, systems: [{ kind: 'etcd' }] });
  return {
    ...scenario,
    vantages: { levels: ['region', 'zone'], nodes: [] },
    run: { durationUs: hours * HOUR, warmUpUs: 120_000_000 },
    faults: faults(scenario),
    operators: { crews: [{ name: 'ops', size: 1 }], maintenance: [], runbooks: [] },
  };
}

const find = (answers: readonly ExactAnswer[], vantage: string) =>
  answers.find((answer) => answer.operation === 'write' && answer.vantage === vantage)!;

test('members that fail on their own: the binomial, less the beginning when all are up', () => {
  const { answers } = exactAnalysis(platform([1, 1, 1], (s) => [eachNode(s)]));
  const { unavailability, longRun, method } = find(answers, 'r');
  expect(method).toBe('independent failures');
  expect(longRun! / steadyQuorumOdds(3, { mttf: 50, mttr: 4 }).down).toBeCloseTo(1, 10);
  expect(unavailability).toBeLessThan(longRun!);
  expect(unavailability).toBeGreaterThan(longRun! * 0.99);
});

test('one that never fails changes nothing; a failure more makes it worse', () => {
  const share = (faults: (s: Scenario) => FaultSpec[]) =>
    find(exactAnalysis(platform([1, 1, 1], faults)).answers, 'r').unavailability;
  const zone: FaultSpec = {
    ...eachNode(platform([1, 1, 1], () => [])),
    name: 'zone',
    effect: { kind: 'zone-outage', place: 'dc/a' },
    each: [{ name: 'dc/a', effect: { kind: 'zone-outage', place: 'dc/a' } }],
  };
  const delay: FaultEffect = {
    kind: 'delay',
    from: { kind: 'all' },
    to: { kind: 'all' },
    direction: 'both',
    addUs: 1000,
    jitterUs: 0,
    multiply: 1,
    shape: 'square',
  };
  const plain = share((s) => [eachNode(s)]);
  expect(
    share((s) => [
      eachNode(s),
      { ...zone, name: 'slow', effect: delay, each: [{ name: '', effect: delay }] },
    ]),
  ).toBe(plain);
  expect(share((s) => [eachNode(s), zone])).toBeGreaterThan(plain);
});

test('a planned outage is exact too', () => {
  const outage: FaultSpec = {
    name: '',
    start: { kind: 'at', atUs: HOUR },
    repeat: { periodUs: 10 * HOUR, times: 3 },
    duration: constant(HOUR / 2),
    effect: { kind: 'zone-outage', place: 'dc/a' },
    origin: 'timeline[0]',
  };
  const { answers } = exactAnalysis(platform([2, 1], () => [outage], 100));
  expect(find(answers, 'dc/b')).toMatchObject({ outages: 3, longRun: null });
  expect(find(answers, 'dc/b').unavailability).toBeCloseTo(1.5 / 100, 10);
});

test('what cannot be said is not said, with the reason', () => {
  const because = (changes: Partial<FaultSpec>) =>
    exactAnalysis(platform([1, 1, 1], (s) => [eachNode(s, changes)])).without[0]?.why;
  expect(because({})).toBeUndefined();
  expect(because({ start: { kind: 'every', interval: constant(HOUR) } })).toMatch('constant intervals');
  expect(because({ crew: 'ops', duration: constant(HOUR) })).toMatch('crew');
  const leader: FaultEffect = { kind: 'kill', target: { kind: 'leader', system: 'etcd-0' } };
  expect(because({ effect: leader, each: [{ name: '', effect: leader }] })).toMatch('depends on the moment');
  const frozen: FaultEffect = { kind: 'pause', target: { kind: 'all' } };
  expect(because({ effect: frozen, each: [{ name: '', effect: frozen }] })).toMatch('requests wait');
});

const CASES: readonly (readonly [string, readonly number[], (s: Scenario) => FaultSpec[]])[] = [
  ['three members', [1, 1, 1], (s) => [eachNode(s)]],
  [
    'Weibull life and lognormal repair',
    [1, 1, 1],
    (s) => [
      eachNode(s, {
        start: { kind: 'every', interval: { kind: 'weibull', shape: 1.5, scale: 60 * HOUR } },
        duration: { kind: 'lognormal', mu: 23, sigma: 0.8 },
      }),
    ],
  ],
  ['one crew', [1, 1, 1], (s) => [eachNode(s, { crew: 'ops' })]],
  [
    'a common cause',
    [1, 1, 1],
    (s) => [eachNode(s, { commonCauses: [{ name: '', share: 0.2, members: ['m1', 'm2'] }] })],
  ],
];

test.each(CASES)('%s: the simulation comes out where the exact answer says', (_name, zones, faults) => {
  const scenario = platform(zones, faults, 600);
  const { answers, without } = exactAnalysis(scenario);
  expect(without).toEqual([]);
  const runs = Array.from({ length: 12 }, (_, k) => simulate(scenario, { seed: `exact/${k}` }));
  for (const vantage of ['r', 'dc/c']) {
    const { unavailability } = find(answers, vantage);
    const shares = runs.map(
      ({ summary, durationUs }) =>
        summary.find((row) => row.operation === 'write' && row.vantage === vantage)!.downtimeUs / durationUs,
    );
    const { lower, upper } = meanInterval(shares, 0.99);
    expect(unavailability, vantage).toBeGreaterThan(lower);
    expect(unavailability, vantage).toBeLessThan(upper);
    // It is an interval worth its name.
    expect(upper / lower).toBeLessThan(8);
  }
});
