/**
 * All that measures see of a Raft group, as numbers: what they would find by looking at it again can differ only where one
 * of these does (or where the world does). Most of what is touched in a group changes none of them.
 */
import type { Membership } from '../../protocols/raft/index.ts';
import type { Member } from './member.ts';
import type { Wire } from './wire.ts';

const ROLES = { Follower: 0, PreCandidate: 1, Candidate: 2, Leader: 3 } as const;

export class Sight {
  readonly #hosts: readonly Member[];
  readonly #wire: Wire;
  readonly #seen: number[] = [];
  readonly #memberships: (Membership | null)[] = [];

  constructor(hosts: readonly Member[], wire: Wire) {
    this.#hosts = hosts;
    this.#wire = wire;
  }

  /** Looks again; false when everything is as it was. */
  changed(): boolean {
    const hosts = this.#hosts;
    const count = hosts.length;
    let at = 0;
    let changed = false;
    for (let i = 0; i < count; i++) {
      const host = hosts[i]!;
      const { raft } = host;
      if (this.#memberships[i] !== raft.membership) {
        this.#memberships[i] = raft.membership;
        changed = true;
      }
      const state =
        (host.running ? 1 : 0) +
        (host.node.paused ? 2 : 0) +
        (host.active ? 4 : 0) +
        (host.stalled ? 8 : 0) +
        16 * ROLES[raft.state];
      if (this.#differs(at++, state)) changed = true;
      if (this.#differs(at++, raft.term)) changed = true;
      if (this.#differs(at++, raft.lead)) changed = true;
      if (this.#differs(at++, host.committedTerm)) changed = true;
      for (let j = 0; j < count; j++) {
        if (j === i) continue;
        const channel = this.#wire.channel(i, j);
        if (channel === null) continue;
        const carries = (channel.flows ? 1 : 0) + (channel.connected ? 2 : 0) + (channel.holds ? 4 : 0);
        if (this.#differs(at++, carries)) changed = true;
      }
    }
    return changed;
  }

  #differs(at: number, value: number): boolean {
    if (this.#seen[at] === value) return false;
    this.#seen[at] = value;
    return true;
  }
}
