/** The platform that the fixtures stand on: zones with nodes of three roles, and the deck's systems over them. */

import type { FaultSpec } from '../../sim/faults/fault-spec.ts';
import { constant, lognormalFromP50P99 } from '../../sim/kernel/distribution.ts';
import { SECOND } from '../../sim/kernel/time.ts';
import type { Comparison, Metric, ObjectiveVerdict, Verdict } from '../../sim/measures/objectives.ts';
import type { Vantage } from '../../sim/run.ts';
import type { Scenario } from '../../sim/scenario.ts';
import type { SystemSpec } from '../../sim/systems/system-spec.ts';
import type { NodeSpec, PlaceSpec, WorldSpec } from '../../sim/world/topology.ts';

export interface PlatformShape {
  readonly region: string;
  readonly datacenter: string;
  readonly zones: readonly string[];
  readonly managers: number;
  readonly dtrs: number;
  readonly workers: number;
  /** Names of nodes: role and number in, name out. */
  readonly nodeName?: (role: string, number: number) => string;
}

export const THREE_ZONES: PlatformShape = {
  region: 'us',
  datacenter: 'us-west',
  zones: ['a', 'b', 'c'],
  managers: 3,
  dtrs: 3,
  workers: 12,
};

const plainName = (role: string, number: number) => `${role}-${number}`;

export function zoneName(shape: PlatformShape, index: number): string {
  return `${shape.datacenter}/${shape.zones[index % shape.zones.length]}`;
}

export function nodesOf(shape: PlatformShape, role: 'manager' | 'dtr' | 'worker'): string[] {
  const count = role === 'manager' ? shape.managers : role === 'dtr' ? shape.dtrs : shape.workers;
  const name = shape.nodeName ?? plainName;
  return Array.from({ length: count }, (_, i) => name(role, i + 1));
}

/** Names of all nodes in a zone (by its index). */
export function nodesInZone(shape: PlatformShape, zone: number): string[] {
  return (['manager', 'dtr', 'worker'] as const).flatMap((role) =>
    nodesOf(shape, role).filter((_, i) => i % shape.zones.length === zone),
  );
}

function worldOf(shape: PlatformShape): WorldSpec {
  const places: PlaceSpec[] = [
    { name: shape.region, level: 'region', parent: null },
    { name: shape.datacenter, level: 'datacenter', parent: shape.region },
    ...shape.zones.map((_, i) => ({
      name: zoneName(shape, i),
      level: 'zone' as const,
      parent: shape.datacenter,
    })),
  ];
  const nodes: NodeSpec[] = (['manager', 'dtr', 'worker'] as const).flatMap((role) =>
    nodesOf(shape, role).map((name, i) => ({
      name,
      place: zoneName(shape, i),
      roles: [role],
      labels: { zone: zoneName(shape, i) },
      fsync: lognormalFromP50P99(1_000, 8_000),
      clock: { driftPpm: 0, offsetUs: 0 },
      cpu: role === 'worker' ? 16 : 4,
      memoryBytes: 64 * 2 ** 30,
    })),
  );
  const near = { latencyUs: lognormalFromP50P99(150, 450) };
  const far = { latencyUs: lognormalFromP50P99(600, 1_500) };
  return {
    places,
    nodes,
    linkClasses: {
      'within-node': { latencyUs: constant(20) },
      'within-rack': near,
      'within-zone': near,
      'between-zones': far,
      'between-datacenters': { latencyUs: constant(20_000) },
      'between-regions': { latencyUs: constant(50_000) },
    },
    linkRules: [],
  };
}

const RAFT = {
  preVote: false,
  checkQuorum: true,
  mode: 'etcd',
  transport: 'connection',
  readDeadlineUs: 5 * SECOND,
} as const;

function systemSpecs(shape: PlatformShape): SystemSpec[] {
  const managers = nodesOf(shape, 'manager');
  const dtrs = nodesOf(shape, 'dtr');
  const store = (name: string, members: string[]): SystemSpec => ({
    name,
    family: 'rethink',
    profile: 'deck-2017',
    members,
    learners: [],
    kind: 'rethink',
    parameters: {
      heartbeatTimeoutUs: 10 * SECOND,
      heartbeatIntervals: 5,
      electionTimeoutMinUs: SECOND,
      electionTimeoutMaxUs: 2 * SECOND,
      electionRetryTimeoutMaxUs: 4 * SECOND,
      reconnectMinUs: 50_000,
      reconnectMaxUs: 15 * SECOND,
      reconnectFactor: 1.5,
      writeDeadlineUs: 10 * SECOND,
      readDeadlineUs: 10 * SECOND,
    },
  });
  return [
    {
      name: 'swarm',
      family: 'swarm',
      profile: 'deck-2017',
      members: managers,
      learners: [],
      kind: 'swarm',
      parameters: {
        ...RAFT,
        tickUs: SECOND,
        heartbeatTicks: 1,
        electionTicks: 3,
        writeDeadlineUs: 10 * SECOND,
        lostQuorumTicks: null,
      },
    },
    {
      name: 'etcd',
      family: 'etcd',
      profile: 'deck-2017',
      members: managers,
      learners: [],
      kind: 'etcd',
      parameters: {
        ...RAFT,
        tickUs: SECOND / 2,
        heartbeatTicks: 1,
        electionTicks: 10,
        writeDeadlineUs: SECOND,
        initialTickAdvance: true,
      },
    },
    store('rethink-manager', managers),
    ...(dtrs.length > 0 ? [store('rethink-dtr', dtrs)] : []),
  ];
}

export function scenarioOf(
  shape: PlatformShape,
  text: { title: string; description: string; durationUs: number },
  faults: readonly FaultSpec[],
): Scenario {
  return {
    title: text.title,
    description: text.description,
    world: worldOf(shape),
    systems: systemSpecs(shape),
    faults,
    objectives: [],
    vantages: { levels: ['datacenter', 'zone'], nodes: [] },
    run: { durationUs: text.durationUs, warmUpUs: 60 * SECOND },
  };
}

export function vantagesOf(shape: PlatformShape): Vantage[] {
  return [
    { name: shape.datacenter, level: 'datacenter' },
    ...shape.zones.map((_, i) => ({ name: zoneName(shape, i), level: 'zone' as const })),
  ];
}

export function zoneOutage(
  shape: PlatformShape,
  zone: number,
  atUs: number,
  durationUs: number | null,
  index: number,
): FaultSpec {
  return {
    name: '',
    start: { kind: 'at', atUs },
    repeat: null,
    duration: durationUs === null ? null : constant(durationUs),
    effect: { kind: 'zone-outage', place: zoneName(shape, zone) },
    origin: `timeline[${index}]`,
  };
}

export function judged(
  text: string,
  system: string,
  metric: Metric,
  comparison: Comparison,
  limit: number,
  verdict: Verdict,
  value: number | null,
  note: string,
): ObjectiveVerdict {
  return {
    objective: { text, system, metric, comparison, limit, origin: 'objectives[0]' },
    verdict,
    value,
    note,
  };
}
