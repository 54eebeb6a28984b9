/**
 * Whatever a file holds, loading it gives a scenario or a ScenarioError with positions: never another error, never a
 * hang, never a broken message. Started from a full file, a small one, and every shipped one. ZF_RUNS tries more.
 */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { ScenarioError } from './issue.ts';
import { list } from './library.ts';
import { loadScenario } from './load.ts';
import { readScenario } from './read.ts';
import { EVERYTHING } from './testing/everything.ts';
import { MINIMAL } from './testing/minimal.ts';
import { damagedText, damagedTree } from './testing/mutations.ts';

const RUNS = Number(process.env.ZF_RUNS ?? 200);

const readFile = (name: string): string => {
  if (name === 'rtt.csv') return 'from,to,rtt_ms\nDallas,London,113\nLondon,Dallas,112\n';
  throw new Error('there is no such file');
};

function survives(text: string, set: readonly string[] = []): void {
  const begin = performance.now();
  try {
    loadScenario(text, { fileName: 'f.yaml', readFile, set });
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.issues.length).toBeGreaterThan(0);
    let before = 0;
    for (const issue of error.issues) {
      expect(issue.message).toMatch(/^[^\n]+$/);
      // What is quoted comes from the file.
      expect(issue.message.replace(/"[^"]*"/g, '')).not.toMatch(/undefined|NaN|\[object|Invalid input/);
      if (issue.file !== 'f.yaml') continue;
      expect(issue.line).toBeGreaterThan(0);
      expect(issue.column).toBeGreaterThan(0);
      expect(issue.line).toBeGreaterThanOrEqual(before);
      before = issue.line;
    }
  }
  expect(performance.now() - begin).toBeLessThan(5_000);
}

describe.each([
  ['a full file', EVERYTHING],
  ['a small file', MINIMAL],
])('damage to %s', (_name, text) => {
  test('of its values', () => {
    fc.assert(
      fc.property(damagedTree(text), (damaged) => survives(damaged)),
      { numRuns: RUNS },
    );
  });

  test('of its text', () => {
    fc.assert(
      fc.property(damagedText(text), (damaged) => survives(damaged)),
      { numRuns: RUNS },
    );
  });
});

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200, unit: 'binary' }), (text) => survives(text)),
    { numRuns: RUNS },
  );
});

test('any setting', () => {
  const word = fc.string({ maxLength: 30 });
  fc.assert(
    fc.property(word, word, (path, value) => survives(MINIMAL, [`${path}=${value}`])),
    { numRuns: RUNS },
  );
});

test('the full file is valid', () => {
  expect(loadScenario(EVERYTHING, { readFile }).warnings).toEqual([]);
});

describe('a file that was read can be written and read again', () => {
  test.each([
    ['the full file', EVERYTHING],
    ['the small file', MINIMAL],
  ])('%s', (_name, text) => {
    const { scenario, file } = loadScenario(text, { readFile });
    expect(loadScenario(stringify(file), { readFile }).scenario).toEqual(scenario);
    expect(loadScenario(JSON.stringify(file), { readFile }).scenario).toEqual(scenario);
  });

  test('every shipped file', () => {
    for (const { path } of list()) {
      const { scenario, file } = readScenario(path);
      expect(
        loadScenario(stringify(file), {
          readFile: (name) => readFileSync(path.replace(/[^/]*$/, name), 'utf8'),
        }).scenario,
        path,
      ).toEqual(scenario);
    }
  });
});

describe('a value set to what it is changes nothing', () => {
  const { scenario, file } = loadScenario(EVERYTHING, { readFile });
  test.each([
    'title',
    'topology.us-west.region',
    'topology.us-west.zones',
    'network.between-zones.rtt',
    'network.links[0].rtt',
    'nodes.manager.count',
    'nodes.worker.labels.disk',
    'systems.etcd.members',
    'systems.rethink.members[1]',
    'timeline[0].zone-outage',
    'timeline[3].delay.add-rtt',
    'faults[0].every',
    'objectives[0]',
    'run.duration',
  ])('%s', (path) => {
    const value = path
      .split(/[.[\]]+/)
      .filter((key) => key !== '')
      .reduce((at: unknown, key) => (at as Record<string, unknown>)[key], file);
    expect(
      loadScenario(EVERYTHING, { readFile, set: [`${path}=${JSON.stringify(value)}`] }).scenario,
    ).toEqual(scenario);
  });
});
