import { describe, expect, test } from 'vitest';
import { errorsOf, load, MINIMAL } from '../testing/minimal.ts';
import { parsePath } from './set.ts';

const set = (...settings: string[]) => load(MINIMAL, { set: settings });
const error = (...settings: string[]) => errorsOf(MINIMAL, { set: settings })[0];

describe('--set overrides any field', () => {
  test.each([
    ['nodes.manager.count=5', 'nodes.manager.count', 5],
    ['title=Another title', 'title', 'Another title'],
    ['topology.us-west.zones=[a, b]', 'topology.us-west.zones', ['a', 'b']],
    ['timeline[0].for=1m', 'timeline.0.for', '1m'],
    ['timeline.0.for=1m', 'timeline.0.for', '1m'],
    ['topology.us-west.zones[1]=d', 'topology.us-west.zones.1', 'd'],
    ['run.seed=7', 'run.seed', 7],
    ['systems.etcd.pre-vote=true', 'systems.etcd.pre-vote', true],
    ['systems.kv={ kind: etcd, members: managers }', 'systems.kv', { kind: 'etcd', members: 'managers' }],
    ['nodes."manager".count=5', 'nodes.manager.count', 5],
    ['network.between-zones.rtt=5ms', 'network.between-zones', { rtt: '5ms' }],
    [
      'network.between-zones.rtt=lognormal(p50 1ms, p99 2ms)',
      'network.between-zones.rtt',
      'lognormal(p50 1ms, p99 2ms)',
    ],
    ['nodes.manager.labels.disk=ssd', 'nodes.manager.labels.disk', 'ssd'],
    ['objectives=[]', 'objectives', []],
    ['objectives[1]=etcd failovers = 0', 'objectives.1', 'etcd failovers = 0'],
    ['faults[0]={ every: 1h, kill: manager-1, for: 1m }', 'faults.0.every', '1h'],
  ])('%s', (setting, path, value) => {
    const args = setting.startsWith('topology.us-west.zones') ? [setting, 'timeline=[]'] : [setting];
    const { file } = set(...args);
    const found = path.split('.').reduce((at: unknown, key) => (at as Record<string, unknown>)[key], file);
    expect(found).toEqual(value);
  });

  test('the scenario is changed, the text is not', () => {
    expect(set('nodes.manager.count=5').scenario.systems[0]!.members).toHaveLength(5);
    expect(load(MINIMAL).scenario.systems[0]!.members).toHaveLength(3);
  });

  test('settings are applied in turn', () => {
    expect(set('nodes.manager.count=5', 'nodes.manager.count=7').scenario.systems[0]!.members).toHaveLength(
      7,
    );
  });

  test('a change behind an alias stays there', () => {
    const text = MINIMAL.replace('manager: { count: 3 }', 'manager: &m { count: 3 }').replace(
      'worker: { count: 6, labels: { disk: ssd } }',
      'worker: *m',
    );
    const { file } = load(text, { set: ['nodes.worker.count=4'] });
    expect([file.nodes.manager!.count, file.nodes.worker!.count]).toEqual([3, 4]);
  });
});

test.each([
  [
    'nodes.managr.count=5',
    '--set nodes.managr.count=5: nodes.managr: nodes has no "managr": it has manager and worker (did you mean "manager"?)',
  ],
  [
    'nodes.manager.cont=5',
    '--set nodes.manager.cont=5: nodes.manager.cont: unknown key "cont" (did you mean "count"?)',
  ],
  [
    'nodez.manager.count=5',
    '--set nodez.manager.count=5: nodez: unknown key "nodez" (did you mean "nodes"?)',
  ],
  [
    'nodes.manager.count=0',
    '--set nodes.manager.count=0: nodes.manager.count: expected a whole number from 1 to 10000, not 0',
  ],
  [
    'nodes.manager.count=',
    '--set nodes.manager.count=: nodes.manager.count: expected a whole number from 1 to 10000, not nothing',
  ],
  [
    'nodes.manager.count',
    '--set nodes.manager.count: write --set path=value, like --set nodes.manager.count=5',
  ],
  ['=5', '--set =5: write --set path=value, like --set nodes.manager.count=5'],
  [
    'nodes..count=5',
    '--set nodes..count=5: "nodes..count" is not a path: write it like nodes.manager.count or timeline[0].for',
  ],
  ['timeline[3].for=1m', '--set timeline[3].for=1m: timeline[3]: timeline has 1 entry, numbered from 0'],
  [
    'timeline.first.for=1m',
    '--set timeline.first.for=1m: timeline.first: timeline is a list: say which entry, like timeline[0]',
  ],
  [
    'title.text=x',
    '--set title.text=x: title.text: title is the text "Lose one zone of three", not a map or a list',
  ],
  ['nodes[0].count=5', '--set nodes[0].count=5: nodes[0]: nodes has no "0": it has manager and worker'],
  ['faults[1]={}', '--set faults[1]={}: faults[1]: faults has no entries yet: the first is faults[0]'],
  ['run.duration=10', '--set run.duration=10: run.duration: a duration needs a unit: write 10ms or 10s'],
  [
    'timeline[0].zone-outage=us-west/d',
    '--set timeline[0].zone-outage=us-west/d: timeline[0].zone-outage: unknown zone "us-west/d": known are us-west/a, us-west/b and us-west/c (did you mean "us-west/a"?)',
  ],
  ['title="x', '--set title="x: not valid YAML: Missing closing "quote'],
  [
    'nodes.__proto__.count=5',
    '--set nodes.__proto__.count=5: nodes.__proto__: nodes has no "__proto__": it has manager and worker',
  ],
  [
    '__proto__={}',
    '--set __proto__={}: __proto__: unknown key "__proto__": known are $schema, version, title, description, topology, network, nodes, systems, vantages, timeline, faults, operators, objectives, run, study and plan',
  ],
])('%s is refused', (setting, message) => {
  expect(error(setting)).toBe(message);
});

test('paths', () => {
  expect(parsePath('a.b[0].c')).toEqual(['a', 'b', 0, 'c']);
  expect(parsePath('a."b.c"[12]')).toEqual(['a', 'b.c', 12]);
  for (const text of ['', '.a', 'a.', 'a..b', 'a[x]', 'a[0', 'a"b"', 'a[0]b'])
    expect(parsePath(text), text).toBeUndefined();
});
