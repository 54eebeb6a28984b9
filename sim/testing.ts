/** Small scenarios for tests, and random ones for properties. */
import fc from 'fast-check';
import type { FaultEffect, FaultSpec, NodeSelector } from './faults/fault-spec.ts';
import { constant, type Distribution } from './kernel/distribution.ts';
import type { ObjectiveSpec } from './measures/objectives.ts';
import type { Scenario } from './scenario.ts';
import { profileNames, resolveSystem } from './systems/profiles.ts';
import type { SystemKind, SystemSpec } from './systems/system-spec.ts';
import { worldSpec } from './world/testing.ts';

export const SECOND = 1_000_000;

export interface SmallScenario {
  /** Members m1, m2, ... by zone: [2, 1] is two in d/a and one in d/b. */
  readonly zones?: readonly number[];
  readonly systems?: readonly (readonly [SystemKind, string, object?])[];
  readonly faults?: readonly Partial<FaultSpec>[];
  readonly objectives?: readonly ObjectiveSpec[];
  readonly seconds?: number;
  readonly warmUpSeconds?: number;
  readonly latencyUs?: Distribution;
  readonly loss?: number;
  readonly fsync?: Distribution;
  readonly levels?: Scenario['vantages']['levels'];
}

/** One datacenter `r/d` with zones a, b, c ... */
export function smallScenario(small: SmallScenario = {}): Scenario {
  const zones = small.zones ?? [1, 1, 1];
  const nodes: Record<string, string> = {};
  let count = 0;
  // Round robin over the zones, so that m1 and m2 stand apart where they can.
  for (let round = 0; round < Math.max(...zones); round++) {
    zones.forEach((wanted, zone) => {
      if (round < wanted) nodes[`m${++count}`] = `r/d/${'abcdefg'[zone]}`;
    });
  }
  const latencyUs = small.latencyUs;
  const quality = { ...(latencyUs && { latencyUs }), ...(small.loss !== undefined && { loss: small.loss }) };
  return {
    title: 'a small scenario',
    description: '',
    world: worldSpec(nodes, { quality, fsync: small.fsync ?? constant(1000) }),
    systems: (small.systems ?? [['etcd', 'etcd-3.4']]).map(([kind, profile, overrides]) =>
      systemSpec(kind, profile, Object.keys(nodes), overrides ?? {}),
    ),
    faults: (small.faults ?? []).map((fault, i) => faultSpec(fault, i)),
    objectives: small.objectives ?? [],
    vantages: { levels: small.levels ?? ['datacenter', 'zone'], nodes: [] },
    run: { durationUs: (small.seconds ?? 60) * SECOND, warmUpUs: (small.warmUpSeconds ?? 60) * SECOND },
  };
}

export function systemSpec(
  kind: SystemKind,
  profile: string,
  members: readonly string[],
  overrides: object,
): SystemSpec {
  const resolved = resolveSystem(kind, profile, overrides);
  return {
    name: kind,
    family: kind,
    kind,
    profile: resolved.profile,
    parameters: resolved.parameters,
    members,
    learners: [],
  } as SystemSpec;
}

export function faultSpec(fault: Partial<FaultSpec>, index = 0): FaultSpec {
  return {
    name: '',
    start: { kind: 'at', atUs: 10 * SECOND },
    repeat: null,
    duration: null,
    effect: { kind: 'kill', target: node('m1') },
    origin: `timeline[${index}]`,
    ...fault,
  };
}

export const node = (name: string): NodeSelector => ({ kind: 'node', node: name });
export const leaderOf = (system: string): NodeSelector => ({ kind: 'leader', system });
export const all: NodeSelector = { kind: 'all' };

const target = (members: number) =>
  fc.oneof(
    fc.integer({ min: 1, max: members }).map((n) => node(`m${n}`)),
    fc.constant(leaderOf('etcd')),
    fc.constant<NodeSelector>({ kind: 'followers', system: 'etcd' }),
    fc.constant<NodeSelector>({ kind: 'any', count: 2, of: all }),
    fc.constant<NodeSelector>({ kind: 'place', place: 'r/d/a' }),
  );

const effect = (members: number): fc.Arbitrary<FaultEffect> => {
  const nodes = target(members);
  const direction = fc.constantFrom('both' as const, 'one-way' as const);
  const link = { from: nodes, to: nodes, direction };
  return fc.oneof(
    fc.record({
      kind: fc.constantFrom('kill', 'stop', 'restart', 'pause', 'power-loss', 'isolate'),
      target: nodes,
    }),
    fc.record({ kind: fc.constant('zone-outage' as const), place: fc.constant('r/d/a') }),
    fc.record({ kind: fc.constant('cut' as const), ...link }),
    fc.record({
      kind: fc.constant('partition' as const),
      groups: fc.array(nodes, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('delay' as const),
      addUs: fc.integer({ min: 0, max: 3 * SECOND }),
      jitterUs: fc.integer({ min: 0, max: SECOND }),
      multiply: fc.integer({ min: 1, max: 100 }),
      shape: fc.constantFrom('square' as const, 'ramp' as const, 'triangle' as const, 'decay' as const),
      ...link,
    }),
    fc.record({
      kind: fc.constant('loss' as const),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
      ...link,
    }),
    fc.record({
      kind: fc.constant('slow-disk' as const),
      target: nodes,
      fsyncUs: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 5 * SECOND }).map(constant)),
    }),
    fc.record({
      kind: fc.constant('clock-skew' as const),
      target: nodes,
      driftPpm: fc.integer({ min: -200_000, max: 200_000 }),
      offsetUs: fc.constant(0),
    }),
  ) as fc.Arbitrary<FaultEffect>;
};

/** Scenarios with several systems and faults of every kind, half a minute to two minutes long. */
export const randomScenario: fc.Arbitrary<Scenario> = fc
  .record({
    zones: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
    profiles: fc.record({
      etcd: fc.constantFrom(...profileNames('etcd')),
      swarm: fc.constantFrom(...profileNames('swarm')),
      raft: fc.constantFrom(...profileNames('raft').filter((name) => name !== 'paper')),
      rethink: fc.constantFrom(...profileNames('rethink')),
    }),
    kinds: fc.subarray<SystemKind>(['swarm', 'raft', 'rethink']),
    latencyUs: fc.constantFrom<Distribution>(
      constant(0),
      constant(500),
      { kind: 'uniform', low: 100, high: 30_000 },
      { kind: 'lognormal', mu: 9, sigma: 1 },
    ),
    loss: fc.constantFrom(0, 0, 1e-3, 0.05),
    fsync: fc.constantFrom<Distribution>(constant(0), constant(2000), { kind: 'exponential', mean: 20_000 }),
    seconds: fc.integer({ min: 30, max: 120 }),
  })
  .chain(({ zones, profiles, kinds, ...rest }) => {
    const members = zones.reduce((a, b) => a + b, 0);
    const start = fc.oneof(
      fc.integer({ min: 0, max: 60 * SECOND }).map((atUs) => ({ kind: 'at' as const, atUs })),
      fc.constant({ kind: 'every' as const, interval: { kind: 'exponential' as const, mean: 20 * SECOND } }),
    );
    const duration = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: 30 * SECOND }).map(constant),
      fc.constant<Distribution>({ kind: 'exponential', mean: 5 * SECOND }),
    );
    return fc.array(fc.record({ start, duration, effect: effect(members) }), { maxLength: 4 }).map((faults) =>
      smallScenario({
        ...rest,
        zones,
        faults,
        systems: (['etcd', ...kinds] as SystemKind[]).map((kind) => [
          kind,
          profiles[kind as keyof typeof profiles],
        ]),
        levels: ['region', 'datacenter', 'zone', 'node'],
      }),
    );
  });
