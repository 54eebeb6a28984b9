/** Outages of those who could not reach a group that served all the time. */
import type { Run } from '../../sim/run.ts';
import { nearestFault } from '../findings/events.ts';
import { clean, list } from '../words.ts';
import type { SystemOutage } from './outages.ts';
import type { Step } from './story.ts';

/** Faults that part places from each other: the group may serve on on one side. */
const PARTING: ReadonlySet<string> = new Set(['cut', 'isolate', 'partition']);

/** The group served all the time: what was lost is the way to it. */
export function cutOff(run: Run, { system, lapses, failed, fromUs }: SystemOutage): Step[] {
  if (lapses.length > 0) return [];
  const where = list([...new Set(failed.map(({ lane }) => lane.where))]);
  const fault = nearestFault(run, failed[0]!.stretch.cause)?.fault;
  const leader = run.groups.find(
    (group) =>
      group.system === system && group.state === 'serving' && group.fromUs <= fromUs && fromUs < group.toUs,
  )?.leader;
  const by = fault === undefined ? '' : ` by fault ${fault.number}`;
  const to = leader === undefined || leader === '' ? 'a member that serves' : clean(leader);
  const parted = fault !== undefined && PARTING.has(fault.kind);
  const text = isGroupless(run, system)
    ? `No member of ${clean(system)} in ${where} knows another that answers it. Elsewhere the members go on with those whom they reach.`
    : parted
      ? `The users in ${where} are themselves cut off${by}: none of their requests finds a way to ${to}. ${clean(system)} is unharmed and goes on serving whoever reaches it.`
      : `No request from ${where} finds a way to ${to}${by}. ${clean(system)} itself goes on serving.`;
  return [{ atUs: fromUs, text, events: [] }];
}

/** Gossip has no group that serves: each member answers from what it knows itself. */
function isGroupless(run: Run, system: string): boolean {
  return run.systems.find((each) => each.name === system)?.groups.length === 0;
}

/** What would have helped those who were cut off, and what would not. */
export function anotherWay(run: Run, { system, lapses, failed, toUs }: SystemOutage): string[] {
  const fault = nearestFault(run, failed[0]!.stretch.cause)?.fault;
  if (lapses.length > 0 || fault === undefined || !PARTING.has(fault.kind)) return [];
  const where = list([...new Set(failed.map(({ lane }) => lane.where))]);
  const until = toUs < run.durationUs ? `, or the end of fault ${fault.number},` : '';
  if (isGroupless(run, system)) return [`Only another way from ${where} to the other members${until} helps.`];
  return [
    `Only another way from ${where} to the majority${until} helps: other timers or more members on the far side change nothing.`,
  ];
}
