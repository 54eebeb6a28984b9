/** The shipped scenarios: found by name, told in words, and true. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { verdictOf } from '../sim/cli/verdict.ts';
import { simulate } from '../sim/simulate.ts';
import { generatedFiles } from './generators/index.ts';
import { find, findTemplate, list, listTemplates } from './library.ts';
import { readScenario } from './read.ts';

/** Incidents have a test of their own. */
const entries = list().filter(({ folder }) => folder !== 'incidents');

describe('the library', () => {
  test('holds the placements, the latency study, the lessons and the world', () => {
    const names = new Set(entries.map(({ name }) => name));
    for (const option of ['one-zone', 'three-zones', 'remote-workers']) {
      for (const managers of ['1-manager', '3-managers', '5-managers', '7-managers'])
        expect(names).toContain(`${option}-${managers}`);
      for (const replicas of ['1-replica', '5-replicas', '7-replicas'])
        expect(names).toContain(`${option}-${replicas}`);
    }
    for (const name of [
      'two-zones-3-managers',
      'two-zones-5-managers',
      'two-datacenters-stretched-3-managers',
      'two-datacenters-stretched-5-managers',
      'spikes-at-1ms',
      'spikes-at-40ms',
      'spikes-at-100ms',
      'spikes-at-400ms',
      'managers-in-one-region',
      'managers-in-two-regions',
      'managers-in-three-regions',
      'quorum-1-member',
      'quorum-2-members',
      'quorum-3-members',
      'quorum-4-members',
      'quorum-5-members',
      'quorum-6-members',
      'quorum-7-members',
      'a-year-of-life-7-managers',
      'a-year-of-life-three-zones-3-managers',
      'rolling-upgrade',
      'quorum-lost-and-rebuilt',
    ])
      expect(names).toContain(name);
    expect(names.size).toBe(entries.length);
  });

  test('a name is enough, and a mistyped one finds its neighbour', () => {
    const path = entries.find(({ name }) => name === 'three-zones-3-managers')!.path;
    for (const name of [
      'three-zones-3-managers',
      'placements/three-zones-3-managers',
      'three-zones-3-managers.yaml',
    ]) {
      expect(find(name).entry?.path).toBe(path);
    }
    expect(find('three-zone-3-managers')).toEqual({ entry: undefined, nearest: 'three-zones-3-managers' });
    expect(find('nothing like it at all')).toEqual({ entry: undefined, nearest: undefined });
    expect(findTemplate('starter').entry?.name).toBe('starter');
  });

  test.each([...entries, ...listTemplates()])(
    '$name has a title, a story and objectives',
    ({ path, title, summary }) => {
      const { scenario, warnings } = readScenario(path);
      expect(warnings).toEqual([]);
      expect(title).toBe(scenario.title);
      expect(summary.length).toBeGreaterThan(20);
      expect(scenario.description.length).toBeGreaterThan(100);
      expect(scenario.objectives.length).toBeGreaterThan(0);
      for (const line of readFileSync(path, 'utf8').split('\n'))
        expect(line.length, line).toBeLessThanOrEqual(140);
    },
  );

  /** After a change of a generator: `npx tsx scenarios/generators/generate.ts`, and read the difference. */
  test('generated files are as their generator writes them', () => {
    const folder = entries[0]!.path.replace(/[^/]+\/[^/]+$/, '');
    for (const { path, text } of generatedFiles())
      expect(readFileSync(folder + path, 'utf8') === text, `library/${path} is stale`).toBe(true);
  });
});

describe('what a shipped scenario states is what happens', () => {
  test.each(entries)('$name: $expected', ({ path, expected }) => {
    const { scenario, seed } = readScenario(path);
    const run = simulate(scenario, seed === undefined ? {} : { seed });
    const told = run.objectives.map(
      ({ objective, verdict, value, note }) => `${verdict}: ${objective.text} (${value}, ${note})`,
    );
    const { code, notes } = verdictOf(run);
    expect(code, [...told, ...notes].join('\n')).toBe(expected === 'pass' ? 0 : 1);
    expect(notes).toEqual([]);
    expect(told.filter((line) => line.startsWith('inconclusive'))).toEqual([]);
  });

  test.each(listTemplates())('the template $name passes', ({ path }) => {
    const run = simulate(readScenario(path).scenario);
    const { code, notes } = verdictOf(run);
    expect(notes).toEqual([]);
    expect(code).toBe(0);
  });
});
