/** Time-outs of RethinkDB's Raft, whole milliseconds (facts/consensus.md 3.7, 3.8). */
export interface RaftTiming {
  readonly electionTimeoutMinMs: number;
  readonly electionTimeoutMaxMs: number;
  readonly electionRetryTimeoutMaxMs: number;
}

/** How much longer each further attempt of a candidate may take (3.8). */
export const RETRY_FACTOR = 1.5;

/** Committed entries beyond this many are put into a snapshot (3.7). */
export const SNAPSHOT_THRESHOLD = 20;

/** Waits between calls to a peer that failed or refused (raft_core.tcc: exponential_backoff_t(100, 1000)). */
const CALL_BACKOFF_MIN_MS = 100;
const CALL_BACKOFF_MAX_MS = 1000;
const CALL_BACKOFF_FACTOR = 1.5;

/** exponential_backoff.hpp: the first failure is retried at once, then 100, 150, 225 ... ms pass. */
export class CallBackoff {
  #nextMs = 0;

  failedMs(): number {
    const waitMs = this.#nextMs;
    this.#nextMs =
      waitMs === 0
        ? CALL_BACKOFF_MIN_MS
        : Math.min(Math.floor(waitMs * CALL_BACKOFF_FACTOR), CALL_BACKOFF_MAX_MS);
    return waitMs;
  }

  succeeded(): void {
    this.#nextMs = 0;
  }
}
