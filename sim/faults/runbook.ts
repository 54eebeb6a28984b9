/**
 * What people do when a system has had no quorum for too long: they notice, come, take their time, and make a quorum of
 * what is left; then they join the other members again, one by one. Called off when the quorum comes back by itself.
 */
import { type Distribution, quantile } from '../kernel/distribution.ts';
import type { Kernel, Stream } from '../kernel/kernel.ts';
import type { EventId } from '../kernel/queue.ts';
import { RandomStream } from '../kernel/streams.ts';
import { HOUR, MAX_TIME_US, SECOND } from '../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { System } from '../systems/system.ts';
import type { World } from '../world/world.ts';
import type { Crews } from './crews.ts';
import type { Booked, FaultBook } from './fault-book.ts';
import type { RunbookKind, RunbookSpec } from './operators-spec.ts';
import { largestSet, votersOf } from './quorum-guard.ts';
import { listed } from './words.ts';

const REACTION_LANE = 0;
const DURATION_LANE = 1;

/** A member that cannot be joined yet is tried again: at first, and ever more seldom while nothing changes. */
const TRY_AGAIN_US = SECOND;
const TRY_AGAIN_MAX_US = HOUR;

const WHAT: Readonly<Record<RunbookKind, string>> = {
  'force-new-cluster': 'force-new-cluster',
  'emergency-repair': 'emergency repair',
  restore: 'restore from the backup',
};

/** What may be lost, in words. */
const LOSS: Readonly<Record<RunbookKind, string>> = {
  'force-new-cluster': 'what the survivor had not got is lost',
  'emergency-repair': 'writes that only the dead replicas had are lost',
  restore: 'what was written since the backup is lost',
};

export class Runbook {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #book: FaultBook;
  readonly #crews: Crews;
  readonly #spec: RunbookSpec;
  readonly #stream: Stream;
  #system: System | null = null;
  #events = 0;
  #rounds = 0;
  /** Since when a quorum is missing: the event that will call people. */
  #missing: EventId | null = null;
  /** People are on their way, or at work. */
  #booked: Booked | null = null;
  #pending: EventId = -1;
  /** Waits for the crew; has it. */
  #begins: (() => void) | null = null;
  #hasCrew = false;
  #rejoining: { readonly node: string; event: TraceId; begun: boolean } | null = null;
  readonly #rejoins = new Map<string, number>();
  #tryUs = TRY_AGAIN_US;
  /** The work is done, but nobody ran from whom a quorum could be made. */
  #waitsForSurvivor = false;

  constructor(kernel: Kernel, world: World, book: FaultBook, crews: Crews, spec: RunbookSpec, name: string) {
    this.#kernel = kernel;
    this.#world = world;
    this.#book = book;
    this.#crews = crews;
    this.#spec = spec;
    this.#stream = kernel.stream(name, (_n: number, act: () => void) => act());
  }

  start(systems: readonly System[]): void {
    this.#system = systems.find(({ spec }) => spec.name === this.#spec.system) ?? null;
    this.worldChanged();
  }

  /** A node or a link is not what it was. */
  worldChanged(): void {
    const system = this.#system;
    if (system?.recovery === undefined) return;
    if (this.#hasQuorum(system)) {
      if (this.#missing !== null) this.#kernel.cancel(this.#missing);
      this.#missing = null;
      if (this.#booked !== null && this.#rejoining === null) this.#callOff();
      if (this.#rejoining === null && system.recovery.outside().length > 0 && this.#booked === null)
        this.#rejoinNext(null);
    } else if (this.#missing === null && (this.#booked === null || this.#rejoining !== null)) {
      this.#missing = this.#at(this.#kernel.nowUs + Math.max(1, this.#spec.afterUs), () => {
        this.#missing = null;
        this.#call(system);
      });
    }
    if (this.#rejoining !== null && this.#tryUs > TRY_AGAIN_US) this.#tryRejoin(TRY_AGAIN_US);
    if (this.#waitsForSurvivor) this.#recover(system);
  }

  #hasQuorum(system: System): boolean {
    return system.groups.every((group) => {
      const voters = votersOf(system, group);
      const nodes = voters.map((name) => this.#world.node(name));
      const able = nodes.filter((node) => node.active && !node.diskStalled);
      return largestSet(able, this.#world) > voters.length / 2;
    });
  }

  /** The quorum has been missing for so long that people are called. */
  #call(system: System): void {
    const { kind, reaction, crew } = this.#spec;
    // The quorum that they made is gone again, while they were joining members.
    if (this.#rejoining !== null) this.#finish(this.#rejoining.event);
    const round = this.#rounds++;
    const cause = Math.max(...system.groups.map((group) => group.status.cause));
    const title = `operators bring back a quorum of ${system.spec.name}: ${WHAT[kind]}`;
    const booked = this.#book.begin({ index: -1, kind: 'runbook', title, entity: system.spec.name }, cause);
    let acted = false;
    booked.hadEffect = () => acted || booked.nodes.length > 0;
    booked.note = () =>
      booked.toUs === null
        ? 'the run was over before they were done'
        : 'the quorum came back before they were done';
    this.#booked = booked;
    const work = () => {
      this.#hasCrew = crew !== null;
      this.#begins = null;
      this.#record(
        '',
        'repair-begins',
        `${crew ?? 'operators'} at work on ${system.spec.name}`,
        booked.event,
      );
      this.#pending = this.#after(this.#spec.duration, round, DURATION_LANE, () => {
        acted = true;
        this.#recover(system);
      });
    };
    this.#pending = this.#after(reaction, round, REACTION_LANE, () => {
      this.#pending = -1;
      if (crew === null) {
        work();
        return;
      }
      this.#begins = work;
      if (!this.#crews.request(crew, work))
        this.#record('', 'repair-waits', `everybody of ${crew} is at work`, booked.event);
    });
  }

  /** The quorum is back without them. */
  #callOff(): void {
    this.#waitsForSurvivor = false;
    if (this.#begins !== null) this.#crews.withdraw(this.#spec.crew!, this.#begins);
    this.#begins = null;
    this.#finish(this.#booked!.event);
  }

  #finish(cause: TraceId): void {
    const booked = this.#booked;
    this.#booked = null;
    this.#rejoining = null;
    if (this.#pending >= 0) this.#kernel.cancel(this.#pending);
    this.#pending = -1;
    if (this.#hasCrew) this.#crews.release(this.#spec.crew!);
    this.#hasCrew = false;
    if (booked !== null) this.#book.end(booked, cause);
  }

  #recover(system: System): void {
    const booked = this.#booked!;
    this.#pending = -1;
    const event = this.#record(
      '',
      'runbook',
      `${WHAT[this.#spec.kind]} of ${system.spec.name}: ${LOSS[this.#spec.kind]}`,
      booked.event,
    );
    const recovered = system.recovery!.recover(event);
    this.#waitsForSurvivor = recovered === null;
    if (recovered === null) return;
    booked.nodes = recovered.nodes;
    const { lostEntries } = recovered;
    const lost =
      lostEntries === null || lostEntries === 0 || this.#spec.kind === 'restore'
        ? ''
        : `; ${lostEntries} committed ${lostEntries === 1 ? 'entry is' : 'entries are'} lost`;
    this.#record(
      '',
      'recovered',
      `${system.spec.name} goes on with ${listed(recovered.nodes)}${lost}`,
      event,
    );
    this.#kernel.touch();
    this.#rejoinNext(event);
  }

  /** Joins the next member that runs, or is done for now: one that comes back later is joined then. */
  #rejoinNext(cause: TraceId | null): void {
    const outside = this.#system!.recovery!.outside();
    const node = outside.find((name) => this.#world.node(name).active);
    if (node === undefined) {
      this.#finish(cause ?? this.#booked?.event ?? NO_CAUSE);
      return;
    }
    const number = this.#rejoins.get(node) ?? 0;
    this.#rejoins.set(node, number + 1);
    // A stream of its own for each node: whoever else is joined changes nothing for it.
    const luck = new RandomStream(this.#kernel.seed, `${this.#stream.name}/rejoin/${node}`);
    const tookUs = Math.max(1, Math.round(quantile(this.#spec.rejoin, luck.uniform(number))));
    this.#rejoining = { node, event: cause ?? this.#world.node(node).cause, begun: false };
    this.#tryUs = TRY_AGAIN_US;
    this.#pending = this.#at(this.#kernel.nowUs + tookUs, () => this.#rejoin());
  }

  #rejoin(): void {
    const rejoining = this.#rejoining!;
    const { node } = rejoining;
    this.#pending = -1;
    const system = this.#system!;
    if (!this.#world.node(node).active) {
      this.#rejoinNext(rejoining.event);
      return;
    }
    if (!rejoining.begun)
      rejoining.event = this.#record(node, 'rejoin', `joins ${system.spec.name} again`, rejoining.event);
    rejoining.begun = true;
    const done = system.recovery!.rejoin(node, rejoining.event);
    this.#kernel.touch();
    if (done) this.#rejoinNext(rejoining.event);
    else this.#tryRejoin(this.#tryUs);
  }

  #tryRejoin(waitUs: number): void {
    if (this.#pending >= 0) this.#kernel.cancel(this.#pending);
    this.#tryUs = Math.min(2 * waitUs, TRY_AGAIN_MAX_US);
    this.#pending = this.#at(this.#kernel.nowUs + waitUs, () => this.#rejoin());
  }

  #after(wait: Distribution, round: number, lane: number, act: () => void): EventId {
    const us = Math.max(0, Math.round(quantile(wait, this.#stream.uniform(round, lane))));
    return this.#at(this.#kernel.nowUs + us, act);
  }

  #at(atUs: number, act: () => void): EventId {
    return atUs > MAX_TIME_US ? -1 : this.#kernel.schedule(atUs, this.#stream, this.#events++, act);
  }

  #record(node: string, word: string, detail: string, cause: TraceId): TraceId {
    return this.#kernel.record('', node, word, 0, detail, cause);
  }
}
