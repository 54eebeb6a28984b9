/** A failover as one clause: how the leader was lost, who noticed, who took over, when it served again. */
import { effectsOf } from '../../sim/faults/life.ts';
import type { TraceEvent } from '../../sim/kernel/trace.ts';
import type { Failover, FaultReport, Run } from '../../sim/run.ts';
import { clean, count, duration } from '../words.ts';
import { eventClause, eventOf } from './events.ts';
import { faultOf } from './history.ts';

/**
 * Without a full stop: "the leader manager-2 was killed (fault 1); manager-1 noticed after 6.1 s, took 1.3 s and 2 rounds
 * to win term 4 and served again 19 ms later".
 */
export function failoverStory(run: Run, failover: Failover): string {
  return `${lossClause(run, failover)}; ${recoveryClause(run, failover)}`;
}

/** Whether nobody had to notice anything: the next leader was there as soon as the loss was felt. */
export function wasHandedOver(failover: Failover): boolean {
  return failover.detectedUs !== null && failover.detectedUs === failover.electedUs;
}

function recoveryClause(run: Run, failover: Failover): string {
  const { detectedUs, electedUs, recoveredUs } = failover;
  if (detectedUs === null) return 'nobody noticed before the run ended';
  const noticing = eventOf(run, failover.detectedEvent)?.node || failover.newLeader || 'the others';
  const winner = failover.newLeader ?? 'nobody';
  const parts: string[] = [];
  if (wasHandedOver(failover)) {
    parts.push(`${clean(winner)} ${victory(run, failover).won} ${after(detectedUs)}`);
  } else {
    parts.push(`${clean(noticing)} noticed ${after(detectedUs)}`);
    if (electedUs === null) parts.push('no new leader was found before the run ended');
    else {
      const who = noticing === winner ? '' : `${clean(winner)} `;
      const rounds = failover.rounds > 1 ? ` and ${count(failover.rounds, 'round')}` : '';
      parts.push(`${who}took ${duration(electedUs - detectedUs)}${rounds} to ${victory(run, failover).win}`);
    }
  }
  if (electedUs !== null) {
    parts.push(
      recoveredUs === null
        ? 'had not served again when the run ended'
        : `served again ${later(recoveredUs - electedUs)}`,
    );
  }
  return `${parts.slice(0, -1).join(', ')}${parts.length > 1 ? ' and ' : ''}${parts.at(-1)}`;
}

function victory(run: Run, failover: Failover): { win: string; won: string } {
  if (leaderWord(run, failover) === 'primary')
    return { win: 'become the primary', won: 'became the primary' };
  return { win: `win term ${failover.newTerm}`, won: `won term ${failover.newTerm}` };
}

function leaderWord(run: Run, failover: Failover): 'leader' | 'primary' {
  return run.systems.find((system) => system.name === failover.system)?.kind === 'rethink'
    ? 'primary'
    : 'leader';
}

function after(us: number): string {
  return us === 0 ? 'at once' : `after ${duration(us)}`;
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
  maintenance: 'was stopped',
};

const PLACE_FAULTS: Readonly<Record<string, string>> = {
  'rack-outage': 'rack',
  'zone-outage': 'zone',
  'datacenter-outage': 'datacenter',
  'region-outage': 'region',
};

function lossClause(run: Run, failover: Failover): string {
  const leader = `the ${leaderWord(run, failover)} ${clean(failover.oldLeader)}`;
  const lost = eventOf(run, failover.lostEvent);
  const cause = eventOf(run, lost?.cause ?? null);
  // Lost within the group, not with its machine or its links: a hand-over, a higher term.
  if (
    lost !== undefined &&
    cause !== undefined &&
    cause.system === failover.system &&
    lost.system === failover.system
  ) {
    return withinGroup(run, failover, lost, cause);
  }
  const fault = faultOf(run, failover.fault);
  if (fault === undefined) return `${leader} was lost without a fault`;
  if (!fault.nodes.includes(failover.oldLeader)) {
    return `${leader} lost its quorum in fault ${fault.number} (${clean(fault.title)})`;
  }
  const level = PLACE_FAULTS[fault.kind];
  const [effect, ...others] = effectsOf(run.scenario.faults, fault);
  if (level !== undefined && effect !== undefined && 'place' in effect && others.length === 0) {
    return `${leader} went down with ${level} ${clean(effect.place)} (fault ${fault.number})`;
  }
  return `${leader} ${LOSS_VERBS[fault.kind] ?? 'lost touch with the others'} (fault ${fault.number})`;
}

function withinGroup(run: Run, failover: Failover, lost: TraceEvent, cause: TraceEvent): string {
  const fault = faultOf(run, failover.fault);
  return `${eventClause(lost)}, because ${eventClause(cause)}${aftermath(fault, lost.timeUs)}`;
}

function aftermath(fault: FaultReport | undefined, us: number): string {
  if (fault === undefined) return '';
  return fault.toUs !== null && fault.toUs <= us
    ? ` (after fault ${fault.number})`
    : ` (fault ${fault.number})`;
}
