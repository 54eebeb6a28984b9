/** What a node makes of news about members (memberlist state.go: aliveNode, suspectNode, deadNode, refute). */

import { applyDelta } from './awareness.ts';
import type { ChangeReason } from './host.ts';
import { type UpdateKind, updateBytes, updateWord } from './message.ts';
import { CONFIRMATIONS_SHIFT, STATE_MASK } from './records.ts';
import type { SwimState } from './state.ts';
import { ALIVE, AS_BASE, DEAD, LEFT, SUSPECT, UNKNOWN } from './states.ts';

/** News that a member is alive counts only in a higher incarnation than the known one. */
export function takeAlive(s: SwimState, subject: number, incarnation: number, nowUs: number): void {
  const { view } = s;
  if (subject === s.self) {
    if (!s.leaving && incarnation > s.incarnation) refute(s, incarnation, subject, 'alive', nowUs);
    return;
  }
  const before = view.state(subject);
  if (before === UNKNOWN) {
    s.host.stirs();
    s.ring.insert(subject, (member) => member !== s.self && view.state(member) !== UNKNOWN);
    s.known++;
  } else if (incarnation <= view.incarnationOf(subject)) return;
  broadcast(s, ALIVE, subject, incarnation, subject);
  if (before === ALIVE) {
    view.setIncarnation(subject, ALIVE, incarnation);
    s.host.updated(subject, incarnation);
    return;
  }
  view.set(subject, ALIVE, incarnation, nowUs);
  s.host.changed(subject, before, ALIVE, incarnation, 'told', 0, subject);
}

/**
 * A suspicion starts a timer, a further one from someone else shortens it, and both are passed on. The caller asks for the
 * timer when it is done with what it has to take in (`awaitSuspicions`).
 */
export function takeSuspect(
  s: SwimState,
  subject: number,
  incarnation: number,
  from: number,
  nowUs: number,
  reason: ChangeReason,
): void {
  const { view, roster } = s;
  const slot = roster.slotOf[subject]!;
  const flags = slot >= 0 ? view.flags(slot) : AS_BASE;
  const state = flags & STATE_MASK;
  if (state >= DEAD) return;
  if (state === SUSPECT) {
    if (flags >> CONFIRMATIONS_SHIFT === s.timings.confirmationsMax) return;
    if (incarnation < view.incarnation(slot) || !view.confirm(slot, from)) return;
    s.suspicions.confirmed(slot, nowUs);
    broadcast(s, SUSPECT, subject, incarnation, from);
    return;
  }
  if (state === AS_BASE) {
    if (view.blank || incarnation < roster.baseIncarnation[subject]!) return;
  } else if (incarnation < view.incarnation(slot)) return;
  if (subject === s.self) {
    if (!s.leaving) refute(s, incarnation, from, 'suspect', nowUs);
    return;
  }
  broadcast(s, SUSPECT, subject, incarnation, from);
  const opened = view.set(subject, SUSPECT, incarnation, nowUs);
  view.beginSuspicion(opened, s.known, from);
  s.suspicions.begin(opened);
  s.host.changed(subject, ALIVE, SUSPECT, incarnation, reason, 0, from);
}

/** Asks for the timer of the suspicions that run now. */
export function awaitSuspicions(s: SwimState): void {
  s.host.awaitSuspicion(s.suspicions.nextUs);
}

export function takeDead(
  s: SwimState,
  subject: number,
  incarnation: number,
  from: number,
  nowUs: number,
  reason: ChangeReason,
  confirmations: number,
): void {
  const { view } = s;
  const before = view.state(subject);
  if (before >= DEAD || incarnation < view.incarnationOf(subject)) return;
  if (subject === s.self && !s.leaving) {
    refute(s, incarnation, from, 'dead', nowUs);
    return;
  }
  broadcast(s, DEAD, subject, incarnation, from);
  const after = subject === from && s.timings.config.tellsLeft ? LEFT : DEAD;
  view.set(subject, after, incarnation, nowUs);
  s.host.changed(subject, before, after, incarnation, reason, confirmations, from);
}

/** A suspicion has run out. */
export function declareDead(s: SwimState, slot: number, nowUs: number): void {
  const { view, roster } = s;
  const subject = roster.subjectOf[slot]!;
  const incarnation = view.incarnation(slot);
  const from = roster.judge(subject, incarnation, s.self);
  takeDead(s, subject, incarnation, from, nowUs, 'timeout', view.confirmations(slot));
}

/** Contradicts an accusation in an incarnation above it. Being accused is a sign of one's own bad health. */
function refute(
  s: SwimState,
  accusedIncarnation: number,
  accuser: number,
  accusation: 'suspect' | 'dead' | 'alive',
  nowUs: number,
): void {
  raiseIncarnation(s, Math.max(s.incarnation, accusedIncarnation) + 1, nowUs);
  applyDelta(s, 1);
  s.host.refuted(s.incarnation, accuser, accusation);
}

/** Announces itself in a new incarnation. */
export function raiseIncarnation(s: SwimState, incarnation: number, nowUs: number): void {
  s.host.stirs();
  s.incarnation = incarnation;
  s.view.set(s.self, ALIVE, incarnation, nowUs);
  broadcast(s, ALIVE, s.self, incarnation, s.self);
}

/** Queues a message about a member, in place of the one about it that waits. */
export function broadcast(
  s: SwimState,
  kind: UpdateKind,
  subject: number,
  incarnation: number,
  from: number,
): void {
  const { roster } = s;
  s.host.stirs();
  const bytes = updateBytes(kind, roster.nameBytes, subject, incarnation, from);
  s.updates.add(subject, from, updateWord(kind, incarnation), bytes);
  s.host.gossipWaits();
}

/** Forgets the dead that are no longer gossiped to (memberlist resetNodes); called when the ring wraps. */
export function forgetTheDead(s: SwimState, nowUs: number): void {
  const { view, roster } = s;
  const limitUs = nowUs - s.timings.config.gossipToTheDeadUs;
  for (let slot = 0; slot < view.capacity; slot++) {
    if ((view.flags(slot) & STATE_MASK) !== DEAD || view.changedUs(slot) >= limitUs) continue;
    const subject = roster.subjectOf[slot]!;
    const incarnation = view.incarnation(slot);
    s.host.forgets();
    view.set(subject, UNKNOWN, 0, nowUs);
    s.known--;
    s.host.changed(subject, DEAD, UNKNOWN, incarnation, 'forgotten', 0, s.self);
  }
}
