/** What happens again and again in the fixtures: nodes go down and return, a group loses its leader and finds another. */
import { SECOND } from '../../sim/kernel/time.ts';
import type { TraceId } from '../../sim/kernel/trace.ts';
import type { RunBuilder } from './run-builder.ts';

export interface FaultEpisode {
  readonly kind: string;
  readonly title: string;
  readonly nodes: readonly string[];
  readonly fromUs: number;
  readonly toUs: number | null;
  readonly index?: number;
  readonly note?: string;
}

export interface FaultHandle {
  readonly number: number;
  readonly event: TraceId;
  /** The `node-down` event of each node it touched. */
  readonly down: ReadonlyMap<string, TraceId>;
}

/** A fault that takes its nodes down; systems' members follow in the failover episodes. */
export function nodeFault(b: RunBuilder, fault: FaultEpisode): FaultHandle {
  const number = b.faults.length + 1;
  const event = b.event(fault.fromUs, '', '', 'fault-begin', 0, `fault ${number}: ${fault.title}`, 0);
  const hadEffect = (fault.note ?? '') === '';
  const down = new Map<string, TraceId>();
  if (hadEffect) {
    for (const node of fault.nodes) {
      down.set(node, b.event(fault.fromUs, '', node, 'node-down', 0, `${node} goes dark`, event));
    }
  }
  if (fault.toUs !== null) {
    const end = b.event(fault.toUs, '', '', 'fault-end', 0, `fault ${number} ends: ${fault.title}`, event);
    if (hadEffect)
      for (const node of fault.nodes) b.event(fault.toUs, '', node, 'node-up', 0, `${node} is back`, end);
  }
  b.faults.push({
    number,
    index: fault.index ?? number - 1,
    kind: fault.kind,
    title: fault.title,
    nodes: fault.nodes,
    fromUs: fault.fromUs,
    toUs: fault.toUs,
    event,
    hadEffect,
    note: fault.note ?? '',
  });
  return { number, event, down };
}

/** A member that is down with its node and returns as a follower. */
export function memberDown(
  b: RunBuilder,
  system: string,
  node: string,
  fromUs: number,
  toUs: number | null,
  terms: [number, number],
): void {
  const rethink = b.systems.find((each) => each.name === system)!.kind === 'rethink';
  b.member(fromUs, system, node, 'down', terms[0]);
  if (toUs !== null) b.member(toUs, system, node, rethink ? 'secondary' : 'follower', terms[1]);
}

export interface FailoverEpisode {
  readonly system: string;
  readonly operations: readonly string[];
  readonly fault: FaultHandle;
  readonly atUs: number;
  readonly from: string;
  readonly to: string;
  readonly oldTerm: number;
  readonly newTerm: number;
  readonly rounds?: number;
  /** Seconds from the loss. */
  readonly detected: number;
  readonly elected: number;
  readonly recovered: number;
  /** A request that would wait longer than this fails. */
  readonly deadline: number;
  /** Vantages that feel it. */
  readonly vantages: readonly string[];
}

/** Lost, detected, elected, recovered; requests fail, then wait, then succeed. Gives the `first-commit` event. */
export function failover(b: RunBuilder, e: FailoverEpisode): TraceId {
  const report = b.systems.find((each) => each.name === e.system)!;
  const rethink = report.kind === 'rethink';
  const alive = report.members.length - 1;
  const at = (seconds: number) => e.atUs + Math.round(seconds * SECOND);
  const lost = b.event(
    e.atUs,
    e.system,
    e.from,
    'leader-lost',
    e.oldTerm,
    `${e.from}, leader of ${e.system} in term ${e.oldTerm}, goes down`,
    e.fault.down.get(e.from) ?? e.fault.event,
  );
  const detected = b.event(
    at(e.detected),
    e.system,
    e.to,
    'leader-suspected',
    e.oldTerm,
    `${e.to} has heard no heartbeat for ${e.detected} s`,
    lost,
  );
  const campaign = b.event(
    at(e.detected),
    e.system,
    e.to,
    'campaign',
    e.newTerm,
    `${e.to} asks for votes in term ${e.newTerm}`,
    detected,
  );
  const elected = b.event(
    at(e.elected),
    e.system,
    e.to,
    'leader',
    e.newTerm,
    `${e.to} wins term ${e.newTerm}`,
    campaign,
  );
  const recovered = b.event(
    at(e.recovered),
    e.system,
    e.to,
    'first-commit',
    e.newTerm,
    `${e.to} commits first in term ${e.newTerm}`,
    elected,
  );
  b.member(at(e.detected), e.system, e.to, rethink ? 'secondary' : 'candidate', e.newTerm);
  b.member(at(e.elected), e.system, e.to, rethink ? 'primary' : 'leader', e.newTerm);
  b.group(e.atUs, e.system, 'no-leader', '', 0, alive, lost);
  b.group(at(e.recovered), e.system, 'serving', e.to, e.newTerm, alive, recovered);
  const waitFrom = Math.max(0, e.recovered - e.deadline);
  for (const operation of e.operations) {
    for (const vantage of e.vantages) {
      if (waitFrom > 0) b.operation(e.atUs, e.system, operation, vantage, 'down', false, lost);
      b.operation(at(waitFrom), e.system, operation, vantage, 'up', true, lost);
      b.operation(at(e.recovered), e.system, operation, vantage, 'up', false, recovered);
    }
  }
  b.failovers.push({
    system: e.system,
    group: '',
    fault: e.fault.number,
    oldLeader: e.from,
    newLeader: e.to,
    oldTerm: e.oldTerm,
    newTerm: e.newTerm,
    rounds: e.rounds ?? 1,
    lostAtUs: e.atUs,
    detectedUs: Math.round(e.detected * SECOND),
    electedUs: Math.round(e.elected * SECOND),
    recoveredUs: Math.round(e.recovered * SECOND),
    lostEvent: lost,
    detectedEvent: detected,
    electedEvent: elected,
    recoveredEvent: recovered,
  });
  const index = b.systems.indexOf(report);
  b.systems[index] = {
    ...report,
    campaigns: report.campaigns + (e.rounds ?? 1),
    elections: report.elections + 1,
    highestTerm: Math.max(report.highestTerm, e.newTerm),
    splitVotes: report.splitVotes + (e.rounds ?? 1) - 1,
  };
  return recovered;
}
