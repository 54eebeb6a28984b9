// Raft's promises under random faults: election safety, log matching, leader completeness, state machine safety and
// linearizable reads, in every mode. A history is a list of commands, so that a failing one shrinks to a short story.
// ZF_SEED and ZF_RUNS explore more than the fixed histories of CI; ZF_VERBOSE tells how much happened in them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ConfChange, LEAVE_JOINT } from './membership.ts';
import { Chaos, type ChaosSettings, type Command } from './testing/chaos.ts';

const SEED = Number(process.env.ZF_SEED ?? 20);
const RUNS = Number(process.env.ZF_RUNS ?? 2500);

/** Machines in every history; some may not be members. */
const NODES = 5;

const node = fc.nat({ max: NODES - 1 });
const which = fc.nat({ max: 30 });
/** A set of nodes; bit n stands for node n. */
const among = fc.nat({ max: (2 << NODES) - 1 });
const upTo = (max: number) => fc.integer({ min: 1, max });

/** Who talks to whom in small circles: this is how logs come to differ. */
const replication: fc.WeightedArbitrary<Command>[] = [
  { weight: 12, arbitrary: fc.record({ do: fc.constant('meet' as const), among, messages: upTo(12) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('elect' as const), node, among }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('propose' as const, 'propose' as const, 'crash' as const),
      node,
    }),
  },
];

const faults: fc.WeightedArbitrary<Command>[] = [
  { weight: 24, arbitrary: fc.record({ do: fc.constant('deliver' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'duplicate' as const), which }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('settle' as const), messages: upTo(40) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('tick' as const), node, times: upTo(9) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('apply' as const), node }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constantFrom('campaign' as const, 'compact' as const, 'read' as const),
      node,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfer' as const), node, to: node }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('partition' as const), side: among }) },
];

const singleChange = fc.record({
  type: fc.constantFrom(
    'add-voter' as const,
    'add-voter' as const,
    'add-learner' as const,
    'remove' as const,
  ),
  id: upTo(NODES),
});

/** Another set of voters altogether, so that the two halves of a joint state share few. */
const replacement = fc.subarray([1, 2, 3, 4, 5], { minLength: 1, maxLength: 3 }).map((voters): ConfChange => {
  const all = Array.from({ length: NODES }, (_, i) => i + 1);
  return {
    transition: 'joint-explicit',
    changes: all.map((id) => ({ type: voters.includes(id) ? 'add-voter' : 'remove', id })),
  };
});

const change: fc.Arbitrary<ConfChange> = fc.oneof(
  replacement,
  fc.constant(LEAVE_JOINT),
  fc.record({ transition: fc.constant('auto' as const), changes: fc.tuple(singleChange) }),
  fc.record({
    transition: fc.constantFrom('auto' as const, 'joint-implicit' as const, 'joint-explicit' as const),
    changes: fc.array(singleChange, { maxLength: 3 }),
  }),
);

const changes: fc.WeightedArbitrary<Command>[] = [
  { weight: 5, arbitrary: fc.record({ do: fc.constant('change' as const), node, change }) },
];

/** Everything at once. */
const wildHistory: fc.Arbitrary<Command[]> = fc.array(fc.oneof(...replication, ...faults, ...changes), {
  maxLength: 600,
  size: 'max',
});

/** Few events, all of the kind that the paper's figures are made of: elections, partial replication, crashes. */
const dueling: fc.Arbitrary<Command[]> = fc.array(fc.oneof(...replication), {
  maxLength: 150,
  size: 'max',
});

const anySettings: fc.Arbitrary<ChaosSettings> = fc
  .record({
    mode: fc.constantFrom('etcd' as const, 'etcd' as const, 'etcd' as const, 'paper' as const),
    preVote: fc.boolean(),
    checkQuorum: fc.boolean(),
    stepDownOnRemoval: fc.boolean(),
    slowDisks: fc.boolean(),
    voters: fc.constantFrom(
      [1],
      [1, 2],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ),
    withLearner: fc.boolean(),
    maxInflight: fc.constantFrom(1, 2, 256),
    maxEntriesPerMessage: fc.constantFrom(1, 2, 256),
  })
  .map(({ mode, preVote, checkQuorum, withLearner, ...rest }) => ({
    ...rest,
    mode,
    nodes: NODES,
    electionTick: 4,
    heartbeatTick: 1,
    preVote: mode === 'etcd' && preVote,
    checkQuorum: mode === 'etcd' && checkQuorum,
    learners: withLearner && rest.voters.length < NODES ? [NODES] : [],
  }));

/** The same with a membership that keeps changing, mostly through joint states. */
const regrouping: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    ...replication,
    ...changes,
    {
      weight: 12,
      arbitrary: fc.record({
        do: fc.constantFrom('apply' as const, 'apply' as const, 'compact' as const),
        node,
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), messages: upTo(40) }) },
  ),
  { maxLength: 300, size: 'max' },
);

/** A group which nothing but logs and terms holds back. */
const duelSettings: fc.Arbitrary<ChaosSettings> = fc.record({
  mode: fc.constantFrom('etcd' as const, 'paper' as const),
  nodes: fc.constant(NODES),
  electionTick: fc.constant(4),
  heartbeatTick: fc.constant(1),
  slowDisks: fc.boolean(),
  voters: fc.constantFrom([1, 2, 3], [1, 2, 3, 4, 5]),
  maxEntriesPerMessage: fc.constantFrom(1, 256),
});

type Seen = Chaos['seen'];

function holds(settings: fc.Arbitrary<ChaosSettings>, history: fc.Arbitrary<Command[]>, runs: number): Seen {
  const total: Seen = { leaders: 0, commits: 0, changes: 0, snapshots: 0, joint: 0, reads: 0, crashes: 0 };
  fc.assert(
    fc.property(settings, history, (s, commands) => {
      const chaos = new Chaos(s);
      for (const command of commands) chaos.run(command);
      for (const key of Object.keys(total) as (keyof Seen)[]) total[key] += chaos.seen[key];
    }),
    { seed: SEED, numRuns: runs },
  );
  if (process.env.ZF_VERBOSE) console.log(total);
  return total;
}

describe(`safety (seed ${SEED})`, () => {
  test(`holds in ${RUNS} wild histories`, () => {
    const seen = holds(anySettings, wildHistory, RUNS);
    // Idle histories would prove nothing.
    for (const [name, count] of Object.entries(seen)) expect(count, name).toBeGreaterThan(RUNS / 20);
  });

  test(`holds in ${RUNS} duels`, () => {
    const seen = holds(duelSettings, dueling, RUNS);
    expect(seen.leaders).toBeGreaterThan(RUNS);
    expect(seen.commits).toBeGreaterThan(RUNS);
  });

  test(`holds in ${RUNS} changes of membership`, () => {
    const seen = holds(duelSettings, regrouping, RUNS);
    expect(seen.joint).toBeGreaterThan(RUNS / 2);
    expect(seen.changes).toBeGreaterThan(RUNS / 2);
  });
});
