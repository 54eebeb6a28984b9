/** The constants of one SWIM node, as memberlist names them. Times in microseconds. */
export interface SwimConfig {
  /** One member is probed in each interval. */
  readonly probeIntervalUs: number;
  /** How long a direct ping waits before others are asked to help. Not scaled by the health score. */
  readonly probeTimeoutUs: number;
  /** Peers asked to ping on one's behalf. */
  readonly indirectChecks: number;
  /** A failed ping is also tried over TCP, beside the indirect ones. */
  readonly tcpPings: boolean;
  /** Suspicion lasts at least mult * log10(n) probe intervals; mult - 2 confirmations are wanted. */
  readonly suspicionMult: number;
  /** The longest suspicion, without any confirmation, as a multiple of the shortest. */
  readonly suspicionMaxTimeoutMult: number;
  /** A broadcast is sent mult * ceil(log10(n + 1)) times. */
  readonly retransmitMult: number;
  /** The health score stays below this; a probe lasts score + 1 intervals. */
  readonly awarenessMaxMultiplier: number;
  readonly gossipIntervalUs: number;
  /** Members gossiped to in each interval. */
  readonly gossipNodes: number;
  /** The dead are still gossiped to for so long, and stay listed until then. */
  readonly gossipToTheDeadUs: number;
  /** Between two full exchanges of state, up to 32 nodes; longer above. */
  readonly pushPullIntervalUs: number;
  /** Of one datagram, bytes. */
  readonly packetBytes: number;
  /** What encryption adds to a datagram, 0 without. */
  readonly encryptionBytes: number;
  /** One that leaves in good order is listed as left (memberlist from 0.2 on), not as dead. */
  readonly tellsLeft: boolean;
}

/** Confirmations of one suspicion that are counted; three bits hold them. */
export const CONFIRMATIONS_MAX = 7;
/** Times one broadcast is sent; six bits hold them. */
export const TRANSMITS_MAX = 63;

/** Throws RangeError for constants that no node could run with. */
export function checkConfig(config: SwimConfig): void {
  const positive = [
    config.probeIntervalUs,
    config.probeTimeoutUs,
    config.suspicionMult,
    config.suspicionMaxTimeoutMult,
    config.retransmitMult,
    config.awarenessMaxMultiplier,
    config.gossipIntervalUs,
    config.pushPullIntervalUs,
    config.packetBytes,
  ];
  if (positive.some((value) => !(value > 0)))
    throw new RangeError('SWIM needs intervals and factors above zero');
  if (config.suspicionMult - 2 > CONFIRMATIONS_MAX) {
    throw new RangeError(
      `a suspicion multiplier of ${config.suspicionMult} wants more than ${CONFIRMATIONS_MAX} confirmations`,
    );
  }
}
