import type { RaftParameters } from '../raft/parameters.ts';

/** etcd on the managers: the UCP key-value store (facts/consensus.md 2, facts/platform.md 5.2). */
export interface EtcdParameters extends RaftParameters {
  /** A restarted member skips all but two ticks of its first time-out (facts/consensus.md 2.7). */
  readonly initialTickAdvance: boolean;
}
