/**
 * RethinkDB's replication of one table, as pure state machines: its Raft (raft.ts), the contract that the Raft group
 * agrees on (contract.ts), the coordinator's rule (calculate-contract.ts), and what servers do about it (primary.ts,
 * secondary.ts). server.ts puts them together and says how a host drives it.
 */
export { calculateContract, type Sees, visibleVoters } from './calculate-contract.ts';
export {
  type Contract,
  type ContractAck,
  newTableState,
  type TableChange,
  type TableConfig,
  type TableState,
} from './contract.ts';
export { emergencyRepair, type Repaired } from './emergency-repair.ts';
export { type Message, messageBytes } from './message.ts';
export { isMajority } from './raft-config.ts';
export type { RaftTiming } from './raft-timing.ts';
export { newRaftDurable, type RaftMode } from './raft-types.ts';
export {
  type ServerDurable,
  type ServerEffect,
  type ServerEvent,
  type ServerSettings,
  type ServerTimer,
  TableServer,
} from './server.ts';
export { NO_SERVER, type ServerId } from './server-id.ts';
export { type Branch, descendsFrom, type Version, ZERO } from './version.ts';
