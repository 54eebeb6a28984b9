/**
 * Members and zones that fail and are repaired at random, simulated, beside the exact share of time with a quorum and the
 * exact mean time to its loss (facts/numbers.md 5-7). Times are in hours; the group is a bare Raft with ticks of half an hour,
 * because only who is up and can talk decides whether there is a quorum.
 */
import { meanTimeToQuorumLoss } from '../../sim/exact/markov.ts';
import { zoneLayoutOdds } from '../../sim/exact/zone-layout.ts';
import type { FaultSpec } from '../../sim/faults/fault-spec.ts';
import { constant, type Distribution } from '../../sim/kernel/distribution.ts';
import { HOUR } from '../../sim/kernel/time.ts';
import type { Run } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { simulate } from '../../sim/simulate.ts';
import { resolveSystem } from '../../sim/systems/profiles.ts';
import { worldSpec } from '../../sim/world/testing.ts';
import type { Comparison } from './comparison.ts';
import { judgeFigures } from './judge.ts';
import { mean, standardError } from './statistics.ts';

/** Two-sided 99 % of the normal distribution. */
const Z = 2.576;

export interface Repair {
  readonly mttf: number;
  readonly mttr: number;
}

const exponential = (hours: number): Distribution => ({ kind: 'exponential', mean: hours * HOUR });

export function repairableScenario(
  zones: readonly number[],
  node: Repair,
  zone: Repair | null,
  hours: number,
): Scenario {
  const placeOf = (i: number) => `r/d/${'abcdefg'[i]}`;
  const nodes: Record<string, string> = {};
  zones.forEach((count, i) => {
    for (let k = 1; k <= count; k++) nodes[`${'abcdefg'[i]}${k}`] = placeOf(i);
  });
  const fault = ({ mttf, mttr }: Repair, effect: FaultSpec['effect'], origin: string): FaultSpec => ({
    name: '',
    start: { kind: 'every', interval: exponential(mttf) },
    repeat: null,
    duration: exponential(mttr),
    effect,
    origin,
  });
  const names = Object.keys(nodes);
  const { parameters, profile } = resolveSystem('raft', 'etcd-raft', { tickUs: HOUR / 2 });
  return {
    title: 'repairable members',
    description: '',
    world: worldSpec(nodes, { fsync: constant(0) }),
    systems: [
      { name: 'raft', family: 'raft', kind: 'raft', profile, parameters, members: names, learners: [] },
    ],
    faults: [
      ...names.map((name) => fault(node, { kind: 'power-loss', target: { kind: 'node', node: name } }, name)),
      ...(zone === null
        ? []
        : zones.map((_, i) => fault(zone, { kind: 'zone-outage', place: placeOf(i) }, placeOf(i)))),
    ],
    objectives: [],
    vantages: { levels: ['datacenter'], nodes: [] },
    run: { durationUs: hours * HOUR, warmUpUs: 24 * HOUR },
  };
}

/** Share of the time from `fromUs` on in which a quorum can talk to each other. */
function quorumShare(run: Run, fromUs: number): number {
  let without = 0;
  for (const group of run.groups) {
    if (group.state === 'no-quorum') without += Math.max(0, group.toUs - Math.max(fromUs, group.fromUs));
  }
  return 1 - without / (run.durationUs - fromUs);
}

const MEMBER: Repair = { mttf: 90, mttr: 10 };
const ZONE: Repair = { mttf: 190, mttr: 10 };
/** Everything is up at first: what is measured begins when that is forgotten. */
const FORGOTTEN_HOURS = 100;
const LAYOUTS: readonly { zones: readonly number[]; zone: Repair | null }[] = [
  { zones: [3], zone: null },
  { zones: [5], zone: null },
  { zones: [4], zone: null },
  { zones: [2, 1], zone: ZONE },
  { zones: [1, 1, 1], zone: ZONE },
  { zones: [2, 2, 1], zone: ZONE },
];

const share = ({ mttf, mttr }: Repair) => mttr / (mttf + mttr);

export function simulatedLayouts(runs: number, hours: number): Comparison[] {
  return LAYOUTS.map(({ zones, zone }) => {
    const scenario = repairableScenario(zones, MEMBER, zone, hours);
    const shares = Array.from({ length: runs }, (_, seed) =>
      quorumShare(simulate(scenario, { seed }), FORGOTTEN_HOURS * HOUR),
    );
    const exact = zoneLayoutOdds(zones, zone === null ? 0 : share(zone), share(MEMBER)).up;
    return judgeFigures(
      {
        name: `exact/simulated-${zones.join('+')}${zone === null ? '' : '-zones'}`,
        source: 'facts/numbers.md 5 and 6, by simulation',
        unit: '%',
      },
      { measured: 0, predicted: runs },
      'the exact share of time with a quorum lies in the 99 % interval of the simulated mean',
      {
        'time with a quorum': {
          measured: 100 * exact,
          predicted: 100 * mean(shares),
          allowed: 100 * Z * standardError(shares),
        },
      },
    );
  });
}

const LOSS: readonly { members: number; repair: Repair }[] = [
  { members: 3, repair: { mttf: 20, mttr: 1 } },
  { members: 5, repair: { mttf: 8, mttr: 1 } },
];

export function simulatedTimesToLoss(runs: number): Comparison[] {
  return LOSS.map(({ members, repair }) => {
    const exact = meanTimeToQuorumLoss(members, repair);
    // So long that hardly a run ends before its quorum is lost: exp(-12).
    const scenario = repairableScenario([members], repair, null, 12 * exact);
    const times = Array.from({ length: runs }, (_, seed) => {
      const lost = simulate(scenario, { seed }).groups.find((group) => group.state === 'no-quorum');
      return (lost?.fromUs ?? scenario.run.durationUs) / HOUR;
    });
    return judgeFigures(
      {
        name: `exact/simulated-time-to-loss-${members}`,
        source: 'facts/numbers.md 7, by simulation',
        unit: 'h',
      },
      { measured: 0, predicted: runs },
      'the exact mean time to quorum loss lies in the 99 % interval of the simulated mean',
      { 'mean time': { measured: exact, predicted: mean(times), allowed: Z * standardError(times) } },
    );
  });
}
