/** What a node makes of news about members (memberlist state.go: aliveNode, suspectNode, deadNode, refute). */
import { applyDelta } from './awareness.ts';
import type { ChangeReason } from './host.ts';
import { aliveBytes, suspectBytes, type Update } from './message.ts';
import { ALIVE, DEAD, LEFT, SUSPECT, UNKNOWN, type ViewState } from './roster.ts';
import type { SwimState } from './state.ts';

const STATE_MASK = 7;

export function take(s: SwimState, update: Update, nowUs: number): void {
  if (update.kind === 'suspect') takeSuspect(s, update, nowUs, 'told');
  else if (update.kind === 'dead') takeDead(s, update, nowUs, 'told', 0);
  else takeAlive(s, update, nowUs);
}

export function newUpdate(
  s: SwimState,
  kind: Update['kind'],
  subject: number,
  incarnation: number,
  from: number,
): Update {
  const names = s.roster.nameBytes;
  const bytes =
    kind === 'alive'
      ? aliveBytes(names[subject]!, 0, incarnation)
      : suspectBytes(names[subject]!, names[from]!, incarnation);
  return { kind, subject, incarnation, from, bytes, shelf: -1 };
}

/** News that a member is alive counts only in a higher incarnation than the known one. */
export function takeAlive(s: SwimState, update: Update, nowUs: number): void {
  const { subject, incarnation } = update;
  const { view } = s;
  if (subject === s.self) {
    if (!s.leaving && incarnation > s.incarnation) refute(s, incarnation, update.from, 'alive', nowUs);
    return;
  }
  const before = view.state(subject);
  if (before === UNKNOWN) {
    s.ring.insert(subject, (member) => member !== s.self && view.state(member) !== UNKNOWN);
    s.known++;
  } else if (incarnation <= view.incarnationOf(subject)) return;
  broadcast(s, update);
  if (before === ALIVE) {
    view.setIncarnation(subject, ALIVE, incarnation);
    s.host.updated(subject, incarnation);
    return;
  }
  view.set(subject, ALIVE, incarnation, nowUs);
  tell(s, subject, before, ALIVE, incarnation, 'told', 0, update.from);
}

/** A suspicion starts a timer, a further one from someone else shortens it, and both are passed on. */
export function takeSuspect(s: SwimState, update: Update, nowUs: number, reason: ChangeReason): void {
  const { subject, incarnation, from } = update;
  const { view, roster } = s;
  const slot = roster.slotOf[subject]!;
  // The common cases first: it is known to be dead, or suspected by enough already.
  if (slot >= 0 && slot < view.capacity) {
    const flags = view.flags(slot);
    const state = flags & STATE_MASK;
    if (state >= DEAD) return;
    if (state === SUSPECT) {
      if (flags >> 3 === s.timings.confirmationsMax) return;
      if (incarnation < view.incarnation(slot) || !view.confirm(slot, from)) return;
      s.suspicions.confirmed(slot, nowUs);
      broadcast(s, update);
      s.host.awaitSuspicion(s.suspicions.nextUs);
      return;
    }
  }
  if (view.state(subject) !== ALIVE || incarnation < view.incarnationOf(subject)) return;
  if (subject === s.self) {
    if (!s.leaving) refute(s, incarnation, from, 'suspect', nowUs);
    return;
  }
  broadcast(s, update);
  const opened = view.set(subject, SUSPECT, incarnation, nowUs);
  view.beginSuspicion(opened, s.known, from);
  s.suspicions.begin(opened);
  s.host.awaitSuspicion(s.suspicions.nextUs);
  tell(s, subject, ALIVE, SUSPECT, incarnation, reason, 0, from);
}

export function takeDead(
  s: SwimState,
  update: Update,
  nowUs: number,
  reason: ChangeReason,
  confirmations: number,
): void {
  const { subject, incarnation, from } = update;
  const { view } = s;
  const before = view.state(subject);
  if (before >= DEAD || incarnation < view.incarnationOf(subject)) return;
  if (subject === s.self && !s.leaving) {
    refute(s, incarnation, from, 'dead', nowUs);
    return;
  }
  broadcast(s, update);
  const after = subject === from && s.timings.config.tellsLeft ? LEFT : DEAD;
  view.set(subject, after, incarnation, nowUs);
  tell(s, subject, before, after, incarnation, reason, confirmations, from);
}

/** A suspicion has run out. */
export function declareDead(s: SwimState, slot: number, nowUs: number): void {
  const subject = s.roster.subjectOf[slot]!;
  const { view } = s;
  const verdict = s.roster.verdict(subject, view.incarnation(slot), s.self);
  takeDead(s, verdict, nowUs, 'timeout', view.confirmations(slot));
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
  s.incarnation = incarnation;
  s.view.set(s.self, ALIVE, incarnation, nowUs);
  broadcast(s, newUpdate(s, 'alive', s.self, incarnation, s.self));
}

/** Queues a message about a member, in place of the one about it that waits. */
export function broadcast(s: SwimState, update: Update): void {
  s.updates.add(s.roster.slot(update.subject), update);
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
    view.set(subject, UNKNOWN, 0, nowUs);
    s.known--;
    tell(s, subject, DEAD, UNKNOWN, incarnation, 'forgotten', 0, s.self);
  }
}

function tell(
  s: SwimState,
  subject: number,
  before: ViewState,
  after: ViewState,
  incarnation: number,
  reason: ChangeReason,
  confirmations: number,
  from: number,
): void {
  s.host.changed({ subject, before, after, incarnation, reason, confirmations, from });
}
