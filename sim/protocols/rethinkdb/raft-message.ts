/** What Raft members of one table tell each other. Requests carry a number, and a reply carries its request's number. */
import type { Applied, Entry } from './raft-log.ts';

export type RaftMessage<S, C> =
  | {
      readonly kind: 'request-vote';
      readonly call: number;
      readonly term: number;
      readonly lastIndex: number;
      readonly lastTerm: number;
    }
  | { readonly kind: 'vote'; readonly call: number; readonly term: number; readonly granted: boolean }
  | {
      readonly kind: 'append';
      readonly call: number;
      readonly term: number;
      readonly prevIndex: number;
      readonly prevTerm: number;
      readonly entries: readonly Entry<C>[];
      readonly commit: number;
    }
  | { readonly kind: 'appended'; readonly call: number; readonly term: number; readonly success: boolean }
  | {
      readonly kind: 'snapshot';
      readonly call: number;
      readonly term: number;
      readonly lastTerm: number;
      readonly applied: Applied<S>;
    }
  | { readonly kind: 'installed'; readonly call: number; readonly term: number };

/** Approximate size on the wire, headers included; the size of an entry is a typical contract's. */
export function raftMessageBytes(message: RaftMessage<unknown, unknown>): number {
  switch (message.kind) {
    case 'append':
      return 160 + 400 * message.entries.length;
    case 'snapshot':
      return 2000;
    default:
      return 120;
  }
}
