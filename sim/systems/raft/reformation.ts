/**
 * What operators make of a Raft group that has lost its quorum: a new one of a single survivor, to which the others are
 * joined again, empty, one by one (docker swarm init --force-new-cluster, etcd --force-new-cluster; facts/platform.md 5.3).
 * What the survivor had not got is lost, and so is what it had not known to be committed (etcd, restartAsStandaloneNode).
 */
import type { TraceId } from '../../kernel/trace.ts';
import { type DurableState, type Membership, membershipOf } from '../../protocols/raft/index.ts';
import type { Recovered, Recovery } from '../system.ts';
import type { Member } from './member.ts';

/** What it needs of the group. */
export interface ReformedGroup {
  readonly hosts: readonly Member[];
  readonly chronicle: { reformed(member: Member, cause: TraceId): void };
  servingLeader(): Member | null;
  /** It is about to be changed from outside. */
  wake(): void;
  /** Its process ends; its machine lives. */
  leave(member: Member, silent: boolean): void;
  /** Its process starts. */
  enter(member: Member, cause: TraceId): void;
}

export class Reformation implements Recovery {
  /** Whose membership counts while nobody leads. */
  origin: Member;
  restarts = 0;
  readonly #group: ReformedGroup;
  readonly #learners: ReadonlySet<Member>;
  readonly #outside = new Set<Member>();

  constructor(group: ReformedGroup, learners: readonly Member[]) {
    this.#group = group;
    this.#learners = new Set(learners);
    this.origin = group.hosts[0]!;
  }

  /** It was left out and waits to be joined again: its node may come and go. */
  isOutside(member: Member): boolean {
    return this.#outside.has(member);
  }

  outside(): string[] {
    return [...this.#outside].map((member) => member.node.name);
  }

  voters(leader: Member | null): string[] {
    const { voters, outgoing } = (leader ?? this.origin).raft.membership;
    const ids = new Set([...voters, ...outgoing]);
    return this.#group.hosts.filter((host) => ids.has(host.id)).map((host) => host.node.name);
  }

  recover(cause: TraceId): Recovered | null {
    const { hosts } = this.#group;
    this.#group.wake();
    const survivor = this.#survivor();
    if (survivor === null) return null;
    const known = Math.max(...hosts.map((host) => (this.#outside.has(host) ? 0 : host.raft.commit)));
    for (const host of hosts) {
      if (host.running) this.#group.leave(host, false);
      this.#group.chronicle.reformed(host, cause);
    }
    const lost = Math.max(0, known - survivor.raft.commit);
    const voters = [survivor.id];
    survivor.reform(voters, standalone(survivor.raft.durable(), membershipOf(voters)));
    for (const host of hosts) {
      if (host === survivor) continue;
      host.reform(voters, null);
      this.#outside.add(host);
    }
    this.#outside.delete(survivor);
    this.origin = survivor;
    this.restarts++;
    this.#group.enter(survivor, cause);
    return { nodes: [survivor.node.name], lostEntries: lost };
  }

  rejoin(node: string, cause: TraceId): boolean {
    const member = this.#group.hosts.find((host) => host.node.name === node)!;
    this.#group.wake();
    const leader = this.#group.servingLeader();
    if (!this.#outside.has(member)) return true;
    if (leader === null || !member.node.running || member.node.paused) return false;
    const type = this.#learners.has(member) ? 'add-learner' : 'add-voter';
    if (
      leader.raft.proposeConfChange({ transition: 'auto', changes: [{ type, id: member.id }] }) !== 'accepted'
    )
      return false;
    leader.cause = cause;
    leader.drain();
    this.#outside.delete(member);
    this.#group.enter(member, cause);
    return true;
  }

  /** The one that has most of the log, of those that run. */
  #survivor(): Member | null {
    let best: Member | null = null;
    for (const host of this.#group.hosts) {
      if (!host.active || host.stalled || this.#learners.has(host)) continue;
      const ahead =
        best === null ||
        host.raft.commit > best.raft.commit ||
        (host.raft.commit === best.raft.commit && host.raft.term > best.raft.term);
      if (ahead) best = host;
    }
    return best;
  }
}

/** The same log up to what is known to be committed, in a membership of one; changes of membership in it are past. */
function standalone(durable: DurableState, membership: Membership): DurableState {
  const { snapshot, compactedIndex, commit } = durable;
  return {
    ...durable,
    snapshot: { ...snapshot, membership },
    entries: durable.entries
      .slice(0, Math.max(0, commit - compactedIndex))
      .map((entry) => (entry.change === null ? entry : { ...entry, change: null })),
  };
}
