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
