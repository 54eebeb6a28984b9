import { MILLISECOND, SECOND } from '../../kernel/time.ts';
import type { Profile } from '../profile.ts';
import type { RaftParameters } from '../raft/parameters.ts';

/** etcd on the managers: the UCP key-value store (facts/consensus.md 2, facts/platform.md 5.2). */
export interface EtcdParameters extends RaftParameters {
  /** A restarted member skips all but two ticks of its first time-out once it sees a peer (facts/consensus.md 2.7). */
  readonly initialTickAdvance: boolean;
}

/** Requests wait 5 s and two election time-outs (facts/consensus.md 2.8). */
function withTimers(
  heartbeatUs: number,
  electionUs: number,
  rest: Pick<EtcdParameters, 'preVote' | 'checkQuorum' | 'initialTickAdvance'>,
): EtcdParameters {
  return {
    tickUs: heartbeatUs,
    heartbeatTicks: 1,
    electionTicks: Math.floor(electionUs / heartbeatUs),
    mode: 'etcd',
    transport: 'connection',
    writeDeadlineUs: 5 * SECOND + 2 * electionUs,
    readDeadlineUs: 5 * SECOND + 2 * electionUs,
    ...rest,
  };
}

const ETCD_2_3 = { preVote: false, checkQuorum: false, initialTickAdvance: true };
const ETCD_3_4 = { preVote: false, checkQuorum: true, initialTickAdvance: true };
const ETCD_3_5 = { preVote: true, checkQuorum: true, initialTickAdvance: true };

export const ETCD_PROFILES: Readonly<Record<string, Profile<EtcdParameters>>> = {
  'deck-2017': {
    parameters: withTimers(500 * MILLISECOND, 5000 * MILLISECOND, ETCD_2_3),
    source:
      'the deck: etcd 500/5000 ms; UCP 2.1 ran etcd 2.3, which has neither CheckQuorum nor PreVote (facts/platform.md 5.2, facts/consensus.md 2.3, 2.4)',
  },
  'ucp-2': {
    parameters: withTimers(500 * MILLISECOND, 5000 * MILLISECOND, ETCD_2_3),
    source: 'UCP 2.x: --kv-timeout 5000, heartbeat a tenth (facts/platform.md 5.2)',
  },
  'ucp-3': {
    parameters: withTimers(500 * MILLISECOND, 5000 * MILLISECOND, ETCD_3_4),
    source: 'UCP 3.x: the same time-outs on etcd 3 (facts/platform.md 5.2, facts/consensus.md 2.3)',
  },
  'etcd-2.3': {
    parameters: withTimers(100 * MILLISECOND, 1000 * MILLISECOND, ETCD_2_3),
    source: 'etcd 2.3 defaults (facts/consensus.md 2.1, 2.3)',
  },
  'etcd-3.4': {
    parameters: withTimers(100 * MILLISECOND, 1000 * MILLISECOND, ETCD_3_4),
    source: 'etcd 3.4 defaults: CheckQuorum, PreVote off (facts/consensus.md 2.1-2.4)',
  },
  'etcd-3.5': {
    parameters: withTimers(100 * MILLISECOND, 1000 * MILLISECOND, ETCD_3_5),
    source: 'etcd 3.5 and 3.6 defaults: CheckQuorum, PreVote on (facts/consensus.md 2.1-2.4)',
  },
};
