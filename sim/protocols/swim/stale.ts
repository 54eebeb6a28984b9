import { incarnationOf, kindOf } from './message.ts';
import type { SwimState } from './state.ts';
import { ALIVE, DEAD, SUSPECT, UNKNOWN } from './states.ts';
import { SUBJECT_MASK, type UpdateList } from './update-list.ts';

/** Would a node make nothing of these updates, as it is now? (What takeAlive, takeSuspect and takeDead return from at once.) */
export function isStale(s: SwimState, updates: UpdateList): boolean {
  const { view, roster } = s;
  if (view.blank) return false;
  const { words } = updates;
  for (let at = 0; at < 2 * updates.count; at += 2) {
    const subject = words[at]! & SUBJECT_MASK;
    if (subject === s.self) return false;
    const kind = kindOf(words[at + 1]!);
    const incarnation = incarnationOf(words[at + 1]!);
    const state = view.state(subject);
    if (kind === ALIVE) {
      if (state === UNKNOWN || incarnation > view.incarnationOf(subject)) return false;
    } else if (state < DEAD && incarnation >= view.incarnationOf(subject)) {
      if (kind === DEAD || state === ALIVE) return false;
      if (kind === SUSPECT && view.wouldConfirm(roster.slotOf[subject]!, words[at]! >>> 16)) return false;
    }
  }
  return true;
}
