/**
 * etcd-io/raft v3.6.0-alpha.0 timed in virtual time: leader crashed, or cut off from everybody.
 * Source: facts/numbers.md 8. E = 10 x 100 ms, heartbeat 100 ms, CheckQuorum on, random tick phases, 2000 crashes each;
 * a leader's messages leave before its fsync, everybody else's and all answers after it; constant one-way latency; no
 * other load. There every answer waits for an fsync, pre-votes too (`syncs: every-answer`), which etcd's server does not do.
 */
import { constant } from '../../sim/kernel/distribution.ts';
import { RandomStream } from '../../sim/kernel/streams.ts';
import { MILLISECOND, SECOND } from '../../sim/kernel/time.ts';
import type { Comparison, Figures } from './comparison.ts';
import { judgeFigures, judgeQuantiles } from './judge.ts';
import { RaftHost } from './raft-host.ts';
import { mean, quantile, sorted, standardError } from './statistics.ts';
import { suite } from './suite.ts';

const SOURCE = 'facts/numbers.md 8: etcd-io/raft v3.6.0-alpha.0 in virtual time';
const MEASURED = 2_000;
const WORDS =
  'p10 to p90 within 2 %, mean within 1.5 %, or inside the 99 % interval of samples of these sizes (2000 crashes measured)';
const WITHIN: Figures = { p10: 0.02, p50: 0.02, p90: 0.02, mean: 0.015 };

export interface CrashSetUp {
  readonly members: number;
  readonly oneWayMs: number;
  readonly fsyncMs: number;
  readonly preVote: boolean;
}

interface Row extends CrashSetUp {
  readonly measured: Figures;
}

const ROWS: readonly Row[] = [
  row(3, 0.5, 0, true, { p10: 953, p50: 1201, p90: 1597, p99: 1794, max: 2519, mean: 1237 }),
  row(3, 0.5, 10, true, { p10: 979, p50: 1215, p90: 1624, p99: 2856, max: 5386, mean: 1288 }),
  row(3, 50, 5, true, { p10: 1189, p50: 1444, p90: 2399, p99: 4089, max: 9939, mean: 1617 }),
  row(5, 0.5, 0, true, { p10: 926, p50: 1062, p90: 1342, p99: 1575, max: 1768, mean: 1101 }),
  row(3, 0.5, 0, false, { p50: 1199, p90: 1903, p99: 2712, max: 3551, mean: 1320 }),
  row(3, 0.5, 10, false, { p50: 1226, p90: 1799, p99: 2777, max: 5066, mean: 1339 }),
  row(3, 50, 5, false, { p50: 1332, p90: 2356, p99: 4003, max: 5639, mean: 1522 }),
  row(5, 0.5, 0, false, { p50: 1090, p90: 1836, p99: 2385, max: 2676, mean: 1204 }),
];

function row(members: number, oneWayMs: number, fsyncMs: number, preVote: boolean, measured: Figures): Row {
  return { members, oneWayMs, fsyncMs, preVote, measured };
}

/** Until the group has a leader and every tick phase has had its time. */
const SETTLE_US = 6 * SECOND;
/** Longer than any election that was measured. */
const LIMIT_US = 120 * SECOND;

function steadyHost(setUp: CrashSetUp, seed: number): RaftHost {
  const host = new RaftHost({
    seed,
    members: setUp.members,
    latencyUs: constant(setUp.oneWayMs * MILLISECOND),
    fsyncUs: constant(setUp.fsyncMs * MILLISECOND),
    parameters: { preVote: setUp.preVote, syncs: 'every-answer' },
  });
  host.start();
  host.advance(SETTLE_US);
  if (!host.advanceUntil(() => host.leader !== null, LIMIT_US, SECOND)) throw new Error('no leader at first');
  // The fault comes at any point of the leader's second between two checks of its quorum.
  const phase = new RandomStream(seed, 'fidelity/fault').uniform(0);
  host.advance(Math.round((1 + phase) * SECOND));
  return host;
}

/** Milliseconds from the crash of the leader to the next one's election. */
export function crashToElected(setUp: CrashSetUp, seed: number): number {
  const host = steadyHost(setUp, seed);
  const atUs = host.kernel.nowUs;
  const before = host.elections.length;
  host.kill(host.leader!);
  if (!host.advanceUntil(() => host.elections.length > before, LIMIT_US, SECOND / 2)) {
    throw new Error('no new leader');
  }
  return (host.elections[before]!.timeUs - atUs) / MILLISECOND;
}

/** Milliseconds from cutting the leader off to its step-down, and for how long two members called themselves leader. */
function isolation(setUp: CrashSetUp, seed: number): { stepDown: number; overlap: number } {
  const host = steadyHost(setUp, seed);
  const old = host.leader!;
  const atUs = host.kernel.nowUs;
  const before = host.elections.length;
  host.isolate(old);
  const stepUs = MILLISECOND;
  host.advanceUntil(() => old.raft.state !== 'Leader', 5 * SECOND, stepUs);
  const stepDown = (host.kernel.nowUs - atUs - stepUs / 2) / MILLISECOND;
  host.advanceUntil(() => host.elections.length > before, LIMIT_US, SECOND / 2);
  const elected = (host.elections[before]!.timeUs - atUs) / MILLISECOND;
  return { stepDown, overlap: Math.max(0, stepDown - elected) };
}

function crashed(setUp: Row, trials: number): Comparison {
  const { members, oneWayMs, fsyncMs, preVote, measured } = setUp;
  const predicted = Array.from({ length: trials }, (_, seed) => crashToElected(setUp, seed));
  const name = `etcd-raft/${members}-${oneWayMs}ms-fsync-${fsyncMs}ms${preVote ? '-prevote' : ''}`;
  return judgeQuantiles({ name, source: SOURCE, unit: 'ms' }, measured, MEASURED, predicted, {
    within: WITHIN,
    words: WORDS,
  });
}

const ISOLATED: readonly { members: number; overlapP50: number }[] = [
  { members: 3, overlapP50: 264 },
  { members: 5, overlapP50: 404 },
];
const OVERLAP_MAX = 1_080;

function isolated({ members, overlapP50 }: (typeof ISOLATED)[number], trials: number): Comparison {
  const setUp = { members, oneWayMs: 0.5, fsyncMs: 0, preVote: true };
  const runs = Array.from({ length: trials }, (_, seed) => isolation(setUp, seed));
  const stepDowns = sorted(runs.map((run) => run.stepDown));
  const overlaps = sorted(runs.map((run) => run.overlap));
  // Of a uniform second; the same again for the measured sample.
  const meanError = 2.576 * Math.hypot(standardError(stepDowns), 289 / Math.sqrt(MEASURED));
  const half = 2.576 * Math.sqrt(0.25 / trials + 0.25 / MEASURED);
  const medianError = (quantile(overlaps, 0.5 + half) - quantile(overlaps, 0.5 - half)) / 2;
  return judgeFigures(
    { name: `etcd-raft/isolated-${members}`, source: SOURCE, unit: 'ms' },
    { measured: MEASURED, predicted: trials },
    'step-down between 1000 and 2000 ms with mean 1500, median overlap of two leaders: inside the 99 % interval of samples of these sizes; the longest overlap within 100 ms',
    {
      'step-down min': { measured: 1_000, predicted: stepDowns[0]!, allowed: 20 },
      'step-down mean': { measured: 1_500, predicted: mean(stepDowns), allowed: Math.max(15, meanError) },
      'step-down max': { measured: 2_000, predicted: stepDowns.at(-1)!, allowed: 20 },
      'overlap p50': { measured: overlapP50, predicted: quantile(overlaps, 0.5), allowed: medianError },
      'overlap max': { measured: OVERLAP_MAX, predicted: overlaps.at(-1)!, allowed: 100 },
    },
  );
}

export const etcdRaft = suite('etcd-raft', ({ short, progress }) => {
  const comparisons: Comparison[] = [];
  for (const setUp of short ? ROWS.filter((_, i) => i === 1 || i === 4) : ROWS) {
    progress(`leader crashed, N=${setUp.members}, ${setUp.oneWayMs} ms, fsync ${setUp.fsyncMs} ms`);
    comparisons.push(crashed(setUp, short ? 600 : 4_000));
  }
  for (const setUp of short ? ISOLATED.slice(0, 1) : ISOLATED) {
    progress(`leader isolated, N=${setUp.members}`);
    comparisons.push(isolated(setUp, short ? 400 : 2_000));
  }
  return comparisons;
});
