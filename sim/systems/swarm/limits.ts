/** Figures of SwarmKit's gRPC connections; sources in peer.ts. */
import { SECOND } from '../../kernel/time.ts';

export const QUEUE_LENGTH = 4096;
/** An attempt to connect lasts so long at least (grpc.minConnectTimeout). */
export const CONNECT_TIMEOUT_US = 20 * SECOND;
/** TCP, TLS 1.2 and the first frames of HTTP/2. */
export const HANDSHAKE_ROUND_TRIPS = 3;
/** TCP gives up after 924.6 s, on the kernel's timer wheel. */
export const READY_UNNOTICED_MAX_US = 1_100 * SECOND;
export const BACKOFF_LANE = 1;
