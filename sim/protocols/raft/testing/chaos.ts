import type { RaftConfig } from '../config.ts';
import type { ConfChange } from '../membership.ts';
import { isJoint } from '../membership.ts';
import type { Entry, Message } from '../message.ts';
import { Raft } from '../raft.ts';

/** One step of a random history; numbers are taken modulo what there is to choose from. */
export type Command =
  | { readonly do: 'deliver' | 'drop' | 'duplicate'; readonly which: number }
  | { readonly do: 'settle'; readonly messages: number }
  | { readonly do: 'tick'; readonly node: number; readonly times: number }
  | {
      readonly do: 'campaign' | 'propose' | 'crash' | 'sync' | 'apply' | 'compact' | 'read';
      readonly node: number;
    }
  | { readonly do: 'transfer'; readonly node: number; readonly to: number }
  | { readonly do: 'change'; readonly node: number; readonly change: ConfChange }
  | { readonly do: 'partition'; readonly side: number }
  /**
   * The nodes whose bit is set in `among` hear each other for a while; with `elect` first one of them campaigns.
   * If bit 0 (which is no node) is set, their disks answer meanwhile.
   */
  | { readonly do: 'meet'; readonly among: number; readonly messages: number }
  | { readonly do: 'elect'; readonly node: number; readonly among: number };

export interface ChaosSettings extends Omit<RaftConfig, 'id' | 'drawTimeout'> {
  readonly nodes: number;
  /** Writes to disk finish only by `sync`; otherwise at once. */
  readonly slowDisks: boolean;
}

/** The network loses what goes beyond this. */
const IN_FLIGHT_MAX = 200;

/**
 * A group under faults, which checks Raft's five promises after each command. Its host keeps a candidate's requests
 * back until its vote is on disk, as etcd's server does.
 */
export class Chaos {
  readonly nodes: Raft[] = [];
  private readonly settings: ChaosSettings;
  private readonly inFlight: Message[] = [];
  private side = 0;
  private draws = 0;
  private proposals = 0;
  private readonly incarnation: number[] = [];
  private readonly leaderOf: Map<number, string> = new Map();
  private readonly appended: Map<string, { readonly entry: Entry; readonly prevTerm: number }> = new Map();
  /** By index, with the term in which it was first known to be committed (an old entry may be committed late). */
  private readonly committed: Map<number, { readonly entry: Entry; readonly term: number }> = new Map();
  /** Highest index applied by anybody, when a read with this context was asked for. */
  private readonly reads: Map<number, number> = new Map();
  private highestApplied = 0;
  /** The node that is at work led when its input came. */
  private leading = false;
  /** Some node knew a single voter: the library's shortcut for those is not linearizable (see reading.ts). */
  private hadSingleton = false;
  /** How often something interesting happened, to see that the histories are not idle. */
  readonly seen = { leaders: 0, commits: 0, changes: 0, snapshots: 0, joint: 0, reads: 0, crashes: 0 };

  constructor(settings: ChaosSettings) {
    this.settings = settings;
    for (let id = 1; id <= settings.nodes; id++) this.nodes.push(this.start(id, null));
  }

  private start(id: number, before: Raft | null): Raft {
    const { nodes: _, slowDisks: __, ...config } = this.settings;
    this.incarnation[id] = (this.incarnation[id] ?? 0) + 1;
    // Any sequence will do; this one keeps timeouts apart and needs no generator.
    const drawTimeout = (spread: number) => (this.draws++ * 7 + id) % spread;
    return new Raft({ ...config, id, drawTimeout }, before?.durable() ?? null);
  }

  run(command: Command): void {
    switch (command.do) {
      case 'deliver':
      case 'duplicate':
      case 'drop':
        this.takeMessage(command.which, command.do);
        break;
      case 'settle':
        for (let i = 0; i < command.messages && this.inFlight.length > 0; i++) this.takeMessage(0, 'deliver');
        break;
      case 'partition':
        this.side = command.side;
        break;
      case 'meet':
        this.meet(command.among, command.messages, false);
        break;
      default:
        this.runAt(this.nodes[command.node % this.nodes.length]!, command);
    }
  }

  private runAt(node: Raft, command: Extract<Command, { node: number }>): void {
    this.leading = node.state === 'Leader';
    switch (command.do) {
      case 'tick':
        for (let i = 0; i < command.times; i++) node.tick();
        break;
      case 'campaign':
        node.campaign();
        break;
      case 'elect':
        node.campaign();
        this.afterInput(node);
        if ((command.among & 1) === 1) this.syncAll(node);
        this.meet(command.among | (1 << node.id), 40, true);
        break;
      case 'propose':
        node.propose(++this.proposals);
        break;
      case 'transfer':
        node.transferLeadership((command.to % this.nodes.length) + 1);
        break;
      case 'change':
        node.proposeConfChange(command.change);
        break;
      case 'read':
        this.reads.set(++this.proposals, this.highestApplied);
        node.readIndex(this.proposals);
        break;
      case 'crash':
        this.seen.crashes++;
        node = this.nodes[node.id - 1] = this.start(node.id, node);
        break;
      case 'sync':
        if (node.disk.syncing) node.persisted();
        else if (node.hasUnsynced && !node.startSync()) node.persisted();
        break;
      case 'apply':
        node.applyCommitted((entry) => this.checkApplied(node, entry));
        break;
      case 'compact':
        node.compact(command.node % 3);
        break;
    }
    this.afterInput(node);
  }

  /** Delivers, in order, up to `messages` of those between the nodes of the mask, or only of those of an election. */
  private meet(among: number, messages: number, electionOnly: boolean): void {
    for (let i = 0; i < messages; i++) {
      const index = this.inFlight.findIndex(
        (m) =>
          ((among >> m.from) & 1) === 1 &&
          ((among >> m.to) & 1) === 1 &&
          (!electionOnly || m.type.includes('Vote')),
      );
      if (index < 0) return;
      const to = this.inFlight[index]!.to;
      this.takeMessage(index, 'deliver');
      if ((among & 1) === 1) this.syncAll(this.nodes[to - 1]!);
    }
  }

  private syncAll(node: Raft): void {
    while (node.hasUnsynced || node.disk.syncing) {
      node.persisted();
      this.afterInput(node);
    }
  }

  private takeMessage(which: number, how: 'deliver' | 'drop' | 'duplicate'): void {
    if (this.inFlight.length === 0) return;
    const index = which % this.inFlight.length;
    const message = this.inFlight[index]!;
    if (how !== 'duplicate') this.inFlight.splice(index, 1);
    if (how === 'drop' || ((this.side >> message.from) & 1) !== ((this.side >> message.to) & 1)) return;
    const node = this.nodes[message.to - 1]!;
    if (message.type === 'MsgSnap') this.seen.snapshots++;
    this.leading = node.state === 'Leader';
    node.step(message);
    this.afterInput(node);
  }

  /** What a host does after each input, and the checks. */
  private afterInput(node: Raft): void {
    if (!this.settings.slowDisks) {
      while (node.hasUnsynced) node.persisted();
    }
    const isDurable = !node.hasUnsynced && !node.disk.syncing;
    if (isDurable || !node.outbox.some((message) => message.type === 'MsgVote')) {
      this.inFlight.push(...node.outbox.splice(0));
      this.inFlight.splice(0, Math.max(0, this.inFlight.length - IN_FLIGHT_MAX));
    }
    this.checkLeader(node);
    this.checkLog(node);
    this.checkReads(node);
  }

  /** Election safety (one leader a term, not even itself again after a crash) and leader completeness. */
  private checkLeader(node: Raft): void {
    if (node.state !== 'Leader') return;
    const name = `${node.id}.${this.incarnation[node.id]}`;
    const known = this.leaderOf.get(node.term);
    if (known === name) return;
    if (known !== undefined)
      throw new Error(`election safety: ${known} and ${name} both lead term ${node.term}`);
    this.leaderOf.set(node.term, name);
    this.seen.leaders++;
    for (const [index, { entry, term }] of this.committed) {
      if (index <= node.log.compactedIndex || term >= node.term) continue;
      if (node.log.termAt(index) !== entry.term) {
        throw new Error(
          `leader completeness: leader ${name} of term ${node.term} lacks committed entry ${index}`,
        );
      }
    }
  }

  /** Log matching, and that what is committed stays what it is. */
  private checkLog(node: Raft): void {
    const { log } = node;
    for (const entry of log.entries) {
      const key = `${entry.index}/${entry.term}`;
      const prevTerm = log.termAt(entry.index - 1);
      const known = this.appended.get(key);
      if (known === undefined) this.appended.set(key, { entry, prevTerm });
      else if (
        known.entry.data !== entry.data ||
        known.entry.change !== entry.change ||
        known.prevTerm !== prevTerm
      ) {
        throw new Error(`log matching: entry ${key} differs on node ${node.id}`);
      }
    }
    for (let i = Math.max(log.compactedIndex, node.log.applied) + 1; i <= log.committed; i++) {
      this.checkCommitted(node, log.entryAt(i));
    }
  }

  private checkCommitted(node: Raft, entry: Entry): void {
    const known = this.committed.get(entry.index)?.entry;
    if (known === undefined) {
      this.seen.commits++;
      this.checkFirstCommit(node, entry);
      this.committed.set(entry.index, { entry, term: node.term });
    } else if (known.term !== entry.term || known.data !== entry.data) {
      throw new Error(
        `state machine safety: node ${node.id} commits (${entry.index}, term ${entry.term}), another had term ${known.term}`,
      );
    }
  }

  /** Only a leader finds out that an entry is committed, and only when it is on the disks of a quorum. */
  private checkFirstCommit(node: Raft, { index, term }: Entry): void {
    if (node.state !== 'Leader' && !this.leading) {
      throw new Error(`commit: node ${node.id} commits entry ${index} before any leader`);
    }
    for (const half of [node.membership.voters, node.membership.outgoing]) {
      const holders = half.filter((id) => {
        const { entries, compactedIndex } = this.nodes[id - 1]!.disk;
        return index <= compactedIndex || entries[index - compactedIndex - 1]?.term === term;
      });
      if (half.length > 0 && holders.length * 2 <= half.length) {
        throw new Error(
          `commit: leader ${node.id} commits entry ${index}, which is on disk at ${holders} of ${half}`,
        );
      }
    }
  }

  private checkApplied(node: Raft, entry: Entry): void {
    this.checkCommitted(node, entry);
    this.highestApplied = Math.max(this.highestApplied, entry.index);
    if (entry.change !== null) this.seen.changes++;
    if (isJoint(node.membership)) this.seen.joint++;
  }

  /** A read sees at least what anybody had applied when it was asked for. */
  private checkReads(node: Raft): void {
    this.hadSingleton ||= node.incoming.length === 1;
    for (const { index, context } of node.readStates.splice(0)) {
      const asked = this.reads.get(context)!;
      if (this.hadSingleton) continue;
      this.seen.reads++;
      if (index < asked)
        throw new Error(`linearizability: read ${context} at ${index}, but ${asked} was applied before`);
    }
  }
}
