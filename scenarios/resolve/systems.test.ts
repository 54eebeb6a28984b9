/** Systems, faults, objectives and vantages as a scenario states them. */
import { describe, expect, test } from 'vitest';
import type { FaultSpec } from '../../sim/faults/fault-spec.ts';
import { ETCD_PROFILES } from '../../sim/systems/etcd/parameters.ts';
import { RETHINK_PROFILES } from '../../sim/systems/rethink/parameters.ts';
import { SWARM_PROFILES } from '../../sim/systems/swarm/parameters.ts';
import { errorsOf, load, minimalWith } from '../testing/minimal.ts';

const systems = (text: string) =>
  load(
    minimalWith('  etcd: { members: manager }', text).replace(/objectives:\n.*\n/, ''),
  ).scenario.systems.slice(1);
const parameters = (text: string) => systems(text)[0]!.parameters;
const S = 1_000_000;

describe('systems', () => {
  test('take their kind from their name, and the deck as their profile', () => {
    expect(systems('  etcd: { members: managers }')).toEqual([
      {
        kind: 'etcd',
        name: 'etcd',
        family: 'etcd',
        profile: 'deck-2017',
        members: ['manager-1', 'manager-2', 'manager-3'],
        learners: [],
        parameters: ETCD_PROFILES['deck-2017']!.parameters,
      },
    ]);
    expect(
      systems(
        '  kv: { kind: etcd, profile: etcd-3.5, members: [manager-3, manager-1], learners: worker-1 }',
      )[0],
    ).toMatchObject({
      name: 'kv',
      kind: 'etcd',
      profile: 'etcd-3.5',
      members: ['manager-1', 'manager-3'],
      learners: ['worker-1'],
    });
  });

  test('of rethink each selector in a list is a store', () => {
    const names = (members: string) =>
      systems(`  rethink: { members: ${members} }`).map(({ name, family, members: own }) => [
        name,
        family,
        own.length,
      ]);
    expect(names('managers')).toEqual([['rethink', 'rethink', 3]]);
    expect(names('[managers]')).toEqual([['rethink', 'rethink', 3]]);
    expect(names('[managers, workers]')).toEqual([
      ['rethink-manager', 'rethink', 3],
      ['rethink-worker', 'rethink', 6],
    ]);
    expect(names('["role:manager", "workers in us-west/a"]')).toEqual([
      ['rethink-manager', 'rethink', 3],
      ['rethink-2', 'rethink', 2],
    ]);
  });

  test('of the others a list is one system', () => {
    expect(systems('  etcd: { members: [managers, worker-1] }')).toMatchObject([
      { name: 'etcd', members: ['manager-1', 'manager-2', 'manager-3', 'worker-1'] },
    ]);
  });

  test('a changed constant is told by the +', () => {
    const [etcd] = systems('  etcd: { members: manager, heartbeat: 100ms, election: 1s, pre-vote: true }');
    expect(etcd).toMatchObject({
      profile: 'deck-2017+',
      parameters: { tickUs: 100_000, heartbeatTicks: 1, electionTicks: 10, preVote: true },
    });
  });

  test('etcd waits 5 s and two election time-outs, unless deadlines are stated', () => {
    expect(parameters('  etcd: { members: manager, election: 10s }')).toMatchObject({
      electionTicks: 20,
      writeDeadlineUs: 25 * S,
      readDeadlineUs: 25 * S,
    });
    expect(parameters('  etcd: { members: manager, election: 10s, deadlines: { write: 3s } }')).toMatchObject(
      { writeDeadlineUs: 3 * S, readDeadlineUs: 25 * S },
    );
  });

  test('time-outs are whole ticks', () => {
    expect(parameters('  swarm2: { kind: swarm, members: manager, election: 5s }')).toEqual({
      ...SWARM_PROFILES['deck-2017']!.parameters,
      electionTicks: 5,
    });
    expect(parameters('  raft: { members: manager, profile: paper, heartbeat: 50ms }')).toMatchObject({
      tickUs: 1000,
      heartbeatTicks: 50,
      electionTicks: 150,
    });
    expect(
      parameters('  raft: { members: manager, tick: 10ms, heartbeat: 50ms, election: 200ms }'),
    ).toMatchObject({ tickUs: 10_000, heartbeatTicks: 5, electionTicks: 20 });
    const { warnings } = load(
      minimalWith('etcd: { members: manager }', 'etcd: { members: manager, election: 5300ms }'),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'the election time-out is cut to 10 whole ticks of 500ms, as the product does',
    ]);
  });

  test('every word of every kind reaches the model', () => {
    expect(
      parameters(
        '  s: { kind: swarm, members: manager, check-quorum: true, lost-quorum: 7s, mode: paper, transport: datagram, writes-every: 50ms }',
      ),
    ).toEqual({
      ...SWARM_PROFILES['deck-2017']!.parameters,
      checkQuorum: true,
      lostQuorumTicks: 7,
      mode: 'paper',
      transport: 'datagram',
      writeEveryUs: 50_000,
    });
    expect(parameters('  etcd: { members: manager, initial-tick-advance: false }')).toMatchObject({
      initialTickAdvance: false,
    });
    expect(
      parameters(
        '  rethink: { members: manager, heartbeat: 1s, election-min: 2s, election-max: 3s, election-retry-max: 20s, reconnect-min: 10ms, reconnect-max: 5s, reconnect-factor: 2, deadlines: { write: 1s, read: 2s } }',
      ),
    ).toEqual({
      ...RETHINK_PROFILES['deck-2017']!.parameters,
      heartbeatTimeoutUs: 5 * S,
      electionTimeoutMinUs: 2 * S,
      electionTimeoutMaxUs: 3 * S,
      electionRetryTimeoutMaxUs: 20 * S,
      reconnectMinUs: 10_000,
      reconnectMaxUs: 5 * S,
      reconnectFactor: 2,
      writeDeadlineUs: 1 * S,
      readDeadlineUs: 2 * S,
    });
  });
});

const faults = (text: string): readonly FaultSpec[] =>
  load(minimalWith('  - { at: 2m, zone-outage: us-west/b, for: 5m }', text)).scenario.faults;
const effect = (text: string) => faults(`  - { at: 2m, ${text} }`)[0]!.effect;
const place = (name: string) => ({ kind: 'place', place: name });
const nodeNamed = (name: string) => ({ kind: 'node', node: name });

describe('faults', () => {
  test.each([
    ['kill: manager-1', { kind: 'kill', target: nodeNamed('manager-1') }],
    ['stop: manager-1', { kind: 'stop', target: nodeNamed('manager-1') }],
    ['restart: manager-1, for: 10s', { kind: 'restart', target: nodeNamed('manager-1') }],
    ['pause: manager-1', { kind: 'pause', target: nodeNamed('manager-1') }],
    ['power-loss: manager-1', { kind: 'power-loss', target: nodeNamed('manager-1') }],
    ['isolate: manager-1', { kind: 'isolate', target: nodeNamed('manager-1') }],
    ['zone-outage: us-west/a', { kind: 'zone-outage', place: 'us-west/a' }],
    ['datacenter-outage: us-west', { kind: 'datacenter-outage', place: 'us-west' }],
    ['region-outage: us', { kind: 'region-outage', place: 'us' }],
    [
      'cut: { between: [us-west/a, us-west/b] }',
      { kind: 'cut', from: place('us-west/a'), to: place('us-west/b'), direction: 'both' },
    ],
    [
      'cut: { from: us-west/a, to: us-west/b }',
      { kind: 'cut', from: place('us-west/a'), to: place('us-west/b'), direction: 'one-way' },
    ],
    [
      'cut: { target: manager-1 }',
      {
        kind: 'cut',
        from: nodeNamed('manager-1'),
        to: { kind: 'not', of: nodeNamed('manager-1') },
        direction: 'both',
      },
    ],
    [
      'partition: [us-west/a, [us-west/b, us-west/c]]',
      {
        kind: 'partition',
        groups: [place('us-west/a'), { kind: 'union', of: [place('us-west/b'), place('us-west/c')] }],
      },
    ],
    [
      'delay: { between: [us-west/a, us-west/b], add-rtt: 500ms, jitter: 10ms, shape: ramp }',
      {
        kind: 'delay',
        from: place('us-west/a'),
        to: place('us-west/b'),
        direction: 'both',
        addUs: 250_000,
        jitterUs: 10_000,
        multiply: 1,
        shape: 'ramp',
      },
    ],
    [
      'delay: { from: us-west/a, to: us-west/b, add-rtt: 500ms }',
      {
        kind: 'delay',
        from: place('us-west/a'),
        to: place('us-west/b'),
        direction: 'one-way',
        addUs: 500_000,
        jitterUs: 0,
        multiply: 1,
        shape: 'square',
      },
    ],
    [
      'delay: { between: [managers, members of etcd], add-rtt: 500ms }',
      {
        kind: 'delay',
        from: { kind: 'role', role: 'manager' },
        to: { kind: 'members', system: 'etcd' },
        direction: 'one-way',
        addUs: 250_000,
        jitterUs: 0,
        multiply: 1,
        shape: 'square',
      },
    ],
    [
      'delay: { between: [us-west/a, us-west/b], add-one-way: 500ms, multiply: 3 }',
      {
        kind: 'delay',
        from: place('us-west/a'),
        to: place('us-west/b'),
        direction: 'both',
        addUs: 500_000,
        jitterUs: 0,
        multiply: 3,
        shape: 'square',
      },
    ],
    [
      'loss: { between: [us-west/a, us-west/b], share: 5% }',
      { kind: 'loss', from: place('us-west/a'), to: place('us-west/b'), direction: 'both', share: 0.05 },
    ],
    [
      'bandwidth: { between: [us-west/a, us-west/b], limit: 10Mbps }',
      {
        kind: 'bandwidth',
        from: place('us-west/a'),
        to: place('us-west/b'),
        direction: 'both',
        bitsPerSecond: 1e7,
      },
    ],
    [
      'slow-disk: { target: manager-1, fsync: 4s }',
      { kind: 'slow-disk', target: nodeNamed('manager-1'), fsyncUs: { kind: 'constant', value: 4 * S } },
    ],
    [
      'slow-disk: { target: manager-1 }',
      { kind: 'slow-disk', target: nodeNamed('manager-1'), fsyncUs: null },
    ],
    [
      'clock-skew: { target: manager-1, drift: 500ppm, offset: -5s }',
      { kind: 'clock-skew', target: nodeNamed('manager-1'), driftPpm: 500, offsetUs: -5 * S },
    ],
  ])('%s', (text, expected) => {
    expect(effect(text)).toEqual(expected);
  });

  test('a rack has an outage of its own', () => {
    const text = minimalWith('zones: [a, b, c]', 'zones: { a: [r1, r2], b: [], c: [] }').replace(
      'zone-outage: us-west/b',
      'rack-outage: us-west/a/r2',
    );
    expect(load(text).scenario.faults[0]!.effect).toEqual({ kind: 'rack-outage', place: 'us-west/a/r2' });
  });

  test('when and for how long', () => {
    const found = faults(
      [
        '  - { name: later, after: dark + 30s, kill: manager-1, for: 1m }',
        '  - { name: dark, at: 2m, zone-outage: us-west/b, for: "lognormal(p50 5m, p99 10m)" }',
        '  - { after: start of later, kill: manager-2 }',
        '  - { after: end of later, kill: manager-3 }',
        '  - { at: 1m, kill: manager-3, for: 10s, repeat: { every: 1m, times: 3 } }',
        '  - { every: 1h, kill: manager-3, for: 10s }',
        'faults:',
        '  - { every: exponential(mean 90d), kill: any manager, for: exponential(1h) }',
      ].join('\n'),
    );
    expect(found.map(({ name, start, repeat, origin }) => ({ name, start, repeat, origin }))).toEqual([
      {
        name: 'later',
        start: { kind: 'after', fault: 1, edge: 'end', delayUs: 30 * S },
        repeat: null,
        origin: 'timeline[0]',
      },
      { name: 'dark', start: { kind: 'at', atUs: 120 * S }, repeat: null, origin: 'timeline[1]' },
      {
        name: '',
        start: { kind: 'after', fault: 0, edge: 'start', delayUs: 0 },
        repeat: null,
        origin: 'timeline[2]',
      },
      {
        name: '',
        start: { kind: 'after', fault: 0, edge: 'end', delayUs: 0 },
        repeat: null,
        origin: 'timeline[3]',
      },
      {
        name: '',
        start: { kind: 'at', atUs: 60 * S },
        repeat: { periodUs: 60 * S, times: 3 },
        origin: 'timeline[4]',
      },
      {
        name: '',
        start: { kind: 'every', interval: { kind: 'constant', value: 3600 * S } },
        repeat: null,
        origin: 'timeline[5]',
      },
      {
        name: '',
        start: { kind: 'every', interval: { kind: 'exponential', mean: 90 * 86400 * S } },
        repeat: null,
        origin: 'faults[0]',
      },
    ]);
    expect(found.map(({ duration }) => duration?.kind)).toEqual([
      'constant',
      'lognormal',
      undefined,
      undefined,
      'constant',
      'constant',
      'exponential',
    ]);
  });

  test('what would begin more often than anybody can simulate is refused', () => {
    const often = minimalWith(
      'timeline:\n  - { at: 2m, zone-outage: us-west/b, for: 5m }',
      'faults:\n  - { every: 1us, kill: each manager, for: 1us }',
    );
    expect(errorsOf(often)[0]).toBe(
      'f.yaml:12:14: faults[0].every: begins about 900,000,000 times in one run, and at most 1,000,000 can be simulated',
    );
  });

  const withFault = (every: string, lasts: string) =>
    minimalWith(
      'timeline:\n  - { at: 2m, zone-outage: us-west/b, for: 5m }',
      `faults:\n  - { every: ${every}, kill: any manager, for: ${lasts} }`,
    );

  test.each([
    ['0s', '1m', 'f.yaml:12:14: faults[0].every: must be longer than zero'],
    ['uniform(0s, 0s)', '1m', 'f.yaml:12:14: faults[0].every: must be longer than zero'],
    ['1h', '0s', 'f.yaml:12:42: faults[0].for: must be longer than zero'],
  ])('every %s for %s is refused', (every, lasts, message) => {
    expect(errorsOf(withFault(every, lasts))).toEqual([message]);
  });

  test('a fault that is there most of the time is warned of', () => {
    const messages = (every: string, lasts: string) =>
      load(withFault(every, lasts)).warnings.map(({ path, message }) => `${path}: ${message}`);
    expect(messages('exponential(mean 1us)', '4m')).toEqual([
      'faults[0].every: it is there for more than 99 % of the time: the wait from its end to the next one (exponential(mean 1us)) is shorter than it lasts (4m)',
    ]);
    expect(messages('1m', '2m')).toMatchObject([expect.stringContaining('for 66 % of the time')]);
    expect(messages('2m', '2m')).toEqual([]);
  });

  test('what begins behind the end of the run is warned of', () => {
    const { warnings } = load(minimalWith('at: 2m', 'at: 10m'));
    expect(warnings).toMatchObject([
      {
        line: 12,
        column: 11,
        path: 'timeline[0].at',
        message: 'begins when the run is over: it will have no effect',
      },
    ]);
  });
});

describe('objectives and vantages', () => {
  test('a place must be a vantage, a node becomes one', () => {
    const text = minimalWith('from us-west >= 98%', 'from manager-2 >= 98%').replace(
      'run:',
      'vantages: [zones, worker-1]\nrun:',
    );
    expect(load(text).scenario.vantages).toEqual({ levels: ['zone'], nodes: ['worker-1', 'manager-2'] });
  });

  test('levels are in the order of their size', () => {
    const text = minimalWith('run:', 'vantages: [node, zone, datacenter]\nrun:');
    expect(load(text).scenario.vantages).toEqual({ levels: ['datacenter', 'zone', 'node'], nodes: [] });
  });

  test('an objective keeps its words and its place', () => {
    expect(
      load(minimalWith('etcd write availability', 'etcd   write  availability')).scenario.objectives,
    ).toEqual([
      {
        text: 'etcd write availability from us-west >= 98%',
        system: 'etcd',
        metric: { kind: 'availability', operation: 'write', vantage: 'us-west' },
        comparison: '>=',
        limit: 0.98,
        origin: 'objectives[0]',
      },
    ]);
  });

  test('a family may be named, and each of its systems', () => {
    const text = minimalWith('etcd: { members: manager }', 'rethink: { members: [manager, worker] }').replace(
      '  - etcd write availability from us-west >= 98%',
      '  - rethink write downtime <= 1m\n  - rethink-worker write downtime <= 1m',
    );
    expect(load(text).scenario.objectives.map(({ system }) => system)).toEqual(['rethink', 'rethink-worker']);
  });

  test('a limit that cannot be missed is warned of', () => {
    const { warnings } = load(
      minimalWith('etcd write availability from us-west >= 98%', 'etcd write downtime <= 10m'),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'always holds: the limit is longer than the run',
    ]);
  });
});

test('the run has a length, a warm-up and maybe a seed', () => {
  const { scenario, seed } = load(minimalWith('duration: 10m', 'duration: 1y, warm-up: 30s, seed: tuesday'));
  expect(scenario.run).toEqual({ durationUs: 365.25 * 86400 * S, warmUpUs: 30 * S });
  expect(seed).toBe('tuesday');
  expect(load(minimalWith('duration: 10m', 'seed: 0')).seed).toBe(0);
  expect(load(minimalWith('run: { duration: 10m }', '')).scenario.run).toEqual({
    durationUs: 600 * S,
    warmUpUs: 120 * S,
  });
  expect(errorsOf(minimalWith('duration: 10m', 'duration: 285y, warm-up: 285y'))[0]).toBe(
    'f.yaml:15:33: run.warm-up: warm-up and duration together are longer than 285 years',
  );
});
