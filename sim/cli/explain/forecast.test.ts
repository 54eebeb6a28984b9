import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SmallPlatform, smallPlatform } from '../../exact/testing.ts';
import type { FaultEffect, FaultSpec } from '../../faults/fault-spec.ts';
import { constant } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import { simulate } from '../../simulate.ts';
import { forecasts } from './forecast.ts';
import { outcomeWords } from './loss-table.ts';

const SECOND = 1_000_000;

function withFault(platform: SmallPlatform, effect: FaultEffect, more: Partial<FaultSpec> = {}): Scenario {
  const fault: FaultSpec = {
    name: '',
    start: { kind: 'at', atUs: 10 * SECOND },
    repeat: null,
    duration: null,
    effect,
    origin: 'timeline[0]',
    ...more,
  };
  return { ...smallPlatform(platform), faults: [fault] };
}

function forecast(platform: SmallPlatform, effect: FaultEffect, more?: Partial<FaultSpec>) {
  return forecasts(withFault(platform, effect, more))[0]!;
}

const words = (result: ReturnType<typeof forecast>) =>
  result.survival.map(({ outcomes }) => outcomes.map((outcome) => outcomeWords(outcome)).join(' / '));

const three: SmallPlatform = { zones: [1, 1, 1], systems: [{ kind: 'etcd' }] };

describe('by the fault itself', () => {
  test('the loss of a zone of three', () => {
    const result = forecast(three, { kind: 'zone-outage', place: 'dc/b' });
    expect(result.nodes).toEqual(['m2']);
    expect(words(result)).toEqual(['goes on or fails over']);
  });

  test('the death of the leader, whoever it is', () => {
    const result = forecast(three, { kind: 'kill', target: { kind: 'leader', system: 'etcd' } });
    expect(result.nodes).toBeNull();
    expect(words(result)).toEqual(['fails over']);
  });

  test('the death of all followers', () => {
    const result = forecast(three, { kind: 'kill', target: { kind: 'followers', system: 'etcd' } });
    expect(words(result)).toEqual(['DOWN but stale reads']);
  });

  test('any two of three: each pair is tried', () => {
    const target = { kind: 'any', count: 2, of: { kind: 'role', role: 'manager' } } as const;
    expect(words(forecast(three, { kind: 'kill', target }))).toEqual(['DOWN but stale reads']);
  });

  test('which one of 2+1 decides about the zone: any one zone node of a five-node swarm does not matter', () => {
    const target = { kind: 'any', count: 1, of: { kind: 'all' } } as const;
    const result = forecast({ zones: [2, 2, 1], systems: [{ kind: 'swarm' }] }, { kind: 'kill', target });
    expect(words(result)).toEqual(['goes on or fails over']);
  });

  test('a zone cut off from the others is judged apart', () => {
    const result = forecast(three, {
      kind: 'partition',
      groups: [
        { kind: 'place', place: 'dc/a' },
        {
          kind: 'union',
          of: [
            { kind: 'place', place: 'dc/b' },
            { kind: 'place', place: 'dc/c' },
          ],
        },
      ],
    });
    expect(words(result)).toEqual(['goes on or fails over, but not from dc/a']);
  });

  test('an outage that is shorter than the time-out', () => {
    const outage: FaultEffect = { kind: 'pause', target: { kind: 'node', node: 'm1' } };
    expect(forecast(three, outage, { duration: constant(2 * SECOND) }).survival[0]!.brief).toBe(true);
    expect(forecast(three, outage, { duration: constant(20 * SECOND) }).survival[0]!.brief).toBe(false);
    expect(forecast(three, outage).survival[0]!.brief).toBe(false);
  });
});

describe('slower links', () => {
  const all = { kind: 'all' } as const;
  function effects(addSeconds: number, shape: 'square' | 'ramp' = 'square') {
    const systems = (['swarm', 'etcd', 'rethink'] as const).map((kind) => ({ kind }));
    const result = forecast(
      { zones: [1, 1, 1], systems },
      {
        kind: 'delay',
        from: all,
        to: all,
        direction: 'one-way',
        addUs: addSeconds * SECOND,
        jitterUs: 0,
        multiply: 1,
        shape,
      },
    );
    expect(result.survival).toEqual([]);
    return result.slowdowns.map(({ effect }) => effect);
  }

  test("each of the deck's systems breaks at its own threshold", () => {
    expect(effects(0.6)).toEqual(['holds', 'holds', 'holds']);
    expect(effects(3)).toEqual(['cannot elect', 'holds', 'holds']);
    expect(effects(4.6)).toEqual(['cannot elect', 'may elect', 'holds']);
    expect(effects(9.6)).toEqual(['cannot elect', 'cannot elect', 'holds']);
    expect(effects(17)).toEqual(['cannot elect', 'cannot elect', 'elects']);
  });

  test('a delay that grows slowly never looks like silence', () => {
    expect(effects(9.6, 'ramp')).toEqual(['holds', 'holds', 'holds']);
  });
});

const layout = fc
  .array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 4 })
  .filter((zones) => zones.reduce((a, b) => a + b, 0) <= 7);
const kinds = fc.constantFrom(
  { kind: 'swarm', profile: 'deck-2017' } as const,
  { kind: 'swarm', profile: 'swarmkit-18.03' } as const,
  { kind: 'etcd', profile: 'deck-2017' } as const,
  { kind: 'etcd', profile: 'etcd-3.5' } as const,
  { kind: 'rethink', profile: 'deck-2017' } as const,
  { kind: 'raft', profile: 'etcd-raft' } as const,
);

/** The network splits in two along zones; where the simulation comes to rest must be one of the states forecast. */
test('what is forecast of a split comes true in the simulation', () => {
  fc.assert(
    fc.property(layout, kinds, fc.nat(), fc.nat(100), (zones, system, split, seed) => {
      const side = 1 + (split % (2 ** zones.length - 2));
      const group = zones.flatMap((_, i) =>
        ((side >> i) & 1) === 1 ? [{ kind: 'place', place: `dc/${'abcd'[i]}` } as const] : [],
      );
      const scenario = withFault(
        { zones, systems: [system] },
        {
          kind: 'partition',
          groups: [{ kind: 'union', of: group }],
        },
      );
      const run = simulate({ ...scenario, run: { ...scenario.run, durationUs: 170 * SECOND } }, { seed });
      const [{ survival }] = forecasts(scenario) as [ReturnType<typeof forecast>];
      for (const { operation, byZone } of survival[0]!.outcomes[0]!.operations) {
        for (const { zone, states } of byZone) {
          const last = run.availability.findLast(
            (each) => each.operation === operation && each.vantage === zone,
          )!;
          expect(
            states,
            `${system.profile} ${operation} from ${zone}, ${group.length} zones apart`,
          ).toContain(last.state);
        }
      }
    }),
    { numRuns: 20 },
  );
});
