/**
 * When a member's attempts to fetch back those that failed are known to come to nothing, for hours: all of them are out of
 * reach, or all of them refuse.
 */
import type { GridGaps } from '../../../kernel/grid-gaps.ts';
import { DEAD } from '../../../protocols/swim/index.ts';
import type { GossipMember } from '../member.ts';
import type { GossipParker } from './parker.ts';
import { type Numbers, regular } from './plain.ts';
import type { Rest } from './ticker.ts';

/** A SYN, and the answer that there is nobody. */
export const REFUSAL_MESSAGES = 2;

/** To look at more of them each time would cost more than the attempt. */
const FAILED_MAX = 512;

/** The attempt that is due, and those after it. */
export function fruitlessAttempts(
  parker: GossipParker,
  member: GossipMember,
  gaps: GridGaps,
  numbers: Numbers,
  next: number,
): Rest | null {
  const { parameters, kernel, reach } = parker;
  if (member.node.paused || member.ledger.failedCount > FAILED_MAX) return null;
  const intervalUs = parameters.reconnectIntervalUs!;
  const { view, roster } = member.swim!;
  let silent = 0;
  let refusing = 0;
  let soonestUs = Number.POSITIVE_INFINITY;
  reach.refresh();
  for (let slot = 0; slot < Math.min(view.capacity, roster.slotCount); slot++) {
    const subject = roster.subjectOf[slot]!;
    if (subject < 0 || !member.ledger.isFailed(subject)) continue;
    // It may be back here while it was not fetched back.
    if (view.state(subject) < DEAD && !member.ledger.isDeleted(subject)) return null;
    if (isSilent(parker, member, subject)) silent++;
    else if (refuses(parker, member, subject)) refusing++;
    else return null;
    soonestUs = Math.min(soonestUs, view.changedUs(slot));
  }
  if (silent > 0 && refusing > 0) return null;
  // The first attempt after that gives one of them up.
  const leftUs = soonestUs + parameters.forgetFailedUs - kernel.nowUs;
  if (leftUs < 0) return null;
  if (refusing > 0 && parameters.reconnectPolicy === 'share') return null;
  const periodUs =
    silent > 0 && parameters.reconnectPolicy === 'always'
      ? (Math.floor(parameters.streamTimeoutUs / intervalUs) + 1) * intervalUs
      : intervalUs;
  const windowUs = silent > 0 ? parameters.streamTimeoutUs : reach.connectionUs;
  if (windowUs >= periodUs) return null;
  let ticks = Math.floor(leftUs / periodUs) + 1;
  if (refusing > 0) ticks = regular(parker, gaps, numbers, next, ticks);
  return ticks === 0 ? null : { ticks, periodUs, windowUs };
}

/** No packet passes, and whatever stops them is known to have done so. */
function isSilent({ world, members }: GossipParker, member: GossipMember, subject: number): boolean {
  const from = member.node.index;
  const to = members[subject]!.node.index;
  return !world.passable(from, to) && world.network.path(from, to).effects.every((effect) => effect.felt > 0);
}

/** The machine is there, the process is not. */
function refuses({ reach, world, members }: GossipParker, member: GossipMember, subject: number): boolean {
  const other = members[subject]!;
  return (
    !other.running &&
    world.nodes[other.node.index]!.powered &&
    world.nodes[member.node.index]!.powered &&
    reach.connects(member.index, subject)
  );
}
