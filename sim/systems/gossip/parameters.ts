import { HOUR, MILLISECOND, MINUTE, SECOND } from '../../kernel/time.ts';
import type { SwimConfig } from '../../protocols/swim/index.ts';
import type { Profile } from '../profile.ts';

/** memberlist, and what the product above it adds (facts/platform.md 3.1, 3.2). Times in microseconds. */
export interface GossipParameters extends SwimConfig {
  /** How long a TCP exchange may take (memberlist TCPTimeout). */
  readonly streamTimeoutUs: number;
  /** The product appends so many characters to a node's name. */
  readonly nameSuffixBytes: number;
  /** A restarted process has a name of its own, so that nobody holds its past against it. */
  readonly freshNames: boolean;
  /**
   * Tables of endpoints ride on the membership, as in libnetwork's networkdb: what a member owns is deleted wherever it is
   * declared dead, and comes back by a bulk sync. Without them a member serves wherever it is held alive.
   */
  readonly tables: boolean;
  /** How often a node tries to join one of the members it holds failed; null: it does not. */
  readonly reconnectIntervalUs: number | null;
  /** `always`: in each interval; `share`: with the probability failed / alive (serf). */
  readonly reconnectPolicy: 'always' | 'share';
  /** A failed member is given up after so long. */
  readonly forgetFailedUs: number;
  /** Of the tables, with one random peer. */
  readonly bulkSyncIntervalUs: number;
  /** A node that holds none of the bootstrap members alive joins them again; null: it does not. */
  readonly rejoinIntervalUs: number | null;
  /** A leaving node waits so long for its farewell to go out. */
  readonly leaveTimeoutUs: number;
  /** How long a client waits for a name, or for its request to be answered. */
  readonly resolveDeadlineUs: number;
  readonly requestDeadlineUs: number;
}

/** memberlist DefaultLANConfig at v0.2.2, with nothing above it. */
const LAN: GossipParameters = {
  probeIntervalUs: 1 * SECOND,
  probeTimeoutUs: 500 * MILLISECOND,
  indirectChecks: 3,
  tcpPings: true,
  suspicionMult: 4,
  suspicionMaxTimeoutMult: 6,
  retransmitMult: 4,
  awarenessMaxMultiplier: 8,
  gossipIntervalUs: 200 * MILLISECOND,
  gossipNodes: 3,
  gossipToTheDeadUs: 30 * SECOND,
  pushPullIntervalUs: 30 * SECOND,
  packetBytes: 1400,
  encryptionBytes: 0,
  tellsLeft: true,
  streamTimeoutUs: 10 * SECOND,
  nameSuffixBytes: 0,
  freshNames: false,
  tables: false,
  reconnectIntervalUs: null,
  reconnectPolicy: 'always',
  forgetFailedUs: 24 * HOUR,
  bulkSyncIntervalUs: 30 * SECOND,
  rejoinIntervalUs: null,
  leaveTimeoutUs: 1 * SECOND,
  // The resolver's and the SYN's own time-outs: 5 s (resolv.conf(5)), and the second SYN after 1 s with an answer by 3 s.
  resolveDeadlineUs: 5 * SECOND,
  requestDeadlineUs: 3 * SECOND,
};

/** libnetwork's networkdb on it: encrypted, tables of endpoints, reconnect each second, names `host-` and 12 digits. */
const NETWORKDB: GossipParameters = {
  ...LAN,
  encryptionBytes: 29,
  tellsLeft: false,
  nameSuffixBytes: 13,
  freshNames: true,
  tables: true,
  reconnectIntervalUs: 1 * SECOND,
  reconnectPolicy: 'always',
};

export const GOSSIP_PROFILES: Readonly<Record<string, Profile<GossipParameters>>> = {
  'deck-2017': {
    parameters: { ...NETWORKDB, suspicionMult: 5 },
    source:
      'Docker 17.06 to 17.12: networkdb on memberlist v0.1.0, suspicion multiplier 5; the deck: heartbeat 1000 ms, timeout 5000 ms (facts/platform.md 3.1, 3.2)',
  },
  'docker-17.12': {
    parameters: { ...NETWORKDB, suspicionMult: 5 },
    source: 'the same (facts/platform.md 3.1, 3.2)',
  },
  'docker-18.03': {
    parameters: NETWORKDB,
    source: 'Docker 18.03: memberlist v0.1.1, suspicion multiplier 4 (facts/platform.md 3.2)',
  },
  'docker-18.06': {
    parameters: { ...NETWORKDB, rejoinIntervalUs: 1 * MINUTE },
    source:
      'Docker 18.06 and later: and each 60 s a node without a live bootstrap member joins them again (facts/platform.md 3.1, libnetwork#2134)',
  },
  'memberlist-lan': {
    parameters: LAN,
    source: 'memberlist DefaultLANConfig (facts/platform.md 3.2)',
  },
  'memberlist-wan': {
    parameters: {
      ...LAN,
      probeIntervalUs: 5 * SECOND,
      probeTimeoutUs: 3 * SECOND,
      suspicionMult: 6,
      gossipIntervalUs: 500 * MILLISECOND,
      gossipNodes: 4,
      gossipToTheDeadUs: 60 * SECOND,
      pushPullIntervalUs: 60 * SECOND,
      streamTimeoutUs: 30 * SECOND,
    },
    source: 'memberlist DefaultWANConfig (facts/platform.md 3.2)',
  },
  'serf-0.9': {
    parameters: { ...LAN, reconnectIntervalUs: 30 * SECOND, reconnectPolicy: 'share' },
    source: 'serf 0.9.4 on memberlist 0.2.2, defaults: reconnects each 30 s (ground-truth/README.md, serf)',
  },
};
