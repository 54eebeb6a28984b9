import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import type { Profile } from '../profile.ts';

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

const RETHINKDB_2_3: RethinkParameters = {
  heartbeatTimeoutUs: 10 * SECOND,
  heartbeatIntervals: 5,
  electionTimeoutMinUs: 1000 * MILLISECOND,
  electionTimeoutMaxUs: 2000 * MILLISECOND,
  electionRetryTimeoutMaxUs: 30 * SECOND,
  reconnectMinUs: 50 * MILLISECOND,
  reconnectMaxUs: 15 * SECOND,
  reconnectFactor: 1.5,
  // The server refuses at once what it cannot serve (3.20, 3.21): nothing waits.
  writeDeadlineUs: 0,
  readDeadlineUs: 0,
};

export const RETHINK_PROFILES: Readonly<Record<string, Profile<RethinkParameters>>> = {
  'deck-2017': {
    parameters: RETHINKDB_2_3,
    source: 'the deck: RethinkDB 2000/10000 ms (facts/platform.md 5.2, facts/consensus.md 3.1, 3.2)',
  },
  'rethinkdb-2.3': { parameters: RETHINKDB_2_3, source: 'RethinkDB 2.3.6 (facts/consensus.md 3)' },
  'rethinkdb-2.4': {
    parameters: RETHINKDB_2_3,
    source: 'RethinkDB 2.4.x: the same constants (facts/consensus.md 3)',
  },
};
