/**
 * All that measures see of a Raft group, as numbers: what they would find by looking at it again can differ only where one
 * of these does (or where the world does). Most of what is touched in a group changes none of them.
 */
import type { Membership } from '../../protocols/raft/index.ts';
import type { Channel } from '../../world/tcp-channel.ts';
import type { Change } from '../system.ts';
import type { Member } from './member.ts';
import type { Wire } from './wire.ts';

export class Sight {
  readonly #hosts: readonly Member[];
  readonly #channels: readonly { readonly channel: Channel; readonly from: number; readonly to: number }[];
  readonly #seen: number[] = [];
  readonly #carried: Uint8Array;
  readonly #memberships: (Membership | null)[] = [];

  constructor(hosts: readonly Member[], wire: Wire) {
    this.#hosts = hosts;
    this.#channels = wire.channels;
    this.#carried = new Uint8Array(this.#channels.length);
  }

  /** Looks again. */
  changed(): Change {
    const members = this.#membersChanged();
    let change: Change = 'nothing';
    const channels = this.#channels;
    for (let i = 0; i < channels.length; i++) {
      const { channel, from, to } = channels[i]!;
      const carries = (channel.flows ? 1 : 0) + (channel.connected ? 2 : 0) + (channel.holds ? 4 : 0);
      if (carries === this.#carried[i]) continue;
      this.#carried[i] = carries;
      if (change !== 'anything')
        change = this.#leads(from, to) || this.#leads(to, from) ? 'anything' : 'reach';
    }
    return members ? 'anything' : change;
  }

  /** By its own word, or by the other's. */
  #leads(member: number, other: number): boolean {
    return this.#hosts[member]!.raft.state === 'Leader' || this.#hosts[other]!.raft.lead === member + 1;
  }

  #membersChanged(): boolean {
    const hosts = this.#hosts;
    let at = 0;
    let changed = false;
    for (let i = 0; i < hosts.length; i++) {
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
        16 * roleOf(raft.state);
      if (this.#differs(at++, state)) changed = true;
      if (this.#differs(at++, raft.term)) changed = true;
      if (this.#differs(at++, raft.lead)) changed = true;
      if (this.#differs(at++, host.committedTerm)) changed = true;
    }
    return changed;
  }

  #differs(at: number, value: number): boolean {
    if (this.#seen[at] === value) return false;
    this.#seen[at] = value;
    return true;
  }
}

function roleOf(state: Member['raft']['state']): number {
  return state === 'Follower' ? 0 : state === 'Leader' ? 1 : state === 'Candidate' ? 2 : 3;
}
