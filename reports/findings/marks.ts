/** One letter and one word for each state: the same in the pictures, their legends and the plain lanes. */
import type { GroupState, MemberInterval, MemberState } from '../../sim/run.ts';
import type { ServiceState } from './stretches.ts';

const MEMBER_LETTERS: Readonly<Record<MemberState, string>> = {
  leader: 'L',
  follower: 'F',
  candidate: 'C',
  'pre-candidate': 'C',
  learner: 'N',
  primary: 'P',
  secondary: 'S',
  paused: 'Z',
  stalled: 'W',
  down: 'D',
};

export const MEMBER_WORDS: Readonly<Record<string, string>> = {
  L: 'leader',
  F: 'follower',
  C: 'candidate (or about to be)',
  N: 'learner, has no vote',
  P: 'primary: leads and holds the primary replica',
  S: 'secondary replica',
  Z: 'frozen process',
  W: 'waits for its disk',
  D: 'down',
};

/** A leader without a quorum, or a member that reaches no leader; its letter is written small. */
export const CUT_OFF_WORDS = 'cut off: reaches no quorum or no leader';

export function memberLetter(interval: Pick<MemberInterval, 'state'>): string {
  return MEMBER_LETTERS[interval.state];
}

export const GROUP_WORDS: Readonly<Record<GroupState, string>> = {
  serving: 'serving',
  'no-leader': 'no leader',
  'no-quorum': 'no quorum',
};

export const SERVICE_WORDS: Readonly<Record<ServiceState, string>> = {
  up: 'ok',
  waits: 'waits',
  degraded: 'limited',
  down: 'FAILS',
  dark: 'dark',
};
