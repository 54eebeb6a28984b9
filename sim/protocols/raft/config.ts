/** `etcd`: etcd-io/raft. `paper`: the Raft paper, which answers every stale request with its own term. */
export type RaftMode = 'etcd' | 'paper';

export type ReadOnlyOption = 'safe' | 'lease';

export interface RaftConfig {
  /** This node: a positive integer. */
  readonly id: number;
  /** Voters before the first log entry: the same on every node of the group, also on one that joins later. */
  readonly voters: readonly number[];
  readonly learners?: readonly number[];
  /** E, in ticks: the election timeout is drawn from [E, 2E-1], a lease lasts E, a leader checks its quorum every E. */
  readonly electionTick: number;
  /** How many values the election timeout is drawn from, E the least: E where not stated. */
  readonly electionSpread?: number;
  /** Ticks between two heartbeats of a leader. */
  readonly heartbeatTick: number;
  readonly preVote?: boolean;
  readonly checkQuorum?: boolean;
  readonly readOnly?: ReadOnlyOption;
  readonly mode?: RaftMode;
  /** A leader that a change removes or demotes steps down at once, instead of leading as a non-voter. */
  readonly stepDownOnRemoval?: boolean;
  /** MsgApp messages with entries that may be on their way to one follower. */
  readonly maxInflight?: number;
  readonly maxEntriesPerMessage?: number;
  /** An integer in [0, spread), uniform: the host owns all randomness. Called only when a timeout is drawn again. */
  readonly drawTimeout: (spread: number) => number;
}

/** etcd's server runs with 512 messages; 256 is what the library's documentation suggests. */
export const DEFAULT_MAX_INFLIGHT = 256;
export const DEFAULT_MAX_ENTRIES_PER_MESSAGE = 4096;

/**
 * The configuration with defaults filled in. Throws RangeError for what etcd-io/raft refuses too.
 * Source: facts/consensus.md 1.1, 1.25; etcd-io/raft Config.validate.
 */
export function resolveConfig(config: RaftConfig): Required<RaftConfig> {
  let resolved = resolvedConfigs.get(config);
  if (resolved === undefined) resolvedConfigs.set(config, (resolved = resolve(config)));
  return resolved;
}

/** A configuration is a value; a process that starts again has the one of before. */
const resolvedConfigs = new WeakMap<RaftConfig, Required<RaftConfig>>();

function resolve(config: RaftConfig): Required<RaftConfig> {
  const resolved: Required<RaftConfig> = {
    ...config,
    learners: config.learners ?? [],
    electionSpread: config.electionSpread ?? config.electionTick,
    preVote: config.preVote ?? false,
    checkQuorum: config.checkQuorum ?? false,
    readOnly: config.readOnly ?? 'safe',
    mode: config.mode ?? 'etcd',
    stepDownOnRemoval: config.stepDownOnRemoval ?? false,
    maxInflight: config.maxInflight ?? DEFAULT_MAX_INFLIGHT,
    maxEntriesPerMessage: config.maxEntriesPerMessage ?? DEFAULT_MAX_ENTRIES_PER_MESSAGE,
  };
  const positive = (
    name: 'id' | 'heartbeatTick' | 'electionTick' | 'electionSpread' | 'maxInflight' | 'maxEntriesPerMessage',
  ) => {
    const value = resolved[name];
    if (!Number.isSafeInteger(value) || value < 1) refuse(`${name} must be a positive integer, not ${value}`);
  };
  positive('id');
  positive('heartbeatTick');
  positive('electionTick');
  positive('electionSpread');
  positive('maxInflight');
  positive('maxEntriesPerMessage');
  if (resolved.electionTick <= resolved.heartbeatTick) {
    refuse(
      `electionTick (${resolved.electionTick}) must be greater than heartbeatTick (${resolved.heartbeatTick})`,
    );
  }
  if (resolved.readOnly === 'lease' && !resolved.checkQuorum) refuse('lease-based reads need checkQuorum');
  if (resolved.mode === 'paper' && (resolved.preVote || resolved.checkQuorum)) {
    refuse("mode 'paper' has neither preVote nor checkQuorum");
  }
  checkMembers(resolved.voters, resolved.learners);
  return resolved;
}

function checkMembers(voters: readonly number[], learners: readonly number[]): void {
  if (voters.length === 0) refuse('a group needs at least one voter');
  const seen = new Set<number>();
  for (const id of [...voters, ...learners]) {
    if (!Number.isSafeInteger(id) || id < 1) refuse(`a member id must be a positive integer, not ${id}`);
    if (seen.has(id)) refuse(`member ${id} is listed twice`);
    seen.add(id);
  }
}

function refuse(message: string): never {
  throw new RangeError(`raft configuration: ${message}`);
}
