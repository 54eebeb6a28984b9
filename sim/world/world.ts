/**
 * The world: nodes in places, the network between them, and what is wrong with them now. Faults change it; systems are
 * told of every change, in the order in which they registered.
 */
import type { Kernel } from '../kernel/kernel.ts';
import { NO_CAUSE, type TraceId } from '../kernel/trace.ts';
import { type LinkEffect, Network } from './network.ts';
import { type Hold, type HoldKind, Node } from './node.ts';
import { Places } from './places.ts';
import type { WorldSpec } from './topology.ts';

/** What a system hears of. All times are now; `cause` is the trace event of the change. */
export interface WorldListener {
  /**
   * Something is about to change, and has not yet: at one node, or (`node` null) with an effect on links that comes, goes
   * or changes. Called before anything else is, so that what is parked can wake to the world as it still is.
   */
  changing?(node: Node | null, effect: LinkEffect | null): void;
  /** Its processes are gone; `silent` when the machine lost power, so that no connection was closed. */
  nodeDown?(node: Node, silent: boolean, cause: TraceId): void;
  nodeUp?(node: Node, cause: TraceId): void;
  nodePaused?(node: Node, cause: TraceId): void;
  nodeResumed?(node: Node, cause: TraceId): void;
  diskChanged?(node: Node, cause: TraceId): void;
  clockChanged?(node: Node, cause: TraceId): void;
  /** A link effect came or went, or a machine's power did. */
  networkChanged?(cause: TraceId): void;
  /** An orderly stop was asked for: call `done` (once, now or later) when the node may go down. */
  stopping?(node: Node, cause: TraceId, done: () => void): void;
}

export class World {
  readonly kernel: Kernel;
  readonly spec: WorldSpec;
  readonly network: Network;
  readonly nodes: readonly Node[];
  readonly #byName = new Map<string, Node>();
  readonly #places: Places;
  readonly #listeners: WorldListener[] = [];

  constructor(kernel: Kernel, spec: WorldSpec) {
    this.kernel = kernel;
    this.spec = spec;
    this.network = new Network(spec);
    this.#places = new Places(spec.places);
    this.nodes = spec.nodes.map((node, index) => new Node(index, node, this.#places.zoneOf(node.place)));
    for (const node of this.nodes) this.#byName.set(node.name, node);
  }

  node(name: string): Node {
    const node = this.#byName.get(name);
    if (node === undefined) throw new Error(`no node is named ${name}`);
    return node;
  }

  /** Does the node stand in this place, at whatever depth? */
  isIn(node: Node, place: string): boolean {
    return this.#places.around(node.spec.place).includes(place);
  }

  listen(listener: WorldListener): void {
    this.#listeners.push(listener);
  }

  /** Packets from one node reach the other and the answers come back (loss aside). */
  passable(a: number, b: number): boolean {
    if (!this.nodes[a]!.powered || !this.nodes[b]!.powered) return false;
    return this.network.isClear || (!this.network.path(a, b).blocked && !this.network.path(b, a).blocked);
  }

  /** Why packets between the two do not pass: the trace event of the outage or the cut; NO_CAUSE when they do. */
  blockCause(a: number, b: number): TraceId {
    for (const node of [this.nodes[b]!, this.nodes[a]!]) if (!node.powered) return node.cause;
    const there = this.network.path(a, b);
    const path = there.blocked ? there : this.network.path(b, a);
    // A user's request that is stopped feels the fault as a message does.
    for (const effect of path.effects) effect.felt++;
    return path.blockCause;
  }

  /** Puts a hold on a node and tells the systems what that changed; false when it changed nothing. */
  addHold(node: Node, hold: Hold): boolean {
    return this.#change(node, hold.kind, hold.cause, () => node.addHold(hold));
  }

  removeHold(node: Node, hold: Hold, cause: TraceId): boolean {
    return this.#change(node, hold.kind, cause, () => node.removeHold(hold, this.kernel.nowUs));
  }

  /** Asks every system to let go of the node in good order, then calls `done`. */
  stop(node: Node, cause: TraceId, done: () => void): void {
    this.#changing(node, null);
    let waiting = 1;
    const oneDone = () => {
      if (--waiting === 0) done();
    };
    for (const listener of this.#listeners) {
      if (listener.stopping === undefined) continue;
      waiting++;
      listener.stopping(node, cause, oneDone);
    }
    oneDone();
  }

  addEffect(effect: LinkEffect): void {
    this.#changing(null, effect);
    this.network.addEffect(effect);
    this.#networkChanged(effect.cause);
  }

  /** A step of an effect that grows or fades. */
  changeEffect(effect: LinkEffect, addUs: number): void {
    this.#changing(null, effect);
    effect.addUs = addUs;
    this.network.changedEffect();
    this.#networkChanged(effect.cause);
  }

  removeEffect(effect: LinkEffect, cause: TraceId): void {
    this.#changing(null, effect);
    this.network.removeEffect(effect);
    this.#networkChanged(cause);
  }

  #change(node: Node, kind: HoldKind, cause: TraceId, apply: () => void): boolean {
    const before = {
      powered: node.powered,
      running: node.running,
      paused: node.paused,
      rate: node.clockRate,
    };
    const stalled = node.diskStalled;
    this.#changing(node, null);
    apply();
    this.kernel.touchWorld();
    if (kind === 'disk') {
      this.#record(node, node.troubleCause('disk') === NO_CAUSE ? 'disk-normal' : stalledWord(node), cause);
      for (const listener of this.#listeners) listener.diskChanged?.(node, cause);
      return stalled !== node.diskStalled || !stalled;
    }
    if (kind === 'clock') {
      if (before.rate === node.clockRate) return false;
      this.#record(node, 'clock-changed', cause);
      for (const listener of this.#listeners) listener.clockChanged?.(node, cause);
      return true;
    }
    let changed = false;
    if (node.spec.hidden) {
      node.cause = cause;
      if (before.powered === node.powered) return false;
      this.#networkChanged(cause);
      return true;
    }
    if (before.running !== node.running) {
      changed = true;
      node.cause = this.#record(node, node.running ? 'node-up' : 'node-down', cause);
      for (const listener of this.#listeners) {
        if (node.running) listener.nodeUp?.(node, node.cause);
        else listener.nodeDown?.(node, !node.powered, node.cause);
      }
    }
    if (before.powered !== node.powered) {
      changed = true;
      this.#networkChanged(node.cause);
    }
    // What ends is not told of as going on.
    if (before.paused !== node.paused && node.running) {
      changed = true;
      const event = this.#record(node, node.paused ? 'node-paused' : 'node-resumed', cause);
      node.cause = event;
      for (const listener of this.#listeners) {
        if (node.paused) listener.nodePaused?.(node, event);
        else listener.nodeResumed?.(node, event);
      }
    }
    return changed;
  }

  #changing(node: Node | null, effect: LinkEffect | null): void {
    for (const listener of this.#listeners) listener.changing?.(node, effect);
  }

  #networkChanged(cause: TraceId): void {
    this.kernel.touchWorld();
    for (const listener of this.#listeners) listener.networkChanged?.(cause);
  }

  #record(node: Node, event: string, cause: TraceId): TraceId {
    const detail = event === 'node-down' ? (node.powered ? 'ended' : 'went dark') : (WORDS[event] ?? event);
    return this.kernel.record('', node.name, event, 0, `${detail} in ${node.zone}`, cause);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  'node-up': 'came back',
  'node-paused': 'froze',
  'node-resumed': 'went on',
  'disk-stalled': 'waits for its disk',
  'disk-slow': 'writes slowly',
  'disk-normal': 'writes as usual again',
  'clock-changed': 'runs on a clock of another speed',
};

function stalledWord(node: Node): string {
  return node.diskStalled ? 'disk-stalled' : 'disk-slow';
}
