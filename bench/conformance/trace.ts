import type { Role } from '../../sim/protocols/raft/index.ts';

/** One node's state after a step, as in ground-truth/README.md. */
export interface NodeState {
  readonly id: number;
  readonly state: Role;
  readonly term: number;
  readonly lead: number;
  readonly vote: number;
  readonly last: number;
  readonly lastTerm: number;
  readonly commit: number;
  readonly elapsed: number;
}

export interface Step {
  readonly op: string;
  readonly nodes: readonly NodeState[];
}

export interface Trace {
  readonly id: string;
  readonly n: number;
  readonly electionTick: number;
  readonly heartbeatTick: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
  readonly startTerm: number;
  readonly steps: readonly Step[];
}

/** The input is not a trace: a mistake of the file, not of the protocol. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

const ROLES = ['Follower', 'Candidate', 'PreCandidate', 'Leader'];
const COUNTS = ['id', 'term', 'lead', 'vote', 'last', 'lastTerm', 'commit', 'elapsed'] as const;

/** Reads one line. Throws TraceError that says what is wrong with it. */
export function parseTrace(line: string): Trace {
  const trace = record(parseJson(line), 'a trace');
  if (typeof trace.id !== 'string') throw new TraceError('"id" must be a string');
  for (const key of ['n', 'electionTick', 'heartbeatTick', 'startTerm']) count(trace, key, 'the trace');
  for (const key of ['preVote', 'checkQuorum']) {
    if (typeof trace[key] !== 'boolean') throw new TraceError(`"${key}" must be true or false`);
  }
  if ((trace.n as number) < 1) throw new TraceError('"n" must be at least 1');
  if (!Array.isArray(trace.steps)) throw new TraceError('"steps" must be a list');
  for (const [i, step] of trace.steps.entries()) {
    checkStep(record(step, `step ${i + 1}`), i + 1, trace.n as number);
  }
  return trace as unknown as Trace;
}

function checkStep(step: Record<string, unknown>, number: number, n: number): void {
  if (typeof step.op !== 'string') throw new TraceError(`step ${number}: "op" must be a string`);
  if (!Array.isArray(step.nodes)) throw new TraceError(`step ${number}: "nodes" must be a list`);
  for (const item of step.nodes) {
    const where = `step ${number}, a node`;
    const node = record(item, where);
    for (const key of COUNTS) count(node, key, where);
    if (!ROLES.includes(node.state as string)) {
      throw new TraceError(`step ${number}: "state" must be one of ${ROLES.join(', ')}, not ${node.state}`);
    }
    if ((node.id as number) < 1 || (node.id as number) > n) {
      throw new TraceError(`step ${number}: there is no node ${node.id} in a trace of ${n}`);
    }
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new TraceError(`not JSON: ${(error as Error).message}`);
  }
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TraceError(`${what} must be an object`);
  }
  return value as Record<string, unknown>;
}

function count(of: Record<string, unknown>, key: string, what: string): void {
  const value = of[key];
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    throw new TraceError(`${what}: "${key}" must be a whole number from 0 on, not ${JSON.stringify(value)}`);
  }
}
