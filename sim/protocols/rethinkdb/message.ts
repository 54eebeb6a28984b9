/** Everything that two servers of a table tell each other. */
import type { ContractAck, TableChange, TableState } from './contract.ts';
import { type RaftMessage, raftMessageBytes } from './raft-message.ts';
import type { ServerId } from './server-id.ts';
import type { Branch, Version } from './version.ts';

/**
 * A server's entry in the directory: every connected server has a copy, sent when the connection opens and whenever it
 * changes, and forgets it when the connection is lost.
 */
export interface Card {
  /** Virtual heartbeats: the term it leads, or null (3.9). */
  readonly heartbeats: number | null;
  /** Its answer to the present contract. */
  readonly ack: ContractAck | null;
  /** Whom it is connected to. */
  readonly sees: readonly ServerId[];
  /** It is the primary of this branch, and replicas may join. */
  readonly primaryOf: Branch | null;
}

export type Message =
  | { readonly kind: 'raft'; readonly raft: RaftMessage<TableState, TableChange> }
  | { readonly kind: 'card'; readonly card: Card }
  /** A replica asks the primary of a branch for what it lacks and for the writes to come. */
  | { readonly kind: 'join'; readonly session: number; readonly branch: string }
  | { readonly kind: 'backfill'; readonly session: number; readonly version: Version }
  | { readonly kind: 'joined'; readonly session: number }
  | { readonly kind: 'leave'; readonly session: number }
  | { readonly kind: 'write'; readonly session: number; readonly version: Version }
  | { readonly kind: 'written'; readonly session: number; readonly position: number };

/** Approximate size on the wire, headers included. */
export function messageBytes(message: Message): number {
  switch (message.kind) {
    case 'raft':
      return raftMessageBytes(message.raft);
    case 'card':
      return 400;
    case 'backfill':
      return 4000;
    case 'write':
      return 300;
    default:
      return 100;
  }
}
