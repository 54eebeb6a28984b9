import type { ConfChange, Membership } from './membership.ts';

export type MessageType =
  | 'MsgVote'
  | 'MsgVoteResp'
  | 'MsgPreVote'
  | 'MsgPreVoteResp'
  | 'MsgApp'
  | 'MsgAppResp'
  | 'MsgHeartbeat'
  | 'MsgHeartbeatResp'
  | 'MsgSnap'
  | 'MsgProp'
  | 'MsgReadIndex'
  | 'MsgReadIndexResp'
  | 'MsgTransferLeader'
  | 'MsgTimeoutNow';

/** One log entry. `change` is set for a membership change; a new leader's empty entry has neither data nor change. */
export interface Entry {
  readonly index: number;
  readonly term: number;
  readonly data: unknown;
  readonly change: ConfChange | null;
}

/** The state machine up to and including `index`, as far as Raft cares. */
export interface Snapshot {
  readonly index: number;
  readonly term: number;
  readonly membership: Membership;
}

/**
 * One message. Every field is always present, so that all messages share one shape; what a type does not use is 0,
 * false, null or empty. `from` and `to` are the two ends of the link it travels on, also when it is forwarded.
 */
export interface Message {
  type: MessageType;
  from: number;
  to: number;
  /** 0 for MsgProp and MsgReadIndex: these are forwarded as if they were local. */
  term: number;
  /** MsgVote: last index of the candidate. MsgApp: index before the entries. MsgAppResp: acknowledged or refused index. */
  index: number;
  /** Term of the entry at `index`; in a refused MsgAppResp, term of the entry at `rejectHint`. */
  logTerm: number;
  commit: number;
  reject: boolean;
  /** Refused MsgAppResp: the largest index at which the logs may match. */
  rejectHint: number;
  /** MsgReadIndex(Resp): the number its asker gave. MsgHeartbeat(Resp): position of the newest read to confirm. 0 = none. */
  context: number;
  /** MsgReadIndex: the node that asked. MsgTransferLeader: the node that shall lead. */
  origin: number;
  /** MsgVote of a leadership transfer: leases do not hold it up. */
  transfer: boolean;
  entries: readonly Entry[];
  snapshot: Snapshot | null;
  /** The host's own, Raft neither reads nor sets them: the message's number in its stream (-1 = none), and the trace event behind it. */
  number: number;
  cause: number;
}

export const NO_ENTRIES: readonly Entry[] = [];

/** A message of which only the envelope is filled in. The only place that builds one: it keeps the shape one. */
export function newMessage(type: MessageType, from: number, to: number, term: number): Message {
  return {
    type,
    from,
    to,
    term,
    index: 0,
    logTerm: 0,
    commit: 0,
    reject: false,
    rejectHint: 0,
    context: 0,
    origin: 0,
    transfer: false,
    entries: NO_ENTRIES,
    snapshot: null,
    number: -1,
    cause: 0,
  };
}
