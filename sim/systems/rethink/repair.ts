/**
 * What operators make of a RethinkDB table that has lost its majority: emergency repair makes a new Raft group of the
 * servers that live (facts/consensus.md 3.18, facts/platform.md 5.3, 5.4); the others are joined again, empty, one by one,
 * by changes of the table's configuration.
 */
import type { TraceId } from '../../kernel/trace.ts';
import {
  emergencyRepair,
  newRaftDurable,
  type ServerDurable,
  type ServerId,
  ZERO,
} from '../../protocols/rethinkdb/index.ts';
import type { Recovered, Recovery } from '../system.ts';
import type { Member } from './member.ts';

/** What it needs of the group. */
export interface RepairedGroup {
  readonly hosts: readonly Member[];
  readonly chronicle: { reformed(member: Member, cause: TraceId): void };
  /** Its process ends; its machine lives. */
  leave(member: Member, silent: boolean, cause: TraceId): void;
  /** Its process starts. */
  enter(member: Member, cause: TraceId): void;
}

export class Repair implements Recovery {
  restarts = 0;
  readonly #group: RepairedGroup;
  readonly #outside = new Set<Member>();
  /** Members by the scenario without a vote. */
  readonly #nonVoting: ReadonlySet<ServerId>;
  #voters: readonly ServerId[];

  constructor(group: RepairedGroup, voters: number) {
    this.#group = group;
    this.#voters = group.hosts.slice(0, voters).map((host) => host.id);
    this.#nonVoting = new Set(group.hosts.slice(voters).map((host) => host.id));
  }

  /** Those whose majority counts now. */
  get voters(): readonly Member[] {
    return this.#voters.map((id) => this.#group.hosts[id]!);
  }

  get voterIds(): readonly ServerId[] {
    return this.#voters;
  }

  isVoter(member: Member): boolean {
    return this.#voters.includes(member.id);
  }

  /** It was left out and waits to be joined again: its node may come and go. */
  isOutside(member: Member): boolean {
    return this.#outside.has(member);
  }

  outside(): string[] {
    return [...this.#outside].map((member) => member.node.name);
  }

  recover(cause: TraceId): Recovered | null {
    const { hosts } = this.#group;
    const living = hosts.filter((host) => host.active && !host.stalled && !this.#outside.has(host));
    const newest = living.reduce<Member | null>((best, host) => {
      const index = host.server!.raft.committed.index;
      return best === null || index > best.server!.raft.committed.index ? host : best;
    }, null);
    if (newest === null) return null;
    const repaired = emergencyRepair(
      newest.server!.raft.committed.state,
      (id) => !living.some((host) => host.id === id),
    );
    if (repaired === null) return null;
    const raft: ServerDurable['raft'] = newRaftDurable(repaired.state, repaired.members);
    for (const host of hosts) {
      if (host.server !== null) this.#group.leave(host, false, cause);
      const lives = living.includes(host);
      this.#group.chronicle.reformed(host, cause);
      host.reform((durable) => (lives ? { ...durable, raft } : { raft, version: ZERO }));
      if (!lives) this.#outside.add(host);
    }
    this.#voters = repaired.state.config.voters;
    this.restarts++;
    for (const host of living) this.#group.enter(host, cause);
    return { nodes: living.map((host) => host.node.name), lostEntries: null };
  }

  /** First the server, then the table's replicas, then the Raft group: each step when the one before is done. */
  rejoin(node: string, cause: TraceId): boolean {
    const member = this.#group.hosts.find((host) => host.node.name === node)!;
    const leader = this.#leader();
    if (leader === undefined || !member.node.running || member.node.paused) return false;
    const { raft } = leader.server!;
    if (member.server === null) {
      const copy: ServerDurable = { raft: { ...leader.server!.durable.raft, vote: -1 }, version: ZERO };
      member.reform(() => copy);
      this.#group.enter(member, cause);
    }
    const { id } = member;
    const { config, contract } = raft.committed.state;
    const { members, next } = raft.committed.config;
    const votes = !this.#nonVoting.has(id);
    const add = (to: readonly ServerId[], wanted: boolean) =>
      wanted ? [...to, id].sort((a, b) => a - b) : to;
    if (![...config.voters, ...config.nonVoters].includes(id)) {
      const wish = {
        ...config,
        voters: add(config.voters, votes),
        nonVoters: add(config.nonVoters, !votes),
      };
      leader.input(cause, (server) => server.configure(wish));
      return false;
    }
    if (next !== null) return false;
    if (![...members.voting, ...members.nonVoting].includes(id)) {
      const wish = { voting: add(members.voting, votes), nonVoting: add(members.nonVoting, !votes) };
      leader.input(cause, (server) => server.configureRaft(wish));
      return false;
    }
    if (votes ? !contract.voters.includes(id) : !contract.replicas.includes(id)) return false;
    this.#outside.delete(member);
    this.#voters = contract.voters;
    return true;
  }

  #leader(): Member | undefined {
    return this.#group.hosts.find((host) => host.active && host.server?.raft.readyForChange === true);
  }
}
