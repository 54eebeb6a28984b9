import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import type { Profile } from '../profile.ts';

/** What every system on Raft needs to know. */
export interface RaftParameters {
  /** One tick, microseconds; heartbeat and election time-outs are whole numbers of ticks. */
  readonly tickUs: number;
  readonly heartbeatTicks: number;
  /** E: time-outs are uniform on [E, 2E-1] ticks (facts/consensus.md 1.2). */
  readonly electionTicks: number;
  /** How many ticks the time-outs are spread over, E the least; E where not stated: 50 with E = 150 is 150..199. */
  readonly electionSpreadTicks?: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly mode: 'etcd' | 'paper';
  /**
   * What waits for the disk: `durable` (default) what must be on it first, as etcd does (facts/consensus.md 1.30);
   * `every-answer` also answers that promise nothing durable, the pre-votes, as in timed runs of the bare library;
   * `every-change` as LogCabin's threads do: a newer term and the vote in it are two writes, and the election timer runs on
   * while the disk works (RaftConsensus.cc of 2013: handleRequestVote, stepDown, timerThreadMain).
   */
  readonly syncs?: 'durable' | 'every-answer' | 'every-change';
  /** How often users write: what keeps the log of a member that was cut off behind the others'. Without it nobody does. */
  readonly writeEveryUs?: number;
  /** `connection`: ordered TCP streams that stall and resend; `datagram`: each message on its own, lost ones stay lost. */
  readonly transport: 'connection' | 'datagram';
  /** How long a client waits for an answer. */
  readonly writeDeadlineUs: number;
  readonly readDeadlineUs: number;
}

const LIBRARY: RaftParameters = {
  tickUs: 100 * MILLISECOND,
  heartbeatTicks: 1,
  electionTicks: 10,
  preVote: false,
  checkQuorum: true,
  mode: 'etcd',
  transport: 'datagram',
  writeDeadlineUs: 1 * SECOND,
  readDeadlineUs: 1 * SECOND,
};

/** Profiles of a bare Raft group: messages on their own, no product around them. */
export const RAFT_PROFILES: Readonly<Record<string, Profile<RaftParameters>>> = {
  'deck-2017': {
    parameters: {
      ...LIBRARY,
      tickUs: 1 * SECOND,
      electionTicks: 3,
      checkQuorum: false,
      writeDeadlineUs: 20 * SECOND,
      readDeadlineUs: 20 * SECOND,
    },
    source: 'the deck: Raft heartbeat 1000 ms, election 3000 ms (facts/platform.md 5.2)',
  },
  'etcd-raft': {
    parameters: LIBRARY,
    source: 'etcd-io/raft as its own tests and timed runs use it: 10 ticks of 100 ms (facts/numbers.md 8)',
  },
  'etcd-raft-prevote': {
    parameters: { ...LIBRARY, preVote: true },
    source: 'the same with PreVote (facts/numbers.md 8)',
  },
  paper: {
    parameters: {
      ...LIBRARY,
      tickUs: 1 * MILLISECOND,
      heartbeatTicks: 75,
      electionTicks: 150,
      checkQuorum: false,
      mode: 'paper',
    },
    source:
      'the Raft paper, section 9.3: time-outs 150-300 ms, heartbeat half the minimum (facts/numbers.md 1)',
  },
};
