import { SECOND } from '../../kernel/time.ts';
import type { Profile } from '../profile.ts';
import type { RaftParameters } from '../raft/parameters.ts';

/** SwarmKit's Raft (facts/platform.md 1.1). */
export interface SwarmParameters extends RaftParameters {
  /** After more than so many ticks without a leader, API calls fail at once; null before 17.06 (lostQuorumTimeout). */
  readonly lostQuorumTicks: number | null;
  /**
   * How often a follower passes a request to the leader over its Raft connection: at least its own agent's heartbeat
   * (the default), and what users ask of it. It matters only for how soon that connection's TCP notices silence.
   */
  readonly requestEveryUs?: number;
}

/** DefaultHeartBeatPeriod of the dispatcher (facts/platform.md 1.3). */
export const AGENT_HEARTBEAT_US = 5 * SECOND;

const SWARMKIT_17_03: SwarmParameters = {
  tickUs: 1 * SECOND,
  heartbeatTicks: 1,
  electionTicks: 3,
  preVote: false,
  // Set in DefaultNodeConfig but never copied into the live configuration before 17.06.
  checkQuorum: false,
  mode: 'etcd',
  transport: 'connection',
  // swarmRequestTimeout of the Docker API.
  writeDeadlineUs: 20 * SECOND,
  readDeadlineUs: 20 * SECOND,
  lostQuorumTicks: null,
};
const SWARMKIT_17_06: SwarmParameters = { ...SWARMKIT_17_03, checkQuorum: true, lostQuorumTicks: 10 };
const SWARMKIT_18_03: SwarmParameters = { ...SWARMKIT_17_06, electionTicks: 10 };

export const SWARM_PROFILES: Readonly<Record<string, Profile<SwarmParameters>>> = {
  'deck-2017': {
    parameters: SWARMKIT_17_03,
    source:
      'the deck, April 2017: Docker 17.03, Raft 1000/3000 ms, CheckQuorum without effect (facts/platform.md 1.1, 5.2)',
  },
  'swarmkit-17.03': {
    parameters: SWARMKIT_17_03,
    source: 'Docker 1.13 to 17.05: ElectionTick 3, no CheckQuorum (facts/platform.md 1.1)',
  },
  'swarmkit-17.06': {
    parameters: SWARMKIT_17_06,
    source:
      'Docker 17.06 to 18.02, EE 17.06.2-ee-1 to 8: ElectionTick 3, CheckQuorum (facts/platform.md 1.1)',
  },
  'swarmkit-18.03': {
    parameters: SWARMKIT_18_03,
    source:
      'Docker CE 18.03.1, EE 17.06.2-ee-9 and later: ElectionTick 10, CheckQuorum (facts/platform.md 1.1)',
  },
  'swarmkit-20.10': {
    parameters: SWARMKIT_18_03,
    source: 'Docker 20.10: as 18.03 (facts/platform.md 1.1; ground-truth/README.md, swarm)',
  },
  '2017': { parameters: SWARMKIT_17_06, source: 'Docker 17.06 GA (facts/platform.md, "Which version")' },
  '2018': {
    parameters: SWARMKIT_18_03,
    source: 'Docker CE 18.03.1 and later, EE 17.06.2-ee-9, 18.09 (facts/platform.md, "Which version")',
  },
  '2019': { parameters: SWARMKIT_18_03, source: 'Docker 19.03 (facts/platform.md, "Which version")' },
};
