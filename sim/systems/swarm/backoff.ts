/** How long gRPC waits between two attempts to connect (grpc-go v1.27 backoff/backoff.go). */
import { SECOND } from '../../kernel/time.ts';

const BACKOFF = { firstUs: 1 * SECOND, factor: 1.6, jitter: 0.2, maxUs: 8 * SECOND };

/** After attempt 0, 1, 2, ..., from a uniform draw, which the first wait does not need. */
export function backoffUs(attempt: number, u: number): number {
  if (attempt === 0) return BACKOFF.firstUs;
  let us = BACKOFF.firstUs;
  for (let i = 0; i < attempt && us < BACKOFF.maxUs; i++) us *= BACKOFF.factor;
  return Math.min(us, BACKOFF.maxUs) * (1 + BACKOFF.jitter * (2 * u - 1));
}
