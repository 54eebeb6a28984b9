/** Takes what all views agree on out of them, into what they have in common. Changes no view; see Roster. */
import { ALIVE, type Roster, type Swim, UNKNOWN } from '../../protocols/swim/index.ts';
import type { GossipMember } from './member.ts';

export function tidy(roster: Roster, members: readonly GossipMember[]): void {
  const running = members.filter((member) => member.swim !== null);
  if (running.length === 0 || running.some((member) => member.swim!.view.blank)) return;
  for (let slot = 0; slot < roster.slotCount; slot++) {
    const subject = roster.subjectOf[slot]!;
    if (subject < 0) continue;
    const { view } = running[0]!.swim!;
    const state = view.state(subject);
    if (state !== ALIVE && state !== UNKNOWN) continue;
    const incarnation = state === ALIVE ? view.incarnationOf(subject) : 0;
    if (!running.every((member) => agrees(member, member.swim!, slot, subject, state, incarnation))) continue;
    roster.fold(subject, state, incarnation);
    for (const member of running) member.swim!.view.clear(slot);
  }
}

function agrees(
  member: GossipMember,
  swim: Swim,
  slot: number,
  subject: number,
  state: number,
  incarnation: number,
): boolean {
  return (
    swim.view.state(subject) === state &&
    (state === UNKNOWN || swim.view.incarnationOf(subject) === incarnation) &&
    swim.updates.get(slot) === undefined &&
    member.ledger.isClear(slot)
  );
}
