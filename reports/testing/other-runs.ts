/** Fixtures beside the three zones: lost quorums, calm, a crowd, a year, and hostile names. */
import { DAY, HOUR, MINUTE, SECOND, YEAR } from '../../sim/kernel/time.ts';
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
import { addSystems, OPERATIONS } from './three-zones.ts';

/** Two zones, two managers in the first: its loss takes every quorum, and it does not come back in the run. */
export function quorumLossRun(): Run {
  const shape: PlatformShape = { ...THREE_ZONES, zones: ['a', 'b'], managers: 3, dtrs: 0, workers: 4 };
  const atUs = 3 * MINUTE;
  const scenario = scenarioOf(
    shape,
    {
      title: 'Two zones, 2+1',
      description: 'The zone with two of three managers is lost for good.',
      durationUs: 10 * MINUTE,
    },
    [zoneOutage(shape, 0, atUs, null, 0)],
  );
  const b = new RunBuilder(scenario, vantagesOf(shape));
  addSystems(b, shape);
  const zone = zoneName(shape, 0);
  const fault = nodeFault(b, {
    kind: 'zone-outage',
    title: `zone ${zone} loses power`,
    nodes: nodesInZone(shape, 0),
    fromUs: atUs,
    toUs: null,
  });
  const idle = nodeFault(b, {
    kind: 'kill',
    title: 'manager-1 is killed',
    nodes: ['manager-1'],
    fromUs: 5 * MINUTE,
    toUs: 6 * MINUTE,
    note: 'manager-1 was already down (fault 1)',
  });
  for (const { name: system } of b.systems) {
    const gone = b.event(
      atUs,
      system,
      '',
      'no-quorum',
      2,
      `${system} has 1 of 3 voters left and needs 2`,
      fault.event,
    );
    for (const node of ['manager-1', 'manager-3']) memberDown(b, system, node, atUs, null, [2, 2]);
    if (system === 'rethink-manager') b.member(atUs, system, 'manager-2', 'secondary', 2, true);
    else {
      b.member(atUs + 4 * SECOND, system, 'manager-2', 'follower', 2, true);
      b.member(atUs + 8 * SECOND, system, 'manager-2', 'candidate', 3, true);
      b.event(
        atUs + 4 * SECOND,
        system,
        'manager-2',
        'step-down',
        2,
        'manager-2 reaches no quorum and steps down',
        gone,
      );
    }
    b.group(atUs, system, 'no-quorum', '', 0, 1, gone);
    b.failovers.push({
      system,
      group: '',
      fault: fault.number,
      oldLeader: system === 'rethink-manager' ? 'manager-1' : 'manager-2',
      newLeader: null,
      oldTerm: 2,
      newTerm: null,
      rounds: 41,
      lostAtUs: atUs,
      detectedUs: system === 'rethink-manager' ? null : 8 * SECOND,
      electedUs: null,
      recoveredUs: null,
      lostEvent: gone,
      detectedEvent: null,
      electedEvent: null,
      recoveredEvent: null,
    });
    for (const operation of OPERATIONS[system as keyof typeof OPERATIONS]) {
      // etcd's stale reads go on from the zone that lives.
      const degraded = system === 'etcd' && operation === 'read';
      b.operation(atUs, system, operation, 'us-west', degraded ? 'degraded' : 'down', false, gone);
      b.operation(atUs, system, operation, zone, 'down', false, fault.event);
      b.operation(atUs, system, operation, zoneName(shape, 1), degraded ? 'degraded' : 'down', false, gone);
    }
  }
  b.objectives.push(
    judged(
      'etcd write availability >= 99.9%',
      'etcd',
      { kind: 'availability', operation: 'write', vantage: 'us-west' },
      '>=',
      0.999,
      'fail',
      0.3,
      'etcd from us-west',
    ),
  );
  if (idle.number !== 2) throw new Error('the second fault is the idle one');
  return b.build(1, 9_120);
}

export function calmRun(): Run {
  const scenario = scenarioOf(
    THREE_ZONES,
    { title: 'Nothing happens', description: 'No fault at all.', durationUs: 10 * MINUTE },
    [],
  );
  const b = new RunBuilder(scenario, vantagesOf(THREE_ZONES));
  addSystems(b, THREE_ZONES);
  return b.build('calm', 31_000);
}

/** Seven managers, thirty faults, long names: what a picture must still carry. */
export function crowdedRun(): Run {
  const shape: PlatformShape = {
    region: 'north-america-production',
    datacenter: 'us-west-2-datacenter-portland',
    zones: ['availability-zone-a', 'availability-zone-b', 'availability-zone-c'],
    managers: 7,
    dtrs: 3,
    workers: 60,
    nodeName: (role, number) => `prod-usw2-${role}-${String(number).padStart(2, '0')}.internal.example.com`,
  };
  const durationUs = 2 * HOUR;
  const managers = nodesOf(shape, 'manager');
  const scenario = scenarioOf(
    shape,
    {
      title: 'Thirty faults in two hours on seven managers in three availability zones of one datacenter',
      description: 'A long day.',
      durationUs,
    },
    [],
  );
  const b = new RunBuilder(scenario, vantagesOf(shape));
  addSystems(b, shape);
  const everywhere = vantagesOf(shape).map((vantage) => vantage.name);
  const leaders: Record<string, [string, number]> = {
    swarm: [managers[1]!, 2],
    etcd: [managers[1]!, 2],
    'rethink-manager': [managers[0]!, 2],
  };
  for (let i = 0; i < 30; i++) {
    const atUs = 2 * MINUTE + i * 235 * SECOND;
    const kind = i % 3;
    const victim = kind === 0 ? leaders.etcd![0] : kind === 1 ? leaders.swarm![0] : managers[i % 7]!;
    const fault = nodeFault(b, {
      kind: kind === 2 ? 'delay' : 'kill',
      title:
        kind === 2
          ? `messages between ${victim} and everything else take 400 ms longer`
          : `${victim} is killed`,
      nodes: [victim],
      fromUs: atUs,
      toUs: atUs + 90 * SECOND,
      ...(kind === 2 ? { note: 'no message felt it' } : {}),
    });
    if (kind === 2) continue;
    for (const system of ['swarm', 'etcd', 'rethink-manager']) {
      const held = leaders[system];
      const terms: [number, number] = [held?.[1] ?? 2, (held?.[1] ?? 2) + 1];
      memberDown(b, system, victim, atUs, atUs + 90 * SECOND, terms);
      if (held === undefined || held[0] !== victim) continue;
      const next = managers[(managers.indexOf(victim) + 3) % 7]!;
      const slow = 1 + (i % 5) / 4;
      failover(b, {
        system,
        operations: OPERATIONS[system as keyof typeof OPERATIONS],
        fault,
        atUs,
        from: victim,
        to: next,
        oldTerm: held[1],
        newTerm: held[1] + 1,
        detected: 3.1 * slow,
        elected: 3.3 * slow,
        recovered: 3.45 * slow,
        deadline: system === 'etcd' ? 1 : 10,
        vantages: everywhere,
      });
      leaders[system] = [next, held[1] + 1];
    }
  }
  return b.build(2017, 4_812_332);
}

/** A year with one failover of four seconds: invisible on a linear axis. */
export function yearRun(): Run {
  const shape = THREE_ZONES;
  const atUs = 143 * DAY + 7 * HOUR + 12 * MINUTE + 31.5 * SECOND;
  const scenario = scenarioOf(
    shape,
    { title: 'A year on three zones', description: 'One manager dies once.', durationUs: YEAR },
    [],
  );
  const b = new RunBuilder(scenario, vantagesOf(shape));
  addSystems(b, shape);
  const fault = nodeFault(b, {
    kind: 'power-loss',
    title: 'manager-2 loses power',
    nodes: ['manager-2'],
    fromUs: atUs,
    toUs: atUs + 3 * HOUR,
  });
  const everywhere = vantagesOf(shape).map((vantage) => vantage.name);
  for (const system of ['swarm', 'etcd', 'rethink-manager'])
    memberDown(b, system, 'manager-2', atUs, atUs + 3 * HOUR, [2, 3]);
  const shared = {
    fault,
    atUs,
    oldTerm: 2,
    newTerm: 3,
    vantages: everywhere,
    from: 'manager-2',
    to: 'manager-3',
  };
  failover(b, {
    ...shared,
    system: 'swarm',
    operations: OPERATIONS.swarm,
    detected: 3.7,
    elected: 3.702,
    recovered: 4.004,
    deadline: 10,
  });
  failover(b, {
    ...shared,
    system: 'etcd',
    operations: OPERATIONS.etcd,
    detected: 5.51,
    elected: 5.513,
    recovered: 5.52,
    deadline: 1,
  });
  return b.build('365/17', 1_204_118);
}

const HOSTILE = '<script>alert(1)</script>&"\']]>';

/** Names that try to break out of XML, CSV, spreadsheets and terminals. */
export function hostileRun(): Run {
  const shape: PlatformShape = {
    ...THREE_ZONES,
    datacenter: '=dc&<b>',
    zones: ['a"', "b'", 'c]]>'],
    dtrs: 0,
    workers: 0,
    nodeName: (role, number) => `${HOSTILE}-${role}-${number}`,
  };
  const atUs = 2 * MINUTE;
  const scenario = scenarioOf(
    shape,
    {
      title: `=cmd|' /C calc'!A0 ${HOSTILE}`,
      description: `@${HOSTILE}\u0007\u001b[31m`,
      durationUs: 10 * MINUTE,
    },
    [zoneOutage(shape, 1, atUs, null, 0)],
  );
  const b = new RunBuilder(scenario, vantagesOf(shape));
  addSystems(b, shape);
  const nodes = nodesInZone(shape, 1);
  const fault = nodeFault(b, {
    kind: 'zone-outage',
    title: `=zone ${HOSTILE},\nloses power\u0000\u001b[31m`,
    nodes,
    fromUs: atUs,
    toUs: null,
  });
  b.event(atUs, '', '', 'note', 0, '+1+1', fault.event);
  b.event(atUs, '', '', 'note', 0, '-2+3', fault.event);
  b.event(atUs, '', '', 'note', 0, '@SUM(A1)', fault.event);
  for (const system of ['swarm', 'etcd', 'rethink-manager'])
    memberDown(b, system, nodes[0]!, atUs, null, [2, 2]);
  failover(b, {
    system: 'etcd',
    operations: OPERATIONS.etcd,
    fault,
    atUs,
    from: nodes[0]!,
    to: nodesOf(shape, 'manager')[2]!,
    oldTerm: 2,
    newTerm: 3,
    detected: 6,
    elected: 6.5,
    recovered: 7,
    deadline: 1,
    vantages: [shape.datacenter, zoneName(shape, 0), zoneName(shape, 2)],
  });
  for (const { name: system } of b.systems) {
    for (const operation of OPERATIONS[system as keyof typeof OPERATIONS]) {
      b.operation(atUs, system, operation, zoneName(shape, 1), 'down', false, fault.event);
    }
  }
  return b.build(HOSTILE, 12);
}
