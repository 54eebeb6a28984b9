/**
 * Ongaro's dissertation, chapter 9: elections in a simulated WAN (AvailSim), and how often votes split.
 * Source: facts/numbers.md 3 and 4. Five servers, one-way latency uniform in 30..40 ms, time-outs 300..600 ms, every server
 * with a fresh timer and no leader, no disk and no processing time, 10000 elections; the time of an election ends when the winner knows
 * (github.com/ongardie/availsim sim.rs, raft.rs: `start_time` of the leader). With different logs the lengths 0..4 are shuffled over
 * the servers. A server that learns a newer term from a candidate it refuses keeps its timer (raft.rs step_down).
 */

import { expectedElectionTime, splitVoteProbability } from '../../sim/exact/split-vote.ts';
import type { Distribution } from '../../sim/kernel/distribution.ts';
import { constant } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import type { Comparison, Figures } from './comparison.ts';
import { type FigureCheck, judgeFigures, judgeQuantiles } from './judge.ts';
import { RaftHost } from './raft-host.ts';
import { suite } from './suite.ts';

const MEASURED = 10_000;
const MEMBERS = 5;
/** Time-outs are drawn in steps of a tick. */
const TICK_US = 0.5 * MILLISECOND;
const TIMEOUT_US = 300 * MILLISECOND;
/** Only a leader that has sent its fifth heartbeat counts (raft.rs, stable_leader_start_time). */
const STABLE_US = (5 * TIMEOUT_US) / 2;

interface Cold {
  readonly failed: number;
  readonly logs: 'same' | 'different';
  readonly latencyUs: Distribution;
}

interface Elected {
  readonly ms: number;
  /** The first term had no winner. */
  readonly split: boolean;
}

/** Everybody starts at once with a fresh timer; when is there a leader? */
export function coldElection({ failed, logs, latencyUs }: Cold, seed: number): Elected {
  const ticks = TIMEOUT_US / TICK_US;
  const host = new RaftHost({
    seed,
    members: MEMBERS,
    latencyUs,
    fsyncUs: constant(0),
    profile: 'paper',
    parameters: { tickUs: TICK_US, heartbeatTicks: ticks / 2, electionTicks: ticks },
  });
  const lengths = shuffled(MEMBERS, new RandomStream(seed, 'fidelity/logs'));
  host.members.forEach((member, i) => {
    host.giveLog(member, logs === 'same' ? 0 : lengths[i]!);
  });
  for (const member of host.members.slice(0, failed)) host.kill(member);
  host.start();
  const stable = () => {
    const last = host.elections.at(-1);
    if (last === undefined || host.kernel.nowUs < last.timeUs + STABLE_US) return false;
    const { raft } = host.members[last.member - 1]!;
    return raft.state === 'Leader' && raft.term === last.term;
  };
  if (!host.advanceUntil(stable, 600 * SECOND, SECOND / 20)) throw new Error('no leader');
  return { ms: host.elections.at(-1)!.timeUs / MILLISECOND, split: host.elections[0]!.term > 2 };
}

/** 0 .. count - 1 in an order of chance (Fisher and Yates). */
export function shuffled(count: number, random: RandomStream): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

const WAN: Distribution = { kind: 'uniform', low: 30 * MILLISECOND, high: 40 * MILLISECOND };

/** Why one row stays open. */
const OTHER_VERSION =
  'the tail of this row is 2 to 4 % shorter here. A second implementation of the published rules (raft.rs, sim.rs) gives a mean of 620 ms too; the figure was made by a version of AvailSim that is not published (its WAN is 30..40 ms, the published one has 10..20 ms)';

const ROWS: readonly { failed: number; logs: Cold['logs']; measured: Figures; note?: string }[] = [
  {
    failed: 0,
    logs: 'same',
    measured: figures([364, 375, 387, 410, 446, 489, 526, 834, 985, 1332, 430.0]),
  },
  {
    failed: 1,
    logs: 'same',
    measured: figures([364, 380, 394, 423, 474, 563, 814, 1007, 1385, 1669, 468.7]),
  },
  {
    failed: 2,
    logs: 'same',
    measured: figures([364, 387, 411, 469, 798, 1074, 1336, 1930, 2853, 3692, 631.6]),
    note: OTHER_VERSION,
  },
  { failed: 0, logs: 'different', measured: { p50: 471, p90: 614, 'p99.9': 1151, mean: 492.6 } },
  { failed: 1, logs: 'different', measured: { p50: 502, p90: 782, 'p99.9': 1681, mean: 550.5 } },
  { failed: 2, logs: 'different', measured: { p50: 599, p90: 1149, 'p99.9': 2849, mean: 714.7 } },
];

function figures(values: readonly number[]): Figures {
  const names = ['min', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'mean'];
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

const WITHIN: Figures = {
  p10: 0.02,
  p25: 0.02,
  p50: 0.02,
  p75: 0.02,
  p90: 0.02,
  p95: 0.02,
  p99: 0.02,
  mean: 0.015,
};

function wan(trials: number): Comparison[] {
  return ROWS.map(({ failed, logs, measured, note }) => {
    const predicted = Array.from(
      { length: trials },
      (_, seed) => coldElection({ failed, logs, latencyUs: WAN }, seed).ms,
    );
    return judgeQuantiles(
      {
        name: `availsim/wan-${failed}-failed${logs === 'same' ? '' : '-different-logs'}`,
        source: 'facts/numbers.md 4: Ongaro, dissertation 9.4 (AvailSim)',
        unit: 'ms',
        ...(note === undefined ? {} : { note, openIfDifferent: true }),
      },
      measured,
      MEASURED,
      predicted,
      {
        within: WITHIN,
        words:
          'p10 to p99 within 2 %, mean within 1.5 %, or inside the 99 % interval of samples of these sizes (10000 elections measured)',
      },
    );
  });
}

/** Per cent of split votes in the thesis' table of closed forms: members, failed, then latency .01 .05 .1 .2 of the range. */
const SPLITS: readonly (readonly [number, number, ...string[]])[] = [
  [3, 0, '0.03', '0.73', '2.8', '10.4'],
  [3, 1, '1.99', '9.75', '19.0', '36.0'],
  [5, 0, '0.00', '0.12', '0.86', '5.79'],
  [5, 1, '0.06', '1.40', '5.23', '18.08'],
  [5, 2, '2.97', '14.26', '27.1', '48.8'],
  [7, 3, '3.94', '18.55', '34.39', '59.04'],
  [9, 2, '0.00', '0.38', '2.57', '14.80'],
  [9, 4, '4.90', '22.62', '40.95', '67.23'],
];
const LATENCIES = [0.01, 0.05, 0.1, 0.2];

function closedForms(): Comparison {
  const checks: Record<string, FigureCheck> = {};
  for (const [members, failed, ...cells] of SPLITS) {
    cells.forEach((cell, i) => {
      const predicted = 100 * splitVoteProbability(members, members - failed, LATENCIES[i]!);
      const allowed = 0.5 * 10 ** -cell.split('.')[1]!.length * (1 + 1e-9);
      checks[`${members}, ${failed} failed, l=${LATENCIES[i]}`] = {
        measured: Number(cell),
        predicted,
        allowed,
      };
    });
  }
  // The formula's values beside AvailSim's in the sheet are rounded to 5 ms.
  [425, 460, 630].forEach((measured, failed) => {
    const timing = { members: 5, alive: 5 - failed, latency: 35 / 300 };
    checks[`mean ms, ${failed} failed`] = {
      measured,
      predicted: 300 * expectedElectionTime(timing),
      allowed: 2.5,
    };
  });
  return judgeFigures(
    {
      name: 'availsim/split-votes-exact',
      source: 'facts/numbers.md 3: Ongaro, dissertation 9.2, closed forms',
      unit: '',
    },
    { measured: 0, predicted: 0 },
    'every printed digit agrees (the means to 5 ms, as they are rounded there)',
    checks,
  );
}

/** The thesis gives words ("nearly 40 %"): so wide is the allowance, in points. */
const SPLIT_SHARES: readonly { failed: number; low: number; high: number; percent: number; words: number }[] =
  [
    { failed: 0, low: 0.1, high: 0.1, percent: 0.86, words: 0 },
    { failed: 1, low: 0.1, high: 0.1, percent: 5.23, words: 0 },
    { failed: 2, low: 0.1, high: 0.1, percent: 27.1, words: 0 },
    { failed: 1, low: 0.1, high: 0.2, percent: 16, words: 1 },
    { failed: 2, low: 0.1, high: 0.2, percent: 39, words: 2 },
  ];

function simulatedSplits(trials: number): Comparison {
  const checks: Record<string, FigureCheck> = {};
  for (const { failed, low, high, percent, words } of SPLIT_SHARES) {
    const latencyUs: Distribution = { kind: 'uniform', low: low * TIMEOUT_US, high: high * TIMEOUT_US };
    let split = 0;
    for (let seed = 0; seed < trials; seed++) {
      if (coldElection({ failed, logs: 'same', latencyUs }, seed).split) split++;
    }
    const share = percent / 100;
    checks[`${failed} failed, l=${low === high ? low : `${low}..${high}`} %`] = {
      measured: percent,
      predicted: (100 * split) / trials,
      allowed: words + 100 * 2.576 * Math.sqrt((share * (1 - share)) / trials),
    };
  }
  return judgeFigures(
    {
      name: 'availsim/split-votes-simulated',
      source: 'facts/numbers.md 3: Ongaro, dissertation 9.2',
      unit: '%',
    },
    { measured: MEASURED, predicted: trials },
    'the share of first terms without a winner is inside the 99 % interval of so many elections (with constant latency: of the closed form; with varying latency a point or two more, because the thesis says "about 16 %" and "nearly 40 %")',
    checks,
  );
}

export const availsim = suite('availsim', ({ short, progress }) => {
  progress('elections in a WAN');
  const trials = short ? 120 : 8_000;
  const comparisons = [closedForms(), ...wan(trials)];
  progress('split votes');
  return [...comparisons, simulatedSplits(trials)];
});
