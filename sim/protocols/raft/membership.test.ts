import { describe, expect, test } from 'vitest';
import {
  type ConfChange,
  changeMembership,
  LEAVE_JOINT,
  type Membership,
  membershipOf,
  type SingleChange,
} from './membership.ts';

/** `+4` add voter, `~4` add learner, `-4` remove; before them `auto:`, `implicit:` or `explicit:`; or `leave`. */
function parse(text: string): ConfChange {
  if (text === 'leave') return LEAVE_JOINT;
  const [kind, list] = text.split(': ');
  const transition = kind === 'auto' ? 'auto' : (`joint-${kind}` as 'joint-implicit' | 'joint-explicit');
  const types: Record<string, SingleChange['type']> = { '+': 'add-voter', '~': 'add-learner', '-': 'remove' };
  const changes = list!.split(' ').map((c) => ({ type: types[c[0]!]!, id: Number(c.slice(1)) }));
  return { transition, changes };
}

/** `(1 2)&(1 2 3) learners (4) next (5) autoleave`, as etcd-io/raft prints it. */
function show(m: Membership): string {
  const list = (ids: readonly number[]) => `(${ids.join(' ')})`;
  return [
    list(m.voters) + (m.outgoing.length > 0 ? `&${list(m.outgoing)}` : ''),
    ...(m.learners.length > 0 ? [`learners ${list(m.learners)}`] : []),
    ...(m.learnersNext.length > 0 ? [`next ${list(m.learnersNext)}`] : []),
    ...(m.autoLeave ? ['autoleave'] : []),
  ].join(' ');
}

describe('changes of membership', () => {
  test.each<[string, string[], string]>([
    ['a simple addition', ['auto: +4'], '(1 2 3 4)'],
    ['a simple removal', ['auto: -3'], '(1 2)'],
    ['of one that is not there', ['auto: -9'], '(1 2 3)'],
    ['a learner', ['auto: ~4'], '(1 2 3) learners (4)'],
    ['a learner promoted', ['auto: ~4', 'auto: +4'], '(1 2 3 4)'],
    ['a voter demoted', ['auto: ~3'], '(1 2) learners (3)'],
    ['more than one change enters a joint state', ['auto: +4 -1'], '(2 3 4)&(1 2 3) autoleave'],
    ['and it is left', ['auto: +4 -1', 'leave'], '(2 3 4)'],
    ['explicit', ['explicit: +4'], '(1 2 3 4)&(1 2 3)'],
    ['implicit', ['implicit: +4'], '(1 2 3 4)&(1 2 3) autoleave'],
    ['a demoted voter waits for the end of the joint state', ['explicit: ~3 +4'], '(1 2 4)&(1 2 3) next (3)'],
    ['then it is a learner', ['explicit: ~3 +4', 'leave'], '(1 2 4) learners (3)'],
    ['demoted and promoted again', ['explicit: ~3 +3'], '(1 2 3)&(1 2 3)'],
    ['a learner stays one', ['auto: ~4', 'explicit: ~4 +5'], '(1 2 3 5)&(1 2 3) learners (4)'],
    ['a learner removed', ['auto: ~4', 'auto: -4'], '(1 2 3)'],
  ])('%s', (_, changes, expected) => {
    expect(show(changes.map(parse).reduce(changeMembership, membershipOf([1, 2, 3])))).toBe(expected);
  });

  test.each<[string, string[], RegExp]>([
    ['leaving without being joint', ['leave'], /nothing to leave/],
    ['entering twice', ['explicit: +4', 'explicit: +5'], /already joint/],
    ['a simple change while joint', ['explicit: +4', 'auto: +5'], /not possible in a joint state/],
    ['no voter left', ['explicit: -1 -2 -3'], /remove all voters/],
  ])('%s is refused', (_, changes, message) => {
    expect(() => changes.map(parse).reduce(changeMembership, membershipOf([1, 2, 3]))).toThrow(message);
  });
});
