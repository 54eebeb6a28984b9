/** Twenty questions whose exact answer is known, for the test that intervals cover what they say. */
import { smallPlatform } from '../../exact/testing.ts';
import type { FaultEffect, FaultSpec } from '../../faults/fault-spec.ts';
import type { Distribution } from '../../kernel/distribution.ts';
import type { Scenario } from '../../scenario.ts';
import type { SystemKind } from '../../systems/system-spec.ts';

const MINUTE = 60_000_000;

export interface KnownQuestion {
  /** Also its seed: each question has luck of its own. */
  readonly name: string;
  readonly scenario: Scenario;
  readonly runs: number;
}

interface Life {
  /** Minutes. */
  readonly up: Distribution;
  readonly down: Distribution;
}

/** ln of MINUTE. */
const LOG_MINUTE = 17.909855;

const exponential = (mean: number): Distribution => ({ kind: 'exponential', mean });
const powerLoss = (node: string): FaultEffect => ({ kind: 'power-loss', target: { kind: 'node', node } });
const zoneOutage = (place: string): FaultEffect => ({ kind: 'zone-outage', place });

function minutes(distribution: Distribution): Distribution {
  switch (distribution.kind) {
    case 'exponential':
      return { kind: 'exponential', mean: distribution.mean * MINUTE };
    case 'weibull':
      return { ...distribution, scale: distribution.scale * MINUTE };
    case 'lognormal':
      return { ...distribution, mu: distribution.mu + LOG_MINUTE };
    default:
      throw new Error(`no ${distribution.kind} here`);
  }
}

function everyFault(name: string, { up, down }: Life, entities: readonly [string, FaultEffect][]): FaultSpec {
  return {
    name,
    start: { kind: 'every', interval: minutes(up) },
    repeat: null,
    duration: minutes(down),
    effect: entities[0]![1],
    each: entities.map(([entity, effect]) => ({ name: entity, effect })),
    origin: `life.${name}`,
  };
}

/** Failures of every node, and of every zone where `zone` is given; a run of so many minutes. */
function question(
  kind: SystemKind,
  zones: readonly number[],
  runs: number,
  length: number,
  node: Life,
  zone?: Life,
  changes: Partial<FaultSpec> = {},
): KnownQuestion {
  const base = smallPlatform({ zones, systems: [{ kind }] });
  const nodes = base.world.nodes.map(({ name }): [string, FaultEffect] => [name, powerLoss(name)]);
  const places = base.world.places
    .filter(({ level }) => level === 'zone')
    .map(({ name }): [string, FaultEffect] => [name, zoneOutage(name)]);
  const scenario: Scenario = {
    ...base,
    vantages: { levels: ['region'], nodes: [] },
    faults: [
      { ...everyFault('node', node, nodes), ...changes },
      ...(zone === undefined ? [] : [everyFault('zone', zone, places)]),
    ],
    operators: { crews: [{ name: 'ops', size: 1 }], maintenance: [], runbooks: [] },
    run: { durationUs: length * MINUTE, warmUpUs: 60_000_000 },
  };
  return { name: `${kind} ${zones.join('+')}, ${runs} runs of ${length} min`, scenario, runs };
}

const often: Life = { up: exponential(100), down: exponential(30) };
const seldom: Life = { up: exponential(1000), down: exponential(30) };
const aging: Life = {
  up: { kind: 'weibull', shape: 1.8, scale: 120 },
  down: { kind: 'lognormal', mu: 3, sigma: 0.7 },
};

export const KNOWN_QUESTIONS: readonly KnownQuestion[] = [
  question('etcd', [1], 20, 400, often),
  question('etcd', [1], 40, 300, seldom),
  question('etcd', [1, 1, 1], 20, 400, often),
  question('etcd', [1, 1, 1], 60, 150, often),
  question('etcd', [1, 1, 1], 60, 600, { up: exponential(400), down: exponential(40) }),
  question('etcd', [2, 1], 30, 300, often),
  question('etcd', [1, 1, 1], 30, 300, seldom, often),
  question('etcd', [2, 1], 40, 400, seldom, { up: exponential(500), down: exponential(60) }),
  question('etcd', [1, 1, 1], 30, 300, aging),
  question('etcd', [1], 50, 250, aging),
  question('etcd', [1, 1, 1], 40, 200, often, undefined, { crew: 'ops' }),
  question('etcd', [1, 1, 1], 60, 300, seldom, undefined, {
    commonCauses: [{ name: '', share: 0.5, members: ['m1', 'm2'] }],
  }),
  question('etcd', [2, 2, 1], 30, 300, often),
  question('etcd', [2, 2, 1], 30, 200, { up: exponential(60), down: exponential(30) }),
  question('rethink', [1, 1, 1], 30, 300, often),
  question('rethink', [1], 30, 400, often),
  question('rethink', [2, 1], 40, 200, often),
  question('raft', [1], 60, 300, seldom),
  question('etcd', [1, 1], 30, 200, often),
  question('rethink', [1, 1], 100, 100, { up: exponential(200), down: exponential(30) }),
];
