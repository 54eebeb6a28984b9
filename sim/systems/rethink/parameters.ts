/** RethinkDB: the auth stores of UCP and DTR (facts/consensus.md 3). */
export interface RethinkParameters {
  /** Settable time-out of the cluster's connections; the interval is a fifth of it (3.1, 3.2). */
  readonly heartbeatTimeoutUs: number;
  readonly heartbeatIntervals: number;
  /** Raft watchdog, uniform, whole milliseconds, both ends included (3.7). */
  readonly electionTimeoutMinUs: number;
  readonly electionTimeoutMaxUs: number;
  readonly electionRetryTimeoutMaxUs: number;
  /** Reconnection back-off (3.6). */
  readonly reconnectMinUs: number;
  readonly reconnectMaxUs: number;
  readonly reconnectFactor: number;
  readonly writeDeadlineUs: number;
  readonly readDeadlineUs: number;
}
