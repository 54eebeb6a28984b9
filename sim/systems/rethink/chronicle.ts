/** Turns what happens in a store's servers into trace events with their true causes, and counts it. */
import type { Kernel } from '../../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { Contract, ServerEvent, ServerId } from '../../protocols/rethinkdb/index.ts';
import type { Connection } from '../../world/connection.ts';
import type { World } from '../../world/world.ts';
import type { GroupCounts } from '../system.ts';
import type { Member } from './member.ts';
import type { Wire } from './wire.ts';

/** Of a candidate without a chance every campaign counts, but only these are told: the first ones, then powers of two. */
const TOLD_CAMPAIGNS = 16;

export interface ChronicleListener {
  campaign(member: Member, term: number, event: TraceId): void;
  elected(member: Member, term: number, event: TraceId): void;
}

type ContractEvent = Extract<ServerEvent, { kind: 'contract' }>;

/** Told by the coordinator, but about the primary. */
const ABOUT_THE_PRIMARY: ReadonlySet<string> = new Set(['primary-elected', 'hand-over']);

export class Chronicle {
  /** Of Raft: the primary's changes are in the failovers. */
  readonly counts: GroupCounts = { campaigns: 0, elections: 0, highestTerm: 0, splitVotes: 0 };
  /** The latest event of a hand-over. */
  handOver: TraceId = NO_CAUSE;

  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #system: string;
  readonly #members: readonly Member[];
  readonly #listener: ChronicleListener;
  /** By member: campaigns since it last had a leader, what those go back to, its latest campaign that was told. */
  readonly #lonely: number[] = [];
  readonly #trouble: TraceId[] = [];
  readonly #campaignEvent: TraceId[] = [];
  readonly #hadMajority: boolean[] = [];
  /** The Raft leader whose silence a member's campaign is about. */
  readonly #lastLeader: (Member | undefined)[] = [];
  #lastContract = 0;

  constructor(
    kernel: Kernel,
    world: World,
    system: string,
    members: readonly Member[],
    listener: ChronicleListener,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#system = system;
    this.#members = members;
    this.#listener = listener;
    this.restart();
  }

  /** The trace begins anew: nothing recorded before may be named as a cause. */
  restart(): void {
    for (const { id } of this.#members) {
      this.#lonely[id] = 0;
      this.#trouble[id] = this.#campaignEvent[id] = NO_CAUSE;
    }
    this.handOver = NO_CAUSE;
    Object.assign(this.counts, { campaigns: 0, elections: 0, splitVotes: 0 });
    this.counts.highestTerm = Math.max(0, ...this.#members.map((member) => member.server?.raft.term ?? 0));
  }

  /** A heal or a return gives candidates a chance again: their campaigns are told anew. */
  worldChanged(): void {
    this.#lonely.fill(0);
  }

  /** Operators made the table anew: what went before is no cause of what the server does from now on. */
  reformed(member: Member, cause: TraceId): void {
    this.#lonely[member.id] = 0;
    this.#trouble[member.id] = this.#campaignEvent[member.id] = cause;
  }

  recordStart(primary: Member, raftLeader: Member | undefined): TraceId {
    const coordinator = raftLeader === undefined ? '' : `; ${raftLeader.node.name} is the Raft leader`;
    return this.record(
      primary,
      'primary',
      primary.server!.raft.term,
      `holds the primary at the start${coordinator}`,
      NO_CAUSE,
    );
  }

  /** An end of a connection has closed: the event that its server's reactions go back to. */
  connectionLost(member: Member, peer: Member, connection: Connection, end: 0 | 1, cause: TraceId): TraceId {
    const sinceUs = connection.silentSinceUs(end);
    const why =
      sinceUs >= 0
        ? `silent for ${((this.#kernel.nowUs - sinceUs) / 1e6).toFixed(1)} s`
        : peer.node.running
          ? `${peer.node.name} had closed it`
          : 'its process is gone';
    return this.record(
      member,
      'connection-lost',
      0,
      `lost the connection to ${peer.node.name}: ${why}`,
      cause,
    );
  }

  connected(member: Member, peer: Member, cause: TraceId): TraceId {
    return this.record(member, 'connected', 0, `is connected to ${peer.node.name} again`, cause);
  }

  happened(member: Member, event: ServerEvent): void {
    switch (event.kind) {
      case 'campaign':
        this.#campaigns(member, event.term, event.attempt);
        break;
      case 'election-timed-out':
        if (this.#votesWereSplit(member, event.term)) this.counts.splitVotes++;
        break;
      case 'raft-leader':
        this.counts.elections++;
        this.counts.highestTerm = Math.max(this.counts.highestTerm, event.term);
        member.cause = this.record(
          member,
          'raft-leader',
          event.term,
          `won ${event.votes} of ${member.server!.raft.latest.config.members.voting.length} votes: decides about the primary from now on`,
          this.#campaignEvent[member.id]!,
        );
        break;
      case 'step-down':
        if (event.was !== 'leader') break;
        member.cause = this.record(
          member,
          'step-down',
          event.term,
          `is Raft leader no more: met the higher term ${event.newTerm}`,
          member.cause,
        );
        break;
      case 'contract':
        this.#contract(member, event);
        break;
      case 'replicas':
        this.#replicas(member, event.ready);
        break;
      case 'write-done':
        break;
    }
  }

  /** After every input: does it follow or lead? Then a new loneliness begins when that ends. */
  looked(member: Member): void {
    const { raft } = member.server!;
    const leads = raft.mode === 'leader';
    if (!leads && raft.heartbeatSender < 0) return;
    this.#lonely[member.id] = 0;
    this.#trouble[member.id] = NO_CAUSE;
    this.#lastLeader[member.id] = leads ? undefined : this.#members[raft.heartbeatSender];
  }

  record(member: Member, event: string, term: number, detail: string, cause: TraceId): TraceId {
    return this.#kernel.record(this.#system, member.node.name, event, term, detail, cause);
  }

  /** The latest event that keeps others from a member. */
  quorumTrouble(member: Member, wire: Wire): TraceId {
    let latest = NO_CAUSE;
    for (const other of this.#members) {
      if (other === member) continue;
      const { connection } = wire.between(member.id, other.id).pair;
      const cause =
        other.server === null || other.node.paused
          ? other.node.cause
          : other.stalled
            ? other.node.troubleCause('disk')
            : connection.open
              ? this.#world.blockCause(member.node.index, other.node.index)
              : connection.cause;
      if (cause > latest) latest = cause;
    }
    return latest;
  }

  #campaigns(member: Member, term: number, attempt: number): void {
    const { id } = member;
    this.counts.campaigns++;
    this.counts.highestTerm = Math.max(this.counts.highestTerm, term);
    const count = ++this.#lonely[id]!;
    if (this.#trouble[id] === NO_CAUSE) this.#trouble[id] = member.cause;
    if (count <= TOLD_CAMPAIGNS || (count & (count - 1)) === 0) {
      const leader = this.#lastLeader[id];
      const silence =
        leader === undefined ? 'without a Raft leader' : `without ${leader.node.name}, the Raft leader`;
      const why =
        attempt === 1 ? `its watchdog ran out ${silence}` : `nobody was elected in term ${term - 1}`;
      const nth = count > TOLD_CAMPAIGNS ? ` (campaign ${count} in a row)` : '';
      this.#campaignEvent[id] = this.record(member, 'campaign', term, `${why}${nth}`, this.#trouble[id]!);
    }
    member.cause = this.#campaignEvent[id]!;
    this.#listener.campaign(member, term, member.cause);
  }

  /** Another member campaigned in the same term. */
  #votesWereSplit(member: Member, term: number): boolean {
    return this.#members.some(
      (other) =>
        other !== member && other.server?.raft.term === term && other.server.raft.disk.vote === other.id,
    );
  }

  #contract(member: Member, { index, before, after }: ContractEvent): void {
    // A later leader may come to commit what an earlier one had committed already.
    if (index <= this.#lastContract) return;
    this.#lastContract = index;
    const { term } = member.server!.raft;
    const [event, detail] = this.#describe(before, after);
    if (event === '') return;
    const about = ABOUT_THE_PRIMARY.has(event) ? this.#members[after.primary!.server]! : member;
    member.cause = this.record(about, event, term, detail, member.cause);
    if (event === 'hand-over') this.handOver = member.cause;
    // The coordinator has noticed and acts: what a campaign is in plain Raft.
    if (event === 'primary-removed' && before.primary?.handOver === null) {
      this.#listener.campaign(member, term, member.cause);
    } else if (event === 'primary-elected') {
      this.#listener.elected(about, term, member.cause);
    }
  }

  #describe(before: Contract, after: Contract): readonly [string, string] {
    const old = before.primary;
    const now = after.primary;
    if (old !== null && now === null) {
      return old.handOver === null
        ? [
            'primary-removed',
            `takes the primary from ${this.#name(old.server)}: a majority of the voters does not see it`,
          ]
        : [
            'primary-removed',
            `${this.#name(old.server)} has handed everything over to ${this.#name(old.handOver)}`,
          ];
    }
    if (old === null && now !== null) {
      const configured = now.server === this.#members[0]!.id ? ', the configured primary' : '';
      return ['primary-elected', `is to be primary${configured}: visible and as up to date as any majority`];
    }
    if (now !== null && now.handOver !== null && old?.handOver === null) {
      return [
        'hand-over',
        `hands over to ${this.#name(now.handOver)}, the configured primary, which is up to date again`,
      ];
    }
    if (now?.handOver === null && old !== null && old.handOver !== null) {
      return [
        'hand-over-aborted',
        `${this.#name(old.handOver)} is not visible any more: ${this.#name(now.server)} stays primary`,
      ];
    }
    return ['', ''];
  }

  #replicas(member: Member, ready: readonly ServerId[]): void {
    const primary = member.server!.executor.primary!;
    const has = primary.hasMajority;
    if (has === (this.#hadMajority[member.id] ?? false)) return;
    this.#hadMajority[member.id] = has;
    const count = `${ready.length} of ${primary.contract.replicas.length} replicas are ready`;
    member.cause = this.record(
      member,
      has ? 'primary-ready' : 'majority-lost',
      member.server!.raft.term,
      has ? `${count}: reads and writes are served` : `${count}: refuses reads and writes`,
      member.cause,
    );
  }

  /** A process has begun anew. */
  started(member: Member): void {
    this.#hadMajority[member.id] = false;
  }

  #name(server: ServerId): string {
    return this.#members[server]?.node.name ?? 'a former member';
  }
}
