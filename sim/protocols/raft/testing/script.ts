import type { InstantNetwork } from './instant-network.ts';

/** The text is not an op, or names a node that is not there. */
export class ScriptError extends Error {
  override readonly name = 'ScriptError';
}

/** An op that is an assertion of its own did not hold. */
export class ExpectationError extends Error {
  override readonly name = 'ExpectationError';
  readonly node: number;
  readonly expected: number;
  readonly got: number;

  constructor(node: number, expected: number, got: number) {
    super(`transferee ${got}, expected ${expected}`);
    this.node = node;
    this.expected = expected;
    this.got = got;
  }
}

type Op = { readonly pattern: RegExp; readonly run: (net: InstantNetwork, ...ids: number[]) => void };

/** Every op of ground-truth/README.md (raft-traces.jsonl); the groups of a pattern are the numbers it is called with. */
const OPS: readonly Op[] = [
  { pattern: /^start$/, run: () => {} },
  { pattern: /^campaign( \d+)+$/, run: campaign },
  { pattern: /^tick (\d+) (\d+)$/, run: tick },
  {
    pattern: /^set-timeout (\d+) (\d+)$/,
    run: (net, id, ticks) => {
      net.node(id!).randomizedElectionTimeout = ticks!;
    },
  },
  { pattern: /^heartbeat (\d+)(?: (\d+))?$/, run: heartbeat },
  { pattern: /^propose (\d+)$/, run: (net, id) => net.run(id!, (node) => node.propose(null)) },
  {
    pattern: /^transfer (\d+) at (\d+)$/,
    run: (net, target, at) => net.run(at!, (node) => node.transferLeadership(target!)),
  },
  { pattern: /^expect-transferee (\d+)$/, run: expectTransferee },
  { pattern: /^cut (\d+)-(\d+)$/, run: cut },
  { pattern: /^isolate (\d+)$/, run: (net, id) => net.isolate(net.node(id!).id) },
  { pattern: /^star (\d+)$/, run: (net, id) => net.star(net.node(id!).id) },
  { pattern: /^heal$/, run: (net) => net.heal() },
  { pattern: /^expire-leases$/, run: expireLeases },
];

/** Does the ops of one step, left to right. Throws ScriptError for an unknown op, ExpectationError for a failed one. */
export function runStep(net: InstantNetwork, step: string): void {
  for (const op of step.split(';')) runOp(net, op.trim().replace(/\s+/g, ' '));
}

function runOp(net: InstantNetwork, text: string): void {
  for (const { pattern, run } of OPS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    try {
      run(net, ...(text.match(/\d+/g) ?? []).map(Number));
    } catch (error) {
      throw error instanceof RangeError ? new ScriptError(`op "${text}": ${error.message}`) : error;
    }
    return;
  }
  throw new ScriptError(`unknown op "${text}"`);
}

/** All start before any message is delivered. */
function campaign(net: InstantNetwork, ...ids: number[]): void {
  for (const id of ids) {
    net.node(id).campaign();
    net.flush(id);
  }
  net.settle();
}

function tick(net: InstantNetwork, id: number, times: number): void {
  for (let i = 0; i < times; i++) net.run(id, (node) => node.tick());
}

function heartbeat(net: InstantNetwork, id: number, to = 0): void {
  net.run(id, (node) => node.sendHeartbeats(to));
}

function cut(net: InstantNetwork, a: number, b: number): void {
  net.cut(net.node(a).id, net.node(b).id);
}

function expireLeases(net: InstantNetwork): void {
  for (const node of net.nodes.values()) {
    if (node.state !== 'Leader') node.electionElapsed = node.electionTick;
  }
}

/** "The leader" is the one of the highest term: an isolated old one may still call itself so. */
function expectTransferee(net: InstantNetwork, target: number): void {
  const leaders = [...net.nodes.values()].filter((node) => node.state === 'Leader');
  leaders.sort((a, b) => b.term - a.term);
  const leader = leaders[0];
  const got = leader?.leadTransferee ?? 0;
  if (got !== target) throw new ExpectationError(leader?.id ?? 0, target, got);
}
