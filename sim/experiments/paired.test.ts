import { describe, expect, test } from 'vitest';
import { RandomStream } from '../kernel/streams.ts';
import type { Figure } from './decisions.ts';
import { commonFigures, type Measured } from './figures.ts';
import type { OutcomeRows, RunOutcome } from './outcome.ts';
import { FAILOVERS_MIN, failoversForP99, pairedDifference, wordOf } from './paired.ts';

const ROWS: OutcomeRows = {
  durationUs: 1_000_000,
  operations: [
    { system: 'etcd', operation: 'write', vantage: 'us' },
    { system: 'etcd', operation: 'read', vantage: 'us' },
  ],
  systems: ['etcd'],
};
const UNAVAILABILITY: Figure = {
  system: 'etcd',
  operation: 'write',
  vantage: 'us',
  metric: 'unavailability',
  headline: true,
};
const P99: Figure = {
  ...UNAVAILABILITY,
  operation: '',
  vantage: '',
  metric: 'failover-p99',
  headline: false,
};

/** Runs of so much downtime each, with these failovers. */
function variant(
  name: string,
  downUs: readonly number[],
  failovers: readonly (readonly (number | null)[])[] = [],
): Measured & { name: string } {
  const outcomes = downUs.map((down, run): RunOutcome => {
    const operation = {
      downUs: down,
      degradedUs: 0,
      waitingUs: 0,
      outagesUs: down > 0 ? [down] : [],
      cutOff: false,
      causes: [],
    };
    return {
      variant: 0,
      run,
      operations: [operation, operation],
      systems: [
        {
          failovers: (failovers[run] ?? []).map((recoveredUs) => ({
            group: '',
            detectedUs: recoveredUs,
            electedUs: recoveredUs,
            recoveredUs,
          })),
          campaigns: 0,
          elections: 0,
          splitVotes: 0,
          highestTerm: 0,
        },
      ],
      objectives: [],
      faults: 0,
      idleFaults: [],
    };
  });
  return { name, rows: ROWS, outcomes };
}

const of = (rows: OutcomeRows) => ({
  rows,
  scenario: { objectives: [], systems: [], faults: [], run: { durationUs: 1, warmUpUs: 0 } },
});

const draws = new RandomStream('paired.test', 'downtime');
const luck = (run: number) => Math.floor(100_000 * draws.uniform(run));
const RUNS = Array.from({ length: 40 }, (_, run) => luck(run));

test('figures: the main operation from the widest vantage leads; each system has its failovers', () => {
  const figures = commonFigures([of(ROWS), of({ ...ROWS, operations: ROWS.operations.slice(0, 1) })]);
  expect(figures.map(({ operation, metric, headline }) => `${operation} ${metric} ${headline}`)).toEqual([
    'write unavailability true',
    'write outages false',
    ' failover-mean false',
    ' failover-p99 false',
  ]);
});

describe('unavailability', () => {
  test('less downtime under the same luck is better, though the runs differ more than the variants', () => {
    const before = variant('a', RUNS);
    const after = variant(
      'b',
      RUNS.map((down) => down * 0.9),
    );
    const found = pairedDifference(UNAVAILABILITY, before, after);
    expect(found).toMatchObject({ variant: 'b', baseline: 'a', word: 'better', moreRuns: null });
    expect(found.difference.value).toBeCloseTo(-0.1 * found.baselineEstimate.value, 12);
    expect(found.difference.upper).toBeLessThan(0);
    expect(found.varianceRatio).toBeLessThan(0.01);
    // Without the pairs nobody could tell.
    expect(found.baselineEstimate.lower).toBeLessThan(found.variantEstimate.value);
    expect(pairedDifference(UNAVAILABILITY, after, before).word).toBe('worse');
  });

  test('luck that is not shared leaves the variance whole', () => {
    const other = variant(
      'b',
      RUNS.map((_, run) => luck(run + 1_000)),
    );
    const { varianceRatio } = pairedDifference(UNAVAILABILITY, variant('a', RUNS), other);
    expect(varianceRatio).toBeGreaterThan(0.5);
    expect(varianceRatio).toBeLessThan(1.5);
  });

  test('no run differs though something happened: the same', () => {
    const found = pairedDifference(UNAVAILABILITY, variant('a', RUNS), variant('b', RUNS));
    expect(found).toMatchObject({ word: 'the same', difference: { value: 0, lower: 0, upper: 0 } });
  });

  test('nothing happened in any run: cannot tell, and nobody knows how long it would take', () => {
    const calm = RUNS.map(() => 0);
    const found = pairedDifference(UNAVAILABILITY, variant('a', calm), variant('b', calm));
    expect(found).toMatchObject({ word: 'cannot tell yet', moreRuns: null });
    expect(found.difference.lower).toBeLessThan(0);
    expect(found.difference.upper).toBeGreaterThan(0);
  });

  test('a difference in one run of many is an anecdote', () => {
    const calm = RUNS.map(() => 0);
    const once = RUNS.map((_, run) => (run === 7 ? 900_000 : 0));
    const found = pairedDifference(UNAVAILABILITY, variant('a', calm), variant('b', once));
    expect(found).toMatchObject({ word: 'cannot tell yet', moreRuns: null });
  });

  test('as many more runs as it says do tell, if the difference is what it seems', () => {
    const FEW = 24;
    const of = (runs: number, change: (run: number) => number) =>
      Array.from({ length: runs }, (_, k) => luck(k % FEW) + change(k % FEW));
    const pair = (runs: number) =>
      pairedDifference(
        UNAVAILABILITY,
        variant(
          'a',
          of(runs, () => 0),
        ),
        variant(
          'b',
          of(runs, (run) => (luck(run + 5_000) > 50_000 ? 12_000 : -10_000)),
        ),
      );
    const few = pair(FEW);
    expect(few.word).toBe('cannot tell yet');
    // Whole rounds of the same luck.
    const rounds = Math.ceil(few.moreRuns! / FEW);
    expect(pair(FEW + rounds * FEW).word).not.toBe('cannot tell yet');
    expect(pair(Math.ceil(rounds / 2) * FEW).word).toBe('cannot tell yet');
  });
});

describe('failovers', () => {
  const failovers = RUNS.map((down) =>
    Array.from({ length: 10 }, (_, i) => 3_000_000 + 10 * down + i * 150_000),
  );

  test('slower by a second is worse; those without an end are left out', () => {
    const slower = failovers.map((run) => [...run.map((us) => us + 1_000_000), null]);
    const found = pairedDifference(P99, variant('a', RUNS, failovers), variant('b', RUNS, slower));
    expect(found.word).toBe('worse');
    expect(found.difference.value).toBe(1_000_000);
    expect(found.difference.lower).toBeGreaterThan(0);
    expect(found.variantEstimate.n).toBe(10 * RUNS.length);
  });

  test('the same runs give the same interval', () => {
    const other = failovers.map((run) => run.map((us, i) => us + (i === 0 ? 100_000 : -150_000)));
    const once = pairedDifference(P99, variant('a', RUNS, failovers), variant('b', RUNS, other));
    expect(pairedDifference(P99, variant('a', RUNS, failovers), variant('b', RUNS, other))).toEqual(once);
    expect(Number.isFinite(once.difference.lower)).toBe(true);
  });

  test('what one of a hundred takes is unknown from fewer than bound it, and it is said how many are wanted', () => {
    expect(failoversForP99()).toBe(368);
    const two = failovers.map((run) => run.slice(0, 2));
    const slower = two.map((run) => run.map((us) => us + 1_000_000));
    const found = pairedDifference(P99, variant('a', RUNS, two), variant('b', RUNS, slower));
    expect(found).toMatchObject({ word: 'cannot tell yet', difference: { value: 1_000_000 } });
    expect(found.difference.upper).toBe(Number.POSITIVE_INFINITY);
    const enough = RUNS.length + found.moreRuns!;
    const longer = (runs: readonly number[][]) =>
      Array.from({ length: enough }, (_, k) => runs[k % runs.length]!);
    const downs = Array.from({ length: enough }, (_, k) => RUNS[k % RUNS.length]!);
    const then = pairedDifference(P99, variant('a', downs, longer(two)), variant('b', downs, longer(slower)));
    expect(then.word).toBe('worse');
  });

  test('too few of them say nothing', () => {
    const few = RUNS.map((_, run) => (run < FAILOVERS_MIN - 1 ? [1_000_000] : []));
    const more = RUNS.map((_, run) => (run < FAILOVERS_MIN - 1 ? [2_000_000] : []));
    const found = pairedDifference(P99, variant('a', RUNS, few), variant('b', RUNS, more));
    expect(found).toMatchObject({ word: 'cannot tell yet', difference: { value: 1_000_000 } });
    expect(found.difference.lower).toBe(Number.NEGATIVE_INFINITY);
    const none = pairedDifference(P99, variant('a', RUNS), variant('b', RUNS));
    expect(none).toMatchObject({ word: 'cannot tell yet', moreRuns: null });
  });
});

test('less is better', () => {
  expect(wordOf({ lower: -2, upper: -1 })).toBe('better');
  expect(wordOf({ lower: 1, upper: 2 })).toBe('worse');
  expect(wordOf({ lower: -1, upper: 0 })).toBe('cannot tell yet');
});
