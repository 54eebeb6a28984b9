/** What a gRPC connection has under way: calls, and steps of connecting. */
import type { EventId } from '../../kernel/queue.ts';
import type { Letter } from '../../world/tcp-channel.ts';

export interface Call {
  /** null: a health check. */
  readonly letter: Letter | null;
  readonly done: (answered: boolean) => void;
  readonly expiresUs: number;
  expiry: EventId;
}

/** A health check, which has no letter. */
export function isCheck({ letter }: Call): boolean {
  return letter === null;
}

/** What ends a step of connecting. */
export type ConnectStep =
  /** `ready`. */
  | 'none'
  /** The packets of an attempt come back, or should. */
  | 'handshake'
  /** An attempt has taken too long. */
  | 'deadline'
  /** The next attempt is due. */
  | 'retry';
