import type { RaftConfig } from '../config.ts';
import type { DurableState } from '../disk.ts';
import { membershipOf } from '../membership.ts';
import { type Entry, type Message, type MessageType, newMessage } from '../message.ts';
import type { Observer, Role } from '../observer.ts';
import { Raft } from '../raft.ts';
import { emptyDisk, InstantNetwork } from './instant-network.ts';
import { runStep } from './script.ts';

/** Settings of all nodes of a test's group; conformance.md's conventions are the defaults (E = 10, heartbeat 1). */
export interface GroupOptions extends Partial<Omit<RaftConfig, 'id'>> {
  readonly n?: number;
  readonly startTerm?: number;
  /** Terms of the entries that each node starts with, by id. */
  readonly logs?: Readonly<Record<number, readonly number[]>>;
  readonly observer?: Observer;
}

export function configOf(id: number, options: GroupOptions = {}): RaftConfig {
  const { n = 3, startTerm: _, logs: __, observer: ___, ...config } = options;
  return {
    id,
    voters: Array.from({ length: n }, (_, i) => i + 1),
    electionTick: 10,
    heartbeatTick: 1,
    drawTimeout: () => 0,
    ...config,
  };
}

/** Draws for tests: a small linear congruential generator, the same for the same seed. */
export function dice(seed: number): (spread: number) => number {
  let state = seed;
  return (spread) => {
    state = (state * 48271) % 2147483647;
    return state % spread;
  };
}

/** A group over an instant network. */
export function group(options: GroupOptions = {}): InstantNetwork {
  const first = configOf(1, options);
  const ids = [...first.voters, ...(first.learners ?? [])];
  return new InstantNetwork(
    ids.map((id) => configOf(id, options)),
    (config) => diskWith(config, options.logs?.[config.id] ?? [], options.startTerm ?? 0),
    options.observer ?? null,
  );
}

/** A disk whose log has entries of these terms; nothing is committed. */
export function diskWith(config: RaftConfig, terms: readonly number[], term = 0): DurableState {
  const entries = entriesOf(1, terms);
  return { ...emptyDisk(config, Math.max(term, ...terms, 0)), entries };
}

export function entriesOf(from: number, terms: readonly number[]): Entry[] {
  return terms.map((term, i) => ({ index: from + i, term, data: null, change: null }));
}

/** One node whose peers are the test itself. */
export function solo(options: GroupOptions = {}, id = 1): Raft {
  const config = configOf(id, options);
  const disk = diskWith(config, options.logs?.[id] ?? [], options.startTerm ?? 0);
  return new Raft(config, disk, options.observer ?? null);
}

/** A message to node 1 with the given fields. */
export function msg(type: MessageType, from: number, term: number, fields: Partial<Message> = {}): Message {
  return { ...newMessage(type, from, fields.to ?? 1, term), ...fields };
}

/** Lets the disk answer and takes what the node has to send. */
export function drain(node: Raft): Message[] {
  while (node.hasUnsynced) node.persisted();
  return node.outbox.splice(0);
}

/** Steps a message into the node and returns its answers. */
export function ask(node: Raft, message: Message): Message[] {
  node.step(message);
  return drain(node);
}

/** Makes node 1 of a `solo` leader in the next term, by the votes of `voters`. */
export function elect(node: Raft, voters: readonly number[]): void {
  node.campaign();
  drain(node);
  for (const voter of voters) ask(node, msg('MsgVoteResp', voter, node.term));
}

export function membership(voters: readonly number[], learners: readonly number[] = []) {
  return membershipOf(voters, learners);
}

const LETTERS: Readonly<Record<Role, string>> = {
  Follower: 'F',
  PreCandidate: 'P',
  Candidate: 'C',
  Leader: 'L',
};

/** Role and term of every node in the order of ids: `L1 F1 C2`. */
export function states(net: InstantNetwork): string {
  return all(net, (node) => `${LETTERS[node.state]}${node.term}`);
}

const COLUMNS: Readonly<Record<string, (node: Raft) => number>> = {
  last: (node) => node.lastIndex,
  commit: (node) => node.commit,
  lead: (node) => node.lead,
  vote: (node) => node.vote,
  elapsed: (node) => node.electionElapsed,
};

/**
 * Plays a scenario: each line is `op; op => L1 F1 F1 | last 1 1 1 | commit ...` with the ops of raft-traces.jsonl
 * and what to compare after them. Returns the lines as they came out, so that a test compares text with text.
 */
export function play(net: InstantNetwork, scenario: string): string {
  return linesOf(scenario)
    .map((line) => {
      const [ops, expected = ''] = line.split(' => ');
      runStep(net, ops!);
      const columns = expected.split(' | ').slice(1);
      const got = columns.map((column) => {
        const name = column.split(' ')[0]!;
        return `${name} ${all(net, COLUMNS[name]!)}`;
      });
      return `${ops} => ${[states(net), ...got].join(' | ')}`;
    })
    .join('\n');
}

/** The scenario's text as `play` would return it. */
export function linesOf(scenario: string): string[] {
  return scenario
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function all(net: InstantNetwork, of: (node: Raft) => number | string): string {
  return [...net.nodes.values()].map(of).join(' ');
}
