/** A change of a group's state in words. */
import type { GroupStatus } from '../system.ts';
import type { Member } from './member.ts';

export function describeChange(
  before: GroupStatus,
  now: GroupStatus,
  overtakers: readonly Member[],
  steppedDown: boolean,
): string {
  const count = `${now.reachable} of ${now.voters} voters can talk to each other, ${now.quorum} are needed`;
  if (now.state === 'serving') {
    return before.state === 'serving'
      ? `${now.leader} takes over from ${before.leader}`
      : `${now.leader} leads and reaches a quorum`;
  }
  if (now.state === 'no-quorum') return count;
  if (overtakers.length > 0) {
    const names = overtakers.map((member) => member.node.name).join(' and ');
    const have = overtakers.length === 1 ? 'has' : 'have';
    return `${before.leader} still reaches a quorum, but ${names} ${have} gone on to a higher term`;
  }
  if (before.leader === '') return `no leader; ${count}`;
  return `${before.leader} ${steppedDown ? 'has stepped down' : 'no longer leads a quorum'}; ${count}`;
}
