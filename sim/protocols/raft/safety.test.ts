// Raft's promises under random faults: election safety, log matching, leader completeness, state machine safety and
// linearizable reads, in every mode. A history is a list of commands, so that a failing one shrinks to a short story.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfChange } from './membership.ts';
import { Chaos, type ChaosSettings, type Command } from './testing/chaos.ts';

const NODES = 5;
/** Fixed, so that CI is reproducible; ZF_SEED explores others. */
const SEED = Number(process.env.ZF_SEED ?? 20);
const RUNS = Number(process.env.ZF_RUNS ?? 10_000);

const node = fc.nat({ max: NODES - 1 });
const which = fc.nat({ max: 30 });

const singleChange = fc.record({
  type: fc.constantFrom(
    'add-voter' as const,
    'add-voter' as const,
    'add-learner' as const,
    'remove' as const,
  ),
  id: fc.integer({ min: 1, max: NODES }),
});
const change: fc.Arbitrary<ConfChange> = fc.oneof(
  fc.record({ transition: fc.constant('auto' as const), changes: fc.tuple(singleChange) }),
  fc.record({
    transition: fc.constantFrom('auto' as const, 'joint-implicit' as const, 'joint-explicit' as const),
    changes: fc.array(singleChange, { minLength: 0, maxLength: 3 }),
  }),
);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 24, arbitrary: fc.record({ do: fc.constant('deliver' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'duplicate' as const), which }) },
  {
    weight: 16,
    arbitrary: fc.record({ do: fc.constant('settle' as const), messages: fc.integer({ min: 1, max: 40 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('tick' as const), node, times: fc.integer({ min: 1, max: 9 }) }),
  },
  {
    weight: 44,
    arbitrary: fc.record({
      do: fc.constantFrom(
        ...(['sync', 'sync', 'sync', 'sync', 'apply', 'apply', 'propose', 'propose', 'campaign'] as const),
        ...(['campaign', 'crash', 'compact', 'read'] as const),
      ),
      node,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('transfer' as const), node, to: node }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('change' as const), node, change }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('partition' as const), side: fc.nat({ max: 63 }) }) },
);

const settings: fc.Arbitrary<ChaosSettings> = fc
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

describe('safety', () => {
  test(`holds in ${RUNS} random histories (seed ${SEED})`, () => {
    const total = { leaders: 0, commits: 0, changes: 0, snapshots: 0, joint: 0, reads: 0, crashes: 0 };
    fc.assert(
      fc.property(settings, fc.array(command, { maxLength: 600, size: 'max' }), (s, commands) => {
        const chaos = new Chaos(s);
        for (const c of commands) chaos.run(c);
        for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += chaos.seen[key];
      }),
      { seed: SEED, numRuns: RUNS },
    );
    if (process.env.ZF_VERBOSE) console.log(total);
    // Idle histories would prove nothing.
    for (const [name, count] of Object.entries(total)) expect(count, name).toBeGreaterThan(RUNS / 50);
  });
});
