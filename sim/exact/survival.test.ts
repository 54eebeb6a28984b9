import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FaultEffect } from '../faults/fault-spec.ts';
import { simulate } from '../simulate.ts';
import { profileNames, SYSTEM_KINDS } from '../systems/profiles.ts';
import { type SystemKind, votingSystems } from '../systems/system-spec.ts';
import { lossesOf } from './losses.ts';
import { Ground } from './remains.ts';
import { type Survival, survival } from './survival.ts';
import { smallPlatform } from './testing.ts';

function lose(
  survivor: { zones: readonly number[]; kind: SystemKind; profile?: string },
  nodes: string[],
  dark: string[] = [],
) {
  const { zones, ...system } = survivor;
  const scenario = smallPlatform({ zones, systems: [system] });
  return survival(
    votingSystems(scenario.systems)[0]!,
    new Ground(scenario.world).without(new Set(nodes), new Set(dark)),
  );
}

function states({ operations }: Survival): Record<string, string> {
  return Object.fromEntries(operations.map(({ operation, states }) => [operation, states.join(' or ')]));
}

describe('the loss of nodes', () => {
  test('one of three: the quorum stays, and a leader may be lost', () => {
    const result = lose({ zones: [1, 1, 1], kind: 'swarm' }, ['m2']);
    expect(result).toMatchObject({ voters: 3, quorum: 2, together: 2, leader: 'may change' });
    expect(states(result)).toEqual({ write: 'up', read: 'up', schedule: 'up' });
  });

  test('a node that is no member changes nothing', () => {
    expect(lose({ zones: [1, 1, 1], kind: 'etcd' }, []).leader).toBe('stays');
  });

  test('two of three: etcd and RethinkDB keep their local reads, nothing else works', () => {
    for (const kind of ['etcd', 'rethink'] as const) {
      const result = lose({ zones: [1, 1, 1], kind }, ['m1', 'm2']);
      expect(result.leader).toBe('none');
      expect(states(result)).toEqual({ write: 'down', read: 'degraded' });
    }
  });

  test('two of three: a swarm without CheckQuorum reads on where its leader is left, with CheckQuorum it does not', () => {
    const old = lose({ zones: [1, 1, 1], kind: 'swarm', profile: 'swarmkit-17.03' }, ['m1', 'm2']);
    expect(states(old)).toEqual({ write: 'down', read: 'degraded or down', schedule: 'down' });
    const newer = lose({ zones: [1, 1, 1], kind: 'swarm', profile: 'swarmkit-18.03' }, ['m1', 'm2']);
    expect(states(newer)).toEqual({ write: 'down', read: 'down', schedule: 'down' });
  });

  test('one of two RethinkDB servers: two-server clusters never fail over', () => {
    expect(states(lose({ zones: [1, 1], kind: 'rethink' }, ['m1']))).toEqual({
      write: 'down',
      read: 'degraded',
    });
  });

  test('everything: nobody is left to ask', () => {
    expect(states(lose({ zones: [3], kind: 'etcd' }, ['m1', 'm2', 'm3'], ['dc/a']))).toEqual({
      write: 'down',
      read: 'down',
    });
  });
});

test('a zone that a rule of the network cuts off is judged on its own', () => {
  const cut = (from: string, to: string) => ({ from, to, loss: 1 });
  const scenario = smallPlatform({
    zones: [1, 1, 1],
    systems: [{ kind: 'etcd' }],
    links: ['dc/a', 'dc/b'].flatMap((zone) => [cut(zone, 'dc/c'), cut('dc/c', zone)]),
  });
  const result = survival(votingSystems(scenario.systems)[0]!, new Ground(scenario.world));
  expect(result).toMatchObject({ together: 2, leader: 'may change' });
  const write = result.operations[0]!;
  expect(write.byZone.map(({ states }) => states)).toEqual([['up'], ['up'], ['down']]);
  expect(result.operations[1]!.byZone[2]!.states).toEqual(['degraded']);
});

describe('losses', () => {
  test('members, then places smallest first; places with the same content are one', () => {
    const scenario = smallPlatform({ zones: [2, 1, 0], systems: [{ kind: 'etcd' }] });
    const losses = lossesOf(scenario, new Ground(scenario.world));
    expect(losses.map(({ level, names, sameAs }) => [level, ...names, ...sameAs])).toEqual([
      ['node', 'm1'],
      ['node', 'm2'],
      ['node', 'm3'],
      ['zone', 'dc/a'],
      ['zone', 'dc/b'],
      ['datacenter', 'dc', 'region r'],
    ]);
  });

  test('of three zones also each two', () => {
    const scenario = smallPlatform({ zones: [1, 1, 1], systems: [{ kind: 'etcd' }] });
    const pairs = lossesOf(scenario, new Ground(scenario.world)).filter((loss) => loss.level === 'two zones');
    expect(pairs.map(({ names, nodes }) => [...names, ...nodes])).toEqual([
      ['dc/a', 'dc/b', 'm1', 'm2'],
      ['dc/a', 'dc/c', 'm1', 'm3'],
      ['dc/b', 'dc/c', 'm2', 'm3'],
    ]);
  });
});

const SECOND = 1_000_000;
/** Longer than any profile's elections and RethinkDB's silent-loss detection together, by much. */
const AFTERWARDS_US = 150 * SECOND;
const LOST_AT_US = 10 * SECOND;

const platform = fc.record({
  zones: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }).filter((zones) => {
    const members = zones.reduce((a, b) => a + b, 0);
    return members >= 1 && members <= 7;
  }),
  systems: fc.array(
    fc
      .constantFrom(...SYSTEM_KINDS.filter((kind) => kind !== 'gossip'))
      .chain((kind) =>
        fc.record({ kind: fc.constant(kind), profile: fc.constantFrom(...profileNames(kind)) }),
      ),
    { minLength: 1, maxLength: 3 },
  ),
  seed: fc.integer({ min: 0, max: 1_000 }),
  which: fc.nat(),
});

/**
 * The table is not a second opinion but a prediction: whatever a random layout loses, the simulation must come to rest
 * in one of the states that the arithmetic allows, and in the only one where it allows one.
 */
test('what survives on paper survives in the simulation, for the loss of any node, zone, or two zones', () => {
  fc.assert(
    fc.property(platform, ({ zones, systems, seed, which }) => {
      const scenario = smallPlatform({ zones, systems });
      const ground = new Ground(scenario.world);
      const losses = lossesOf(scenario, ground);
      const loss = losses[which % losses.length]!;
      const effects: FaultEffect[] =
        loss.level === 'node'
          ? [{ kind: 'power-loss', target: { kind: 'node', node: loss.names[0]! } }]
          : loss.names.map((place) => ({ kind: 'zone-outage', place }));
      const run = simulate(
        {
          ...scenario,
          faults: effects.map((effect) => ({
            name: '',
            start: { kind: 'at', atUs: LOST_AT_US },
            repeat: null,
            duration: null,
            effect,
            origin: 'test',
          })),
          run: { ...scenario.run, durationUs: LOST_AT_US + AFTERWARDS_US },
        },
        { seed },
      );
      for (const spec of votingSystems(scenario.systems)) {
        const leader = run.groups.findLast(
          (group) => group.system === spec.name && group.fromUs <= LOST_AT_US && group.leader !== '',
        )?.leader;
        expect(leader, `${spec.name} elected a leader in the warm-up`).toBeDefined();
        const remains = ground.without(new Set(loss.nodes), new Set(loss.darkZones));
        for (const { operation, byZone } of survival(spec, remains, leader).operations) {
          for (const { zone, states } of byZone) {
            const last = run.availability.findLast(
              (each) => each.system === spec.name && each.operation === operation && each.vantage === zone,
            )!;
            const what = `${spec.kind} ${spec.profile} ${operation} from ${zone} without ${loss.names}`;
            expect(states, what).toEqual([last.state]);
          }
        }
      }
    }),
    { numRuns: 40 },
  );
});
