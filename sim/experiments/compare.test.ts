/** Shared luck on real runs: it narrows intervals, and a new node disturbs nobody else's faults. */
import { expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/load.ts';
import { LIFE } from '../cli/testing.ts';
import { simulate } from '../simulate.ts';
import { comparisonOf, headlines } from './compare.ts';
import { valuesByRun } from './figures.ts';
import { rowsOf } from './outcome.ts';
import { runChunk } from './run-chunk.ts';
import { pairedInterval } from './statistics/index.ts';
import { type Study, seedOfRun } from './study.ts';

const RUNS = 24;
const scenarioOf = (...set: string[]) => loadScenario(LIFE, { set }).scenario;
const study: Study = {
  seed: 1,
  variants: [
    { name: '3 managers', settings: {}, scenario: scenarioOf() },
    { name: '5 managers', settings: {}, scenario: scenarioOf('nodes.manager.count=5') },
  ],
};
const outcomes = study.variants.map((_, variant) => runChunk(study, { variant, from: 0, to: RUNS }));
const rows = study.variants.map(({ scenario }) => rowsOf(scenario));

test('placements that share faults: the paired interval is narrower than that of runs with luck of their own', () => {
  const comparison = comparisonOf({ study, rows, outcomes, stopped: 'runs' });
  const [{ figure, difference, varianceRatio }] = headlines(comparison.differences) as [
    (typeof comparison.differences)[number],
  ];
  expect(varianceRatio).toBeLessThan(0.6);
  const values = outcomes.map((own, i) => valuesByRun(figure, { rows: rows[i]!, outcomes: own }));
  // The same runs, each against another run's luck.
  const shifted = values[0]!.map((_, k) => values[0]![(k + 7) % RUNS]!);
  const apart = pairedInterval(values[1]!, shifted, 0.95, { atMost: 1 });
  expect(difference.upper - difference.lower).toBeLessThan(0.85 * (apart.upper - apart.lower));
  expect(difference.value).toBeCloseTo(apart.estimate, 9);
});

test('two more managers: whatever befell the others befalls them at the same moments', () => {
  for (const run of [0, 1, 2]) {
    const [three, five] = study.variants.map(({ scenario }) =>
      simulate(scenario, { seed: seedOfRun(study.seed, run) }).faults.map(
        ({ title, fromUs, toUs }) => `${title} ${fromUs} ${toUs}`,
      ),
    ) as [string[], string[]];
    expect(three.length).toBeGreaterThan(5);
    expect(five.filter((fault) => !/manager-[45]/.test(fault))).toEqual(three);
    expect(five.length).toBeGreaterThan(three.length);
  }
});

const SCRIPTED = `version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager } }
timeline: [{ at: 1m, power-loss: [manager-1, manager-2], for: 2m }]
run: { duration: 10m }
`;

function compared(text: string, durations: readonly string[], runs: number) {
  const variants = durations.map((duration) => ({
    name: duration,
    settings: { 'run.duration': duration },
    scenario: loadScenario(text, { set: [`run.duration=${duration}`] }).scenario,
  }));
  const own: Study = { seed: 1, variants };
  return comparisonOf({
    study: own,
    rows: variants.map(({ scenario }) => rowsOf(scenario)),
    outcomes: variants.map((_, variant) => runChunk(own, { variant, from: 0, to: runs })),
    stopped: 'runs',
  });
}

test('a script in a longer run is the same script: time is compared, and no share of it', () => {
  const { differences } = compared(SCRIPTED, ['10m', '1h'], 8);
  const [headline] = headlines(differences);
  expect(headline).toMatchObject({
    figure: { metric: 'unavailable-time' },
    word: 'the same',
    difference: { value: 0 },
    exact: { baseline: 120_000_000, variant: 120_000_000, standing: 'agrees' },
  });
  expect(headline!.baselineEstimate.value).toBeGreaterThan(100_000_000);
  expect(headline!.baselineEstimate.value).toBeLessThan(120_000_000);
  const metrics = new Set(differences.map(({ figure }) => figure.metric));
  expect([...metrics]).toEqual(['unavailable-time', 'outages', 'failover-mean', 'failover-p99']);
});

test('what fails by chance is compared by its rate, however long the runs are', () => {
  const { differences } = compared(LIFE, ['1h', '4h'], 16);
  const [headline] = headlines(differences);
  expect(headline).toMatchObject({ figure: { metric: 'unavailability' }, word: 'cannot tell yet' });
  const outages = differences.find(({ figure }) => figure.metric === 'outages-per-year')!;
  expect(outages.word).not.toBe('worse');
  // A run of four hours has four times the outages of one of an hour; a year of 8766 hours has as many.
  expect(outages.baselineEstimate.value).toBeGreaterThan(8766);
  const ratio = outages.variantEstimate.value / outages.baselineEstimate.value;
  expect(ratio).toBeGreaterThan(0.6);
  expect(ratio).toBeLessThan(1.7);
  expect(differences.some(({ figure }) => figure.metric === 'outages')).toBe(false);
});

test('a script with chance besides has no figure in common with a longer run of the same', () => {
  const both = LIFE.replace('faults:', 'timeline: [{ at: 1m, kill: manager-1, for: 1m }]\nfaults:');
  expect(() => compared(both, ['10m', '20m'], 1)).toThrow(RangeError);
  expect(headlines(compared(both, ['10m', '600s'], 1).differences)[0]!.figure.metric).toBe('unavailability');
});
