/**
 * A system that is one Raft group, as its clients see it. The base of swarm and etcd, and by itself the `raft` system:
 * a bare group for lessons, published experiments and incidents.
 */
import type { Kernel } from '../../kernel/kernel.ts';
import { SECOND } from '../../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../../kernel/trace.ts';
import type { World } from '../../world/world.ts';
import { RafthttpStream } from '../etcd/stream.ts';
import { LookedUp } from '../looked-up.ts';
import { Offers } from '../offers.ts';
import type { ParkingReport } from '../parking.ts';
import {
  type Access,
  ANYONE,
  accessOf,
  better,
  type Change,
  type Group,
  type GroupObserver,
  type Operation,
  type Recovery,
  type System,
  type Traffic,
} from '../system.ts';
import type { SystemSpec } from '../system-spec.ts';
import { bondOf, bondTo, knownLeader, reachOf } from './client.ts';
import { type Product, RaftGroup } from './group.ts';
import type { Member } from './member.ts';
import type { RaftParameters } from './parameters.ts';
import type { Transport } from './wire.ts';

export class RaftSystem implements System {
  readonly spec: SystemSpec;
  readonly operations: readonly Operation[];
  readonly impact: readonly string[] = ['reads and writes of the replicated log'];
  readonly groups: readonly Group[];
  protected readonly group: RaftGroup;
  protected readonly world: World;
  readonly #offers: Offers;
  readonly #trouble: LookedUp<TraceId>;

  constructor(kernel: Kernel, world: World, spec: SystemSpec, parameters: RaftParameters, product: Product) {
    this.spec = spec;
    this.world = world;
    this.group = new RaftGroup(kernel, world, spec, parameters, product);
    this.groups = [this.group];
    this.#offers = new Offers(kernel);
    this.#trouble = new LookedUp(kernel, () => this.#findTrouble());
    this.operations = [
      { name: 'write', deadlineUs: parameters.writeDeadlineUs },
      { name: 'read', deadlineUs: parameters.readDeadlineUs },
    ];
  }

  get recovery(): Recovery {
    return this.group.reformation;
  }

  get traffic(): readonly Traffic[] {
    return this.group.traffic.rows;
  }

  start(): void {
    this.group.start();
  }

  beginMeasuring(): void {
    this.group.beginMeasuring();
  }

  catchUp(): void {
    this.group.parker?.wake();
  }

  get parking(): readonly ParkingReport[] {
    return this.group.parker === null ? [] : [this.group.parker.tally.report()];
  }

  observe(observer: GroupObserver): void {
    this.group.observe(observer);
  }

  changed(): Change {
    return this.group.changed();
  }

  settle(): void {
    this.group.settle();
  }

  leaders(): readonly string[] {
    const leader = this.group.servingLeader() ?? this.newestLeader();
    return leader === null ? [] : [leader.node.name];
  }

  access(operation: string, vantage: number): Access {
    const leader = this.group.servingLeader();
    const { hosts } = this.group;
    const offers = this.#offers.of(operation);
    let best: Access | null = null;
    for (let i = 0; i < hosts.length; i++) {
      const member = hosts[i]!;
      if (!member.running || !this.world.passable(vantage, member.node.index)) continue;
      const access = (offers[i] ??= member.active
        ? this.accessVia(member, operation, leader)
        : this.#accessFrozen(member));
      best = best === null ? access : better(best, access);
      if (best.outcome === 'served') return best;
    }
    return best ?? accessOf('fails', this.#unreachableCause(vantage));
  }

  /**
   * The machine of a frozen process accepts the connection and keeps what comes: it is read when the process goes on, and
   * served if the leader that it knew serves then.
   */
  #accessFrozen(member: Member): Access {
    return knownLeader(this.group, member) === null ? this.fails() : this.waits(bondOf(member));
  }

  /** What a request meets that has reached this member. */
  protected accessVia(member: Member, _operation: string, leader: Member | null): Access {
    const reach = reachOf(this.group, member);
    const known = knownLeader(this.group, member);
    if (reach === 'no-leader' || known === null) return this.waits();
    if (reach === 'lost' || reach === 'closed') return this.fails();
    if (reach === 'stalled') return this.waits(bondOf(member));
    if (known === leader) return servedBy(known);
    // Without a quorum, or before its first commit, a leader keeps what it is given; who does not lead any more does not.
    return known.raft.state === 'Leader' ? this.waits(bondTo(known)) : this.fails();
  }

  protected waits(bond = ANYONE, stale = false): Access {
    return accessOf('waits', this.trouble(), stale, bond);
  }

  protected fails(stale = false, refused = false): Access {
    return accessOf('fails', this.trouble(), stale, ANYONE, refused);
  }

  /** Why the group does not serve, or, when it does, what keeps a member from its leader. */
  protected trouble(): TraceId {
    return this.#trouble.value;
  }

  #findTrouble(): TraceId {
    const { status } = this.group;
    if (status.state !== 'serving') return status.cause;
    const leader = this.group.servingLeader();
    return leader === null ? status.cause : this.group.chronicle.quorumTrouble(leader);
  }

  protected newestLeader(): Member | null {
    let newest: Member | null = null;
    for (const member of this.group.hosts) {
      if (!member.running || member.raft.state !== 'Leader') continue;
      if (newest === null || member.raft.term > newest.raft.term) newest = member;
    }
    return newest;
  }

  #unreachableCause(vantage: number): TraceId {
    let latest = NO_CAUSE;
    for (const member of this.group.hosts) {
      const cause = member.running ? this.world.blockCause(vantage, member.node.index) : member.node.cause;
      if (cause > latest) latest = cause;
    }
    return latest;
  }
}

/** Access to what this leader serves. */
export function servedBy(leader: Member): Access {
  const bond = bondTo(leader);
  let access = servedByBond.get(leader);
  if (access?.bond !== bond) servedByBond.set(leader, (access = accessOf('served', NO_CAUSE, false, bond)));
  return access;
}

/** The same object each time, in one term: it is asked for from everywhere whenever anything has changed. */
const servedByBond = new WeakMap<Member, Access>();

/** A bare Raft group: no product around it. */
export class BareRaftSystem extends RaftSystem {
  constructor(kernel: Kernel, world: World, spec: Extract<SystemSpec, { kind: 'raft' }>) {
    const { parameters } = spec;
    super(kernel, world, spec, parameters, {
      transport: parameters.transport === 'connection' ? () => STREAMS : null,
      handoverUs: null,
    });
  }
}

/** A bare group on connections uses etcd's, dialled for 2 s. */
const STREAMS: Transport = {
  channel: (place) => new RafthttpStream(place, 2 * SECOND),
  timeoutUs: () => 0,
};
