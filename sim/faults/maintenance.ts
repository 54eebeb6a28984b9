/**
 * Planned maintenance: nodes are stopped in good order and started again, one after another, by a calendar or once. A
 * guard keeps a quorum: where a stop would leave too few voters of a system, it waits.
 */
import { quantile } from '../kernel/distribution.ts';
import type { Kernel, Stream } from '../kernel/kernel.ts';
import { RandomStream } from '../kernel/streams.ts';
import { HOUR, MAX_TIME_US, periodicTimeUs, SECOND } from '../kernel/time.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import type { System } from '../systems/system.ts';
import type { Node } from '../world/node.ts';
import type { World } from '../world/world.ts';
import type { Booked, FaultBook } from './fault-book.ts';
import type { MaintenanceSpec } from './operators-spec.ts';
import { type GuardVerdict, mayStop } from './quorum-guard.ts';
import { select } from './selector.ts';
import { stopNode } from './stop.ts';
import { listed, selectorWords } from './words.ts';

/** How soon a stop that has to wait is looked at again: at first, and ever more seldom while nothing changes. */
const LOOK_AGAIN_US = 10 * SECOND;
const LOOK_AGAIN_MAX_US = HOUR;

interface Round {
  readonly booked: Booked;
  readonly number: number;
  readonly left: Node[];
  readonly stopped: Node[];
  readonly refused: string[];
  /** The node that waits for the guard was told of. */
  told: boolean;
  /** Whether the round is waiting to look again, for how long, and which look is meant. */
  waitUs: number | null;
  look: number;
}

export class Maintenance {
  readonly #kernel: Kernel;
  readonly #world: World;
  readonly #book: FaultBook;
  readonly #spec: MaintenanceSpec;
  readonly #stream: Stream;
  readonly #systems: () => readonly System[];
  /** Nodes that any maintenance is stopping or has stopped. */
  readonly #leaving: Set<Node>;
  #events = 0;
  #rounds = 0;
  #round: Round | null = null;

  constructor(
    kernel: Kernel,
    world: World,
    book: FaultBook,
    spec: MaintenanceSpec,
    name: string,
    systems: () => readonly System[],
    leaving: Set<Node>,
  ) {
    this.#kernel = kernel;
    this.#world = world;
    this.#book = book;
    this.#spec = spec;
    this.#systems = systems;
    this.#leaving = leaving;
    this.#stream = kernel.stream(name, (_n: number, act: () => void) => act());
  }

  start(): void {
    this.#at(this.#spec.atUs, () => this.#date(0));
  }

  /** Something changed: whoever waits looks again soon. */
  worldChanged(): void {
    const round = this.#round;
    if (round === null || round.waitUs === null || round.waitUs <= LOOK_AGAIN_US) return;
    this.#lookAgain(round, LOOK_AGAIN_US);
  }

  #at(atUs: number, act: () => void): void {
    if (atUs <= MAX_TIME_US) this.#kernel.schedule(atUs, this.#stream, this.#events++, act);
  }

  /** A date of the calendar; while the round before is still going on it passes unused. */
  #date(k: number): void {
    const { atUs, periodUs } = this.#spec;
    if (periodUs !== null) this.#at(periodicTimeUs(atUs, periodUs, k + 1), () => this.#date(k + 1));
    if (this.#round === null) this.#begin();
  }

  #begin(): void {
    const { name, order } = this.#spec;
    const nodes = new Set(
      order.flatMap((selector) => select(selector, this.#world, this.#systems(), () => 0)),
    );
    const visible = [...nodes].filter((node) => !node.spec.hidden);
    const turns = visible.length > 1 ? ', one after another,' : '';
    const title = `${name || 'maintenance'}: ${listed(order.map(selectorWords))}${turns} stopped and started again`;
    const booked = this.#book.begin({ index: -1, kind: 'maintenance', title, entity: name }, NO_CAUSE);
    const round: Round = {
      booked,
      number: this.#rounds++,
      left: visible,
      stopped: [],
      refused: [],
      told: false,
      waitUs: null,
      look: 0,
    };
    booked.hadEffect = () => round.stopped.length > 0;
    booked.note = () => round.refused[0] ?? 'no node was there to be stopped';
    this.#round = round;
    this.#next(round);
  }

  /** On to the next node: stops it, waits for it, or ends the round. */
  #next(round: Round): void {
    for (;;) {
      const [node] = round.left;
      if (node === undefined || this.#isTooLate(round)) {
        this.#finish(round);
        return;
      }
      const verdict = this.#verdict(node);
      if (verdict.kind === 'go') {
        this.#stop(round, node);
        return;
      }
      const never = verdict.kind === 'never';
      if (!round.told || never) {
        const word = never ? 'maintenance-refused' : 'maintenance-waits';
        this.#record(node.name, word, verdict.why, round.booked.event);
      }
      if (!never) {
        round.told = true;
        const { waitUs } = round;
        this.#lookAgain(round, waitUs === null ? LOOK_AGAIN_US : Math.min(2 * waitUs, LOOK_AGAIN_MAX_US));
        return;
      }
      round.refused.push(verdict.why);
      round.left.shift();
      round.told = false;
    }
  }

  #isTooLate(round: Round): boolean {
    const { windowUs } = this.#spec;
    if (windowUs === null || this.#kernel.nowUs < round.booked.fromUs + windowUs) return false;
    const names = listed(round.left.map((one) => one.name));
    const detail = `the window is over before ${names}`;
    this.#record('', 'maintenance-ends', detail, round.booked.event);
    if (round.refused.length === 0) round.refused.push(detail);
    return true;
  }

  #verdict(node: Node): GuardVerdict {
    if (this.#leaving.has(node)) return { kind: 'wait', why: `${node.name} is being stopped already` };
    if (!node.running) return { kind: 'wait', why: `${node.name} is down` };
    return mayStop(node, this.#spec.guard, this.#systems(), this.#world, this.#leaving);
  }

  #lookAgain(round: Round, waitUs: number): void {
    round.waitUs = waitUs;
    const look = ++round.look;
    this.#at(this.#kernel.nowUs + waitUs, () => {
      if (round.look === look && round.waitUs !== null) this.#next(round);
    });
  }

  #stop(round: Round, node: Node): void {
    round.left.shift();
    round.stopped.push(node);
    round.told = false;
    round.waitUs = null;
    round.booked.nodes = round.stopped.map((one) => one.name);
    this.#leaving.add(node);
    const { name, duration, settleUs } = this.#spec;
    const detail = `stopped for ${name || 'maintenance'}`;
    const event = this.#record(node.name, 'maintenance', detail, round.booked.event);
    const stopped = stopNode(node, { cause: event, world: this.#world });
    // Each node has a stream of its own: another one in the order changes nothing for it.
    const luck = new RandomStream(this.#kernel.seed, `${this.#stream.name}/${node.name}`);
    const downUs = Math.max(1, Math.round(quantile(duration, luck.uniform(round.number))));
    this.#at(this.#kernel.nowUs + downUs, () => {
      const started = this.#record(node.name, 'maintenance-ends', 'started again', event);
      this.#leaving.delete(node);
      stopped.end(started);
      this.#kernel.touch();
      if (round.left.length === 0) this.#finish(round);
      else this.#at(this.#kernel.nowUs + settleUs, () => this.#next(round));
    });
  }

  #finish(round: Round): void {
    this.#round = null;
    this.#book.end(round.booked);
  }

  #record(node: string, word: string, detail: string, cause: TraceId): TraceId {
    return this.#kernel.record('', node, word, 0, detail, cause);
  }
}
