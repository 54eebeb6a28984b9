/**
 * What a table's Raft group agrees on: the user's configuration, and the contract that says what each server is to do
 * (RethinkDB contract_metadata.hpp). One shard; a table with more is more of these.
 */
import type { ServerId } from './server-id.ts';
import type { Branch, Version } from './version.ts';

/** The user's wish. */
export interface TableConfig {
  readonly voters: readonly ServerId[];
  readonly nonVoters: readonly ServerId[];
  /** primary_replica: the server that is to hold the primary whenever it can. */
  readonly primary: ServerId;
}

export interface Contract {
  readonly replicas: readonly ServerId[];
  readonly voters: readonly ServerId[];
  /** While the voters change: the new ones; every write then needs both majorities. */
  readonly tempVoters: readonly ServerId[] | null;
  readonly primary: { readonly server: ServerId; readonly handOver: ServerId | null } | null;
  readonly afterEmergencyRepair: boolean;
}

/** Names a contract; a contract that changes in any way gets another one. */
export type ContractId = string;

export interface TableState {
  readonly config: TableConfig;
  readonly contractId: ContractId;
  readonly contract: Contract;
  /** The branch that the latest primary registered: every acknowledged write is on the path to its end. */
  readonly branch: Branch;
}

export type TableChange =
  | { readonly kind: 'config'; readonly config: TableConfig }
  | {
      readonly kind: 'contract';
      readonly contract: { readonly id: ContractId; readonly contract: Contract } | null;
      readonly branch: Branch | null;
    };

/** What a server tells the coordinator of the contract named by `contractId`. */
export interface ContractAck {
  readonly contractId: ContractId;
  readonly state:
    | 'primary-need-branch'
    | 'primary-in-progress'
    | 'primary-ready'
    | 'secondary-need-primary'
    | 'secondary-backfilling'
    | 'secondary-streaming';
  /** With `secondary-need-primary`: what it has on disk. */
  readonly version: Version | null;
  /** With `primary-need-branch`: the branch it wants to begin. */
  readonly branch: Branch | null;
}

export function applyTableChange(state: TableState, change: TableChange): TableState {
  if (change.kind === 'config') return { ...state, config: change.config };
  return {
    config: state.config,
    contractId: change.contract?.id ?? state.contractId,
    contract: change.contract?.contract ?? state.contract,
    branch: change.branch ?? state.branch,
  };
}

/** A table that was just created: the configured primary is asked to begin at once. */
export function newTableState(config: TableConfig, root: Branch): TableState {
  return {
    config,
    contractId: 'created',
    contract: {
      replicas: [...config.voters, ...config.nonVoters],
      voters: config.voters,
      tempVoters: null,
      primary: { server: config.primary, handOver: null },
      afterEmergencyRepair: false,
    },
    branch: root,
  };
}

export function sameContract(a: Contract, b: Contract): boolean {
  return (
    sameServers(a.replicas, b.replicas) &&
    sameServers(a.voters, b.voters) &&
    sameServers(a.tempVoters, b.tempVoters) &&
    a.primary?.server === b.primary?.server &&
    a.primary?.handOver === b.primary?.handOver &&
    a.afterEmergencyRepair === b.afterEmergencyRepair
  );
}

export function sameServers(a: readonly ServerId[] | null, b: readonly ServerId[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((id) => b.includes(id));
}
