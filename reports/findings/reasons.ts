/** Why something was down: from the failover, the missing quorum or the chain of causes behind it. */
import { causesOf, NO_CAUSE, type TraceId } from '../../sim/kernel/trace.ts';
import type { Failover, GroupInterval, Run } from '../../sim/run.ts';
import { clean, count } from '../words.ts';
import { becauseOf, eventClause, eventOf, nearestFault } from './events.ts';
import { failoverStory } from './failover-story.ts';
import { failoversDuring, withoutQuorumDuring } from './history.ts';
import { lengthUs, type Stretch } from './stretches.ts';

/** A clause without a full stop: "the leader manager-2 went down with zone b (fault 1); manager-1 noticed after ...". */
export function reasonFor(run: Run, system: string, stretch: Stretch): string {
  const failover = failoverBehind(run, system, stretch);
  const missing = missingQuorum(run, system, stretch);
  // A leader that comes late because there was no quorum to elect one explains nothing.
  if (failover !== undefined && (missing === undefined || missing.us < lengthUs(stretch) / 2)) {
    return failoverStory(run, failover);
  }
  return missing?.words ?? chainStory(run, stretch.cause);
}

/** The failover that the stretch is a part of: it began while the leader was missing and ended before or with that. */
function failoverBehind(run: Run, system: string, stretch: Stretch): Failover | undefined {
  return failoversDuring(run, system, stretch).findLast(
    (failover) =>
      failover.recoveredUs !== null &&
      failover.lostAtUs <= stretch.fromUs &&
      stretch.fromUs < failover.lostAtUs + failover.recoveredUs &&
      stretch.toUs <= failover.lostAtUs + failover.recoveredUs,
  );
}

/** How long a group had no quorum in that time, and why; undefined when it had one. */
function missingQuorum(
  run: Run,
  system: string,
  stretch: Stretch,
): { words: string; us: number } | undefined {
  const during = withoutQuorumDuring(run, system, stretch);
  const group = during[0];
  if (group === undefined) return undefined;
  // A vantage that is itself in the dark would be down whatever the group does.
  const near = nearestFault(run, stretch.cause);
  if (stretch.cause !== NO_CAUSE && near?.direct === true) return undefined;
  const fault = nearestFault(run, group.cause)?.fault ?? near?.fault;
  const because = fault === undefined ? '' : `, ${becauseOf(fault)}`;
  const words = `${reachWords(group)}${because}`;
  const us = during.reduce(
    (sum, each) => sum + Math.min(each.toUs, stretch.toUs) - Math.max(each.fromUs, stretch.fromUs),
    0,
  );
  return { words, us };
}

/** `1 of 3 voters was within reach and 2 are needed`, `its only voter was out of reach`. */
function reachWords({ reachable, voters, quorum }: GroupInterval): string {
  if (voters === 1) return 'its only voter was out of reach';
  const some =
    reachable === 0
      ? `none of ${count(voters, 'voter')} was`
      : `${reachable} of ${count(voters, 'voter')} ${reachable === 1 ? 'was' : 'were'}`;
  return `${some} within reach and ${quorum} ${quorum === 1 ? 'is' : 'are'} needed`;
}

/** Without a failover or a missing quorum: the nearest event, and the fault at the beginning of its chain. */
function chainStory(run: Run, cause: TraceId): string {
  const near = nearestFault(run, cause);
  const event = eventOf(run, cause);
  if (event === undefined) return 'no cause is recorded';
  if (near === undefined) return eventClause(event);
  const { fault } = near;
  const title = `${clean(fault.title)} (fault ${fault.number})`;
  // A machine that goes down in a fault is the fault itself, seen at one of many.
  if (near.direct || (event.event === 'node-down' && event.cause === fault.event)) return title;
  if (event.event === 'fault-ends') return `${eventClause(event)} (${clean(fault.title)})`;
  const over = causesOf(run.events, cause).some((each) => each.event === 'fault-ends');
  return `${eventClause(event)}, ${over ? `after fault ${fault.number} (${clean(fault.title)})` : becauseOf(fault)}`;
}

export { eventClause } from './events.ts';
