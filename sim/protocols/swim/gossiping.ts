/** Spreading news: gossip (memberlist state.go gossip) and state exchanges (pushPull, mergeState). */

import { randomMembers } from './choice.ts';
import { awaitSuspicions, takeAlive, takeDead, takeSuspect } from './membership.ts';
import { sendGossip } from './packets.ts';
import { STATE_MASK } from './records.ts';
import type { ProbeRing } from './ring.ts';
import type { SwimState } from './state.ts';
import { ALIVE, AS_BASE, DEAD, LEFT, SUSPECT, UNKNOWN, type ViewState } from './states.ts';

/** A gossip tick: a few random members get a packet each while something waits. The dead are told too, for a time. */
export function gossipTick(s: SwimState, number: number, nowUs: number): void {
  if (s.updates.count === 0 && s.events.count === 0) return;
  const { config } = s.timings;
  const { view, roster } = s;
  const peers = randomMembers(s, config.gossipNodes, s.dice.gossip, number, (member) => {
    const state = view.state(member);
    if (state === DEAD) return nowUs - view.changedUs(roster.slotOf[member]!) <= config.gossipToTheDeadUs;
    return state !== LEFT;
  });
  for (let i = 0; i < peers.length; i++)
    if (!sendGossip(s, peers[i]!, number * config.gossipNodes + i)) return;
}

/** The next member of a ring that is held alive; -1 when there is none. */
export function nextPeer(s: SwimState, peers: ProbeRing): number {
  return peers.next(
    (member) => s.view.state(member) === ALIVE,
    () => {},
  );
}

/** Starts an exchange with a live member; false when there is none. */
export function pushPullTick(s: SwimState, peers: ProbeRing): boolean {
  const peer = nextPeer(s, peers);
  if (peer >= 0) s.host.exchange(peer);
  return peer >= 0;
}

/** A view as it was when it was sent. */
export interface Snapshot {
  readonly from: number;
  readonly blank: boolean;
  readonly subjects: readonly number[];
  /** By slot; the low three bits are the state. */
  readonly flags: Uint8Array;
  readonly incarnation: Int32Array;
}

export function snapshot(s: SwimState): Snapshot {
  const { view, roster } = s;
  const count = Math.min(view.capacity, roster.slotCount);
  const flags = new Uint8Array(count);
  const incarnation = new Int32Array(count);
  for (let slot = 0; slot < count; slot++) {
    flags[slot] = view.flags(slot);
    incarnation[slot] = view.incarnation(slot);
  }
  return { from: s.self, blank: view.blank, subjects: roster.subjectOf.slice(0, count), flags, incarnation };
}

/**
 * Takes in another's state. What it holds dead is only suspected here, in one's own name; what it has forgotten tells
 * nothing.
 */
export function merge(s: SwimState, remote: Snapshot, nowUs: number): void {
  takeStates(s, remote, nowUs);
  awaitSuspicions(s);
}

function takeStates(s: SwimState, remote: Snapshot, nowUs: number): void {
  const { view, roster } = s;
  const told = new Set<number>();
  for (let slot = 0; slot < remote.flags.length; slot++) {
    const state = remote.flags[slot]! & STATE_MASK;
    if (state === AS_BASE) continue;
    const subject = remote.subjects[slot]!;
    told.add(subject);
    takeState(s, subject, state as ViewState, remote.incarnation[slot]!, nowUs);
  }
  if (remote.blank) return;
  if (view.blank) adoptBase(s, told, nowUs);
  // Of everyone else the remote holds what the roster says; where this view differs, that is news.
  for (let slot = 0; slot < Math.min(view.capacity, roster.slotCount); slot++) {
    if ((view.flags(slot) & STATE_MASK) === AS_BASE) continue;
    const subject = roster.subjectOf[slot]!;
    if (!told.has(subject)) takeState(s, subject, ALIVE, roster.baseIncarnation[subject]!, nowUs);
  }
}

/**
 * A process that has just started learns of everyone of whom the other holds what the roster says. (memberlist gossips each of them on as
 * news; nobody learns anything from that, so it is left out.)
 */
function adoptBase(s: SwimState, told: ReadonlySet<number>, nowUs: number): void {
  const { view, roster } = s;
  const strangers: number[] = [];
  for (let member = 0; member < roster.size; member++) {
    if (view.state(member) !== UNKNOWN) continue;
    if (told.has(member)) strangers.push(member);
    else s.known++;
  }
  view.blank = false;
  // The remote holds these dead: memberlist ignores that of members it does not know.
  for (const member of strangers) view.set(member, UNKNOWN, 0, nowUs);
  s.host.joined();
}

function takeState(
  s: SwimState,
  subject: number,
  state: ViewState,
  incarnation: number,
  nowUs: number,
): void {
  if (state === ALIVE) takeAlive(s, subject, incarnation, nowUs);
  else if (state === LEFT) takeDead(s, subject, incarnation, subject, nowUs, 'told', 0);
  else if (state === DEAD || state === SUSPECT) takeSuspect(s, subject, incarnation, s.self, nowUs, 'told');
}
