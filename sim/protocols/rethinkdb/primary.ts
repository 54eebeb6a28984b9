/**
 * What a server does while the contract names it primary: begins a branch, has it registered, lets replicas join, and
 * takes writes while a majority of the voters follows (RethinkDB exec_primary.cc; facts/consensus.md 3.16, 3.20, 3.21).
 */
import type { Contract, ContractAck, ContractId } from './contract.ts';
import type { Message } from './message.ts';
import { isMajority } from './raft-config.ts';
import type { ServerId } from './server-id.ts';
import type { Services } from './services.ts';
import type { Branch, Version } from './version.ts';

interface Dispatchee {
  readonly session: number;
  ready: boolean;
}

interface PendingWrite {
  readonly version: Version;
  readonly storedBy: Set<ServerId>;
  /** Whom it was sent to, by session: one that joins again has it by backfill and will not answer. */
  readonly sentTo: ReadonlyMap<ServerId, number>;
  /** Of a client; null for the write that proves a contract. */
  readonly client: number | null;
  readonly contract: Contract;
}

export class Primary {
  readonly branch: Branch;
  readonly #services: Services;
  #contractId: ContractId;
  #contract: Contract;
  /** The Raft group knows the branch: replicas may join. */
  registered = false;
  /** The data in memory; what is on disk may be behind. */
  #version: Version;
  readonly #dispatchees = new Map<ServerId, Dispatchee>();
  /** What `ready` and `hasMajority` have found, until it may be otherwise. */
  #ready: readonly ServerId[] | null = null;
  #hasMajority: boolean | null = null;
  #pending: PendingWrite[] = [];
  #ackState: ContractAck['state'] = 'primary-need-branch';
  #stopped = false;

  constructor(services: Services, contractId: ContractId, contract: Contract) {
    this.#services = services;
    this.#contractId = contractId;
    this.#contract = contract;
    const origin = services.version;
    this.branch = { id: `${services.id}#${services.nextNumber()}`, origin };
    this.#version = { branch: this.branch, position: origin.position };
    this.#acknowledge('primary-need-branch');
  }

  get handingOver(): boolean {
    return this.#contract.primary?.handOver !== null;
  }

  /** Replicas that take part in its writes, itself included. */
  get ready(): readonly ServerId[] {
    return (this.#ready ??= this.#findReady());
  }

  #findReady(): readonly ServerId[] {
    if (!this.registered) return [];
    const ready = [this.#services.id];
    for (const [server, dispatchee] of this.#dispatchees) if (dispatchee.ready) ready.push(server);
    return ready.sort((a, b) => a - b);
  }

  #lookAgain(): void {
    this.#ready = null;
    this.#hasMajority = null;
  }

  /** A majority of the voters is ready: reads are served (3.21). */
  get hasMajority(): boolean {
    if (this.#hasMajority === null) {
      const { ready } = this;
      this.#hasMajority = reachesMajority(this.#contract, (id) => ready.includes(id));
    }
    return this.#hasMajority;
  }

  get acceptsWrites(): boolean {
    return this.hasMajority && !this.handingOver;
  }

  get contract(): Contract {
    return this.#contract;
  }

  /** The Raft group has registered this branch. */
  branchRegistered(): void {
    if (this.registered) return;
    this.registered = true;
    this.#lookAgain();
    this.#acknowledge('primary-in-progress');
    const version = this.#version;
    this.#services.afterSync(() => {
      if (this.#stopped) return;
      this.#services.stored(version);
      this.#services.publishPrimary(this.branch);
      this.#readyChanged();
    });
  }

  contractChanged(id: ContractId, contract: Contract): void {
    this.#contractId = id;
    this.#contract = contract;
    this.#lookAgain();
    this.#pending = this.#pending.filter((write) => write.client !== null);
    if (this.#ackState === 'primary-ready') this.#ackState = 'primary-in-progress';
    this.#acknowledge(this.#ackState);
    this.#proveContract();
  }

  receive(from: ServerId, message: Message): void {
    switch (message.kind) {
      case 'join':
        if (!this.registered || message.branch !== this.branch.id) return;
        this.dropped(from);
        this.#dispatchees.set(from, { session: message.session, ready: false });
        this.#lookAgain();
        this.#services.send(from, { kind: 'backfill', session: message.session, version: this.#version });
        break;
      case 'joined': {
        const dispatchee = this.#dispatchees.get(from);
        if (dispatchee?.session !== message.session) return;
        dispatchee.ready = true;
        this.#lookAgain();
        this.#readyChanged();
        break;
      }
      case 'leave':
        if (this.#dispatchees.get(from)?.session === message.session) this.dropped(from);
        break;
      case 'written':
        if (this.#dispatchees.get(from)?.session !== message.session) return;
        this.#storedBy(from, message.position);
    }
  }

  /** The connection to a server is lost, or it left. */
  dropped(server: ServerId): void {
    const dispatchee = this.#dispatchees.get(server);
    if (dispatchee === undefined) return;
    this.#dispatchees.delete(server);
    this.#lookAgain();
    this.#settleHopeless();
    if (dispatchee.ready) this.#readyChanged();
    else this.#proveContract();
  }

  /** A client's write; false = refused, nothing was done. Otherwise the outcome comes as `writeDone`. */
  write(client: number): boolean {
    if (!this.acceptsWrites) return false;
    this.#dispatch(client);
    return true;
  }

  stop(): void {
    this.#stopped = true;
    for (const write of this.#pending.splice(0)) {
      if (write.client !== null) this.#services.writeDone(write.client, write.version, 'unknown');
    }
    this.#dispatchees.clear();
    this.#lookAgain();
    this.#services.publishPrimary(null);
  }

  #readyChanged(): void {
    this.#services.replicasChanged(this.ready);
    this.#proveContract();
  }

  /** A contract is fulfilled when a write under it is on disk wherever the contract wants writes. */
  #proveContract(): void {
    if (!this.registered || this.#ackState === 'primary-ready') return;
    if (this.#pending.some((write) => write.client === null)) return;
    const { ready } = this;
    if (this.#fulfils(this.#contract, (id) => ready.includes(id))) this.#dispatch(null);
  }

  #fulfils(contract: Contract, has: (id: ServerId) => boolean): boolean {
    const handOver = contract.primary?.handOver ?? null;
    return (handOver === null || has(handOver)) && reachesMajority(contract, has);
  }

  #dispatch(client: number | null): void {
    const version = { branch: this.branch, position: this.#version.position + 1 };
    this.#version = version;
    this.#pending.push({
      version,
      storedBy: new Set(),
      sentTo: new Map([...this.#dispatchees].map(([server, { session }]) => [server, session])),
      client,
      contract: this.#contract,
    });
    for (const [server, { session }] of this.#dispatchees) {
      this.#services.send(server, { kind: 'write', session, version });
    }
    this.#services.afterSync(() => {
      if (this.#stopped) return;
      this.#services.stored(version);
      this.#storedBy(this.#services.id, version.position);
    });
  }

  #storedBy(server: ServerId, position: number): void {
    for (const write of this.#pending) if (write.version.position === position) write.storedBy.add(server);
    const done = this.#pending.filter((write) => this.#isSafe(write));
    if (done.length === 0) return;
    this.#pending = this.#pending.filter((write) => !done.includes(write));
    for (const { client, version } of done) {
      if (client !== null) this.#services.writeDone(client, version, 'acknowledged');
      else this.#acknowledge('primary-ready');
    }
  }

  /** The primary's own copy is always one of the majority: its next branch must begin behind every acknowledged write. */
  #isSafe({ storedBy, client, contract }: PendingWrite): boolean {
    if (!storedBy.has(this.#services.id)) return false;
    const has = (id: ServerId) => storedBy.has(id);
    return client === null ? this.#fulfils(contract, has) : reachesMajority(contract, has);
  }

  /** Ends writes that those who are left cannot complete; a contract is then proved by another one. */
  #settleHopeless(): void {
    const hopeless = this.#pending.filter(({ storedBy, sentTo, client, contract }) => {
      const mayHave = (id: ServerId) =>
        storedBy.has(id) ||
        id === this.#services.id ||
        (sentTo.has(id) && this.#dispatchees.get(id)?.session === sentTo.get(id));
      return !(client === null ? this.#fulfils(contract, mayHave) : reachesMajority(contract, mayHave));
    });
    this.#pending = this.#pending.filter((write) => !hopeless.includes(write));
    for (const { client, version } of hopeless) {
      if (client !== null) this.#services.writeDone(client, version, 'unknown');
    }
  }

  #acknowledge(state: ContractAck['state']): void {
    this.#ackState = state;
    this.#services.acknowledge({
      contractId: this.#contractId,
      state,
      version: null,
      branch: state === 'primary-need-branch' ? this.branch : null,
    });
  }
}

function reachesMajority(contract: Contract, has: (id: ServerId) => boolean): boolean {
  return (
    isMajority(contract.voters, has) && (contract.tempVoters === null || isMajority(contract.tempVoters, has))
  );
}
