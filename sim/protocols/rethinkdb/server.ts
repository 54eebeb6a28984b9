/**
 * One RethinkDB server's part in one table: a Raft member, the executor of the contract, the coordinator when it leads,
 * and its entry in the directory. Pure: calls in, `effects` out, in order. A host owns time, delivery, disk and dice:
 *
 *     const server = new TableServer(settings, durable);        // a process starts; `durable` is what the last one left
 *     server.opened(peer) / closed(peer)                        // connections; closed forgets everything about the peer
 *     server.receive(peer, message)
 *     server.timerFired(timer, peer)
 *     server.synced(number)                                     // the disk write of a `sync` effect is done, in order
 *     for (const effect of server.takeEffects()) ...            // after each call
 *
 * While a Raft write is under way, Raft's inputs wait: RethinkDB holds the member's mutex over the write.
 */

import { empty } from '../../kernel/empty.ts';
import {
  applyTableChange,
  type Contract,
  type ContractAck,
  type TableChange,
  type TableConfig,
  type TableState,
} from './contract.ts';
import { PUMP_DELAY_MS, proposedChange } from './coordinator.ts';
import { Executor } from './executor.ts';
import type { Card, Message } from './message.ts';
import { RaftMember } from './raft.ts';
import type { RaftMembers } from './raft-config.ts';
import type { Applied } from './raft-log.ts';
import type { RaftTiming } from './raft-timing.ts';
import type { RaftDurable, RaftEvent, RaftTimer } from './raft-types.ts';
import { NO_SERVER, type ServerId } from './server-id.ts';
import type { Services } from './services.ts';
import type { Branch, Version } from './version.ts';

export interface ServerDurable {
  readonly raft: RaftDurable<TableState, TableChange>;
  readonly version: Version;
}

export interface ServerSettings {
  readonly id: ServerId;
  readonly timing: RaftTiming;
  /** A fresh uniform integer in [0, spread). */
  readonly draw: (spread: number) => number;
  /** A number that this server, restarts included, never got before; from 1. */
  readonly nextNumber: () => number;
}

export type ServerTimer = RaftTimer | 'pump';

export type ServerEvent =
  | RaftEvent
  /** The Raft leader committed another contract: entry `index`. */
  | {
      readonly kind: 'contract';
      readonly index: number;
      readonly before: Contract;
      readonly after: Contract;
    }
  /** This server is primary, and these replicas take part in its writes. */
  | { readonly kind: 'replicas'; readonly ready: readonly ServerId[] }
  | {
      readonly kind: 'write-done';
      readonly write: number;
      /** The data with the write in it. */
      readonly version: Version;
      readonly outcome: 'acknowledged' | 'unknown';
    };

export type ServerEffect =
  | { readonly kind: 'send'; readonly to: ServerId; readonly message: Message }
  /** Set (replacing) or, with null, cancel a timer. */
  | {
      readonly kind: 'timer';
      readonly timer: ServerTimer;
      readonly peer: ServerId;
      readonly delayMs: number | null;
    }
  | { readonly kind: 'sync'; readonly number: number }
  | { readonly kind: 'event'; readonly event: ServerEvent };

const NO_EFFECTS: readonly ServerEffect[] = [];

export class TableServer {
  readonly id: ServerId;
  readonly raft: RaftMember<TableState, TableChange>;
  readonly executor: Executor;
  durable: ServerDurable;

  #effects: ServerEffect[] = [];
  readonly #open = new Set<ServerId>();
  readonly #cards = new Map<ServerId, Card>();
  /** Whose cards it has, ascending: another array when that changes. */
  #sees: readonly ServerId[] = [];
  #card: Card = { heartbeats: null, ack: null, sees: [], primaryOf: null };
  #ack: ContractAck | null = null;
  #primaryOf: Branch | null = null;

  readonly #syncs = new Map<number, () => void>();
  #syncNumber = 0;
  #raftSyncing = false;
  #raftInputs: (() => void)[] = [];
  /** What the Raft group had committed when the executor last looked. */
  #carriedOut: Applied<TableState>;

  #coordinating = false;
  #pumpArmed = false;

  constructor(settings: ServerSettings, durable: ServerDurable) {
    this.id = settings.id;
    this.durable = durable;
    const { id, timing, draw } = settings;
    this.raft = new RaftMember({ id, timing, draw, apply: applyTableChange }, durable.raft);
    this.#carriedOut = this.raft.committed;
    this.executor = new Executor(this.#services(settings.nextNumber));
    this.executor.carryOut(this.raft.committed.state);
    this.#afterRaft();
  }

  takeEffects(): readonly ServerEffect[] {
    const effects = this.#effects;
    if (effects.length === 0) return NO_EFFECTS;
    this.#effects = [];
    return effects;
  }

  /** A connection to a server stands. */
  opened(peer: ServerId): void {
    this.#open.add(peer);
    this.#send(peer, { kind: 'card', card: this.#card });
  }

  /** It is gone, and with it what was known of the server. */
  closed(peer: ServerId): void {
    if (!this.#open.delete(peer)) return;
    if (this.#cards.delete(peer)) this.#sees = this.#sees.filter((id) => id !== peer);
    this.executor.connectionLost(peer);
    this.#raftInput(() => this.raft.disconnected(peer));
    this.#notifyCoordinator();
    this.#refresh();
  }

  receive(from: ServerId, message: Message): void {
    if (message.kind === 'raft') this.#raftInput(() => this.raft.receive(from, message.raft));
    else if (message.kind === 'card') this.#takeCard(from, message.card);
    else this.executor.receive(from, message);
    this.#refresh();
  }

  timerFired(timer: ServerTimer, peer: ServerId): void {
    if (timer === 'pump') {
      this.#pumpArmed = false;
      this.#raftInput(() => this.#pump());
    } else {
      this.#raftInput(() => this.raft.timerFired(timer, peer));
    }
    this.#refresh();
  }

  /** The write of effect `sync` number `number` has reached the disk. */
  synced(number: number): void {
    const then = this.#syncs.get(number);
    if (then === undefined) throw new Error(`server ${this.id} awaits no sync ${number}`);
    this.#syncs.delete(number);
    then();
    this.#refresh();
  }

  /** A client's write at this server as the primary; false = refused. The outcome comes as event `write-done`. */
  write(write: number): boolean {
    const accepted = this.executor.primary?.write(write) ?? false;
    this.#refresh();
    return accepted;
  }

  /** The user changes the table's configuration; false when this server does not lead or is not ready. */
  configure(config: TableConfig): boolean {
    if (this.#raftSyncing) return false;
    const done = this.raft.propose({ kind: 'config', config });
    this.#afterRaft();
    this.#notifyCoordinator();
    this.#refresh();
    return done;
  }

  /** Changes the Raft group's members; false when this server does not lead or is not ready. */
  configureRaft(members: RaftMembers): boolean {
    if (this.#raftSyncing) return false;
    const done = this.raft.proposeConfig(members);
    this.#afterRaft();
    this.#refresh();
    return done;
  }

  isConnected(peer: ServerId): boolean {
    return this.#cards.has(peer);
  }

  /** It coordinates and sees `observer`, and that one sees `target`. */
  sees(observer: ServerId, target: ServerId): boolean {
    if (observer === this.id) return target === this.id || this.#cards.has(target);
    const card = this.#cards.get(observer);
    return card !== undefined && (target === observer || card.sees.includes(target));
  }

  #takeCard(from: ServerId, card: Card): void {
    if (!this.#open.has(from)) return;
    const before = this.#cards.get(from);
    this.#cards.set(from, card);
    if (before === undefined) this.#sees = [...this.#sees, from].sort((a, b) => a - b);
    this.executor.cardChanged(from);
    if (before === undefined || before.heartbeats !== card.heartbeats) this.#tellOf(from, card, before);
    this.#notifyCoordinator();
  }

  /** Raft is to know of a connection that stands, and of who leads. */
  #tellOf(from: ServerId, card: Card, before: Card | undefined): void {
    this.#raftInput(() => {
      if (before === undefined) this.raft.connected(from);
      // Raft may have been writing meanwhile, and the connection may be gone.
      if (this.#cards.get(from)?.heartbeats !== card.heartbeats) return;
      if (before?.heartbeats !== card.heartbeats) this.raft.heartbeatsFrom(from, card.heartbeats);
    });
  }

  #pump(): void {
    if (!this.raft.readyForChange) return;
    const acks = new Map<ServerId, ContractAck>();
    if (this.#ack !== null) acks.set(this.id, this.#ack);
    for (const [server, { ack }] of this.#cards) if (ack !== null) acks.set(server, ack);
    const { state, index } = this.raft.latest;
    const change = proposedChange(
      state,
      acks,
      (observer, target) => this.sees(observer, target),
      `${this.raft.term}.${index + 1}`,
    );
    if (change !== null) this.raft.propose(change);
  }

  #notifyCoordinator(): void {
    if (!this.#coordinating || this.#pumpArmed) return;
    this.#pumpArmed = true;
    this.#effects.push({ kind: 'timer', timer: 'pump', peer: NO_SERVER, delayMs: PUMP_DELAY_MS });
  }

  // ---- Raft behind its mutex

  #raftInput(act: () => void): void {
    if (this.#raftSyncing) {
      this.#raftInputs.push(act);
      return;
    }
    act();
    this.#afterRaft();
  }

  #afterRaft(): void {
    const { raft } = this;
    if (raft.timers.length > 0) {
      for (const { timer, peer, delayMs } of raft.timers)
        this.#effects.push({ kind: 'timer', timer, peer, delayMs });
      empty(raft.timers);
    }
    if (!raft.dirty) {
      this.#tellRaft();
      return;
    }
    raft.dirty = false;
    this.#raftSyncing = true;
    this.#sync(() => {
      this.#raftSyncing = false;
      this.durable = { raft: raft.disk, version: this.durable.version };
      this.#tellRaft();
      this.#carryOut();
      const waiting = this.#raftInputs;
      this.#raftInputs = [];
      for (const act of waiting) this.#raftInput(act);
    });
  }

  /** Nothing becomes known, to peers or in the trace, before it is on disk: a crash would undo it. */
  #tellRaft(): void {
    const { events, outbox } = this.raft;
    if (events.length > 0) {
      for (const event of events) this.#event(event);
      empty(events);
    }
    if (outbox.length > 0) {
      for (const { to, message } of outbox) this.#send(to, { kind: 'raft', raft: message });
      empty(outbox);
    }
  }

  #carryOut(): void {
    const { raft } = this;
    const before = this.#carriedOut;
    if (raft.committed.index === before.index) return;
    this.#carriedOut = raft.committed;
    const { state, index } = raft.committed;
    if (raft.mode === 'leader' && state.contractId !== before.state.contractId) {
      this.#event({ kind: 'contract', index, before: before.state.contract, after: state.contract });
    }
    this.executor.carryOut(state);
  }

  // ---- what others and the host see

  /** Tells every connected server when this one's entry in the directory has changed, and looks whether it coordinates. */
  #refresh(): void {
    const ready = this.raft.readyForChange;
    if (ready !== this.#coordinating) {
      this.#coordinating = ready;
      if (ready) {
        this.#notifyCoordinator();
      } else if (this.#pumpArmed) {
        this.#pumpArmed = false;
        this.#effects.push({ kind: 'timer', timer: 'pump', peer: NO_SERVER, delayMs: null });
      }
    }
    const { heartbeats, ack, sees, primaryOf } = this.#card;
    // A leader begins its virtual heartbeats when its term is on disk.
    const announced = this.#raftSyncing ? heartbeats : this.raft.heartbeats;
    const same = announced === heartbeats && this.#ack === ack && this.#primaryOf === primaryOf;
    if (same && sameIds(this.#sees, sees)) return;
    this.#card = { heartbeats: announced, ack: this.#ack, sees: this.#sees, primaryOf: this.#primaryOf };
    const message: Message = { kind: 'card', card: this.#card };
    for (const peer of this.#open) this.#effects.push({ kind: 'send', to: peer, message });
    this.#notifyCoordinator();
  }

  #services(nextNumber: () => number): Services {
    const server = this;
    return {
      id: this.id,
      send: (to, message) => this.#send(to, message),
      afterSync: (then) => this.#sync(then),
      get version() {
        return server.durable.version;
      },
      stored: (version) => {
        this.durable = { raft: this.durable.raft, version };
      },
      acknowledge: (ack) => {
        this.#ack = ack;
      },
      publishPrimary: (branch) => {
        this.#primaryOf = branch;
      },
      primaryOf: (peer) => this.#cards.get(peer)?.primaryOf ?? null,
      nextNumber,
      replicasChanged: (ready) => this.#event({ kind: 'replicas', ready }),
      writeDone: (write, version, outcome) => this.#event({ kind: 'write-done', write, version, outcome }),
    };
  }

  #sync(then: () => void): void {
    const number = ++this.#syncNumber;
    this.#syncs.set(number, then);
    this.#effects.push({ kind: 'sync', number });
  }

  #send(to: ServerId, message: Message): void {
    if (this.#open.has(to)) this.#effects.push({ kind: 'send', to, message });
  }

  #event(event: ServerEvent): void {
    this.#effects.push({ kind: 'event', event });
  }
}

function sameIds(a: readonly ServerId[], b: readonly ServerId[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
