/**
 * Random scenarios for the property that parking changes nothing in a gossip cluster: quiet for long stretches and troubled
 * in between, with probe intervals from 20 us (constant ties) to a second, loss, jitter, late tails, spikes, pauses, partial
 * and one-way cuts, members that are gone for as long as others remember them and longer.
 */
import fc from 'fast-check';
import type { FaultSpec } from '../faults/fault-spec.ts';
import type { Distribution } from '../kernel/distribution.ts';
import { constant } from '../kernel/distribution.ts';
import type { Scenario } from '../scenario.ts';
import type { GossipParameters } from '../systems/gossip/parameters.ts';
import { GOSSIP_PROFILES } from '../systems/gossip/parameters.ts';
import { profileNames } from '../systems/profiles.ts';
import type { SystemKind } from '../systems/system-spec.ts';
import { smallScenario } from '../testing.ts';
import { effect, latency, scenarioOf } from './parking.ts';

/** The profile with all its times so many times shorter. */
function scaled(
  profile: string,
  divisor: number,
  more: Partial<GossipParameters>,
): Partial<GossipParameters> {
  const parameters = { ...GOSSIP_PROFILES[profile]!.parameters, ...more };
  const times = Object.entries(parameters).filter(
    ([name, value]) => name.endsWith('Us') && typeof value === 'number',
  ) as [string, number][];
  return {
    ...more,
    ...Object.fromEntries(times.map(([name, us]) => [name, Math.max(1, Math.round(us / divisor))])),
  };
}

const S = 1_000_000;

export const gossipParkingScenario: fc.Arbitrary<Scenario> = fc
  .record({
    zones: fc.constantFrom([1, 1, 1], [3], [2, 2, 1], [2, 1], [3, 2, 2], [1], [4, 4, 4], [12, 11, 11]),
    profile: fc.constantFrom(...profileNames('gossip')),
    divisor: fc.constantFrom(1, 1, 1, 7, 1_000, 20_000, 50_000),
    forgetUs: fc.constantFrom(24 * 3600 * S, 100 * S, 40 * S),
    rejoinUs: fc.constantFrom(null, null, 60 * S),
    interleaved: fc.constantFrom({}, {}, { pushPullIntervalUs: 15 * S, bulkSyncIntervalUs: 11 * S }),
    second: fc.option(fc.constantFrom<SystemKind>('etcd', 'swarm'), { freq: 5 }),
    latency,
    share: fc.constantFrom(0.001, 0.001, 0.02, 0.2),
    jitter: fc.constantFrom(0, 0, 0.001, 0.1, 0.6),
    loss: fc.constantFrom(0, 0, 0, 1e-4, 1e-3, 1e-2, 0.05, 0.2),
    unlike: fc.boolean(),
    ticks: fc.integer({ min: 100, max: 600 }),
    faultCount: fc.constantFrom(0, 1, 2, 3, 4, 5, 6),
  })
  .chain((shape) => {
    const members = shape.zones.reduce((a, b) => a + b, 0);
    const { profile, divisor } = shape;
    const more: Partial<GossipParameters> = {
      ...shape.interleaved,
      forgetFailedUs: shape.forgetUs,
      ...(shape.rejoinUs !== null && { rejoinIntervalUs: shape.rejoinUs }),
    };
    const parameters = scaled(profile, divisor, more);
    const base = smallScenario({
      zones: shape.zones,
      systems: [
        ['gossip', profile, parameters],
        ...(shape.second !== null && divisor === 1
          ? [[shape.second, 'deck-2017', {}] as [SystemKind, string, object]]
          : []),
      ],
    });
    const unitUs = (base.systems[0]!.parameters as GossipParameters).probeIntervalUs;
    const endUs = shape.ticks * unitUs;
    const start = fc.oneof(
      fc.integer({ min: 0, max: endUs }).map((atUs) => ({ kind: 'at' as const, atUs })),
      // On the very microsecond of something else.
      fc.integer({ min: 0, max: shape.ticks }).map((n) => ({ kind: 'at' as const, atUs: n * unitUs })),
      fc.constant({
        kind: 'every' as const,
        interval: { kind: 'exponential' as const, mean: endUs / 3 },
      }),
    );
    const duration = fc.oneof(
      fc.constant(null),
      fc.integer({ min: 1, max: Math.ceil(endUs / 3) }).map(constant),
      fc.integer({ min: 1, max: endUs }).map(constant),
      fc.constant<Distribution>({ kind: 'exponential', mean: 5 * unitUs }),
    );
    const fault = fc.record({ start, duration, effect: effect(members, base.systems[0]!.name, unitUs) });
    return fc.array(fault, { minLength: shape.faultCount, maxLength: shape.faultCount }).map((faults) => {
      const scenario = scenarioOf(
        base,
        {
          latency: (us) => shape.latency(us * shape.share),
          jitter: shape.jitter * shape.share,
          loss: shape.loss,
          fsync: 0,
          drift: 0,
          learner: false,
        },
        faults as readonly Partial<FaultSpec>[],
        unitUs,
        endUs,
      );
      return shape.unlike ? unlikeLinks(scenario) : scenario;
    });
  });

/** Links between zones are worse than those within. */
function unlikeLinks(scenario: Scenario): Scenario {
  const { linkClasses } = scenario.world;
  const between = linkClasses['between-zones'];
  return {
    ...scenario,
    world: {
      ...scenario.world,
      linkClasses: {
        ...linkClasses,
        'between-zones': { ...between, loss: Math.min(0.5, 3 * (between?.loss ?? 0)) },
      },
    },
  };
}
