import { describe, expect, test } from 'vitest';
import { ScenarioError } from './issue.ts';
import { loadScenario } from './load.ts';
import { loadStudy, type StudyOptions } from './study.ts';

const BASE = `version: 1
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
run: { duration: 2m }
`;

const load = (study: string, options: StudyOptions = {}) =>
  loadStudy(`${BASE}${study}`, { fileName: 's.yaml', ...options });
const errorOf = (study: string, options: StudyOptions = {}): string => {
  try {
    load(study, options);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  throw new Error('it loads');
};
const names = (study: string, options: StudyOptions = {}) =>
  load(study, options).variants.map(({ name }) => name);

describe('variants', () => {
  test('a file that varies nothing is one', () => {
    const { variants, settings, base } = load('');
    expect(variants).toEqual([{ name: 'as it is', settings: {}, scenario: base.scenario }]);
    expect(settings).toEqual([[]]);
  });

  test('axes of the file and of the command line make a grid, the last axis fastest', () => {
    const study = 'study: { vary: { nodes.manager.count: [3, 5] } }';
    expect(names(study, { vary: ['systems.etcd.pre-vote=true,false'] })).toEqual([
      'nodes.manager.count=3, systems.etcd.pre-vote=true',
      'nodes.manager.count=3, systems.etcd.pre-vote=false',
      'nodes.manager.count=5, systems.etcd.pre-vote=true',
      'nodes.manager.count=5, systems.etcd.pre-vote=false',
    ]);
    const members = load(study).variants.map(({ scenario }) => scenario.systems[0]!.members.length);
    expect(members).toEqual([3, 5]);
  });

  test('an axis of the command line replaces that of its path, however it is spelt', () => {
    const study = 'study: { vary: { nodes.manager.count: [3, 5] } }';
    expect(names(study, { vary: ['nodes."manager".count=1,7'] })).toEqual([
      'nodes."manager".count=1',
      'nodes."manager".count=7',
    ]);
  });

  test('named variants set several things at once', () => {
    const { variants, settings } = load(`study:
  variants:
    as it is: {}
    one zone: { 'topology.dc.zones': [a], 'nodes.manager.count': 5 }
`);
    expect(variants.map(({ name }) => name)).toEqual(['as it is', 'one zone']);
    expect(variants[1]!.settings).toEqual({ 'topology.dc.zones': '["a"]', 'nodes.manager.count': '5' });
    expect(settings[1]).toEqual(['topology.dc.zones=["a"]', 'nodes.manager.count=5']);
  });

  test.each([
    ['network.between-zones.rtt', 'lognormal(p50 1ms, p99 2ms)'],
    ['title', '"3"'],
    ['title', 'yes: no'],
    ['topology.dc.zones', '[a, b]'],
    ['description', "'#1'"],
  ])('--set makes the same scenario again: %s %s', (path, value) => {
    const quoted = value.includes(': ') ? `'${value}'` : value;
    const { variants, settings } = load(
      `study: { vary: { '${path}': [ ${quoted.startsWith('log') ? `'${value}'` : quoted} ] } }`,
    );
    const again = loadScenario(BASE, { fileName: 's.yaml', set: settings[0]! });
    expect(again.scenario).toEqual(variants[0]!.scenario);
  });

  test('a comma inside brackets or quotes belongs to the value', () => {
    expect(
      names('', { vary: ['network.between-zones.rtt=1ms,lognormal(p50 1ms, p99 2ms)', "title='a, b',c"] }),
    ).toHaveLength(4);
  });

  test("runs and precision are the section's", () => {
    expect(load('study: { runs: 200, precision: 5% }')).toMatchObject({ runs: 200, precision: 0.05 });
    expect(load('study: { runs: 200 }', { set: ['study.runs=50'] })).toMatchObject({ runs: 50 });
    expect(load('')).toMatchObject({ runs: undefined, precision: undefined });
  });
});

describe('mistakes', () => {
  test.each([
    ['study: { vary: { nodes.manager.count: [3, x] } }', /^s\.yaml:9:43: nodes\.manager\.count: expected/],
    [
      'study: { vary: { nodes.managr.count: [3] } }',
      /^s\.yaml:9:18: nodes\.managr: .*did you mean "manager"/,
    ],
    ['study: { vary: { nodes.manager.count: [] } }', /^s\.yaml:9:39: .*the list is empty/],
    ['study: { vary: { nodes.manager.count: 3 } }', /^s\.yaml:9:39: .*expected a list of values/],
    ['study: { rnus: 3 }', /^s\.yaml:9:10: .*unknown key "rnus" .*did you mean "runs"/s],
    ['study: { runs: 0 }', /^s\.yaml:9:16: study\.runs: expected a whole number/],
    ['study: { precision: 5 }', /^s\.yaml:9:21: study\.precision: /],
    ['study: { variants: { a: { nodes.manager.cont: 3 } } }', /^s\.yaml:9:27: .*did you mean "count"/],
    ['study: { vary: { run.seed: [1, 2] } }', /^s\.yaml:9:18: run\.seed cannot be varied/],
    [
      'study: { vary: { nodes.manager.count: [3] }, variants: { a: { nodes.manager.count: 5 } } }',
      /varied twice/,
    ],
    ['study: { vary: { nodes.manager.count: [3, 3] } }', /given twice/],
  ])('%s', (study, message) => {
    expect(errorOf(study)).toMatch(message);
  });

  test.each([
    ['nodes.manager.count', /^--vary nodes\.manager\.count: write --vary path=a,b,c/],
    ['nodes.manager.count=3,,5', /^--vary nodes\.manager\.count=3,,5: a value is missing/],
    ['nodes.manager.count=3,x', /^--vary nodes\.manager\.count=x: nodes\.manager\.count: expected/],
    ['nodes.managr.count=3', /^--vary nodes\.managr\.count=3: nodes\.managr: .*did you mean "manager"/],
    ['nodes..count=3', /is not a path/],
  ])('--vary %s', (axis, message) => {
    expect(errorOf('', { vary: [axis] })).toMatch(message);
  });

  test('a --set that the study would undo', () => {
    expect(
      errorOf('study: { vary: { nodes.manager.count: [3] } }', { set: ['nodes.manager.count=7'] }),
    ).toMatch(/^s\.yaml:9:18: nodes\.manager\.count is varied, so that --set/);
  });

  test('too many combinations', () => {
    const many = Array.from({ length: 40 }, (_, i) => i + 1).join(',');
    expect(errorOf('', { vary: [`nodes.manager.count=${many}`, `systems.etcd.x=${many}`] })).toMatch(
      /1600 variants.*at most 1000/,
    );
  });

  test('of every variant are told at once', () => {
    expect(errorOf('study: { vary: { nodes.manager.count: [x, y] } }').split('\n')).toHaveLength(2);
  });
});
