/**
 * What every system on Raft needs to know, and the profiles of a bare Raft group.
 * Every constant names its source in `source`.
 */
export interface RaftParameters {
  /** One tick, microseconds; heartbeat and election time-outs are whole numbers of ticks. */
  readonly tickUs: number;
  readonly heartbeatTicks: number;
  /** E: time-outs are uniform on [E, 2E-1] ticks (facts/consensus.md 1.2). */
  readonly electionTicks: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly mode: 'etcd' | 'paper';
  /** `connection`: ordered TCP streams that stall and resend; `datagram`: each message on its own, lost ones stay lost. */
  readonly transport: 'connection' | 'datagram';
  /** How long a client waits for an answer. */
  readonly writeDeadlineUs: number;
  readonly readDeadlineUs: number;
}

export interface Profile<P> {
  readonly parameters: P;
  /** Product, version and where the constants were read. */
  readonly source: string;
}
