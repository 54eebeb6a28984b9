/** Bad input, one mistake at a time: the exact first line of the error. Positions are of the minimal scenario. */
import { describe, expect, test } from 'vitest';
import { SYSTEM_KINDS } from '../sim/systems/profiles.ts';
import { listOf } from './nearest.ts';
import { errorsOf, load, MINIMAL, minimalWith } from './testing/minimal.ts';

const node = (text: string) => minimalWith('{ count: 3 }', text);
const entry = (text: string) => minimalWith('{ at: 2m, zone-outage: us-west/b, for: 5m }', text);
const etcd = (text: string) => minimalWith('etcd: { members: manager }', text);
const objective = (text: string) => minimalWith('etcd write availability from us-west >= 98%', text);
const network = (text: string) => minimalWith('nodes:\n', `network:\n${text}\nnodes:\n`);

describe('YAML', () => {
  test.each([
    ['', 'f.yaml:1:1: the file is empty: a scenario begins with "version: 1"'],
    ['# only a comment\n', 'f.yaml:1:1: the file is empty: a scenario begins with "version: 1"'],
    ['- a\n- b\n', 'f.yaml:1:1: a scenario is a map that begins with "version: 1", not a list'],
    ['just text', 'f.yaml:1:1: a scenario is a map that begins with "version: 1", not "just text"'],
    [
      `${MINIMAL}---\nversion: 1\n`,
      'f.yaml:16:1: a scenario is one document: remove the --- that begins a second one',
    ],
    ['version: 1\nnodes:\n\tmanager: {}\n', 'f.yaml:3:1: YAML is indented with spaces: a tab stands here'],
    ['version: 1\ntitle: "never closed\n', 'f.yaml:3:1: not valid YAML: Missing closing "quote'],
    [
      'version: 1\ntitle: a: b\n',
      'f.yaml:2:8: not valid YAML: quote a text that holds ": ", or check the indentation of the lines below',
    ],
    [
      'version: 1\n  title: x\n',
      'f.yaml:1:10: not valid YAML: quote a text that holds ": ", or check the indentation of the lines below',
    ],
    [
      'a:\n  b: 1\n c: 2\n',
      'f.yaml:3:1: the indentation does not fit: All mapping items must start at the same column',
    ],
    ['version: 1\nversion: 1\n', 'f.yaml:2:1: version: "version" is stated twice in this map'],
    ['version: 1\ntitle: *name\n', 'f.yaml:2:8: title: unknown alias *name: no anchor &name stands above'],
    [
      'version: &one 1\ntitle: *on\n',
      'f.yaml:2:8: title: unknown alias *on: no anchor &on stands above (did you mean "one"?)',
    ],
    [
      'version: 1\nnodes: &n { a: *n }\n',
      'f.yaml:2:16: nodes.a: the alias *n stands inside its own anchor: a value cannot hold itself',
    ],
    ['version: !number 1\n', 'f.yaml:1:18: version: tags are not used in scenarios: remove !number'],
    [
      'version: .inf\n',
      'f.yaml:1:10: version: not a number that can be used: infinity and "not a number" have no place in a scenario',
    ],
    [
      'version: 1e999\n',
      'f.yaml:1:10: version: not a number that can be used: infinity and "not a number" have no place in a scenario',
    ],
    ['%YAML 1.1\n---\nversion: 1\n', 'f.yaml:1:1: scenarios are YAML 1.2: remove the %YAML line'],
    ['? [a]\n: b\n', 'f.yaml:1:3: a key must be a word'],
    ['__proto__: 1\n', 'f.yaml:1:1: "__proto__" cannot be a key'],
    [
      'version: 1\nnodes: { <<: 5 }\n',
      'f.yaml:2:10: nodes: the merge key << takes an alias of a map, or a list of such aliases',
    ],
    ['a\0b: 1', 'f.yaml:1:1: this is not a text file: it holds a zero byte'],
    [`{"version": 1, "nodes": {`, 'f.yaml:1:26: a { is opened and never closed'],
  ])('%j', (text, first) => {
    expect(errorsOf(text)[0]).toBe(first);
  });

  test('a bomb of aliases is noticed by its size', () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 20; i++) {
      const [name, before] = [String.fromCharCode(97 + i), String.fromCharCode(96 + i)];
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    expect(errorsOf(`${lines.join('\n')}\n`)).toEqual([
      'f.yaml:6:7: f: more than 200000 values once the aliases are expanded: a scenario has fewer',
    ]);
  });

  test.each([
    ['[', '['.repeat(100_000)],
    ['{a:', '{a: '.repeat(20_000)],
    ['- ', '- '.repeat(50_000)],
  ])('endless nesting of %s', (_name, text) => {
    expect(errorsOf(text)[0]).toMatch(/nested/);
  });

  test('a file past the limit', () => {
    expect(errorsOf(`${MINIMAL}# ${'x'.repeat(2 * 1024 * 1024)}`)).toEqual([
      'f.yaml:1:1: the file is longer than 1 MiB, the most a scenario may have',
    ]);
  });

  test('anchors, aliases and merge keys may be used', () => {
    const text = minimalWith('{ count: 3 }', '&three { count: 3, fsync: 5ms }').replace(
      'worker: { count: 6,',
      'worker: { <<: *three, count: 6,',
    );
    const { scenario } = load(text);
    expect(scenario.world.nodes.filter((one) => one.roles.includes('worker'))).toHaveLength(6);
    expect(scenario.world.nodes.every((one) => one.fsync.kind === 'constant')).toBe(true);
  });

  test('JSON is read as it is', () => {
    const { scenario } = load(MINIMAL);
    const json = JSON.stringify({
      $schema: './v1.json',
      version: 1,
      title: 'Lose one zone of three',
      topology: { 'us-west': { region: 'us', zones: ['a', 'b', 'c'] } },
      nodes: { manager: { count: 3 }, worker: { count: 6, labels: { disk: 'ssd' } } },
      systems: { swarm: { members: 'manager' }, etcd: { members: 'manager' } },
      timeline: [{ at: '2m', 'zone-outage': 'us-west/b', for: '5m' }],
      objectives: ['etcd write availability from us-west >= 98%'],
      run: { duration: '10m' },
    });
    expect(load(json).scenario).toEqual(scenario);
  });

  test('a comma inside parentheses is put together again, with a warning', () => {
    const loaded = load(network('  within-zone: { rtt: lognormal(p50 0.3ms, p99 0.9ms), loss: 1% }'));
    expect(loaded.file.network['within-zone']).toEqual({
      rtt: 'lognormal(p50 0.3ms, p99 0.9ms)',
      loss: '1%',
    });
    expect(loaded.warnings).toMatchObject([
      {
        line: 6,
        column: 23,
        message:
          'inside { } other YAML tools end a value at its comma: quote it, "lognormal(p50 0.3ms, p99 0.9ms)"',
      },
    ]);
  });
});

describe('the form of the file', () => {
  test.each([
    ['title: x\n', 'f.yaml:1:1: version: missing: Version of this format'],
    [
      minimalWith('version: 1', 'version: 2'),
      'f.yaml:1:10: version: expected version: 1, the only one there is',
    ],
    [
      minimalWith('version: 1', 'version: "1"'),
      'f.yaml:1:10: version: expected version: 1, the only one there is',
    ],
    [
      minimalWith('topology:', 'topolgy:'),
      'f.yaml:3:1: topolgy: unknown key "topolgy" (did you mean "topology"?)',
    ],
    [
      minimalWith('topology:\n  us-west: { region: us, zones: [a, b, c] }\n', ''),
      'f.yaml:1:1: topology: missing: What fails together',
    ],
    [minimalWith('run: {', 'runs: {'), 'f.yaml:15:1: runs: unknown key "runs" (did you mean "run"?)'],
    [
      minimalWith('title: Lose one zone of three', 'services: {}'),
      'f.yaml:2:1: services: unknown key "services"; known here are $schema, version, title, description, topology, network, nodes, systems, vantages, timeline, faults, operators, objectives, run, study and plan',
    ],
    [minimalWith('title: Lose one zone of three', 'title: 5'), 'f.yaml:2:8: title: expected text'],
    [
      minimalWith('region: us', 'regoin: us'),
      'f.yaml:4:14: topology.us-west.regoin: unknown key "regoin" (did you mean "region"?)',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: 3'),
      'f.yaml:4:33: topology.us-west.zones: expected a list of zones, like [a, b, c], or a map of zones to their racks, like { a: [r1, r2] }',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: [a, 5]'),
      'f.yaml:4:37: topology.us-west.zones[1]: a name is text: quote the number, "5"',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: []'),
      'f.yaml:4:33: topology.us-west.zones: the list is empty: at least one entry is needed',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: [a, b/c]'),
      'f.yaml:4:37: topology.us-west.zones[1]: "b/c" is not a name: use letters, digits, "-", "_" and ".", beginning with a letter or digit',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: [a, all]'),
      'f.yaml:4:37: topology.us-west.zones[1]: "all" is a word of selectors and cannot be a name',
    ],
    [
      minimalWith('{ region: us, zones: [a, b, c] }', '[a, b, c]'),
      'f.yaml:4:12: topology.us-west: expected a map, not a list',
    ],
    [node('{ cont: 3 }'), 'f.yaml:6:14: nodes.manager.cont: unknown key "cont" (did you mean "count"?)'],
    [
      node('{ count: 0 }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not 0',
    ],
    [
      node('{ count: -3 }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not -3',
    ],
    [
      node('{ count: 2.5 }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not 2.5',
    ],
    [
      node('{ count: 1e30 }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not 1e+30',
    ],
    [
      node('{ count: "3" }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not the text "3"',
    ],
    [
      node('{ count: three }'),
      'f.yaml:6:21: nodes.manager.count: expected a whole number from 1 to 10000, not the text "three"',
    ],
    [
      node('{ spread: zones }'),
      'f.yaml:6:22: nodes.manager.spread: expected zone, rack, datacenter or region, not "zones" (did you mean "zone"?)',
    ],
    [node('{ memory: 64 }'), 'f.yaml:6:22: nodes.manager.memory: a size needs a unit: write 64GiB or 64MB'],
    [node('{ fsync: 5 }'), 'f.yaml:6:21: nodes.manager.fsync: a duration needs a unit: write 5ms or 5s'],
    [
      node('{ fsync: fast }'),
      'f.yaml:6:21: nodes.manager.fsync: "fast" is not a distribution: write a duration like 5ms, or lognormal(p50 20ms, p99 80ms), exponential(mean 90d), uniform(1ms, 2ms), ...',
    ],
    [node('{ cpu: 0 }'), 'f.yaml:6:19: nodes.manager.cpu: a node has more than zero cores'],
    [
      node('{ clock: { drift: 50 } }'),
      'f.yaml:6:30: nodes.manager.clock.drift: a clock rate needs its unit: write 50ppm',
    ],
    [
      node('{ clock: { drift: fast } }'),
      'f.yaml:6:30: nodes.manager.clock.drift: "fast" is not a clock rate: write it in parts per million, like 50ppm or -20ppm',
    ],
    [node('null'), 'f.yaml:6:12: nodes.manager: expected a map, not nothing'],
    [etcd('etcd: {}'), 'f.yaml:10:3: systems.etcd.members: missing: The voting members'],
    [
      etcd('etcd: { members: 3 }'),
      'f.yaml:10:20: systems.etcd.members: expected a selector, like "manager-1", or a list of selectors',
    ],
    [
      etcd('etcd: { members: manager, election: 5 }'),
      'f.yaml:10:39: systems.etcd.election: a duration needs a unit: write 5ms or 5s',
    ],
    [
      etcd('etcd: { members: manager, mode: papr }'),
      'f.yaml:10:35: systems.etcd.mode: expected etcd or paper, not "papr" (did you mean "paper"?)',
    ],
    [
      etcd('etcd: { members: manager, pre-vote: yes }'),
      'f.yaml:10:39: systems.etcd.pre-vote: expected true or false',
    ],
    [
      etcd('etcd: { members: manager, prevote: true }'),
      'f.yaml:10:29: systems.etcd.prevote: unknown key "prevote" (did you mean "pre-vote"?)',
    ],
    [
      entry('{ at: 120, zone-outage: us-west/b }'),
      'f.yaml:12:11: timeline[0].at: a duration needs a unit: write 120ms or 120s',
    ],
    [
      entry('{ at: 2m }'),
      'f.yaml:12:5: timeline[0]: what breaks? State one of kill, stop, restart, pause, power-loss, rack-outage, zone-outage, datacenter-outage, region-outage, cut, isolate, partition, delay, loss, bandwidth, slow-disk, clock-skew',
    ],
    [
      entry('{ at: 2m, kill: manager-1, stop: manager-2 }'),
      'f.yaml:12:38: timeline[0].stop: an entry breaks one thing, and this one already has kill: begin a new entry',
    ],
    [entry('{ kill: manager-1 }'), 'f.yaml:12:5: timeline[0]: when? State at: 2m, after: NAME, or every: 1h'],
    [
      entry('{ at: 2m, every: 1h, kill: manager-1 }'),
      'f.yaml:12:22: timeline[0].every: an entry begins in one way, and this one already has at',
    ],
    [
      entry('{ at: 2m, zone-outge: us-west/b }'),
      'f.yaml:12:15: timeline[0].zone-outge: unknown key "zone-outge" (did you mean "zone-outage"?)',
    ],
    [
      entry('{ at: 2m, kill: managers, workers }'),
      'f.yaml:12:31: timeline[0].workers: unknown key "workers"; known here are name, at, after, every, for, reaction, crew, repeat, common-cause, kill, stop, restart, pause, power-loss, rack-outage, zone-outage, datacenter-outage, region-outage, cut, isolate, partition, delay, loss, bandwidth, slow-disk and clock-skew (a comma inside { } ends a value: quote text that has one)',
    ],
    [
      entry('{ at: 2m, kill: any two }'),
      'f.yaml:12:21: timeline[0].kill: "any two": the selector ends too early',
    ],
    [
      entry('{ at: 2m, kill: 1 }'),
      'f.yaml:12:21: timeline[0].kill: expected a selector, like "manager-1", or a list of selectors',
    ],
    [
      entry('{ at: 2m, restart: manager-1 }'),
      'f.yaml:12:24: timeline[0].restart: restart needs for: how long the nodes stay down, like "for: 10s"',
    ],
    [
      entry('{ at: 2m, cut: { between: [us-west/a] } }'),
      'f.yaml:12:31: timeline[0].cut.between: expected two selectors, like [us-west/a, us-west/b]',
    ],
    [
      entry('{ at: 2m, cut: { from: us-west/a } }'),
      'f.yaml:12:20: timeline[0].cut: to is missing: one direction needs from and to',
    ],
    [
      entry('{ at: 2m, cut: {} }'),
      'f.yaml:12:20: timeline[0].cut: state which: between: [a, b], or from and to',
    ],
    [
      entry('{ at: 2m, cut: { target: manager-1, from: manager-2, to: manager-3 } }'),
      'f.yaml:12:30: timeline[0].cut.target: target stands for all links of its nodes: state it alone, or between, or from and to',
    ],
    [
      entry('{ at: 2m, delay: { target: manager-1 } }'),
      'f.yaml:12:22: timeline[0].delay: state how much: add-rtt, add-one-way, multiply or jitter',
    ],
    [
      entry('{ at: 2m, loss: { target: manager-1, share: 5 } }'),
      'f.yaml:12:49: timeline[0].loss.share: 5 is not a share: it must lie between 0 and 1 (write 5% for a percentage)',
    ],
    [
      entry('{ at: 2m, kill: manager-1, repeat: { every: 10m } }'),
      'f.yaml:12:32: timeline[0].repeat.times: missing: How often in all, the first included',
    ],
    [
      entry('{ at: 2m, kill: manager-1, repeat: { every: 0s, times: 2 } }'),
      'f.yaml:12:49: timeline[0].repeat.every: must be longer than zero',
    ],
    [
      entry('{ at: 2m, after: 5, kill: manager-1 }'),
      'f.yaml:12:22: timeline[0].after: expected the name of a fault, not the number 5',
    ],
    [
      minimalWith('timeline:\n  - {', 'timeline:\n  {').replace('5m }\n', '5m }\n'),
      'f.yaml:12:3: timeline: expected a list of faults, like [{ at: 2m, kill: manager-1 }]',
    ],
    [
      minimalWith('timeline:', 'faults:'),
      'f.yaml:12:11: faults[0].at: faults happen by themselves, with every: exponential(mean 90d); one at a stated time belongs under timeline',
    ],
    [
      objective('etcd write avalability >= 98%'),
      'f.yaml:14:5: objectives[0]: unknown measure "avalability": known are availability, downtime, longest outage, outages, degraded, waiting, failover, failovers, campaigns, elections, split votes and highest term (did you mean "availability"?)',
    ],
    [
      minimalWith('duration: 10m', 'duration: 10'),
      'f.yaml:15:18: run.duration: a duration needs a unit: write 10ms or 10s',
    ],
    [
      minimalWith('duration: 10m', 'duration: 300y'),
      'f.yaml:15:18: run.duration: "300y" is longer than 285 years, the most the model can count',
    ],
    [minimalWith('duration: 10m', 'duration: 0s'), 'f.yaml:15:18: run.duration: must be longer than zero'],
    [minimalWith('duration: 10m', 'seed: [1]'), 'f.yaml:15:14: run.seed: a seed is a number or a text'],
    [
      network('  between-zones: { rtt: 1ms, one-way: 1ms }'),
      'f.yaml:6:39: network.between-zones.one-way: state rtt or one-way, not both: they say the same thing twice',
    ],
    [
      network('  between-zone: { rtt: 1ms }'),
      'f.yaml:6:3: network.between-zone: unknown key "between-zone" (did you mean "between-zones"?)',
    ],
    [
      network('  within-zone: { bandwidth: 100MB/s }'),
      'f.yaml:6:29: network.within-zone.bandwidth: "100MB/s" counts bytes: write it in bits per second, like 100Mbps or 1Gbps (did you mean "800Mbps"?)',
    ],
    [
      network('  links: [{ between: [us-west/a, us-west/b], to: us-west/c, rtt: 1ms }]'),
      'f.yaml:6:22: network.links[0].between: state between: [a, b] for both directions, or from and to for one, not both',
    ],
  ])('%#', (text, first) => {
    expect(errorsOf(text)[0]).toBe(first);
  });
});

describe('names and sense', () => {
  test.each([
    [
      minimalWith('topology:\n  us-west: { region: us, zones: [a, b, c] }', 'topology: {}'),
      'f.yaml:3:11: topology: no datacenter: at least one is needed, like us-west: { zones: [a, b, c] }',
    ],
    [
      minimalWith('zones: [a, b, c]', 'zones: [a, b, a]'),
      'f.yaml:4:40: topology.us-west.zones[2]: the name us-west/a is given to a zone already',
    ],
    [
      minimalWith('region: us,', 'region: us-west,'),
      'f.yaml:4:3: topology.us-west: the name us-west is given to a region already',
    ],
    [
      node('{ count: 9999 }'),
      'f.yaml:7:20: nodes.worker.count: 10005 nodes in all, and a scenario has at most 10000',
    ],
    [
      node('{ in: us-wset }'),
      'f.yaml:6:18: nodes.manager.in: unknown place "us-wset": known are us, us-west, us-west/a, us-west/b and us-west/c (did you mean "us-west"?)',
    ],
    [
      node('{ in: [us-west/a, b] }'),
      'f.yaml:6:30: nodes.manager.in[1]: unknown place "b": known are us, us-west, us-west/a, us-west/b and us-west/c (did you mean "us-west/b"?)',
    ],
    [
      node('{ spread: rack }'),
      'f.yaml:6:22: nodes.manager.spread: there is no rack to spread over: the topology has regions, datacenters and zones',
    ],
    [
      node('{ placement: { us-west/d: 1 } }'),
      'f.yaml:6:27: nodes.manager.placement.us-west/d: unknown place "us-west/d": known are us, us-west, us-west/a, us-west/b and us-west/c (did you mean "us-west/a"?)',
    ],
    [
      node('{ count: 2, placement: { us-west/a: 1 } }'),
      'f.yaml:6:21: nodes.manager.count: count says 2 and placement adds up to 1: leave one of them out',
    ],
    [
      node('{ placement: { us-west/a: 1 }, spread: zone }'),
      'f.yaml:6:51: nodes.manager.spread: placement says where each node stands: leave spread out',
    ],
    [node('{ count: 3, names: [x, y] }'), 'f.yaml:6:31: nodes.manager.names: 2 names for 3 nodes'],
    [node('{ names: [x, y, x] }'), 'f.yaml:6:28: nodes.manager.names[2]: two nodes are called x'],
    [node('{ names: [worker-1] }'), 'f.yaml:7:3: nodes.worker: two nodes are called worker-1'],
    [
      node('{ names: [us] }'),
      'f.yaml:6:22: nodes.manager.names[0]: us is the name of a place already: a node needs another',
    ],
    [
      etcd('etcd: { members: manger }'),
      'f.yaml:10:20: systems.etcd.members: "manger" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker (did you mean "manager"?)',
    ],
    [
      etcd('etcd: { members: leader of swarm }'),
      'f.yaml:10:20: systems.etcd.members: members are fixed before the run: name nodes, places or roles, not leaders or "any"',
    ],
    [
      etcd('etcd: { members: managers, learners: manager-1 }'),
      'f.yaml:10:40: systems.etcd.learners: manager-1 is a voting member already: a learner has no vote',
    ],
    [
      etcd('zookeeper: { members: all }'),
      `f.yaml:10:3: systems.zookeeper: "zookeeper" is no kind of system: known kinds are ${listOf(SYSTEM_KINDS)}; a system of another name needs kind`,
    ],
    [
      etcd('kv: { members: manager, kind: ectd }'),
      `f.yaml:10:33: systems.kv.kind: unknown kind "ectd": known kinds are ${listOf(SYSTEM_KINDS)} (did you mean "etcd"?)`,
    ],
    [
      etcd('etcd: { members: manager, profile: etcd-35 }'),
      'f.yaml:10:38: systems.etcd.profile: etcd has no profile "etcd-35": known are deck-2017, ucp-2, ucp-3, etcd-2.3, etcd-3.4 and etcd-3.5 (did you mean "etcd-3.5"?)',
    ],
    [
      etcd('etcd: { members: manager, election: 400ms }'),
      'f.yaml:10:39: systems.etcd.election: the election time-out (400ms) must be longer than the heartbeat (500ms), by a tick of 500ms at least',
    ],
    [
      etcd('etcd: { members: "manager-1, nobody" }'),
      'f.yaml:10:20: systems.etcd.members: "nobody" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker',
    ],
    [
      minimalWith('systems:\n  swarm: { members: manager }\n  etcd: { members: manager }', 'systems: {}'),
      'f.yaml:8:10: systems: no system: at least one is needed, like etcd: { members: manager }',
    ],
    [
      minimalWith('worker: { count: 6,', 'worker: { count: 100,').replace(
        'etcd: { members: manager }',
        'etcd: { members: workers }',
      ),
      'f.yaml:10:20: systems.etcd.members: 100 members, and a system has at most 99',
    ],
    [
      entry('{ at: 2m, zone-outage: us-west/d }'),
      'f.yaml:12:28: timeline[0].zone-outage: unknown zone "us-west/d": known are us-west/a, us-west/b and us-west/c (did you mean "us-west/a"?)',
    ],
    [
      entry('{ at: 2m, zone-outage: b }'),
      'f.yaml:12:28: timeline[0].zone-outage: unknown zone "b": known are us-west/a, us-west/b and us-west/c (did you mean "us-west/b"?)',
    ],
    [
      entry('{ at: 2m, zone-outage: us-west }'),
      'f.yaml:12:28: timeline[0].zone-outage: us-west is a datacenter: write datacenter-outage',
    ],
    [
      entry('{ at: 2m, kill: manager-9 }'),
      'f.yaml:12:21: timeline[0].kill: "manager-9" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker (did you mean "manager-1"?)',
    ],
    [
      entry('{ at: 2m, kill: any 5 managers }'),
      'f.yaml:12:21: timeline[0].kill: asks for any 5 nodes, and only 3 can match',
    ],
    [
      entry('{ at: 2m, kill: managers except members of etcd }'),
      'f.yaml:12:21: timeline[0].kill: "managers except members of etcd" matches no node',
    ],
    [
      entry('{ at: 2m, kill: leader of ectd }'),
      'f.yaml:12:21: timeline[0].kill: unknown system "ectd": known are swarm and etcd (did you mean "etcd"?)',
    ],
    [
      entry('{ at: 2m, kill: etcd }'),
      'f.yaml:12:21: timeline[0].kill: etcd is a system: write "members of etcd" or "leader of etcd"',
    ],
    [
      entry('{ at: 2m, kill: [manager-1, manager-7] }'),
      'f.yaml:12:33: timeline[0].kill[1]: "manager-7" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker (did you mean "manager-1"?)',
    ],
    [
      entry('{ at: 2m, kill: label:disk=sdd }'),
      'f.yaml:12:21: timeline[0].kill: no node has the label disk=sdd (did you mean "label:disk=ssd"?)',
    ],
    [
      entry('{ at: 2m, isolate: all }'),
      'f.yaml:12:24: timeline[0].isolate: isolates every node from nothing: name some of them',
    ],
    [
      entry('{ at: 2m, partition: [us-west/a, managers] }'),
      'f.yaml:12:38: timeline[0].partition[1]: manager-1 stands in two groups of the partition',
    ],
    [
      entry('{ at: 2m, partition: [all] }'),
      'f.yaml:12:26: timeline[0].partition: one group of all nodes parts nothing: name two groups',
    ],
    [
      entry('{ at: 2m, clock-skew: { target: manager-1 } }'),
      'f.yaml:12:27: timeline[0].clock-skew: changes nothing: state drift or offset',
    ],
    [
      entry('{ after: dark, kill: manager-1 }'),
      'f.yaml:12:14: timeline[0].after: no fault is called "dark": give the other entry a name first',
    ],
    [
      entry('{ name: x, after: x, kill: manager-1, for: 1m }'),
      'f.yaml:12:23: timeline[0].after: these faults wait for each other: x after x',
    ],
    [
      entry('{ name: x, at: 1m, kill: manager-1, for: 1m }\n  - { after: y, kill: manager-2 }'),
      'f.yaml:13:14: timeline[1].after: no fault is called "y": named entries are x',
    ],
    [
      entry('{ name: x, at: 1m, kill: manager-1 }\n  - { after: x, kill: manager-2 }'),
      'f.yaml:13:14: timeline[1].after: x never ends: give it a for, or write "start of x"',
    ],
    [
      entry('{ name: x, at: 1m, kill: manager-1 }\n  - { name: x, at: 2m, kill: manager-2 }'),
      'f.yaml:13:13: timeline[1].name: timeline[0] is called x already',
    ],
    [
      entry(
        '{ name: a1, after: c1, kill: manager-1, for: 1m }\n  - { name: b1, after: a1, kill: manager-2, for: 1m }\n  - { name: c1, after: b1, kill: manager-3, for: 1m }',
      ),
      'f.yaml:12:24: timeline[0].after: these faults wait for each other: a1 after c1 after b1 after a1',
    ],
    [
      objective('ectd write availability >= 98%'),
      'f.yaml:14:5: objectives[0]: unknown system "ectd": known are swarm and etcd (did you mean "etcd"?)',
    ],
    [
      objective('etcd schedule availability >= 98%'),
      'f.yaml:14:5: objectives[0]: etcd has no operation "schedule": it has write and read',
    ],
    [
      objective('etcd wrte availability >= 98%'),
      'f.yaml:14:5: objectives[0]: etcd has no operation "wrte": it has write and read (did you mean "write"?)',
    ],
    [
      objective('etcd write availability from us-wst >= 98%'),
      'f.yaml:14:5: objectives[0]: "us-wst" is no place or node (did you mean "us-west"?)',
    ],
    [
      minimalWith('run: {', 'vantages: [zone]\nrun: {'),
      'f.yaml:14:5: objectives[0]: us-west is no vantage: add datacenter to vantages',
    ],
    [
      minimalWith('run: {', 'vantages: [zoen]\nrun: {'),
      'f.yaml:15:12: vantages[0]: "zoen" is neither a level (region, datacenter, zone and node) nor a node (did you mean "zone"?)',
    ],
    [
      minimalWith('run: {', 'vantages: [us-west]\nrun: {'),
      'f.yaml:15:12: vantages[0]: us-west is a datacenter: write datacenter, for every place of that level',
    ],
    [
      network('  links: [{ between: [us-west/a, us-east], rtt: 70ms }]'),
      'f.yaml:6:34: network.links[0].between[1]: "us-east" is no place or node: places are us, us-west, us-west/a, us-west/b and us-west/c (did you mean "us-west"?)',
    ],
    [
      network('  links: [{ between: [us-west/a, us-west/b] }]'),
      'f.yaml:6:11: network.links[0]: says nothing of the link: state rtt, one-way, jitter, loss or bandwidth',
    ],
    [
      network('  within-zone: { rtt: empirical(rtt.csv) }'),
      'f.yaml:6:23: network.within-zone.rtt: cannot read rtt.csv: this scenario is read without files beside it',
    ],
  ])('%#', (text, first) => {
    expect(errorsOf(text)[0]).toBe(first);
  });

  test('nobody leads gossip, and every node may be a member', () => {
    const gossip = (text: string) =>
      minimalWith('etcd: { members: manager }', 'gossip: { members: all }')
        .replace('worker: { count: 6,', 'worker: { count: 200,')
        .replace('  - etcd write availability from us-west >= 98%', text);
    expect(
      load(gossip('  - gossip resolve availability from us-west >= 98%')).scenario.systems[1]!.members,
    ).toHaveLength(203);
    expect(errorsOf(gossip('  - gossip failovers = 0'))).toEqual([
      'f.yaml:14:5: objectives[0]: nobody leads gossip: it has no failovers and no elections',
    ]);
    expect(errorsOf(gossip('').replace('zone-outage: us-west/b', 'kill: leader of gossip'))).toEqual([
      'f.yaml:12:21: timeline[0].kill: nobody leads gossip: write "members of gossip"',
    ]);
  });

  test('a section with nothing in it is a section left out', () => {
    const text = minimalWith(
      '  - { at: 2m, zone-outage: us-west/b, for: 5m }',
      '#  - { at: 2m, kill: manager-1 }',
    );
    expect(load(text.replace('run: { duration: 10m }', 'run:\nnetwork:\nfaults:')).scenario).toMatchObject({
      faults: [],
      run: { durationUs: 600_000_000 },
    });
    expect(
      errorsOf(
        minimalWith('systems:\n  swarm: { members: manager }\n  etcd: { members: manager }', 'systems:'),
      )[0],
    ).toBe('f.yaml:8:9: systems: expected a map, not nothing');
  });

  test('a constant of another kind of system', () => {
    expect(errorsOf(etcd('etcd: { members: manager, heartbeat-timeout: 5s }'))[0]).toMatch(
      /^f\.yaml:10:29: systems\.etcd\.heartbeat-timeout: etcd has no heartbeat-timeout; it takes tick, heartbeat, election, /,
    );
  });

  test('past a hundred mistakes the rest is left out', () => {
    const lines = Array.from({ length: 500 }, (_, i) => `  - { at: 2m, kill: manger-${i} }`).join('\n');
    const errors = errorsOf(minimalWith('  - { at: 2m, zone-outage: us-west/b, for: 5m }', lines));
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toBe('f.yaml:111:21: 100 mistakes so far: what follows is not looked at');
  });

  test('every mistake is told, in the order of the text', () => {
    const text = `version: 1
title: Several at once
topology:
  us-west: { regoin: us, zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: managers, pre-vot: true }
timeline:
  - { at: 2, kill: manager-1 }
  - { at: 2m, kill: manager-9 }
  - { at: 2m, zone-outge: us-west/b }
objectives:
  - etcd write availability >= 98
  - ectd write availability >= 98%
`;
    expect(errorsOf(text).map((line) => line.replace(/^f\.yaml:(\d+:\d+): ([^:]+):.*$/, '$1 $2'))).toEqual([
      '4:14 topology.us-west.regoin',
      '8:30 systems.etcd.pre-vot',
      '10:11 timeline[0].at',
      '11:21 timeline[1].kill',
      '12:15 timeline[2].zone-outge',
      '14:5 objectives[0]',
      '15:5 objectives[1]',
    ]);
  });
});

describe('each, crews, common causes and operators', () => {
  const withFaults = (entry: string, more = '') =>
    minimalWith('objectives:', `faults:\n  - ${entry}\n${more}objectives:`);
  const life = (entry: string, more = '') => load(withFaults(entry, more)).scenario.faults[1]!;
  const names = (entry: string) => life(entry).each!.map(({ name }) => name);

  test('each makes one process for each node, place or link', () => {
    expect(names('{ every: exponential(mean 90d), power-loss: each manager, for: 4h }')).toEqual([
      'manager-1',
      'manager-2',
      'manager-3',
    ]);
    expect(names('{ every: 90d, zone-outage: each zone, for: 4h }')).toEqual([
      'us-west/a',
      'us-west/b',
      'us-west/c',
    ]);
    expect(names('{ every: 90d, cut: { between: [each zone, each zone] }, for: 4h }')).toEqual([
      'us-west/a - us-west/b',
      'us-west/a - us-west/c',
      'us-west/b - us-west/c',
    ]);
    expect(names('{ every: 90d, slow-disk: { target: each manager in us-west/a }, for: 4h }')).toEqual([
      'manager-1',
    ]);
    expect(names('{ every: 90d, isolate: [each manager, each zone], for: 4h }')).toHaveLength(6);
    expect(
      names('{ every: 90d, delay: { from: each manager, to: us-west/a, multiply: 3 }, for: 4h }'),
    ).toEqual(['manager-1', 'manager-2', 'manager-3']);
    expect(life('{ every: 90d, zone-outage: each zone in us-west, for: 4h }').each![1]).toEqual({
      name: 'us-west/b',
      effect: { kind: 'zone-outage', place: 'us-west/b' },
    });
    expect(life('{ every: 90d, kill: each manager, for: 4h }').each![2]!.effect).toEqual({
      kind: 'kill',
      target: { kind: 'node', node: 'manager-3' },
    });
  });

  test('who repairs, after what time, and who fails together', () => {
    const crews = 'operators:\n  crews: { hands: { size: 2 } }\n';
    const text =
      '{ every: 90d, zone-outage: each zone, for: 4h, reaction: 10m, crew: hands, common-cause: [{ name: building, group: [us-west/a, us-west/b], beta: 10% }] }';
    expect(life(text, crews)).toMatchObject({
      reaction: { kind: 'constant', value: 600e6 },
      crew: 'hands',
      commonCauses: [{ name: 'building', share: 0.1, members: ['us-west/a', 'us-west/b'] }],
    });
    expect(load(withFaults(text, crews)).scenario.operators?.crews).toEqual([{ name: 'hands', size: 2 }]);
    expect(load(minimalWith('objectives:', 'objectives:')).scenario).not.toHaveProperty('operators');
  });

  test('maintenance and runbooks', () => {
    const { scenario, warnings } = load(
      minimalWith(
        'objectives:',
        `operators:
  maintenance:
    - { name: patches, at: 1m, every: 30d, restart: [followers of swarm, leader of swarm], for: 10m, window: 4h, guard: quorum }
  runbooks:
    - { force-new-cluster: swarm, for: 40m }
    - { restore: etcd, no-quorum-for: 10m, reaction: 15m, for: 2h, rejoin: 1m }
objectives:`,
      ),
    );
    expect(warnings).toEqual([]);
    expect(scenario.operators).toMatchObject({
      maintenance: [
        {
          name: 'patches',
          atUs: 60e6,
          periodUs: 30 * 86_400e6,
          order: [
            { kind: 'followers', system: 'swarm' },
            { kind: 'leader', system: 'swarm' },
          ],
          settleUs: 60e6,
          windowUs: 4 * 3600e6,
          guard: 'quorum',
        },
      ],
      runbooks: [
        { kind: 'force-new-cluster', system: 'swarm', afterUs: 300e6, crew: null },
        { kind: 'restore', system: 'etcd', afterUs: 600e6, rejoin: { kind: 'constant', value: 60e6 } },
      ],
    });
  });

  test('a guard that nobody can pass is warned of', () => {
    const { warnings } = load(
      minimalWith(
        'objectives:',
        'operators:\n  maintenance:\n    - { at: 1m, restart: managers, for: 1m }\nobjectives:',
      ),
    );
    expect(warnings.map(({ message }) => message)).toEqual([
      'the guard will let no voter of swarm stop: 2 of 3 would be left, and quorum+1 is 3: write guard: quorum',
    ]);
  });

  const operators = (text: string) => minimalWith('objectives:', `operators:\n  ${text}\nobjectives:`);

  test.each([
    [
      withFaults('{ every: 90d, kill: each leader of etcd, for: 1h }'),
      'f.yaml:14:25: faults[0].kill: "each leader of etcd" is not settled before the run: name nodes by role, label or place',
    ],
    [
      withFaults('{ every: 90d, kill: each any manager, for: 1h }'),
      'f.yaml:14:25: faults[0].kill: "each any manager": each takes all of them, one by one: leave "any" out, or "each"',
    ],
    [
      withFaults('{ every: 90d, kill: "each manager, dtr-1", for: 1h }'),
      'f.yaml:14:25: faults[0].kill: "dtr-1" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker',
    ],
    [
      withFaults('{ every: 90d, kill: [each manager, worker-1], for: 1h }'),
      'f.yaml:14:25: faults[0].kill: "worker-1": in a list with "each" every text begins with it, like "each worker-1"',
    ],
    [
      withFaults('{ every: 90d, rack-outage: each rack, for: 1h }'),
      'f.yaml:14:32: faults[0].rack-outage: "each rack": there is no rack with a node in it',
    ],
    [
      withFaults('{ every: 90d, zone-outage: each zone in us-east, for: 1h }'),
      'f.yaml:14:32: faults[0].zone-outage: "each zone in us-east": unknown place "us-east": known are us, us-west, us-west/a, us-west/b and us-west/c (did you mean "us-west"?)',
    ],
    [
      withFaults('{ every: 90d, zone-outage: each datacenter, for: 1h }'),
      'f.yaml:14:32: faults[0].zone-outage: us-west is a datacenter: write datacenter-outage',
    ],
    [
      minimalWith('zone-outage: us-west/b', 'kill: each manager'),
      'f.yaml:12:21: timeline[0].kill: "each" makes a process of its own for each of them: it needs every, not at or after',
    ],
    [
      minimalWith('swarm: { members: manager }', 'swarm: { members: each manager }'),
      'f.yaml:9:21: systems.swarm.members: "each manager": "each" stands first, in an entry with every: it makes a process of its own for each of them',
    ],
    [
      withFaults('{ every: 90d, kill: each manager, for: 1h, crew: hands }'),
      'f.yaml:14:54: faults[0].crew: no crew is called "hands": none is stated under operators.crews',
    ],
    [
      withFaults(
        '{ every: 90d, kill: each manager, for: 1h, crew: hand }',
        'operators: { crews: { hands: {} } }\n',
      ),
      'f.yaml:14:54: faults[0].crew: no crew is called "hand": known are hands (did you mean "hands"?)',
    ],
    [
      withFaults('{ every: 90d, kill: each manager, reaction: 1h }'),
      'f.yaml:14:39: faults[0].reaction: reaction is about the repair: state for, how long it takes',
    ],
    [
      withFaults(
        '{ every: 90d, kill: any manager, for: 1h, common-cause: [{ group: [manager-1, manager-2], beta: 10% }] }',
      ),
      'f.yaml:14:47: faults[0].common-cause: a common cause is of several processes: write "each", like zone-outage: each zone',
    ],
    [
      withFaults(
        '{ every: 90d, kill: each manager, for: 1h, common-cause: [{ group: [manager-1], beta: 10% }] }',
      ),
      'f.yaml:14:72: faults[0].common-cause[0].group: a group has at least two members, and this one has 1',
    ],
    [
      withFaults(
        '{ every: 90d, kill: each manager, for: 1h, common-cause: [{ group: [manager-1, worker-1], beta: 10% }] }',
      ),
      'f.yaml:14:84: faults[0].common-cause[0].group[1]: worker-1 is none of them: the entry is about manager-1, manager-2 and manager-3',
    ],
    [
      withFaults(
        '{ every: 90d, kill: each manager, for: 1h, common-cause: [{ group: [managers], beta: 60% }, { group: [managers], beta: 50% }] }',
      ),
      'f.yaml:14:124: faults[0].common-cause[1].beta: the shares of manager-1 add up to more than 100 % of its failures',
    ],
    [
      operators('crews: { hands: { size: 0 } }'),
      'f.yaml:14:27: operators.crews.hands.size: expected a whole number from 1 to 1000, not 0',
    ],
    [
      operators('maintenance: [{ at: 1m, restart: managers }]'),
      'f.yaml:14:17: operators.maintenance[0].for: missing: How long each node is down, from the order to stop to its start',
    ],
    [
      operators('maintenance: [{ at: 1m, restart: managres, for: 1m }]'),
      'f.yaml:14:36: operators.maintenance[0].restart: "managres" is no node, place or role; places are us, us-west, us-west/a, us-west/b and us-west/c; roles are manager and worker (did you mean "manager"?)',
    ],
    [
      operators('maintenance: [{ at: 1m, restart: managers, for: 1m, guard: quorum+2 }]'),
      'f.yaml:14:62: operators.maintenance[0].guard: expected quorum+1, quorum or none, not "quorum+2" (did you mean "quorum+1"?)',
    ],
    [
      operators('runbooks: [{ for: 1m }]'),
      'f.yaml:14:14: operators.runbooks[0]: what is done? State one of force-new-cluster, emergency-repair, restore, and the system',
    ],
    [
      operators('runbooks: [{ force-new-cluster: swarm, restore: etcd, for: 1m }]'),
      'f.yaml:14:51: operators.runbooks[0].restore: a runbook does one thing, and this one already has force-new-cluster: begin a new entry',
    ],
    [
      operators('runbooks: [{ force-new-cluster: swrm, for: 1m }]'),
      'f.yaml:14:35: operators.runbooks[0].force-new-cluster: unknown system "swrm": known are swarm and etcd (did you mean "swarm"?)',
    ],
    [
      operators('runbooks: [{ emergency-repair: swarm, for: 1m }]'),
      'f.yaml:14:34: operators.runbooks[0].emergency-repair: swarm is brought back otherwise (did you mean "force-new-cluster"?)',
    ],
    [
      operators('runbooks: [{ restore: swarm, for: 1m }, { restore: swarm, for: 1m }]'),
      'f.yaml:14:54: operators.runbooks[1].restore: operators.runbooks[0] is the runbook of swarm already',
    ],
  ])('%#', (text, first) => {
    expect(errorsOf(text)[0]).toBe(first);
  });
});

describe('a place without nodes', () => {
  const WITHOUT = 'no node stands in PLACE, and so no users: put one there under nodes (a worker is enough)';
  const file = (rest: string, nodes = 'manager: { placement: { w: 1 } }') => `version: 1
topology: { w: { region: us }, tokyo: { region: ap } }
nodes: { ${nodes} }
systems: { etcd: { members: manager } }
${rest}
run: { duration: 10m }
`;

  test.each([
    [
      'vantages: [region, tokyo]',
      `f.yaml:5:20: vantages[1]: tokyo is a datacenter: write datacenter, for every place of that level that holds a node; ${WITHOUT.replace('PLACE', 'tokyo')}`,
    ],
    [
      'objectives: [ etcd write availability from ap >= 98% ]',
      `f.yaml:5:15: objectives[0]: ${WITHOUT.replace('PLACE', 'ap')}`,
    ],
    [
      'timeline: [ { at: 1m, partition: [[w], [tokyo]], for: 1m } ]',
      `f.yaml:5:41: timeline[0].partition[1][0]: ${WITHOUT.replace('PLACE', 'tokyo')}`,
    ],
  ])('%s: the message says the way out', (rest, message) => expect(errorsOf(file(rest))).toEqual([message]));

  test('has users as soon as one machine that votes in nothing stands there', () => {
    const nodes = 'manager: { placement: { w: 1 } }, user: { placement: { tokyo: 1 } }';
    const { scenario } = load(file('objectives: [ etcd write availability from ap >= 98% ]', nodes));
    expect(scenario.systems[0]!.members).toEqual(['manager-1']);
  });
});
