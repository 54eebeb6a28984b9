/** To whom a leader that is to stop hands over. */
import type { Member } from './member.ts';

/** The voter that exchanges messages with a leader and has the longest acknowledged log; null for anyone else. */
export function handoverTarget(
  group: { readonly hosts: readonly Member[]; exchanges(a: Member, b: Member): boolean },
  member: Member,
): Member | null {
  if (member.raft.state !== 'Leader') return null;
  let best: Member | null = null;
  for (const progress of member.raft.progress) {
    const other = group.hosts[progress.id - 1]!;
    if (other === member || progress.isLearner || !group.exchanges(member, other)) continue;
    if (best === null || progress.match > member.raft.progressOf(best.id)!.match) best = other;
  }
  return best;
}
