/**
 * When the ticks of a member are plain: nobody could tell, but by counting messages, whether what they set going has
 * happened. And what is to be made up for when they were left out.
 */
import type { GridGaps } from '../../../kernel/grid-gaps.ts';
import {
  ALIVE,
  DEAD,
  MESSAGE_BYTES,
  type ProbeRing,
  SUSPECT,
  type Swim,
} from '../../../protocols/swim/index.ts';
import { type GossipMember, PACKET_HEADER_BYTES } from '../member.ts';
import type { GossipParker } from './parker.ts';
import type { Rest } from './ticker.ts';

/** Irregular messages are looked for so many ticks ahead. */
const AHEAD = 20_000;

/** Messages of a stream: tick k has numbers k * scale + first to k * scale + first + count - 1. */
export interface Numbers {
  readonly scale: number;
  readonly first: number;
  readonly count: number;
}

/** Probes: the target answers in time, has nothing to tell, and nobody's standing changes by it. */
export function plainProbes(
  parker: GossipParker,
  member: GossipMember,
  gaps: GridGaps,
  numbers: Numbers,
): Rest | null {
  const swim = member.swim!;
  if (member.node.paused) return null;
  const why = parker.unquiet() ?? ownTrouble(swim);
  if (why !== null) {
    parker.tally.awake(why);
    return null;
  }
  const { reach, members, parameters } = parker;
  const { view, ring, roster } = swim;
  let listed = roster.size - 1;
  let special = reach.probesSuffer;
  for (let slot = 0; slot < roster.slotCount; slot++) {
    const subject = roster.subjectOf[slot]!;
    if (subject < 0) continue;
    const state = view.state(subject);
    // The end of the round forgets the dead, be it itself that has left and stayed.
    if (state === SUSPECT || state === DEAD) special = true;
    if (state !== SUSPECT && state !== ALIVE && subject !== member.index) listed--;
  }
  if (listed === 0) return null;
  for (const idle of parker.idle) if (idle !== member.index && view.state(idle) === ALIVE) special = true;
  let ticks = Number.POSITIVE_INFINITY;
  if (special) {
    ticks = ring.before(
      (target) => isProbed(swim, target),
      (target) =>
        view.state(target) === SUSPECT ||
        !members[target]!.active ||
        (reach.probesSuffer && !reach.probes(member.index, target)),
    );
  }
  ticks = regular(parker, gaps, numbers, swim.counters.probes + 1, ticks);
  if (ticks === 0) return null;
  return { ticks, periodUs: parameters.probeIntervalUs, windowUs: reach.probeUs };
}

export function passProbes(parker: GossipParker, member: GossipMember, count: number): void {
  const swim = member.swim!;
  const { ring, counters } = swim;
  const { round } = ring;
  const { meetings } = parker;
  meetings.begin(member, true);
  ring.skip(count, meetings.listed, meetings.eligible, meetings.met);
  if (ring.round !== round) counters.rounds = ring.round + 1;
  counters.probes += count;
  const packetBytes = parker.parameters.encryptionBytes + PACKET_HEADER_BYTES;
  meetings.count(2, MESSAGE_BYTES.ping + MESSAGE_BYTES.ack + 2 * packetBytes, 0);
}

function isProbed(swim: Swim, target: number): boolean {
  const state = swim.view.state(target);
  return state === ALIVE || state === SUSPECT;
}

function ownTrouble(swim: Swim): string | null {
  if (swim.view.blank) return 'a member has not joined';
  if (swim.score > 0) return 'a member is in bad health';
  return swim.probe !== null || swim.tickWaits ? 'a probe is under way' : null;
}

/** Exchanges of states or tables with a random peer: both hold the same already, and are done before the next one. */
export function plainExchanges(
  parker: GossipParker,
  member: GossipMember,
  gaps: GridGaps,
  numbers: Numbers,
  next: number,
  periodUs: number,
): Rest | null {
  const { reach, agreement, kernel } = parker;
  if (member.node.paused || parker.unquiet() !== null || reach.connectionUs >= periodUs) return null;
  if (!agreement.of(member, kernel.nowUs)) {
    parker.tally.awake('views differ');
    return null;
  }
  if (peersOf(member) === 0 || (reach.connectionsSuffer && !connectsToAll(parker, member))) return null;
  const ticks = regular(parker, gaps, numbers, next, Number.POSITIVE_INFINITY);
  return ticks === 0 ? null : { ticks, periodUs, windowUs: reach.connectionUs };
}

/** `bytesOfKnown`: what the peer sends for each one that it knows. */
export function passExchanges(
  { meetings }: GossipParker,
  member: GossipMember,
  ring: ProbeRing,
  count: number,
  bytes: number,
  bytesOfKnown: number,
): void {
  meetings.begin(member, false);
  ring.skip(count, meetings.listed, meetings.eligible, meetings.met);
  meetings.count(4, bytes, bytesOfKnown);
}

/** How many others it holds alive. */
function peersOf({ swim, index }: GossipMember): number {
  const { view, roster } = swim!;
  let peers = roster.size - 1;
  for (let slot = 0; slot < roster.slotCount; slot++) {
    const subject = roster.subjectOf[slot]!;
    if (subject >= 0 && subject !== index && view.state(subject) !== ALIVE) peers--;
  }
  return peers;
}

function connectsToAll({ reach, members }: GossipParker, { swim, index }: GossipMember): boolean {
  for (let peer = 0; peer < members.length; peer++) {
    if (peer !== index && swim!.view.state(peer) === ALIVE && !reach.connects(index, peer)) return false;
  }
  return true;
}

/** Ticks from `next` on without an irregular message, at most `ticks`. */
export function regular(
  { reach }: GossipParker,
  gaps: GridGaps,
  { scale, first, count }: Numbers,
  next: number,
  ticks: number,
): number {
  let left = ticks;
  for (const share of reach.irregular) {
    left = Math.min(left, AHEAD);
    gaps.setProbability(share, 0);
    const limit = (next + left) * scale + first;
    let number = gaps.nextBefore(next * scale + first, limit);
    while (number < limit && (number - first) % scale >= count) number = gaps.nextBefore(number + 1, limit);
    if (number < limit) left = Math.floor((number - first) / scale) - next;
  }
  return left;
}
