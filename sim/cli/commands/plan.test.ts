import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OPTIONS_COLUMNS, PLAN_FILES } from '../../../reports/decisions/index.ts';
import { readScenario } from '../../../scenarios/read.ts';
import { LIFE, zonefall } from '../testing.ts';

const TWO_SITES = `${LIFE}plan: { place: { manager: { count: [1, 3], sites: [dc/a, dc/b, dc/c] } }, cost: { node: 1000, site: 500 } }\n`;

test('it says what to take and why, with exact figures beside simulated ones; the same again', async () => {
  const words = ['plan', '-', '--no-out', '--runs', '16'];
  const once = await zonefall(words, { stdin: LIFE });
  expect(once.code).toBe(0);
  expect(once.stdout).toMatch(
    /^(TAKE|STAY) {2}manager \S+ at a cost of \d+, down [^:]+: the cheapest of 4 options/,
  );
  expect(once.stdout).toMatch(/^ {3}option +cost +available +down a year +exact/m);
  expect(once.stdout).toMatch(/manager 1\+1\+1 \(as it stands\) +3 /);
  expect(once.stdout).toContain('17 options weighed by exact analysis');
  expect((await zonefall(words, { stdin: LIFE })).stdout).toBe(once.stdout);
}, 60_000);

test('with objectives: the cheapest that passes; exit code 1 where none does', async () => {
  const withLimit = (limit: string) => `${TWO_SITES}objectives: ["etcd write availability >= ${limit}"]\n`;
  const passes = await zonefall(['plan', '-', '--no-out', '--runs', '16', '--json'], {
    stdin: withLimit('50%'),
  });
  expect(passes.code).toBe(0);
  expect(JSON.parse(passes.stdout)).toMatchObject({
    kind: 'plan',
    chosen: 'manager 1+0+0',
    why: 'the cheapest of 3 options, all of which pass every objective',
    options: [
      { cost: 1500, objectives: 'pass', chosen: true, onFront: true },
      { cost: 3500, objectives: 'pass', name: 'manager 3+0+0' },
      { cost: 4500, objectives: 'pass', current: true },
    ],
  });
  const fails = await zonefall(['plan', '-', '--no-out', '--runs', '8'], { stdin: withLimit('99.9999%') });
  expect(fails.code).toBe(1);
  expect(fails.stdout).toMatch(/^NONE PASSES {2}manager/);
}, 60_000);

test('a script without life: the analysis says what it assumed', async () => {
  const { stdout } = await zonefall(['plan', 'quorum-3-members', '--runs', '2', '--no-out']);
  expect(stdout).toContain('Nothing in the file fails by itself: the analysis took nodes to be down 1 %');
  expect(stdout).not.toMatch(/exact: by failures/);
  // Its script kills a minority, which one member has not.
  expect(stdout).toContain('Left out, for the file does not fit it: server 1 (etcd has 1 voting members');
}, 60_000);

test('a script alone may speak for a single member: then what the analysis says against it is told', async () => {
  const script = LIFE.replace(/^faults:[\s\S]*?(?=^\S)/m, '').replace(
    /^run:.*\n/m,
    'run: { duration: 3m }\n',
  );
  const timeline = 'timeline: [{ at: 1m, kill: leader of etcd, for: 5s }]\n';
  const { stdout } = await zonefall(['plan', '-', '--runs', '2', '--no-out'], { stdin: script + timeline });
  const words = stdout.replace(/\s+/g, ' ');
  expect(words).toMatch(/^TAKE manager 1\+0\+0 /);
  expect(words).toMatch(/manager 1\+0\+0 would have a quorum 98.90 % of the time, manager \S+ 99.99/);
}, 60_000);

test('its files, and the chosen option as a scenario', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-plan-'));
  try {
    const save = join(folder, 'chosen.yaml');
    const words = ['plan', '-', '--runs', '6', '--out', join(folder, 'out'), '--save', save];
    const { stderr } = await zonefall(words, { stdin: TWO_SITES });
    for (const name of PLAN_FILES) expect(stderr).toContain(name);
    const csv = readFileSync(join(folder, 'out', 'options.csv'), 'utf8');
    expect(csv.slice(0, csv.indexOf('\n'))).toBe(OPTIONS_COLUMNS.join(','));
    expect(csv.trim().split('\n')).toHaveLength(4);
    const { chosen } = JSON.parse(readFileSync(join(folder, 'out', 'plan.json'), 'utf8'));
    expect(readFileSync(save, 'utf8')).toContain(`: ${chosen}\n`);
    const managers = readScenario(save).scenario.world.nodes.map(({ place }) => place);
    expect(
      `manager ${['dc/a', 'dc/b', 'dc/c'].map((at) => managers.filter((place) => place === at).length).join('+')}`,
    ).toBe(chosen);
    expect((await zonefall(words, { stdin: TWO_SITES })).stderr).toContain('--save writes a new file');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('what cannot be planned is refused', async () => {
  const big = LIFE.replace(
    'zones: [a, b, c]',
    `zones: [${Array.from({ length: 20 }, (_, i) => `z${i}`)}]`,
  ).replace(/faults:[\s\S]*?(?=run:)/, '');
  const sites = Array.from({ length: 20 }, (_, i) => `dc/z${i}`);
  const rules = `network: { links: [${sites.map((site) => `{ from: ${site}, to: dc/z0, loss: 1% }`)}] }\n`;
  const { code, stderr } = await zonefall(
    ['plan', '-', '--no-out', '--set', `plan.place={ manager: { count: 9, sites: [${sites}] } }`],
    { stdin: big + rules },
  );
  expect(code).toBe(64);
  expect(stderr).toMatch(/placements, and a plan weighs at most 200000/);
  const mixed = LIFE.replace('{ members: manager }', '{ members: [manager-1, manager-2] }');
  expect((await zonefall(['plan', '-', '--no-out'], { stdin: mixed })).stderr).toMatch(
    /there is nothing to plan/,
  );
});
