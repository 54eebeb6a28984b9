/** Systems as data: who votes with whom, by which product's constants. */
import type { EtcdParameters } from './etcd/parameters.ts';
import type { GossipParameters } from './gossip/parameters.ts';
import type { RaftParameters } from './raft/parameters.ts';
import type { RethinkParameters } from './rethink/parameters.ts';
import type { SwarmParameters } from './swarm/parameters.ts';

interface SystemSpecBase {
  /** Unique: the scenario's key, or key-role where one key stands for several stores (`rethink-manager`, `rethink-dtr`). */
  readonly name: string;
  /** The scenario's key: objectives may name it and then mean each system of the family. */
  readonly family: string;
  /** The profile that the parameters came from, with `+` behind it when the scenario changed some. */
  readonly profile: string;
  /** Voting members by node name, in the scenario's order. */
  readonly members: readonly string[];
  /** Members without a vote (Raft learners, RethinkDB non-voting replicas). */
  readonly learners: readonly string[];
}

export type SystemSpec =
  | (SystemSpecBase & { readonly kind: 'swarm'; readonly parameters: SwarmParameters })
  | (SystemSpecBase & { readonly kind: 'etcd'; readonly parameters: EtcdParameters })
  | (SystemSpecBase & { readonly kind: 'rethink'; readonly parameters: RethinkParameters })
  | (SystemSpecBase & { readonly kind: 'gossip'; readonly parameters: GossipParameters })
  /** A bare Raft group, for lessons, published experiments and incidents. */
  | (SystemSpecBase & { readonly kind: 'raft'; readonly parameters: RaftParameters });

export type SystemKind = SystemSpec['kind'];

/** A system that votes: all but gossip, of which questions of quorum cannot be asked. */
export type VotingSpec = Exclude<SystemSpec, { kind: 'gossip' }>;

export function votingSystems(systems: readonly SystemSpec[]): VotingSpec[] {
  return systems.filter((spec): spec is VotingSpec => spec.kind !== 'gossip');
}
