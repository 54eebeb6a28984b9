import type { Kernel } from '../../kernel/kernel.ts';
import type { ChangeReason, Probe, Roster, Timings, ViewState } from '../../protocols/swim/index.ts';
import type { World } from '../../world/world.ts';
import type { TrafficCounter } from '../traffic.ts';
import type { GossipMember } from './member.ts';
import type { GossipParameters } from './parameters.ts';
import type { GossipParker } from './parking/parker.ts';

/** What a member needs of the group around it. */
export interface MemberOwner {
  readonly members: readonly GossipMember[];
  changed(
    member: GossipMember,
    subject: number,
    before: ViewState,
    after: ViewState,
    incarnation: number,
    reason: ChangeReason,
    confirmations: number,
    from: number,
  ): void;
  /** A process that had just started has learned of everyone. */
  joined(member: GossipMember): void;
  probeFailed(member: GossipMember, probe: Probe): void;
  refuted(
    member: GossipMember,
    incarnation: number,
    accuser: number,
    accusation: 'suspect' | 'dead' | 'alive',
  ): void;
  updated(member: GossipMember, subject: number, incarnation: number): void;
  eventReceived(member: GossipMember, id: number, first: boolean): void;
  /** Both have taken in each other's state. `join`: one came to join, or to fetch one that had failed. */
  exchanged(member: GossipMember, peer: GossipMember, join: boolean): void;
  synced(member: GossipMember, peer: GossipMember): void;
  /** Does this member hold alive one of those through whom it once joined? */
  holdsBootstrap(member: GossipMember): boolean;
  readonly bootstrap: readonly number[];
}

/** What all members of a group share. */
export interface Shared {
  readonly kernel: Kernel;
  readonly world: World;
  readonly owner: MemberOwner;
  readonly parameters: GossipParameters;
  readonly timings: Timings;
  readonly roster: Roster;
  readonly traffic: TrafficCounter;
  readonly parker: GossipParker;
  /** By member: the number of its node. */
  readonly nodeOf: Int32Array;
}
