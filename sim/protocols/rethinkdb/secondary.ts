/**
 * What a server does while it holds a replica but not the primary: waits for the primary, fetches what it lacks, then
 * follows its writes; without a primary it reports what it has (RethinkDB exec_secondary.cc).
 */
import type { ContractAck, ContractId } from './contract.ts';
import type { Message } from './message.ts';
import type { ServerId } from './server-id.ts';
import type { Services } from './services.ts';
import type { Branch, Version } from './version.ts';

export class Secondary {
  /** null: the contract names no primary. */
  readonly primary: ServerId | null;
  readonly branch: Branch;
  readonly #services: Services;
  #contractId: ContractId;
  #ackState: ContractAck['state'] = 'secondary-need-primary';
  /** 0: not joined. */
  #session = 0;
  #stopped = false;

  constructor(services: Services, contractId: ContractId, primary: ServerId | null, branch: Branch) {
    this.#services = services;
    this.#contractId = contractId;
    this.primary = primary;
    this.branch = branch;
    this.#acknowledge('secondary-need-primary');
    this.primaryChanged();
  }

  get streaming(): boolean {
    return this.#ackState === 'secondary-streaming';
  }

  /** A contract that changes nothing for this replica. */
  contractChanged(id: ContractId): void {
    this.#contractId = id;
    this.#acknowledge(this.#ackState);
  }

  /** The primary may have begun or ceased to let replicas join, or the connection to it was lost. */
  primaryChanged(): void {
    if (this.primary === null || this.#stopped) return;
    const there = this.#services.primaryOf(this.primary)?.id === this.branch.id;
    if (there && this.#session === 0) {
      this.#session = this.#services.nextNumber();
      this.#acknowledge('secondary-backfilling');
      this.#services.send(this.primary, { kind: 'join', session: this.#session, branch: this.branch.id });
    } else if (!there && this.#session !== 0) {
      this.#session = 0;
      this.#acknowledge('secondary-need-primary');
    }
  }

  /** The connection to the primary broke, even if a new one stands already. */
  contactLost(): void {
    if (this.#session === 0) return;
    this.#session = 0;
    this.#acknowledge('secondary-need-primary');
    this.primaryChanged();
  }

  receive(from: ServerId, message: Message): void {
    if (from !== this.primary || !('session' in message) || message.session !== this.#session) return;
    const { session } = message;
    if (message.kind === 'backfill') {
      this.#store(message.version, session, () => {
        this.#services.send(from, { kind: 'joined', session });
        this.#acknowledge('secondary-streaming');
      });
    } else if (message.kind === 'write') {
      const { version } = message;
      this.#store(version, session, () =>
        this.#services.send(from, { kind: 'written', session, position: version.position }),
      );
    }
  }

  stop(): void {
    this.#stopped = true;
    if (this.#session !== 0) this.#services.send(this.primary!, { kind: 'leave', session: this.#session });
    this.#session = 0;
  }

  /** A write that reaches the disk after the replica has left must not be acknowledged any more: it may have promised otherwise. */
  #store(version: Version, session: number, then: () => void): void {
    this.#services.afterSync(() => {
      if (this.#session !== session) return;
      this.#services.stored(version);
      then();
    });
  }

  #acknowledge(state: ContractAck['state']): void {
    this.#ackState = state;
    this.#services.acknowledge({
      contractId: this.#contractId,
      state,
      version: state === 'secondary-need-primary' ? this.#services.version : null,
      branch: null,
    });
  }
}
