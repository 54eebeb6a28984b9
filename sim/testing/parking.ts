/**
 * Random scenarios for the property that parking changes nothing: steady for long stretches and troubled in between, with
 * ticks from microseconds (constant ties) to a second, loss up to a fifth, jitter above the heartbeat interval, late tails,
 * drifting clocks, and faults of every kind, single or again and again.
 */
import fc from 'fast-check';
import type { FaultEffect, FaultSpec, NodeSelector } from '../faults/fault-spec.ts';
import { constant, type Distribution, lognormalFromP50P99 } from '../kernel/distribution.ts';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';
import { profileNames } from '../systems/profiles.ts';
import type { SystemKind } from '../systems/system-spec.ts';
import { all, leaderOf, node, smallScenario } from '../testing.ts';

const ETCD_LIKE = { checkQuorum: true, transport: 'connection' } as const;

/** A Raft group by itself, with ticks of any length. */
const bareGroup = fc
  .record({
    tickUs: fc.oneof(
      fc.constantFrom(2, 3, 4, 5, 7, 10, 20),
      fc.constantFrom(50, 333, 1_000, 10_000, 100_000, 1_000_000),
      fc.integer({ min: 5, max: 200_000 }),
    ),
    heartbeatTicks: fc.constantFrom(1, 1, 1, 2, 3),
    electionTicks: fc.constantFrom(3, 4, 5, 10, 10, 20),
    checkQuorum: fc.boolean(),
    preVote: fc.boolean(),
    transport: fc.constantFrom('datagram' as const, 'datagram' as const, 'connection' as const),
  })
  .map((parameters) => ({
    kind: 'raft' as SystemKind,
    profile: 'etcd-raft',
    parameters: {
      ...parameters,
      // Heartbeats this close together do not park on connections.
      transport: parameters.tickUs < 100 ? ('datagram' as const) : parameters.transport,
      electionTicks: Math.max(parameters.electionTicks, parameters.heartbeatTicks + 1),
    },
  }));

/** A Raft group on connections whose retransmissions come about as soon as its time-outs. */
const patientGroup = fc
  .record({
    tickUs: fc.integer({ min: 60_000, max: 700_000 }),
    heartbeatTicks: fc.constantFrom(1, 1, 1, 2),
    electionTicks: fc.integer({ min: 3, max: 10 }),
    checkQuorum: fc.constantFrom(true, true, false),
    preVote: fc.boolean(),
    transport: fc.constant('connection' as const),
  })
  .map((parameters) => ({ kind: 'raft' as SystemKind, profile: 'etcd-raft', parameters }));

const product = fc.constantFrom<SystemKind>('etcd', 'swarm', 'swarm', 'raft').chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    profile: fc.constantFrom(...profileNames(kind).filter((name) => name !== 'paper')),
    parameters: fc.constantFrom({}, {}, {}, ETCD_LIKE),
  }),
);

/** Latencies in units of the time between two heartbeats. */
export const latency = fc.oneof(
  fc.constantFrom(0, 0.001, 0.01, 0.3, 1, 2).map((share) => (us: number) => constant(Math.round(share * us))),
  fc.constantFrom(0.01, 0.5, 1.5, 3).map(
    (share) =>
      (us: number): Distribution => ({ kind: 'uniform', low: 0, high: Math.round(share * us) + 1 }),
  ),
  fc.tuple(fc.constantFrom(0.001, 0.05, 0.3), fc.constantFrom(2, 5, 20)).map(
    ([share, tail]) =>
      (us: number): Distribution =>
        lognormalFromP50P99(Math.max(1, share * us), Math.max(1, share * us) * tail),
  ),
);

const target = (members: number, system: string): fc.Arbitrary<NodeSelector> =>
  fc.oneof(
    fc.integer({ min: 1, max: members }).map((n) => node(`m${n}`)),
    fc.constant(leaderOf(system)),
    fc.constant<NodeSelector>({ kind: 'any', count: 1, of: all }),
    fc.constant<NodeSelector>({ kind: 'place', place: 'r/d/a' }),
  );

export const effect = (members: number, system: string, unitUs: number): fc.Arbitrary<FaultEffect> => {
  const nodes = target(members, system);
  const link = { from: nodes, to: nodes, direction: fc.constantFrom('both' as const, 'one-way' as const) };
  return fc.oneof(
    fc.record({
      kind: fc.constantFrom('kill', 'stop', 'restart', 'pause', 'power-loss', 'power-loss', 'isolate'),
      target: nodes,
    }),
    fc.record({ kind: fc.constant('cut' as const), ...link }),
    fc.record({
      kind: fc.constant('partition' as const),
      groups: fc.array(nodes, { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('delay' as const),
      addUs: fc.integer({ min: 0, max: 3 }).map((n) => n * unitUs),
      jitterUs: fc.constantFrom(0, 0, unitUs, 2 * unitUs),
      multiply: fc.constantFrom(1, 1, 3),
      shape: fc.constantFrom('square' as const, 'triangle' as const),
      ...link,
    }),
    fc.record({
      kind: fc.constant('loss' as const),
      share: fc.constantFrom(1e-9, 0.001, 0.01, 0.1, 0.5, 0.999999, 1),
      ...link,
    }),
    fc.record({
      kind: fc.constant('slow-disk' as const),
      target: nodes,
      fsyncUs: fc.oneof(
        fc.constant(null),
        fc.integer({ min: 1, max: 5 }).map((n) => constant(n * unitUs)),
      ),
    }),
    fc.record({
      kind: fc.constant('clock-skew' as const),
      target: nodes,
      driftPpm: fc.constantFrom(-200_000, -300, 50, 1_000, 200_000),
      offsetUs: fc.constant(0),
    }),
  ) as fc.Arbitrary<FaultEffect>;
};

/** Half a thousand to a few thousand ticks long. */
export const parkingScenario: fc.Arbitrary<Scenario> = fc
  .record({
    zones: fc.constantFrom([1, 1, 1], [3], [2, 2, 1], [1], [2, 1], [3, 2, 2]),
    first: fc.oneof(bareGroup, bareGroup, patientGroup, product, product),
    second: fc.option(product, { freq: 3 }),
    rethink: fc.constantFrom(false, false, false, true),
    latency,
    jitter: fc.constantFrom(0, 0, 0.001, 0.5, 1.5),
    loss: fc.constantFrom(0, 0, 1e-12, 1e-9, 1e-4, 1e-3, 1e-2, 0.05, 0.2),
    fsync: fc.constantFrom(0, 0.01, 0.2),
    drift: fc.constantFrom(0, 0, 40, 5_000),
    ticks: fc.integer({ min: 300, max: 2_000 }),
    learner: fc.constantFrom(false, false, false, false, true),
  })
  .chain((shape) => {
    const members = shape.zones.reduce((a, b) => a + b, 0);
    // Beside ticks of microseconds another system would not even come to elect a leader.
    const alone = shape.second === null || (shape.first.kind === 'raft' && shape.second.kind !== 'raft');
    const systems = [shape.first, ...(alone || shape.second === null ? [] : [shape.second])].filter(
      (one, i, list) => list.findIndex(({ kind }) => kind === one.kind) === i,
    );
    const specs = systems.map(
      ({ kind, profile, parameters }) => [kind, profile, parameters] as [SystemKind, string, object],
    );
    const slow = systems.some(({ kind }) => kind !== 'raft');
    if (shape.rethink && slow) specs.push(['rethink', profileNames('rethink')[0]!, {}]);
    const base = smallScenario({ zones: shape.zones, systems: specs });
    const first = base.systems[0]!.parameters as { tickUs: number; heartbeatTicks: number };
    const unitUs = first.tickUs * first.heartbeatTicks;
    const ticksUs = base.systems.flatMap(({ parameters }) =>
      'tickUs' in parameters ? [parameters.tickUs] : [],
    );
    const endUs = shape.ticks * Math.min(...ticksUs);
    const start = fc.oneof(
      fc.integer({ min: 0, max: endUs }).map((atUs) => ({ kind: 'at' as const, atUs })),
      fc.constant({
        kind: 'every' as const,
        interval: { kind: 'exponential' as const, mean: endUs / 4 },
      }),
    );
    const duration = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: Math.ceil(endUs / 5) }).map(constant),
      fc.integer({ min: 1, max: endUs }).map(constant),
      fc.constant<Distribution>({ kind: 'exponential', mean: 5 * unitUs }),
    );
    const fault = fc.record({ start, duration, effect: effect(members, base.systems[0]!.name, unitUs) });
    return fc.array(fault, { maxLength: 6 }).map((faults) => scenarioOf(base, shape, faults, unitUs, endUs));
  });

type Shape = {
  readonly latency: (us: number) => Distribution;
  readonly jitter: number;
  readonly loss: number;
  readonly fsync: number;
  readonly drift: number;
  readonly learner: boolean;
};

export function scenarioOf(
  base: Scenario,
  shape: Shape,
  faults: readonly Partial<FaultSpec>[],
  unitUs: number,
  endUs: number,
): Scenario {
  const quality = {
    latencyUs: shape.latency(unitUs),
    jitterUs: Math.round(shape.jitter * unitUs),
    loss: shape.loss,
  };
  const linkClasses = Object.fromEntries(
    Object.keys(base.world.linkClasses).map((name) => [name, quality]),
  ) as unknown as Scenario['world']['linkClasses'];
  // RethinkDB's timers are seconds long, whatever the others' are.
  const warmUpUs = base.systems.some(({ kind }) => kind === 'rethink')
    ? Math.max(60_000_000, Math.ceil(endUs / 10))
    : Math.ceil(endUs / 10);
  const systems = base.systems.map((spec) =>
    shape.learner && spec.kind === 'raft' && spec.members.length > 2
      ? { ...spec, members: spec.members.slice(0, -1), learners: spec.members.slice(-1) }
      : spec,
  );
  return {
    ...base,
    systems,
    world: {
      ...base.world,
      linkClasses,
      nodes: base.world.nodes.map((spec, i) => ({
        ...spec,
        fsync: constant(Math.round(shape.fsync * unitUs)),
        clock: { driftPpm: shape.drift * ((i % 3) - 1), offsetUs: 0 },
      })),
    },
    faults: faults.map((fault, i) => ({
      name: '',
      repeat: null,
      origin: `timeline[${i}]`,
      ...(fault as Pick<FaultSpec, 'start' | 'duration' | 'effect'>),
    })),
    vantages: { levels: ['datacenter', 'zone', 'node'], nodes: [] },
    run: { durationUs: endUs, warmUpUs },
  };
}

export interface Comparison {
  readonly parked: Run;
  readonly everyEvent: Run;
  /** The first part of the two runs that differs, '' when none does. */
  readonly difference: string;
}

/** The same run twice, parked and event by event; they must agree in everything but their cost. */
export function compareRuns(scenario: Scenario, seed: number): Comparison {
  const parked = simulate(scenario, { seed });
  const everyEvent = simulate(scenario, { seed, everyEvent: true });
  return { parked, everyEvent, difference: differenceOf(parked, everyEvent) };
}

function differenceOf(a: Run, b: Run): string {
  for (const key of Object.keys(b) as (keyof Run)[]) {
    if (key === 'eventCount' || key === 'parking') continue;
    const [one, other] = [a[key], b[key]];
    if (JSON.stringify(one) === JSON.stringify(other)) continue;
    if (!Array.isArray(one) || !Array.isArray(other)) return key;
    const at = other.findIndex((item, i) => JSON.stringify(item) !== JSON.stringify(one[i]));
    const i = at < 0 ? other.length : at;
    return `${key}[${i}]: parked ${JSON.stringify(one[i])}, every event ${JSON.stringify(other[i])}`;
  }
  return '';
}
