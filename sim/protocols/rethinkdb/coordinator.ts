/**
 * The contract coordinator: runs on the Raft leader while that is ready for changes, waits 200 ms after the first news
 * so that more can arrive, and proposes what follows from it (RethinkDB coordinator.cc, pump_contracts).
 */
import { calculateContract, type Sees } from './calculate-contract.ts';
import { type ContractAck, sameContract, type TableChange, type TableState } from './contract.ts';
import type { ServerId } from './server-id.ts';

/** coordinator.cc: nap(200). */
export const PUMP_DELAY_MS = 200;

export function proposedChange(
  state: TableState,
  cards: ReadonlyMap<ServerId, ContractAck>,
  sees: Sees,
  contractId: string,
): TableChange | null {
  const acks = new Map<ServerId, ContractAck>();
  for (const [server, ack] of cards) if (ack.contractId === state.contractId) acks.set(server, ack);
  const old = state.contract;
  const contract = calculateContract({
    config: state.config,
    contract: old,
    branch: state.branch,
    acks,
    sees,
  });
  const changed = !sameContract(old, contract);
  const primary = old.primary?.server;
  const wanted = primary === undefined ? undefined : acks.get(primary);
  const registers =
    primary !== undefined &&
    contract.primary?.server === primary &&
    wanted?.state === 'primary-need-branch' &&
    wanted.branch!.id !== state.branch.id;
  if (!changed && !registers) return null;
  return {
    kind: 'contract',
    contract: changed ? { id: contractId, contract } : null,
    branch: registers ? wanted.branch : null,
  };
}
