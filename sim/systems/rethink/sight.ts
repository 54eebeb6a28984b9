/**
 * All that measures see of a store: what they would find by looking at it again can differ only where one of these does
 * (or where the world does). Most of what is touched in a store changes none of them.
 */
import type { Branch, Contract, ServerId } from '../../protocols/rethinkdb/index.ts';
import type { Change } from '../system.ts';
import type { Member } from './member.ts';
import type { Pair } from './wire.ts';

type Primary = NonNullable<NonNullable<Member['server']>['executor']['primary']>;

const NOBODY: readonly ServerId[] = [];
const DOWN = -1;

/** Of one member, all that is read of its server; false from `changed` when it is what it was. */
export class ServerSight {
  #term = DOWN;
  #state = 0;
  #branch: Branch | null = null;
  #contract: Contract | null = null;
  #ready: readonly ServerId[] = NOBODY;

  changed(member: Member): boolean {
    const { server } = member;
    const term = server === null ? DOWN : server.raft.term;
    const primary = server === null ? null : server.executor.primary;
    const state =
      (member.node.paused ? 1 : 0) +
      (member.stalled ? 2 : 0) +
      (server !== null && server.raft.mode === 'candidate' ? 4 : 0) +
      (primary === null ? 0 : stateOf(primary));
    const branch = primary === null ? null : primary.branch;
    const contract = primary === null ? null : primary.contract;
    const ready = primary === null ? NOBODY : primary.ready;
    if (
      term === this.#term &&
      state === this.#state &&
      branch === this.#branch &&
      contract === this.#contract &&
      ready === this.#ready
    )
      return false;
    this.#term = term;
    this.#state = state;
    this.#branch = branch;
    this.#contract = contract;
    this.#ready = ready;
    return true;
  }
}

function stateOf(primary: Primary): number {
  return 8 + (primary.registered ? 16 : 0) + (primary.acceptsWrites ? 32 : 0);
}

export class Sight {
  readonly #hosts: readonly Member[];
  readonly #pairs: readonly Pair[];
  readonly #voters: () => readonly ServerId[];
  readonly #servers: readonly ServerSight[];
  readonly #connections: Uint8Array;
  #votersThen: readonly ServerId[] = NOBODY;

  constructor(hosts: readonly Member[], pairs: readonly Pair[], voters: () => readonly ServerId[]) {
    this.#hosts = hosts;
    this.#pairs = pairs;
    this.#voters = voters;
    this.#servers = hosts.map(() => new ServerSight());
    this.#connections = new Uint8Array(pairs.length);
  }

  /** Looks again. */
  changed(): Change {
    let changed = false;
    const voters = this.#voters();
    if (voters !== this.#votersThen) {
      this.#votersThen = voters;
      changed = true;
    }
    for (let i = 0; i < this.#hosts.length; i++)
      if (this.#servers[i]!.changed(this.#hosts[i]!)) changed = true;
    let change: Change = 'nothing';
    for (let i = 0; i < this.#pairs.length; i++) {
      const { connection, members } = this.#pairs[i]!;
      const flows = (connection.flows(0) ? 1 : 0) + (connection.flows(1) ? 2 : 0);
      if (flows === this.#connections[i]) continue;
      this.#connections[i] = flows;
      if (change !== 'anything')
        change = this.#isPrimary(members[0]) || this.#isPrimary(members[1]) ? 'anything' : 'reach';
    }
    return changed ? 'anything' : change;
  }

  #isPrimary(member: number): boolean {
    const { server } = this.#hosts[member]!;
    return server !== null && server.executor.primary !== null;
  }
}
