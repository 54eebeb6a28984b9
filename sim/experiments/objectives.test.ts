import { describe, expect, test } from 'vitest';
import { parseObjective } from '../../scenarios/objective.ts';
import { SECOND } from '../kernel/time.ts';
import { type ExactFigures, exactKey } from './exact-figures.ts';
import { countInterval, judgeRuns, overall, type SweptObjective } from './objectives.ts';
import type { RunOutcome } from './outcome.ts';
import { MADE_UP_ROWS, madeUp } from './testing.ts';

const systems = [{ name: 'etcd', family: 'etcd' }] as unknown as Parameters<typeof judgeRuns>[0]['systems'];

function judge(text: string, outcomes: readonly RunOutcome[], exact?: ExactFigures): SweptObjective {
  const objectives = [{ text, origin: '', ...parseObjective(text) }];
  return judgeRuns({ objectives, systems }, MADE_UP_ROWS, outcomes, 0.95, exact)[0]!;
}

/** Runs that were down for 9, 10 and 11 s in turn: 1 % of the time, known well. */
const steady = Array.from({ length: 60 }, (_, k) => madeUp(0, k, (9 + (k % 3)) * SECOND));
/** One of ten runs was down for 100 s: 1 %, known badly. */
const rare = Array.from({ length: 20 }, (_, k) => madeUp(0, k, k % 10 === 0 ? 100 * SECOND : 0));
const never = Array.from({ length: 100 }, (_, k) => madeUp(0, k, 0));

describe('what adds up is judged on the mean over runs', () => {
  test.each([
    ['etcd write availability >= 98%', steady, 'pass'],
    ['etcd write availability >= 99%', steady, 'inconclusive'],
    ['etcd write availability >= 99.5%', steady, 'fail'],
    ['etcd write availability >= 98%', rare, 'inconclusive'],
    ['etcd write availability >= 50%', rare, 'pass'],
    ['etcd write availability >= 99.99%', rare, 'fail'],
    ['etcd write downtime <= 12s', steady, 'pass'],
    ['etcd write downtime <= 8s', steady, 'fail'],
    ['etcd write downtime < 10s', steady, 'inconclusive'],
    ['etcd write outages <= 2', steady, 'pass'],
    ['etcd write outages < 1', steady, 'fail'],
    ['etcd write degraded <= 10m', steady, 'pass'],
  ] as const)('%s', (text, outcomes, verdict) => {
    expect(judge(text, outcomes)).toMatchObject({ verdict, statistic: 'mean' });
  });

  test('the value is in the unit of the limit, and the width relative to the unavailability', () => {
    const { figure, relativeWidth } = judge('etcd write availability from dc >= 98%', steady);
    expect(figure!.interval.estimate).toBeCloseTo(0.99, 12);
    expect(relativeWidth).toBeCloseTo((figure!.interval.upper - figure!.interval.lower) / 2 / 0.01, 9);
    expect(relativeWidth).toBeGreaterThan(0.01);
    expect(relativeWidth).toBeLessThan(0.05);
  });

  test('nothing that failed in any run is no proof: the rule of three bounds it', () => {
    const judged = judge('etcd write availability >= 99.95%', never);
    expect(judged).toMatchObject({ verdict: 'inconclusive', relativeWidth: Number.POSITIVE_INFINITY });
    expect(judged.figure!.interval.method).toBe('rule-of-three');
    expect(judged.figure!.interval.lower).toBeCloseTo(0.05 ** 0.01, 9);
    expect(judge('etcd write availability >= 97%', never).verdict).toBe('pass');
    expect(judge('etcd failovers <= 1', never).verdict).toBe('pass');
    expect(judge('etcd failovers <= 0', never).verdict).toBe('inconclusive');
  });

  test('of several vantages the worst counts', () => {
    const uneven = steady.map(({ run }) =>
      madeUp(0, run, 9 * SECOND, { secondUs: (90 + (run % 3)) * SECOND }),
    );
    const judged = judge('etcd write availability >= 98%', uneven);
    expect(judged.verdict).toBe('fail');
    expect(judged.figure).toMatchObject({ system: 'etcd', vantage: 'dc/a' });
    expect(judge('etcd write availability from dc >= 98%', uneven).verdict).toBe('pass');
  });
});

test('an exact answer that is worse than the interval is what runs have not met yet: no verdict against it', () => {
  const exactly = (value: number, range = 0): ExactFigures =>
    new Map([
      [
        exactKey({ system: 'etcd', operation: 'write', vantage: 'dc', metric: 'availability' }),
        { value, least: value - range, most: value + range },
      ],
    ]);
  const text = 'etcd write availability from dc >= 98%';
  expect(judge(text, steady, exactly(0.99))).toMatchObject({ verdict: 'pass', figure: { beyond: null } });
  expect(judge(text, steady, exactly(0.985))).toMatchObject({ verdict: 'pass', figure: { beyond: 0.985 } });
  expect(judge(text, steady, exactly(0.9))).toMatchObject({
    verdict: 'inconclusive',
    figure: { beyond: 0.9, interval: { lower: 0.9 } },
  });
  expect(judge(text, steady, exactly(0.9, 0.1)).verdict).toBe('pass');
  // Failures alone are the least that there is: they take nothing away from what runs did meet.
  expect(judge('etcd write availability from dc >= 99.5%', steady, exactly(0.9999)).verdict).toBe('fail');
});

describe('failovers are judged on those of all runs together', () => {
  const failover = (recoveredUs: number | null) => ({ group: '', detectedUs: 1, electedUs: 2, recoveredUs });
  /** 400 failovers of 1 to 400 ms. */
  const many = Array.from({ length: 40 }, (_, k) =>
    madeUp(0, k, 0, { failovers: Array.from({ length: 10 }, (_, i) => failover((k * 10 + i + 1) * 1000)) }),
  );

  test.each([
    ['etcd failover p50 <= 230ms', 'pass'],
    ['etcd failover p50 <= 201ms', 'inconclusive'],
    ['etcd failover p50 <= 150ms', 'fail'],
    ['etcd failover p99 <= 1s', 'pass'],
  ] as const)('%s', (text, verdict) => {
    expect(judge(text, many)).toMatchObject({ verdict, statistic: 'quantile' });
    expect(judge(text, many).figure!.interval.n).toBe(400);
  });

  test('one that did not end is longer than any limit', () => {
    const stuck = many.map((each, k) =>
      k % 2 === 0 ? madeUp(0, k, 0, { failovers: [failover(null)] }) : each,
    );
    const judged = judge('etcd failover p99 <= 1h', stuck);
    expect(judged.verdict).toBe('fail');
    expect(judged.figure!.interval.estimate).toBe(Number.POSITIVE_INFINITY);
  });

  test('without any there is nothing to judge', () => {
    expect(judge('etcd failover p99 <= 1s', never)).toMatchObject({ verdict: 'inconclusive', figure: null });
  });

  test('the slowest of a run is an extreme: what 95 % of runs keep', () => {
    expect(judge('etcd failover max <= 1s', many)).toMatchObject({ statistic: 'runs-quantile' });
  });
});

describe('an extreme of a run is judged on what 95 % of runs keep', () => {
  const outliers = (count: number, of = 200) =>
    Array.from({ length: of }, (_, k) => madeUp(0, k, k < count ? 60 * SECOND : 5 * SECOND));

  test.each([
    [0, 'pass'],
    [2, 'pass'],
    [10, 'inconclusive'],
    [30, 'fail'],
  ] as const)('%i of 200 runs beyond the limit', (count, verdict) => {
    expect(judge('etcd write longest outage <= 10s', outliers(count))).toMatchObject({
      verdict,
      statistic: 'runs-quantile',
    });
  });

  test('few runs prove nothing', () => {
    expect(judge('etcd write longest outage <= 10s', outliers(0, 20)).verdict).toBe('inconclusive');
    expect(judge('etcd highest term <= 3', outliers(0, 100)).verdict).toBe('pass');
  });
});

describe('= must hold in 95 % of runs', () => {
  const exactly = (value: number, of: number, other = 0) =>
    Array.from({ length: of }, (_, k) => madeUp(0, k, 0, { objectives: [k < other ? value + 1 : value] }));

  test.each([
    [exactly(0, 100), 'pass'],
    [exactly(0, 30), 'inconclusive'],
    [exactly(0, 100, 3), 'inconclusive'],
    [exactly(0, 100, 20), 'fail'],
    [exactly(1, 100), 'fail'],
  ] as const)('case %#', (outcomes, verdict) => {
    expect(judge('etcd split votes = 0', outcomes)).toMatchObject({ verdict, statistic: 'share-of-runs' });
  });
});

test('several verdicts: one that fails counts, then one that is not sure', () => {
  expect(overall(['pass', 'inconclusive', 'fail'])).toBe('fail');
  expect(overall(['pass', 'inconclusive'])).toBe('inconclusive');
  expect(overall(['pass', 'pass'])).toBe('pass');
  expect(overall([])).toBe('inconclusive');
});

test('no runs, no verdict', () => {
  expect(judge('etcd write availability >= 1%', [])).toMatchObject({ verdict: 'inconclusive', figure: null });
});

test.each([
  ['nothing failed', [0, 0, 0]],
  ['a microsecond failed', [0, 1, 0]],
])('of few runs in which %s the exact answer decides', (_, down) => {
  const few = down.map((us, k) => madeUp(0, k, us));
  const exactly = (value: number): ExactFigures =>
    new Map([
      [
        exactKey({ system: 'etcd', operation: 'write', vantage: 'dc', metric: 'availability' }),
        { value, least: value, most: value },
      ],
    ]);
  const text = 'etcd write availability from dc >= 99.99%';
  expect(judge(text, few, exactly(0.999995)).verdict).toBe('pass');
  expect(judge(text, few, exactly(0.9998)).verdict).not.toBe('pass');
});

test('of events that no run had there are at most as many as would show one time of twenty: 3 over the runs', () => {
  expect(countInterval(new Array<number>(40).fill(0)).upper).toBeCloseTo(2.9957 / 40, 5);
  expect(countInterval([0]).upper).toBeGreaterThan(2.99);
});
