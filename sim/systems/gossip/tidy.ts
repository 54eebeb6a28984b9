/** Takes what all views agree on out of them, into what they have in common. Changes no view; see Roster. */
import { ALIVE, type Roster, type Swim } from '../../protocols/swim/index.ts';
import type { GossipMember } from './member.ts';

export function tidy(roster: Roster, members: readonly GossipMember[]): void {
  const running = members.filter((member) => member.swim !== null);
  // One that has started and met somebody as new as itself: what it does not know, it does not know.
  for (const { swim } of running) if (swim!.view.blank && swim!.known > 1) swim!.view.fill();
  if (running.length === 0 || running.some((member) => member.swim!.view.blank)) return;
  for (let slot = 0; slot < roster.slotCount; slot++) {
    const subject = roster.subjectOf[slot]!;
    if (subject < 0 || running[0]!.swim!.view.state(subject) !== ALIVE) continue;
    const incarnation = running[0]!.swim!.view.incarnationOf(subject);
    if (!running.every((member) => agrees(member, member.swim!, slot, subject, incarnation))) continue;
    roster.fold(subject, incarnation);
    for (const member of running) member.swim!.view.clear(slot);
  }
}

function agrees(
  member: GossipMember,
  swim: Swim,
  slot: number,
  subject: number,
  incarnation: number,
): boolean {
  return (
    swim.view.state(subject) === ALIVE &&
    swim.view.incarnationOf(subject) === incarnation &&
    !swim.updates.has(subject) &&
    member.ledger.isClear(slot)
  );
}
