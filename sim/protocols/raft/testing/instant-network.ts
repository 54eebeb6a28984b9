import type { RaftConfig } from '../config.ts';
import type { DurableState } from '../disk.ts';
import { membershipOf } from '../membership.ts';
import type { Entry, Message } from '../message.ts';
import type { Observer } from '../observer.ts';
import { Raft } from '../raft.ts';

/** Longest exchange that one input may cause before it counts as an endless loop. */
const MESSAGES_MAX = 100_000;

/**
 * A group whose messages arrive at once, first in, first out, and whose disks take no time. For conformance traces and
 * tests; the simulator itself has its own network.
 */
export class InstantNetwork {
  readonly nodes: Map<number, Raft> = new Map();
  /** Told of each message that arrives; return false to drop it. */
  filter: ((message: Message) => boolean) | null = null;
  /** Told of each entry that a node applies. */
  onApply: ((node: number, entry: Entry) => void) | null = null;
  /** Nodes whose disk does not answer: nothing becomes durable, what waits for it stays. */
  readonly stalledDisks: Set<number> = new Set();
  /** Nodes that commit but do not apply. */
  readonly notApplying: Set<number> = new Set();
  private readonly queue: Message[] = [];
  private readonly cuts: Set<string> = new Set();

  /** Nodes start from what `durable` gives; without it, as a new group. */
  constructor(
    configs: readonly RaftConfig[],
    durable: ((config: RaftConfig) => DurableState | null) | null = null,
    observer: Observer | null = null,
  ) {
    for (const config of configs)
      this.nodes.set(config.id, new Raft(config, durable?.(config) ?? null, observer));
  }

  node(id: number): Raft {
    const node = this.nodes.get(id);
    if (node === undefined) throw new RangeError(`there is no node ${id}`);
    return node;
  }

  cut(a: number, b: number): void {
    this.cuts.add(a < b ? `${a}-${b}` : `${b}-${a}`);
  }

  isolate(id: number): void {
    for (const other of this.nodes.keys()) if (other !== id) this.cut(id, other);
  }

  /** Only links that end at `center` stay. */
  star(center: number): void {
    for (const a of this.nodes.keys()) {
      for (const b of this.nodes.keys()) if (a < b && a !== center && b !== center) this.cut(a, b);
    }
  }

  heal(): void {
    this.cuts.clear();
  }

  /** Lets the node finish what needs no other: its disk answers, its own messages are handled, the rest is queued. */
  flush(id: number): void {
    const node = this.node(id);
    for (;;) {
      for (const message of node.outbox) this.queue.push(message);
      node.outbox.length = 0;
      if (!this.notApplying.has(id)) node.applyCommitted((entry) => this.onApply?.(id, entry));
      if (node.outbox.length > 0) continue;
      if (!node.hasUnsynced || this.stalledDisks.has(id)) return;
      node.persisted();
    }
  }

  /** Delivers until nothing is left to deliver. */
  settle(): void {
    for (const id of this.nodes.keys()) this.flush(id);
    for (let count = 0; this.queue.length > 0; count++) {
      if (count > MESSAGES_MAX) throw new Error(`no quiet after ${MESSAGES_MAX} messages`);
      this.deliver(this.queue.shift()!);
    }
  }

  /** Runs one input at a node, then delivers. */
  run(id: number, input: (node: Raft) => void): void {
    input(this.node(id));
    this.settle();
  }

  private deliver(message: Message): void {
    const { from, to } = message;
    const node = this.nodes.get(to);
    if (node === undefined || this.cuts.has(from < to ? `${from}-${to}` : `${to}-${from}`)) return;
    if (this.filter !== null && !this.filter(message)) return;
    node.step(message);
    this.flush(to);
  }
}

/** What a node has on disk that came to `term` without a vote or an entry. */
export function emptyDisk(config: RaftConfig, term: number): DurableState {
  const snapshot = { index: 0, term: 0, membership: membershipOf(config.voters, config.learners) };
  return { term, vote: 0, commit: 0, snapshot, compactedIndex: 0, compactedTerm: 0, entries: [] };
}
