import { expect, test } from 'vitest';
import { SECOND } from '../kernel/time.ts';
import { agrees, cellsOf } from './cells.ts';
import { exactKey } from './exact-figures.ts';
import { findingsOf, isPreciseEnough } from './findings.ts';
import { notableRuns } from './notable-runs.ts';
import type { RunOutcome } from './outcome.ts';
import type { StopReason } from './stopping.ts';
import type { SweepResult } from './sweep.ts';
import { MADE_UP_ROWS, madeUp, smallVariant } from './testing.ts';

const variant = smallVariant('small');
const without = { ...variant, scenario: { ...variant.scenario, objectives: [] } };

function resultOf(outcomes: readonly RunOutcome[], stopped: StopReason = 'runs', of = variant): SweepResult {
  return { study: { variants: [of], seed: 1 }, rows: [MADE_UP_ROWS], outcomes: [outcomes], stopped };
}

const good = Array.from({ length: 20 }, (_, k) => madeUp(0, k, (9 + (k % 3)) * SECOND));

test('the verdict is that of all objectives of all variants', () => {
  expect(findingsOf(resultOf(good)).verdict).toBe('pass');
  const bad = good.map(({ run }) => madeUp(0, run, (900 + (run % 3)) * SECOND));
  const both = { ...resultOf(good), rows: [MADE_UP_ROWS, MADE_UP_ROWS], outcomes: [good, bad] };
  const findings = findingsOf({
    ...both,
    study: { seed: 1, variants: [variant, { ...variant, name: 'b' }] },
  });
  expect(findings.variants.map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
  expect(findings.verdict).toBe('fail');
});

test('a sweep that was interrupted or has not one run is inconclusive; a budget decides nothing', () => {
  expect(findingsOf(resultOf(good, 'interrupted')).verdict).toBe('inconclusive');
  expect(findingsOf(resultOf(good, 'budget')).verdict).toBe('pass');
  expect(findingsOf(resultOf([], 'budget')).verdict).toBe('inconclusive');
  expect(findingsOf(resultOf([], 'budget', without)).verdict).toBe('inconclusive');
});

test('a fault that never had an effect leaves the question unanswered', () => {
  const idle = good.map(({ run }) => madeUp(0, run, 10 * SECOND, { idleFaults: [0, 1] }));
  expect(findingsOf(resultOf(idle))).toMatchObject({
    verdict: 'inconclusive',
    variants: [{ idleFaults: [0, 1] }],
  });
  const once = idle.map((each, k) => (k === 7 ? { ...each, idleFaults: [1] } : each));
  expect(findingsOf(resultOf(once)).variants[0]!.idleFaults).toEqual([1]);
});

test('precise enough: certain, or within the precision', () => {
  const enough = (outcomes: readonly RunOutcome[], precision: number, of = variant) =>
    isPreciseEnough([of], [MADE_UP_ROWS], [outcomes], precision);
  // The limit of 50 % is far away: certain, however wide.
  expect(enough(good, 1e-6)).toBe(true);
  expect(enough(good, 0.2, without)).toBe(true);
  expect(enough(good, 0.01, without)).toBe(false);
  const never = good.map(({ run }) => madeUp(0, run, 0));
  expect(enough(never, 0.5, without)).toBe(false);
});

test('a verdict that holds once is printed, but does not end a sweep that looks again and again', () => {
  const objective = variant.scenario.objectives[0]!;
  const unavailability = cellsOf({ variant, rows: MADE_UP_ROWS, outcomes: good, exact: new Map() }).find(
    ({ metric, vantage }) => metric === 'unavailability' && vantage === 'dc',
  )!.interval;
  const upper = 1 - unavailability.upper;
  const limit = upper - (1 - unavailability.estimate - upper) / 50;
  const close = { ...variant, scenario: { ...variant.scenario, objectives: [{ ...objective, limit }] } };
  expect(findingsOf(resultOf(good, 'runs', close)).verdict).toBe('pass');
  expect(isPreciseEnough([close], [MADE_UP_ROWS], [good], 1e-6)).toBe(false);
});

const life = {
  ...variant,
  scenario: {
    ...variant.scenario,
    faults: variant.scenario.faults.filter(({ start }) => start.kind !== 'at'),
  },
};

test('cells: shares, times in milliseconds, by the year', () => {
  const cells = cellsOf({ variant: life, rows: MADE_UP_ROWS, outcomes: good, exact: new Map() });
  const of = (metric: string, vantage = 'dc') =>
    cells.find((cell) => cell.metric === metric && cell.vantage === vantage)!.interval;
  const mean = good.reduce((sum, run) => sum + run.operations[0]!.downUs, 0) / good.length;
  expect(of('unavailability').estimate).toBeCloseTo(mean / MADE_UP_ROWS.durationUs, 12);
  expect(of('availability').estimate).toBeCloseTo(1 - mean / MADE_UP_ROWS.durationUs, 12);
  expect(of('availability').lower).toBeCloseTo(1 - of('unavailability').upper, 12);
  expect(of('downtime_ms').estimate).toBeCloseTo(mean / 1000, 6);
  // A year of 365.25 days has 31557.6 runs of 1000 s.
  expect(of('downtime_ms_per_year').estimate).toBeCloseTo((mean / 1000) * 31557.6, 3);
  expect(of('outages').estimate).toBe(1);
  expect(of('outages_per_year').estimate).toBeCloseTo(31557.6, 6);
  expect(of('outage_p50_ms').estimate).toBe(10_000);
  expect(of('outage_max_ms')).toMatchObject({ estimate: 11_000, n: 20, method: 'none' });
  expect(of('downtime_share kill any manager')).toMatchObject({ estimate: 1, n: 20 });
  expect(of('failovers_per_year', '')).toMatchObject({ estimate: 0, method: 'rule-of-three' });
  expect(of('failover_recovered_p95_ms', '').estimate).toBeNaN();
});

test('cells: a script that is played in the run is never stretched to a year', () => {
  const metricsOf = (scenario: typeof variant) =>
    cellsOf({ variant: scenario, rows: MADE_UP_ROWS, outcomes: good, exact: new Map() }).map(
      ({ metric }) => metric,
    );
  const perRun = ['downtime_ms', 'degraded_ms', 'outages', 'failovers', 'elections', 'split_votes'];
  for (const metric of perRun) {
    expect(metricsOf(life)).toEqual(expect.arrayContaining([metric, `${metric}_per_year`]));
    expect(metricsOf(variant)).toContain(metric);
  }
  expect(metricsOf(variant).filter((metric) => metric.includes('year'))).toEqual([]);
});

test('cells: an exact answer stands beside the estimate and agrees when the interval reaches its range', () => {
  const about = { system: 'etcd', operation: 'write', vantage: 'dc', metric: 'unavailability' };
  const cellWith = (value: number, least = value, most = value) =>
    cellsOf({
      variant,
      rows: MADE_UP_ROWS,
      outcomes: good,
      exact: new Map([[exactKey(about), { value, least, most }]]),
    }).find(({ exact }) => exact !== null)!;
  expect(cellWith(0.01)).toMatchObject({ ...about, exact: 0.01 });
  expect(agrees(cellWith(0.01))).toBe(true);
  expect(agrees(cellWith(0.02))).toBe(false);
  expect(agrees(cellWith(0.02, 0.0101, 0.03))).toBe(true);
  expect(agrees(cellWith(0.001, 0, 0.002))).toBe(false);
  expect(agrees({ ...cellWith(0.02), exactRange: null })).toBeNull();
});

test('cells of a failover that did not end are infinite, and not larger than everything by chance', () => {
  const failovers = [{ group: '', detectedUs: 5_000, electedUs: null, recoveredUs: null }];
  const cells = cellsOf({
    variant,
    rows: MADE_UP_ROWS,
    outcomes: [madeUp(0, 0, 0, { failovers })],
    exact: new Map(),
  });
  const of = (metric: string) => cells.find((cell) => cell.metric === metric)!.interval.estimate;
  expect(of('failover_detected_p50_ms')).toBe(5);
  expect(of('failover_recovered_p50_ms')).toBe(Number.POSITIVE_INFINITY);
  expect(of('failover_recovered_max_ms')).toBe(Number.POSITIVE_INFINITY);
});

test('the worst, the median and the best run', () => {
  const downs = [30, 10, 50, 20, 40];
  const found = (outcomes: readonly RunOutcome[]) => notableRuns({ variant, rows: MADE_UP_ROWS, outcomes });
  expect(found(downs.map((s, k) => madeUp(0, k, s * SECOND)))).toMatchObject({
    worst: 2,
    median: 0,
    best: 1,
    alike: false,
  });
  // Equal as the objective sees it (from dc/a): what else was down decides.
  expect(variant.scenario.objectives[0]!.metric).toMatchObject({ vantage: 'dc/a' });
  expect(found([3, 1, 2].map((s, k) => madeUp(0, k, s * SECOND, { secondUs: SECOND })))).toMatchObject({
    worst: 0,
    median: 2,
    best: 1,
  });
  expect(found([madeUp(0, 0, 0), madeUp(0, 1, 0)])).toMatchObject({ worst: 0, alike: true });
  expect(found([])).toBeNull();
});
