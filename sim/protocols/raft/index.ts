/**
 * Raft as a pure state machine: messages and ticks in, messages and observations out. No clock, no I/O, no randomness
 * of its own. After etcd-io/raft v3.6 (`mode: 'etcd'`) or the paper (`mode: 'paper'`).
 *
 * A host owns time, delivery, disk and dice, and drives a node like this, after each input:
 *
 *     const node = new Raft({ id: 1, voters: [1, 2, 3], electionTick: 10, heartbeatTick: 1, drawTimeout }, null, observer);
 *     node.tick();  // or step(message), propose(data), campaign(), transferLeadership(id), readIndex(context) ...
 *
 *     for (const m of node.outbox) transmit(m);           // 1. what may leave now
 *     node.outbox.length = 0;
 *     if (node.hasUnsynced && !node.disk.syncing) {       // 2. what must be written first
 *       if (node.startSync()) after(fsyncTime, () => { node.persisted(); drain again });
 *       else { node.persisted(); drain again }
 *     }
 *     if (node.commit > node.log.applied) node.applyCommitted((entry) => ...);  // 3. what is committed and written
 *     while (node.readStates.length > 0) ...              // 4. reads that may be served at `index`
 *
 * `outboxAfterSync` (votes and acknowledgements, the own ones too) is moved to `outbox` by `persisted()`; a host never
 * sends from it. A host must not let a candidate's MsgVote leave before its own term and vote are on disk, as etcd's
 * server does by sending before the write only while it leads: `outbox` may leave at once if `state` is Leader or
 * nothing is unsynced. The heartbeat path allocates nothing but its messages.
 *
 * All state is plain fields: `state`, `term`, `vote`, `lead`, `commit`, `lastIndex`, `lastTerm`, `electionElapsed`,
 * `heartbeatElapsed`, `randomizedElectionTimeout`, `leadTransferee`, `membership`, `progress` (one record a member:
 * `match`, `next`, `recentActive`, `state`), `log`. A host may set the timers and `recentActive` from outside.
 * `durable()` is what survives a crash; the constructor starts again from it.
 */
export { RaftError } from './broken.ts';
export type { RaftConfig, RaftMode, ReadOnlyOption } from './config.ts';
export type { DurableState } from './disk.ts';
export type { ProposeResult } from './leader.ts';
export type { ConfChange, Membership, SingleChange } from './membership.ts';
export { LEAVE_JOINT, membershipOf } from './membership.ts';
export { type Entry, type Message, type MessageType, newMessage, type Snapshot } from './message.ts';
export type { Observation, Observer, Role, RoleReason, VoteReason } from './observer.ts';
export { Raft } from './raft.ts';
export type { ReadState } from './state.ts';
