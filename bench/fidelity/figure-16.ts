/**
 * The Raft paper's figure 16: time to detect and replace a crashed leader, LogCabin on five servers. Source: facts/numbers.md 1
 * (quantiles of the authors' own data), Ongaro's dissertation section 9.4, LogCabin's RaftConsensus.cc of 2013.
 *
 * Set-up: a synchronised round of heartbeats starts all election timers together; the leader exits at a moment uniform in its heartbeat
 * interval, half the least time-out; all logs have different lengths, so that two of the four others cannot win (the second
 * longest needs both of the shorter ones); the time ends when the others receive the new leader's first heartbeat.
 *
 * LogCabin (github.com/logcabin/logcabin): a candidate writes its term and vote before it asks (startNewElection), a voter writes
 * the newer term and then its vote, one after the other, before it answers (handleRequestVote, stepDown), all under one lock;
 * timers are deadlines; a newer term alone does not restart them.
 *
 * Not known is how long one such write took. The paper says "broadcast time (network round trip plus disk write) of roughly
 * 15 ms", but that is not what an election took: the fastest of the line 12-24 ms ended 9.3 ms after the earliest possible time-out. One write is
 * therefore taken from the smallest downtimes, for all lines alike: three writes and three one-way trips. No quantile that is judged plays a part in it.
 */
import { constant } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import { shuffled } from './availsim.ts';
import { type Comparison, type Figures, notModelled } from './comparison.ts';
import { judgeQuantiles } from './judge.ts';
import { RaftHost } from './raft-host.ts';
import { quantile, sorted } from './statistics.ts';
import { suite } from './suite.ts';

export interface Line {
  readonly from: number;
  readonly to: number;
}

const SOURCE = 'facts/numbers.md 1: the Raft paper, figure 16 (LogCabin)';

/** Milliseconds. One way on gigabit Ethernet with LogCabin's threads at both ends: an assumption. */
const ONE_WAY_MS = 0.15;
const TICK_MS = 0.25;

interface Row extends Line {
  readonly count: number;
  readonly measured: Figures;
  readonly open?: string;
}

const NARROW =
  'with so little randomness only the noise of disks and threads lets anybody win: how the writes varied is not published, here each takes equally long';

const ROWS: readonly Row[] = [
  {
    ...line(150, 151, [86.2, 434.5, 736.5, 1198.7, 1943.5, 3132.3, 4007.3, 6012.8, 8231.6, 1535.8]),
    open: NARROW,
  },
  {
    ...line(150, 155, [85.3, 119.2, 154.5, 287.3, 434.8, 609.4, 763.8, 1242.3, 2142.9, 345.0]),
    open: NARROW,
  },
  line(150, 200, [87.1, 110.5, 124.9, 146.5, 166.7, 193.5, 296.3, 352.0, 512.5, 156.0]),
  line(150, 300, [92.7, 124.7, 144.3, 171.3, 207.7, 244.3, 265.2, 414.6, 603.3, 180.7]),
  line(12, 24, [15.3, 19.7, 24.4, 30.0, 42.1, 53.0, 66.8, 86.9, 151.7, 34.7]),
  line(50, 100, [37.1, 47.5, 56.1, 66.7, 79.5, 95.8, 119.8, 168.9, 253.3, 71.3]),
];

function line(from: number, to: number, values: readonly number[]): Row {
  const names = ['min', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'max', 'mean'];
  return { from, to, count: 1_000, measured: Object.fromEntries(names.map((name, i) => [name, values[i]!])) };
}

/**
 * From a line's smallest downtime to how long an undisturbed election took: less what the timers alone leave. The exit is uniform in a
 * heartbeat interval a, the earlier of two time-outs has density 2/r at its least, so the smallest sum of the two in n trials has the mean
 * sqrt(pi a r / 4n).
 */
function undisturbedMs({ from, to, count, measured }: Row): number {
  const interval = from / 2;
  return measured.min! - interval - Math.sqrt((Math.PI * interval * (to - from)) / (4 * count));
}

const UNDISTURBED_MS = ROWS.filter(({ from, to }) => to - from > 1).map(undisturbedMs);
export const WRITE_MS = (quantile(sorted(UNDISTURBED_MS), 0.5) - 3 * ONE_WAY_MS) / 3;

/** Milliseconds from the leader's exit to the new leader's first heartbeat at the others. */
export function downtime({ from, to }: Line, seed: number, writeMs = WRITE_MS): number {
  const host = new RaftHost({
    seed,
    members: 5,
    latencyUs: constant(ONE_WAY_MS * MILLISECOND),
    fsyncUs: constant(writeMs * MILLISECOND),
    profile: 'paper',
    parameters: {
      tickUs: TICK_MS * MILLISECOND,
      heartbeatTicks: from / 2 / TICK_MS,
      electionTicks: from / TICK_MS,
      electionSpreadTicks: Math.max(1, Math.round((to - from) / TICK_MS)),
      syncs: 'every-change',
    },
  });
  const lengths = shuffled(4, new RandomStream(seed, 'fidelity/logs'));
  host.members.forEach((member, i) => {
    host.giveLog(member, 1 + (lengths[i] ?? 4));
  });
  // The old leader has the longest log; its last heartbeats are what starts the timers of the others.
  host.kill(host.members[4]!);
  host.start();
  if (!host.advanceUntil(() => host.elections.length > 0, 3_600 * SECOND, 0.05 * SECOND))
    throw new Error('no leader');
  const exitMs = new RandomStream(seed, 'fidelity/fault').uniform(0) * (from / 2);
  return host.elections[0]!.timeUs / MILLISECOND + ONE_WAY_MS - exitMs;
}

function compare({ from, to, count, measured, open }: Row, trials: number): Comparison {
  return judgeQuantiles(
    {
      name: `figure-16/${from}-${to}ms`,
      source: SOURCE,
      unit: 'ms',
      ...(open === undefined ? {} : { openIfDifferent: true, note: open }),
    },
    measured,
    count,
    Array.from({ length: trials }, (_, seed) => downtime({ from, to }, seed)),
    {
      within: { p50: 0.05 },
      words: `medians within 5 %, or inside the 99 % interval of samples of these sizes. The time of a disk write is not published: ${WRITE_MS.toFixed(1)} ms for all lines, from their smallest downtimes (bench/fidelity/figure-16.ts)`,
    },
  );
}

export const figure16 = suite('figure-16', ({ short, progress }) => {
  const rows = short ? ROWS.filter(({ to, from }) => to - from >= 12) : ROWS;
  const comparisons = rows.map((row) => {
    progress(`time-outs ${row.from}-${row.to} ms`);
    return compare(row, short ? 150 : row.to - row.from > 1 ? 2_000 : 200);
  });
  return [
    ...comparisons,
    notModelled('figure-16/150-150ms', SOURCE, 100, `${NARROW}, so that nobody would ever win`),
  ];
});
