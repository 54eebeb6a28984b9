/** Carries out the committed contract on one server: primary, secondary, or nothing (RethinkDB executor.cc). */
import type { TableState } from './contract.ts';
import type { Message } from './message.ts';
import { Primary } from './primary.ts';
import { Secondary } from './secondary.ts';
import type { ServerId } from './server-id.ts';
import type { Services } from './services.ts';

export class Executor {
  readonly #services: Services;
  #contractId: string | null = null;
  primary: Primary | null = null;
  secondary: Secondary | null = null;

  constructor(services: Services) {
    this.#services = services;
  }

  /** The Raft group has committed a state. */
  carryOut({ contract, contractId, branch }: TableState): void {
    const isNew = contractId !== this.#contractId;
    this.#contractId = contractId;
    const named = contract.primary?.server ?? null;
    if (named === this.#services.id) {
      this.#stopSecondary();
      // Another server was primary meanwhile: what this one began is over.
      if (this.primary?.registered && this.primary.branch.id !== branch.id) this.#stopPrimary();
      if (this.primary === null) this.primary = new Primary(this.#services, contractId, contract);
      else if (isNew) this.primary.contractChanged(contractId, contract);
      if (this.primary.branch.id === branch.id) this.primary.branchRegistered();
      return;
    }
    this.#stopPrimary();
    if (!contract.replicas.includes(this.#services.id)) {
      this.#stopSecondary();
      return;
    }
    const { secondary } = this;
    if (secondary !== null && secondary.primary === named && secondary.branch.id === branch.id) {
      if (isNew) secondary.contractChanged(contractId);
      return;
    }
    this.#stopSecondary();
    this.secondary = new Secondary(this.#services, contractId, named, branch);
  }

  receive(from: ServerId, message: Message): void {
    this.primary?.receive(from, message);
    this.secondary?.receive(from, message);
  }

  /** A server's card has come or changed. */
  cardChanged(server: ServerId): void {
    if (this.secondary?.primary === server) this.secondary.primaryChanged();
  }

  connectionLost(server: ServerId): void {
    this.primary?.dropped(server);
    if (this.secondary?.primary === server) this.secondary.contactLost();
  }

  #stopPrimary(): void {
    this.primary?.stop();
    this.primary = null;
  }

  #stopSecondary(): void {
    this.secondary?.stop();
    this.secondary = null;
  }
}
