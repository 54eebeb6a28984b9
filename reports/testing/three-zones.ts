/** Three zones of one datacenter, one manager and one DTR replica in each; zone b loses power for five minutes of ten. */
import { MINUTE, SECOND } from '../../sim/kernel/time.ts';
import type { Run } from '../../sim/run.ts';
import { failover, memberDown, nodeFault } from './episodes.ts';
import {
  judged,
  nodesInZone,
  nodesOf,
  type PlatformShape,
  scenarioOf,
  THREE_ZONES,
  vantagesOf,
  zoneName,
  zoneOutage,
} from './platform.ts';
import { RunBuilder } from './run-builder.ts';

const IMPACT = {
  swarm: ['swarm operations: services, stacks, scheduling'],
  etcd: ['UCP operations: configuration, certificates, node state'],
  'rethink-manager': ['UCP operations: logins, users, teams, grants'],
  'rethink-dtr': ['DTR operations: pushes, pulls, repositories'],
} as const;

export const OPERATIONS = {
  swarm: ['write', 'schedule'],
  etcd: ['write', 'read'],
  'rethink-manager': ['write', 'read'],
  'rethink-dtr': ['write', 'read'],
} as const;

/** The systems of the platform at rest: swarm and etcd led by manager-2, the stores by manager-1 and dtr-2. */
export function addSystems(b: RunBuilder, shape: PlatformShape): void {
  const managers = nodesOf(shape, 'manager');
  const dtrs = nodesOf(shape, 'dtr');
  const second = managers[1] ?? managers[0]!;
  b.system(
    { name: 'swarm', kind: 'swarm', members: managers, impact: IMPACT.swarm },
    second,
    OPERATIONS.swarm,
  );
  b.system({ name: 'etcd', kind: 'etcd', members: managers, impact: IMPACT.etcd }, second, OPERATIONS.etcd);
  b.system(
    { name: 'rethink-manager', kind: 'rethink', members: managers, impact: IMPACT['rethink-manager'] },
    managers[0]!,
    OPERATIONS['rethink-manager'],
  );
  if (dtrs.length > 0) {
    b.system(
      { name: 'rethink-dtr', kind: 'rethink', members: dtrs, impact: IMPACT['rethink-dtr'] },
      dtrs[1] ?? dtrs[0]!,
      OPERATIONS['rethink-dtr'],
    );
  }
}

export function threeZonesRun(): Run {
  const shape = THREE_ZONES;
  const atUs = 2 * MINUTE;
  const untilUs = 7 * MINUTE;
  const scenario = scenarioOf(
    shape,
    {
      title: 'Lose one zone of three',
      description:
        'Three managers and three DTR replicas, one in each zone of one datacenter; zone b loses power for five minutes.',
      durationUs: 10 * MINUTE,
    },
    [zoneOutage(shape, 1, atUs, 5 * MINUTE, 0)],
  );
  const b = new RunBuilder(scenario, vantagesOf(shape));
  addSystems(b, shape);
  const zone = zoneName(shape, 1);
  const fault = nodeFault(b, {
    kind: 'zone-outage',
    title: `zone ${zone} loses power`,
    nodes: nodesInZone(shape, 1),
    fromUs: atUs,
    toUs: untilUs,
  });
  const others = ['us-west', zoneName(shape, 0), zoneName(shape, 2)];
  const backUs = untilUs + 8 * SECOND;
  for (const { name: system } of b.systems) {
    for (const operation of OPERATIONS[system as keyof typeof OPERATIONS]) {
      b.operation(atUs, system, operation, zone, 'down', false, fault.event);
      b.operation(backUs, system, operation, zone, 'up', false, 0);
    }
    memberDown(b, system, system === 'rethink-dtr' ? 'dtr-2' : 'manager-2', atUs, backUs, [
      2,
      system === 'rethink-manager' ? 2 : 3,
    ]);
  }
  b.group(atUs, 'rethink-manager', 'serving', 'manager-1', 2, 2, fault.event);
  const shared = { fault, atUs, oldTerm: 2, newTerm: 3, vantages: others };
  failover(b, {
    ...shared,
    system: 'swarm',
    operations: OPERATIONS.swarm,
    from: 'manager-2',
    to: 'manager-3',
    detected: 4.012,
    elected: 4.0151,
    recovered: 4.0312,
    deadline: 10,
  });
  failover(b, {
    ...shared,
    system: 'etcd',
    operations: OPERATIONS.etcd,
    from: 'manager-2',
    to: 'manager-1',
    detected: 6.103,
    elected: 7.381,
    recovered: 7.4,
    deadline: 1,
    rounds: 2,
    newTerm: 4,
  });
  failover(b, {
    ...shared,
    system: 'rethink-dtr',
    operations: OPERATIONS['rethink-dtr'],
    from: 'dtr-2',
    to: 'dtr-3',
    detected: 11.62,
    elected: 13.04,
    recovered: 13.2,
    deadline: 10,
  });
  for (const { name: system } of b.systems) {
    const end = b.failovers.find((each) => each.system === system);
    b.group(backUs, system, 'serving', end?.newLeader ?? 'manager-1', end?.newTerm ?? 2, 3, 0);
  }
  b.objectives.push(
    judged(
      'etcd write availability >= 98%',
      'etcd',
      { kind: 'availability', operation: 'write', vantage: 'us-west' },
      '>=',
      0.98,
      'pass',
      1 - 6.4 / 600,
      'etcd from us-west',
    ),
    judged(
      'swarm failover p99 <= 8s',
      'swarm',
      { kind: 'failover', part: 'recovered', quantile: 0.99 },
      '<=',
      8 * SECOND,
      'pass',
      4_031_200,
      'swarm',
    ),
    judged(
      'rethink failover p99 <= 10s',
      'rethink',
      { kind: 'failover', part: 'recovered', quantile: 0.99 },
      '<=',
      10 * SECOND,
      'fail',
      13_200_000,
      'rethink-dtr',
    ),
    judged(
      'rethink-manager failover p99 <= 10s',
      'rethink-manager',
      { kind: 'failover', part: 'recovered', quantile: 0.99 },
      '<=',
      10 * SECOND,
      'inconclusive',
      null,
      'rethink-manager had no failover',
    ),
  );
  return b.build(7, 48_211);
}
