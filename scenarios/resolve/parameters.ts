/** The words with which a scenario changes a profile's constants -> the model's parameters. */
import { resolveSystem } from '../../sim/systems/profiles.ts';
import type { RaftParameters } from '../../sim/systems/raft/parameters.ts';
import type { SystemKind, SystemSpec } from '../../sim/systems/system-spec.ts';
import { listOf } from '../nearest.ts';
import type { SystemEntry } from '../schema/file.ts';
import { systemParameters } from '../schema/systems.ts';
import { parseDuration } from '../units.ts';
import type { Context } from './context.ts';

type Word = keyof typeof systemParameters;

const RAFT_WORDS: readonly Word[] = [
  'tick',
  'heartbeat',
  'election',
  'pre-vote',
  'check-quorum',
  'mode',
  'transport',
  'writes-every',
  'deadlines',
];

/** Which kind takes which words. A new kind is one line here. */
const WORDS: { readonly [K in SystemKind]: readonly Word[] } = {
  raft: RAFT_WORDS,
  swarm: [...RAFT_WORDS, 'lost-quorum'],
  etcd: [...RAFT_WORDS, 'initial-tick-advance'],
  rethink: [
    'heartbeat',
    'heartbeat-timeout',
    'election-min',
    'election-max',
    'election-retry-max',
    'reconnect-min',
    'reconnect-max',
    'reconnect-factor',
    'deadlines',
  ],
  gossip: [],
};

const MAX_TICKS = 1_000_000;

/** etcd waits 5 s and two election time-outs for a request (facts/consensus.md 2.8). */
const ETCD_REQUEST_US = 5_000_000;

export type KindAndParameters = Pick<SystemSpec, 'kind' | 'profile' | 'parameters'>;

/** The profile's parameters with the entry's changes. */
export function resolveParameters(
  name: string,
  kind: SystemKind,
  profile: string,
  entry: SystemEntry,
  context: Context,
): KindAndParameters {
  const path = ['systems', name];
  for (const word of Object.keys(systemParameters) as Word[]) {
    if (entry[word] !== undefined && !WORDS[kind].includes(word)) {
      context.keyError([...path, word], `${kind} has no ${word}; it takes ${listOf(WORDS[kind], 20)}`);
    }
  }
  switch (kind) {
    case 'rethink':
      return {
        kind,
        ...pick(
          resolveSystem(
            kind,
            profile,
            rethinkOverrides(
              entry,
              resolveSystem(kind, profile, {}).parameters.heartbeatIntervals,
              path,
              context,
            ),
          ),
        ),
      };
    case 'swarm': {
      const base = resolveSystem(kind, profile, {}).parameters;
      const raft = raftOverrides(entry, base, path, context);
      const lost = entry['lost-quorum'];
      const tickUs = raft.tickUs ?? base.tickUs;
      return {
        kind,
        ...pick(
          resolveSystem(kind, profile, {
            ...raft,
            ...(lost === undefined ? {} : { lostQuorumTicks: Math.round(parseDuration(lost) / tickUs) }),
          }),
        ),
      };
    }
    case 'etcd': {
      const raft = raftOverrides(entry, resolveSystem(kind, profile, {}).parameters, path, context);
      const advance = entry['initial-tick-advance'];
      const requestUs =
        entry.election === undefined ? undefined : ETCD_REQUEST_US + 2 * parseDuration(entry.election);
      return {
        kind,
        ...pick(
          resolveSystem(kind, profile, {
            ...(requestUs === undefined ? {} : { writeDeadlineUs: requestUs, readDeadlineUs: requestUs }),
            ...raft,
            ...(advance === undefined ? {} : { initialTickAdvance: advance }),
          }),
        ),
      };
    }
    case 'gossip':
      return { kind, ...pick(resolveSystem(kind, profile, {})) };
    case 'raft':
      return {
        kind,
        ...pick(
          resolveSystem(
            kind,
            profile,
            raftOverrides(entry, resolveSystem(kind, profile, {}).parameters, path, context),
          ),
        ),
      };
  }
}

function pick<P>(resolved: { profile: string; parameters: P }): { profile: string; parameters: P } {
  return { profile: resolved.profile, parameters: resolved.parameters };
}

type Mutable<T> = { -readonly [K in keyof T]?: T[K] };

/**
 * Heartbeat and election are whole numbers of ticks. A stated tick is kept; else a stated heartbeat becomes the tick
 * where the profile has one tick to a heartbeat, as etcd and SwarmKit do; else the profile's tick stays.
 */
function raftOverrides(
  entry: SystemEntry,
  base: RaftParameters,
  path: readonly string[],
  context: Context,
): Mutable<RaftParameters> {
  const changed: Mutable<RaftParameters> = deadlines(entry);
  if (entry['pre-vote'] !== undefined) changed.preVote = entry['pre-vote'];
  if (entry['check-quorum'] !== undefined) changed.checkQuorum = entry['check-quorum'];
  if (entry.mode !== undefined) changed.mode = entry.mode;
  if (entry.transport !== undefined) changed.transport = entry.transport;
  if (entry['writes-every'] !== undefined) changed.writeEveryUs = parseDuration(entry['writes-every']);
  if (entry.tick === undefined && entry.heartbeat === undefined && entry.election === undefined)
    return changed;

  const heartbeatUs =
    entry.heartbeat === undefined ? base.tickUs * base.heartbeatTicks : parseDuration(entry.heartbeat);
  const electionUs =
    entry.election === undefined ? base.tickUs * base.electionTicks : parseDuration(entry.election);
  const tickUs =
    entry.tick !== undefined
      ? parseDuration(entry.tick)
      : entry.heartbeat !== undefined && base.heartbeatTicks === 1
        ? heartbeatUs
        : base.tickUs;
  const heartbeatTicks = Math.floor(heartbeatUs / tickUs);
  const electionTicks = Math.floor(electionUs / tickUs);
  const at = [
    ...path,
    entry.election !== undefined ? 'election' : entry.heartbeat !== undefined ? 'heartbeat' : 'tick',
  ];
  if (heartbeatTicks < 1)
    context.error(
      at,
      `the heartbeat (${heartbeatUs / 1000}ms) is shorter than a tick (${tickUs / 1000}ms): state a shorter tick too`,
    );
  else if (electionTicks <= heartbeatTicks) {
    context.error(
      at,
      `the election time-out (${electionUs / 1000}ms) must be longer than the heartbeat (${heartbeatUs / 1000}ms), by a tick of ${tickUs / 1000}ms at least`,
    );
  } else if (electionTicks > MAX_TICKS) {
    context.error(
      at,
      `an election time-out of ${electionTicks} ticks: at most ${MAX_TICKS} can be counted, state a longer tick`,
    );
  }
  if (electionUs % tickUs !== 0)
    context.warn(
      at,
      `the election time-out is cut to ${electionTicks} whole ticks of ${tickUs / 1000}ms, as the product does`,
    );
  return { ...changed, tickUs, heartbeatTicks, electionTicks };
}

interface RethinkOverrides {
  heartbeatTimeoutUs?: number;
  electionTimeoutMinUs?: number;
  electionTimeoutMaxUs?: number;
  electionRetryTimeoutMaxUs?: number;
  reconnectMinUs?: number;
  reconnectMaxUs?: number;
  reconnectFactor?: number;
  writeDeadlineUs?: number;
  readDeadlineUs?: number;
}

function rethinkOverrides(
  entry: SystemEntry,
  intervals: number,
  path: readonly string[],
  context: Context,
): RethinkOverrides {
  const changed: RethinkOverrides = deadlines(entry);
  const timeoutUs =
    entry['heartbeat-timeout'] === undefined ? undefined : parseDuration(entry['heartbeat-timeout']);
  if (entry.heartbeat !== undefined) {
    changed.heartbeatTimeoutUs = parseDuration(entry.heartbeat) * intervals;
    if (timeoutUs !== undefined && timeoutUs !== changed.heartbeatTimeoutUs) {
      context.error(
        [...path, 'heartbeat-timeout'],
        `the time-out is ${intervals} heartbeats: state one of the two`,
      );
    }
  } else if (timeoutUs !== undefined) changed.heartbeatTimeoutUs = timeoutUs;
  const durations = [
    ['election-min', 'electionTimeoutMinUs'],
    ['election-max', 'electionTimeoutMaxUs'],
    ['election-retry-max', 'electionRetryTimeoutMaxUs'],
    ['reconnect-min', 'reconnectMinUs'],
    ['reconnect-max', 'reconnectMaxUs'],
  ] as const;
  for (const [word, parameter] of durations) {
    const text = entry[word];
    if (text !== undefined) changed[parameter] = parseDuration(text);
  }
  if (entry['reconnect-factor'] !== undefined) changed.reconnectFactor = entry['reconnect-factor'];
  return changed;
}

function deadlines(entry: SystemEntry): { writeDeadlineUs?: number; readDeadlineUs?: number } {
  const { write, read } = entry.deadlines ?? {};
  return {
    ...(write === undefined ? {} : { writeDeadlineUs: parseDuration(write) }),
    ...(read === undefined ? {} : { readDeadlineUs: parseDuration(read) }),
  };
}
