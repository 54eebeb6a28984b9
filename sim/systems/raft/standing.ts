/** How a Raft group stands at an instant: who exchanges messages with whom, who leads and can commit, how many hear each other. */
import type { TraceId } from '../../kernel/trace.ts';
import type { Membership } from '../../protocols/raft/index.ts';
import type { World } from '../../world/world.ts';
import type { GroupStatus } from '../system.ts';
import type { Member } from './member.ts';
import type { Reformation } from './reformation.ts';
import type { Wire } from './wire.ts';

export class Standing {
  readonly #world: World;
  readonly #hosts: readonly Member[];
  readonly #wire: Wire;
  readonly #reformation: Reformation;
  /** Who votes in the membership that was looked at last. */
  #membership: Membership | null = null;
  #voting: readonly Member[] = [];

  constructor(world: World, hosts: readonly Member[], wire: Wire, reformation: Reformation) {
    this.#world = world;
    this.#hosts = hosts;
    this.#wire = wire;
    this.#reformation = reformation;
  }

  /** Messages pass both ways between two members now, and both handle them. */
  exchanges(a: Member, b: Member): boolean {
    if (!a.active || !b.active) return false;
    const there = this.#wire.channel(a.id - 1, b.id - 1);
    const back = this.#wire.channel(b.id - 1, a.id - 1);
    if (there === null || back === null) return this.#world.passable(a.node.index, b.node.index);
    return there.flows && back.flows;
  }

  /** A leader that can commit: a quorum exchanges messages with it and knows no higher term. */
  canCommit(leader: Member): boolean {
    const { raft } = leader;
    if (raft.state !== 'Leader' || !leader.active) return false;
    const { voters, outgoing } = raft.membership;
    return this.#majorityAgrees(leader, voters) && this.#majorityAgrees(leader, outgoing);
  }

  #majorityAgrees(leader: Member, ids: readonly number[]): boolean {
    if (ids.length === 0) return true;
    let agree = 0;
    for (const id of ids) {
      const other = this.#hosts[id - 1];
      if (other === undefined) continue;
      if (other === leader || (other.raft.term <= leader.raft.term && this.exchanges(leader, other))) agree++;
    }
    return agree > Math.floor(ids.length / 2);
  }

  /** The leader that serves: it can commit, and has committed in its own term. */
  findServingLeader(): Member | null {
    let best: Member | null = null;
    for (const host of this.#hosts) {
      if (host.committedTerm !== host.raft.term || !this.canCommit(host)) continue;
      if (best === null || host.raft.term > best.raft.term) best = host;
    }
    return best;
  }

  /** `leader`: the one that serves. */
  look(leader: Member | null, cause: TraceId): GroupStatus {
    const { membership } = (leader ?? this.#reformation.origin).raft;
    const { voters } = membership;
    const all = this.#electorate(membership);
    let active = 0;
    for (const host of all) if (host.active) active++;
    let reachable = 0;
    for (const host of all) {
      // Nobody hears more than are there.
      if (reachable === active) break;
      if (!host.active) continue;
      let heard = 1;
      for (const other of all) if (other !== host && this.exchanges(host, other)) heard++;
      reachable = Math.max(reachable, heard);
    }
    const quorum = Math.floor(voters.length / 2) + 1;
    const state = leader !== null ? 'serving' : reachable >= quorum ? 'no-leader' : 'no-quorum';
    return {
      state,
      leader: leader?.node.name ?? '',
      term: leader?.raft.term ?? 0,
      reachable,
      voters: all.length,
      quorum,
      cause,
    };
  }

  /** Those whose votes count, of both halves of a change. */
  #electorate(membership: Membership): readonly Member[] {
    if (membership !== this.#membership) {
      this.#membership = membership;
      const ids = new Set([...membership.voters, ...membership.outgoing]);
      this.#voting = this.#hosts.filter((host) => ids.has(host.id));
    }
    return this.#voting;
  }
}
