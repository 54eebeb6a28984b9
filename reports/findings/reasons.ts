/** Why something was down: from the failover, the missing quorum or the chain of causes behind it. */
import { causesOf, NO_CAUSE, type TraceEvent, type TraceId } from '../../sim/kernel/trace.ts';
import type { Failover, FaultReport, Run } from '../../sim/run.ts';
import { clean, count, duration } from '../words.ts';
import type { Stretch } from './stretches.ts';

/** A clause without a full stop: "the leader manager-2 went down with zone b (fault 1); manager-1 noticed after ...". */
export function reasonFor(run: Run, system: string, stretch: Stretch): string {
  const failover = failoverBehind(run, system, stretch);
  if (failover !== undefined) return failoverStory(run, failover);
  return missingQuorum(run, system, stretch) ?? chainStory(run, stretch.cause);
}

/** The failover that the stretch is a part of: it began while the leader was missing and ended before or with that. */
export function failoverBehind(run: Run, system: string, stretch: Stretch): Failover | undefined {
  return run.failovers.findLast(
    (failover) =>
      failover.system === system &&
      failover.recoveredUs !== null &&
      failover.lostAtUs <= stretch.fromUs &&
      stretch.fromUs < failover.lostAtUs + failover.recoveredUs &&
      stretch.toUs <= failover.lostAtUs + failover.recoveredUs,
  );
}

export function failoverStory(run: Run, failover: Failover): string {
  const { detectedUs, electedUs, recoveredUs, newTerm } = failover;
  const parts: string[] = [];
  const noticing = eventOf(run, failover.detectedEvent)?.node || failover.newLeader || 'the others';
  const winner = failover.newLeader ?? 'nobody';
  if (detectedUs === null) parts.push('nobody noticed before the run ended');
  else
    parts.push(
      `${clean(noticing)} noticed ${detectedUs === 0 ? 'at once' : `after ${duration(detectedUs)}`}`,
    );
  if (detectedUs !== null && electedUs === null) parts.push('no new leader was found before the run ended');
  if (electedUs !== null) {
    const who = noticing === winner ? '' : `${clean(winner)} `;
    const tookUs = electedUs - (detectedUs ?? 0);
    const rounds = failover.rounds > 1 ? ` and ${count(failover.rounds, 'round')}` : '';
    parts.push(
      tookUs === 0 && rounds === ''
        ? `${who}won term ${newTerm} at once`
        : `${who}took ${duration(tookUs)}${rounds} to win term ${newTerm}`,
    );
    parts.push(
      recoveredUs === null
        ? 'had not served again when the run ended'
        : `served again ${later(recoveredUs - electedUs)}`,
    );
  }
  const told = parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}` : parts[0]!;
  return `${lossClause(run, failover)}; ${told}`;
}

function later(us: number): string {
  return us === 0 ? 'at once' : `${duration(us)} later`;
}

/** What a fault does to a leader that is one of its nodes. */
const LOSS_VERBS: Readonly<Record<string, string>> = {
  kill: 'was killed',
  stop: 'was stopped',
  restart: 'was restarted',
  pause: 'froze',
  'power-loss': 'lost power',
  'slow-disk': 'waited for its disk',
  'clock-skew': 'had a wrong clock',
};

const PLACE_FAULTS: Readonly<Record<string, string>> = {
  'rack-outage': 'rack',
  'zone-outage': 'zone',
  'datacenter-outage': 'datacenter',
  'region-outage': 'region',
};

function lossClause(run: Run, failover: Failover): string {
  const leader = `the leader ${clean(failover.oldLeader)}`;
  const fault = run.faults.find((each) => each.number === failover.fault);
  if (fault === undefined) return `${leader} was lost without a fault`;
  if (!fault.nodes.includes(failover.oldLeader)) return `${leader} lost its quorum in ${faultWords(fault)}`;
  const level = PLACE_FAULTS[fault.kind];
  const effect = run.scenario.faults[fault.index]?.effect;
  if (level !== undefined && effect !== undefined && 'place' in effect) {
    return `${leader} went down with ${level} ${clean(effect.place)} (fault ${fault.number})`;
  }
  return `${leader} ${LOSS_VERBS[fault.kind] ?? 'lost touch with the others'} (fault ${fault.number})`;
}

function missingQuorum(run: Run, system: string, stretch: Stretch): string | undefined {
  const group = run.groups.find(
    (each) =>
      each.system === system &&
      each.state === 'no-quorum' &&
      each.fromUs < stretch.toUs &&
      each.toUs > stretch.fromUs,
  );
  // A vantage that is itself in the dark would be down whatever the group does.
  const near = group === undefined ? undefined : nearestFault(run, stretch.cause);
  if (group === undefined || (stretch.cause !== NO_CAUSE && near?.direct === true)) return undefined;
  const fault = nearestFault(run, group.cause)?.fault ?? near?.fault;
  const because = fault === undefined ? '' : `, because ${clean(fault.title)} (fault ${fault.number})`;
  return `${group.reachable} of ${count(group.voters, 'voter')} ${group.reachable === 1 ? 'was' : 'were'} within reach and ${group.quorum} ${group.quorum === 1 ? 'is' : 'are'} needed${because}`;
}

/** Without a failover or a missing quorum: the nearest event, and the fault at the beginning of its chain. */
function chainStory(run: Run, cause: TraceId): string {
  const near = nearestFault(run, cause);
  const event = eventOf(run, cause);
  if (near?.direct === true) return `${clean(near.fault.title)} (fault ${near.fault.number})`;
  if (event === undefined) return 'no cause is recorded';
  const clause = eventClause(event);
  return near === undefined
    ? clause
    : `${clause}, because ${clean(near.fault.title)} (fault ${near.fault.number})`;
}

/** The fault behind an event; direct when the event is the fault's own. */
function nearestFault(run: Run, cause: TraceId): { fault: FaultReport; direct: boolean } | undefined {
  if (cause === NO_CAUSE) return undefined;
  const ids = [cause, ...causesOf(run.events, cause).map((event) => event.id)];
  for (const id of ids) {
    const fault = run.faults.find((each) => each.event === id);
    if (fault !== undefined) return { fault, direct: id === cause };
  }
  return undefined;
}

/** An event as a clause: who, and what. Details are verb phrases of their node, or clauses of their own. */
export function eventClause(event: TraceEvent): string {
  const what = event.detail === '' ? event.event.replaceAll('-', ' ') : event.detail;
  if (event.node === '' || what.startsWith(event.node)) return clean(what);
  return clean(`${event.node}${/^(its|a|an|the|no) /.test(what) ? ':' : ''} ${what}`);
}

export function faultWords(fault: FaultReport): string {
  return `fault ${fault.number} (${clean(fault.title)})`;
}

function eventOf(run: Run, id: TraceId | null): TraceEvent | undefined {
  return id === null ? undefined : run.events[id - 1];
}
