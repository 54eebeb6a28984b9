import type { Raft } from '../../sim/protocols/raft/index.ts';
import { emptyDisk, InstantNetwork } from '../../sim/protocols/raft/testing/instant-network.ts';
import { ExpectationError, runStep, ScriptError } from '../../sim/protocols/raft/testing/script.ts';
import { type NodeState, type Trace, TraceError } from './trace.ts';

/** The first thing in which a replay differs from its trace. */
export interface Difference {
  /** Counted from 1. */
  readonly step: number;
  readonly op: string;
  /** 0: no node, for instance no leader at all. */
  readonly node: number;
  readonly field: string;
  readonly expected: string | number;
  readonly got: string | number;
}

/**
 * Replays a trace and compares every node after every step; null if all is the same. `drawTimeout` decides the
 * randomized timeouts, of which no trace may depend. Throws TraceError for an op that cannot be done.
 */
export function replay(trace: Trace, drawTimeout: (spread: number) => number): Difference | null {
  const net = groupOf(trace, drawTimeout);
  for (const [i, { op, nodes }] of trace.steps.entries()) {
    const at = { step: i + 1, op };
    try {
      runStep(net, op);
    } catch (error) {
      return differenceOf(error, at);
    }
    for (const expected of nodes) {
      const difference = compare(expected, net.node(expected.id));
      if (difference !== null) return { ...at, ...difference };
    }
  }
  return null;
}

function groupOf(trace: Trace, drawTimeout: (spread: number) => number): InstantNetwork {
  const voters = Array.from({ length: trace.n }, (_, i) => i + 1);
  const { electionTick, heartbeatTick, preVote, checkQuorum, startTerm } = trace;
  try {
    return new InstantNetwork(
      voters.map((id) => ({ id, voters, electionTick, heartbeatTick, preVote, checkQuorum, drawTimeout })),
      (config) => emptyDisk(config, startTerm),
    );
  } catch (error) {
    throw new TraceError((error as Error).message);
  }
}

/** A wrong op is the file's mistake and is thrown; all else is a difference, a broken invariant too. */
function differenceOf(error: unknown, at: { step: number; op: string }): Difference {
  if (error instanceof ScriptError) throw new TraceError(`step ${at.step}: ${error.message}`);
  if (error instanceof ExpectationError) {
    return { ...at, node: error.node, field: 'transferee', expected: error.expected, got: error.got };
  }
  return { ...at, node: 0, field: 'error', expected: 'none', got: (error as Error).message };
}

function compare(expected: NodeState, node: Raft): Omit<Difference, 'step' | 'op'> | null {
  const got: NodeState = {
    id: node.id,
    state: node.state,
    term: node.term,
    lead: node.lead,
    vote: node.vote,
    last: node.lastIndex,
    lastTerm: node.lastTerm,
    commit: node.commit,
    elapsed: node.electionElapsed,
  };
  for (const field of Object.keys(got) as (keyof NodeState)[]) {
    if (got[field] !== expected[field]) {
      return { node: node.id, field, expected: expected[field], got: got[field] };
    }
  }
  return null;
}
