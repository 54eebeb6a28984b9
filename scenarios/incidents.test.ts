/**
 * Every incident of the library is run: it says what was observed, where, and what the simulator shows of it, and its
 * objectives hold what it says.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../sim/cli/verdict.ts';
import { simulate } from '../sim/simulate.ts';
import { list, readScenario } from './index.ts';

const incidents = list().filter((entry) => entry.folder === 'incidents');

test('there are incidents, and each name is unique in the library', () => {
  expect(incidents.length).toBeGreaterThanOrEqual(15);
  const names = list().map((entry) => entry.name);
  for (const { name } of incidents) expect(names.filter((each) => each === name)).toHaveLength(1);
});

describe.each(incidents.map(({ name, path }) => ({ name, path })))('$name', ({ path }) => {
  test('tells what was observed, by whom, and what the simulator shows of it', () => {
    const { description } = readScenario(path).scenario;
    expect(description).toMatch(/^(Observed|Published) \(\w[^)]*\d{4}/);
    expect(description).toMatch(/The simulator (shows|does NOT show|carries)/);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^# Source: \w/m);
    expect(text).toMatch(/^# Expected outcome: pass \(exit code 0\)\.$/m);
  });

  test('is shown by the simulator: every objective passes, every fault has an effect', () => {
    const { scenario, seed, warnings } = readScenario(path);
    expect(scenario.objectives.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    const run = simulate(scenario, seed === undefined ? {} : { seed });
    const missed = run.objectives.filter(({ verdict }) => verdict !== 'pass');
    expect(missed.map(({ objective, value }) => `${objective.text}: ${value}`)).toEqual([]);
    expect(verdictOf(run)).toEqual({ code: 0, notes: [] });
  });
});
