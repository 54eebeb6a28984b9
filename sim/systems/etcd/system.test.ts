/** What etcd does around its Raft group, seen through whole runs. */
import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../faults/fault-spec.ts';
import { constant } from '../../kernel/distribution.ts';
import type { Run } from '../../run.ts';
import { simulate } from '../../simulate.ts';
import { leaderOf, node, SECOND, smallScenario } from '../../testing.ts';

const AT_S = 10;
const SEEDS = [1, 2, 3, 4, 5, 6];

interface Options {
  readonly profile?: string;
  readonly parameters?: object;
  readonly zones?: readonly number[];
  readonly seconds?: number;
}

/** Runs with one fault at 10 s for so long; the leader at the start and everybody else. */
function run(
  seed: number,
  fault: (leader: string, others: string[]) => Partial<FaultSpec>[],
  options: Options = {},
) {
  const scenario = (faults: Partial<FaultSpec>[]) =>
    smallScenario({
      zones: options.zones ?? [1, 1, 1],
      systems: [['etcd', options.profile ?? 'etcd-3.4', options.parameters ?? {}]],
      seconds: options.seconds ?? 60,
      levels: ['node'],
      faults,
    });
  const calm = simulate(scenario([]), { seed });
  const leader = calm.groups[0]!.leader;
  const others = calm.systems[0]!.members.filter((name) => name !== leader);
  return { run: simulate(scenario(fault(leader, others)), { seed }), leader, others };
}

const forS = (seconds: number) => constant(seconds * SECOND);
const eventsOf = (of: Run, event: string, who?: string) =>
  of.events.filter((one) => one.event === event && (who === undefined || one.node === who));
/** States of an operation from a node, as `from-to state`, seconds since the fault, rounded to tenths. */
const seen = (of: Run, operation: string, vantage: string) =>
  of.availability
    .filter((one) => one.operation === operation && one.vantage === vantage)
    .map(({ fromUs, toUs, state, waits }) => ({
      fromS: fromUs / SECOND - AT_S,
      toS: toUs / SECOND - AT_S,
      state: `${state}${waits ? ' waits' : ''}`,
    }));

describe('a follower that was cut off alone for ten seconds', () => {
  const isolated = (seed: number, profile: string) =>
    run(
      seed,
      (_leader, [lone]) => [{ effect: { kind: 'isolate', target: node(lone!) }, duration: forS(10) }],
      {
        profile,
      },
    );

  test('deposes the healthy leader at the heal, without PreVote', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = isolated(seed, 'etcd-3.4');
      const [stepDown] = eventsOf(one, 'step-down', leader);
      // Within the second until the next dial, and a heartbeat.
      expect(stepDown!.timeUs / SECOND).toBeGreaterThan(AT_S + 10);
      expect(stepDown!.timeUs / SECOND).toBeLessThan(AT_S + 11.2);
      expect(one.failovers.filter(({ lostAtUs }) => lostAtUs > 19 * SECOND).length).toBeGreaterThan(0);
    }
  });

  test('does not, with PreVote', () => {
    for (const seed of SEEDS) {
      const { run: one } = isolated(seed, 'etcd-3.5');
      expect(eventsOf(one, 'step-down')).toEqual([]);
      expect(one.failovers).toEqual([]);
    }
  });

  test('cannot win when others have written meanwhile: its log is behind', () => {
    let refused = 0;
    for (const seed of SEEDS) {
      const { run: one, others } = run(
        seed,
        (_leader, [lone]) => [{ effect: { kind: 'isolate', target: node(lone!) }, duration: forS(10) }],
        { parameters: { writeEveryUs: SECOND } },
      );
      const leaders = eventsOf(one, 'leader').filter(({ timeUs }) => timeUs > 20 * SECOND);
      expect(leaders.length).toBeGreaterThan(0);
      // (Not before it has caught up with the first new leader.)
      expect(leaders[0]!.node).not.toBe(others[0]);
      if (eventsOf(one, 'vote-refused').some(({ detail }) => detail.includes('log is behind'))) refused++;
    }
    expect(refused).toBeGreaterThan(2);
  });
});

describe('a leader that is cut off', () => {
  const isolated = (seed: number) =>
    run(seed, (leader) => [{ effect: { kind: 'isolate', target: node(leader) }, duration: forS(20) }]);

  test('steps down after one to two election time-outs, and may overlap with its successor', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = isolated(seed);
      const [stepDown] = eventsOf(one, 'step-down', leader);
      expect(stepDown!.timeUs / SECOND - AT_S).toBeGreaterThan(0.9);
      expect(stepDown!.timeUs / SECOND - AT_S).toBeLessThanOrEqual(2);
    }
  });

  test('acknowledges no write that it is given, though another leader is soon there; local reads go on', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = isolated(seed);
      const [before, down, waits, after] = seen(one, 'write', leader);
      expect([before!.state, down!.state, waits!.state, after!.state]).toEqual([
        'up',
        'down',
        'up waits',
        'up',
      ]);
      expect(down!.fromS).toBeCloseTo(0, 1);
      // Those that come to it late enough wait until the heal: 7 s, the request time-out.
      expect(after!.fromS - waits!.fromS).toBeCloseTo(7, 1);
      expect(
        seen(one, 'read', leader)
          .map(({ state }) => state)
          .slice(0, 3),
      ).toEqual(['up', 'degraded', 'up waits']);
    }
  });
});

test('writes that reached a follower in a cut of two seconds wait in its connection and succeed', () => {
  for (const seed of SEEDS) {
    const { run: one, others } = run(
      seed,
      (_leader, [lone]) => [{ effect: { kind: 'isolate', target: node(lone!) }, duration: forS(0.8) }],
      { parameters: { electionTicks: 20 } },
    );
    const states = seen(one, 'write', others[0]!).map(({ state }) => state);
    expect(states).toEqual(['up', 'up waits', 'up']);
    expect(one.failovers).toEqual([]);
  }
});

test('a killed leader takes the writes it was given with it: they fail until the next election', () => {
  for (const seed of SEEDS) {
    const { run: one, others } = run(seed, (leader) => [{ effect: { kind: 'kill', target: node(leader) } }]);
    const [, down, after] = seen(one, 'write', others[0]!);
    expect([down!.state, after!.state]).toEqual(['down', expect.stringMatching(/^up/)]);
    const campaign = eventsOf(one, 'campaign')[0]!;
    expect(down!.toS).toBeCloseTo(campaign.timeUs / SECOND - AT_S, 1);
  }
});

test('without a quorum every write is down and serializable reads go on', () => {
  for (const seed of SEEDS) {
    const { run: one, others } = run(seed, (leader, [second]) => [
      { effect: { kind: 'kill', target: { kind: 'union', of: [node(leader), node(second!)] } } },
    ]);
    const states = (operation: string) => seen(one, operation, others[1]!).map(({ state }) => state);
    expect(states('write')).toEqual(['up', 'down']);
    expect(states('read')).toEqual(['up', 'degraded']);
  }
});

describe('a leader whose disk is stuck', () => {
  test('stays leader, silent, while the others elect another; it learns so when the disk is back', () => {
    for (const seed of SEEDS) {
      const { run: one, leader } = run(
        seed,
        (boss) => [{ effect: { kind: 'slow-disk', target: node(boss), fsyncUs: null }, duration: forS(15) }],
        { parameters: { writeEveryUs: SECOND / 2 } },
      );
      const [stepDown] = eventsOf(one, 'step-down', leader);
      expect(stepDown!.timeUs / SECOND).toBeGreaterThanOrEqual(AT_S + 15);
      const [elected] = eventsOf(one, 'leader').filter(({ timeUs }) => timeUs > AT_S * SECOND);
      expect(elected!.node).not.toBe(leader);
      expect(elected!.timeUs / SECOND).toBeLessThan(AT_S + 6);
      const stalled = one.members.find(({ node: name, state }) => name === leader && state === 'stalled');
      expect(stalled!.toUs / SECOND).toBeCloseTo(AT_S + 15, 0);
    }
  });
});

test('an orderly stop hands leadership over: nobody waits for an election time-out', () => {
  for (const seed of SEEDS) {
    const { run: one, leader } = run(seed, () => [{ effect: { kind: 'stop', target: leaderOf('etcd') } }]);
    expect(one.failovers.length).toBe(1);
    const [failover] = one.failovers;
    expect(failover!.oldLeader).toBe(leader);
    expect(failover!.recoveredUs!).toBeLessThan(0.05 * SECOND);
  }
});

describe('a member that starts while there is no leader', () => {
  /** Four of five are gone; so many come back at once. Until the first of them campaigns, seconds. */
  const firstCampaignS = (seed: number, back: number, parameters: object = {}) => {
    const { run: one, others } = run(
      seed,
      (leader, rest) => [
        ...[leader, ...rest.slice(0, 3)].map((name, i) => ({
          effect: { kind: 'kill' as const, target: node(name) },
          ...(i < back ? { duration: forS(20) } : {}),
        })),
      ],
      // Ten of these ticks are longer than any campaign of the survivor's takes to come.
      { zones: [2, 2, 1], parameters: { electionTicks: 100, ...parameters }, seconds: 70 },
    );
    const [campaign] = eventsOf(one, 'campaign').filter(
      ({ timeUs, node: name }) => timeUs > (AT_S + 20) * SECOND && name !== others[3],
    );
    return campaign === undefined ? Number.POSITIVE_INFINITY : campaign.timeUs / SECOND - AT_S - 20;
  };

  test('skips all but two ticks of its time-out when it sees two peers', () => {
    // The survivor may be faster and win: then they do not campaign at all.
    const waits = SEEDS.map((seed) => firstCampaignS(seed, 2)).filter(Number.isFinite);
    expect(waits.length).toBeGreaterThan(1);
    // Two members of 2 to 101 ticks of 0.1 s each: well before the ten seconds of a whole time-out.
    expect(Math.min(...waits)).toBeLessThan(5);
    for (const wait of waits) expect(wait).toBeLessThan(10.3);
  });

  test('waits for all of it when it sees one, or is told not to', () => {
    for (const seed of SEEDS) {
      expect(firstCampaignS(seed, 1)).toBeGreaterThan(9.8);
      expect(firstCampaignS(seed, 2, { initialTickAdvance: false })).toBeGreaterThan(9.8);
    }
  });
});

test.each([
  ['etcd-3.4', 0.1],
  ['ucp-3', 0.5],
])(
  'the only member of %s begins with all ticks but one to E counted (2.7): it leads within a time-out',
  (profile, tickS) => {
    for (const seed of SEEDS) {
      const { run: one } = run(
        seed,
        (leader) => [{ effect: { kind: 'kill', target: node(leader) }, duration: forS(10) }],
        { profile, zones: [1] },
      );
      const afterS = one.failovers[0]!.electedUs! / SECOND - 10;
      expect(afterS).toBeGreaterThan(0);
      expect(afterS).toBeLessThan(10.1 * tickS);
      expect(eventsOf(one, 'campaign')[0]!.detail).toMatch(
        /, 9 of them counted at its start\) without a leader since/,
      );
    }
  },
);

test('what is sent to the only member while it is frozen waits for it, up to its deadline', () => {
  const writes = (seconds: number) => {
    const fault = (leader: string) => [
      { effect: { kind: 'pause', target: node(leader) } as const, duration: forS(seconds) },
    ];
    return run(1, fault, { zones: [1] }).run.summary.find(
      ({ system, operation }) => system === 'etcd' && operation === 'write',
    )!;
  };
  expect(writes(2)).toMatchObject({ downtimeUs: 0, waitingUs: 2 * SECOND });
  expect(writes(20)).toMatchObject({ downtimeUs: 13 * SECOND, waitingUs: 7 * SECOND });
});
