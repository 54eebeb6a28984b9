import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  inputWords,
  SENSITIVITY_COLUMNS,
  SENSITIVITY_FILES,
  sensitivitySummary,
} from '../../../reports/decisions/index.ts';
import { loadScenario } from '../../../scenarios/index.ts';
import { rowsOf } from '../../experiments/outcome.ts';
import { runChunk } from '../../experiments/run-chunk.ts';
import { componentsOf } from '../../experiments/sensitivity/components.ts';
import { inputsOf } from '../../experiments/sensitivity/inputs.ts';
import { planSensitivity, sensitivityOf } from '../../experiments/sensitivity/sensitivity.ts';
import { LIFE, zonefall } from '../testing.ts';

const words = (...more: string[]) => ['sensitivity', '-', ...more];

test('what the answer hangs on first, then each input and each component with exact shares', async () => {
  const { code, stdout } = await zonefall(words('--no-out', '--runs', '12'), { stdin: LIFE });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Etcd hangs most on power-loss of each of 3: mean time to failure/);
  expect(stdout).toMatch(/^etcd writes, down a year +at +difference/m);
  expect(stdout).toMatch(/^etcd failover, p99: these runs do not tell: 368 failovers in each variant bound/m);
  expect(stdout).not.toContain('[?, ?]');
  expect(stdout).toContain('"cannot tell yet": the interval holds 0, or fewer than 6 runs differ.');
  expect(stdout).toMatch(/^etcd writes, if perfect +removes +exact/m);
  // Three managers alike: without one of them two must work, which the analysis says of each.
  const shares = [...stdout.matchAll(/^manager-\d +\d+ % +(\d+) %/gm)].map(([, exact]) => exact);
  expect(shares).toHaveLength(3);
  expect(new Set(shares).size).toBe(1);
}, 60_000);

test('only inputs, by another factor, and a range of its own', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-sensitivity-'));
  try {
    const file = join(folder, 'life.yaml');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(file, LIFE.replace('systems:\n', 'systems:\n  swarm: { members: manager }\n'));
    const { stdout } = await zonefall(
      ['sensitivity', file, '--out', join(folder, 'out'), '--runs', '4', '--of', 'inputs', '--json'].concat(
        ...['--factor', '10', '--vary', 'systems.etcd.profile=deck-2017,etcd-3.5'],
      ),
    );
    const { tornado, importance } = JSON.parse(stdout);
    expect(importance).toEqual([]);
    const labels = (input: string) => {
      const row = tornado.find((one: { input: string }) => one.input === input);
      return [row.low.label, row.high.label];
    };
    expect(labels('power-loss of each of 3: mean time to failure')).toEqual(['24 s', '40 min']);
    expect(labels('between-zones loss')).toEqual(['none', '0.01 %']);
    expect(labels('etcd election time-out')).toEqual(['1.5 s', '50 s']);
    expect(labels('swarm election time-out')).toEqual(['as it stands (the least)', '30 s']);
    expect(labels('systems.etcd.profile')).toEqual(['deck-2017', 'etcd-3.5']);
    const csv = readFileSync(join(folder, 'out', 'sensitivity.csv'), 'utf8');
    expect(csv.slice(0, csv.indexOf('\n'))).toBe(SENSITIVITY_COLUMNS.join(','));
    expect(csv.trim().split('\n')).toHaveLength(1 + 2 * tornado.length);
    for (const name of SENSITIVITY_FILES.filter((name) => name !== 'importance.svg'))
      expect(readFileSync(join(folder, 'out', name), 'utf8').length, name).toBeGreaterThan(100);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test.each([
  [['--factor', '1'], /--factor is a number above 1/],
  [['--vary', 'run.duration=1m,2m'], /needs a scenario in a file/],
])('%j is refused', async (more, message) => {
  const { code, stderr } = await zonefall(words('--no-out', ...more), { stdin: LIFE });
  expect(code).toBe(64);
  expect(stderr).toMatch(message);
});

test('a figure of which no run knows an end has no bars, and is named below the title', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-tornado-'));
  try {
    const words = ['sensitivity', '-', '--runs', '6', '--out', folder];
    await zonefall(words, { stdin: LIFE });
    const svg = readFileSync(join(folder, 'tornado.svg'), 'utf8')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
    expect(svg).toContain('too few failovers for an interval, and left out');
    expect(svg).not.toContain('time to fail over');
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('a budget that ends before the first input has its runs: what there is to say, and how to get there', async () => {
  const many = ['--runs', '50', '--budget', '1ms', '--set', 'run.duration=60d'];
  const { code, stdout } = await zonefall(words('--no-out', ...many), { stdin: LIFE });
  expect(code).toBe(2);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    /^No answer yet: \d runs? done, .* A run of each of the \d+ variants .* --runs 1/,
  );
});

test('Ctrl-C: what the finished runs say of the inputs that have them, and which are left out; exit 130', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-sensitivity-'));
  try {
    // Every input must have had its turn, however busy the machine is.
    const before = performance.now();
    await zonefall(words('--no-out', '--runs', '6'), { stdin: LIFE });
    const turnMs = performance.now() - before;
    const { code, stdout, stderr } = await zonefall(words('--runs', '100000', '--out', folder), {
      stdin: LIFE,
      listening: (interrupt) => setTimeout(interrupt, 2 * turnMs),
    });
    expect(code).toBe(130);
    expect(stdout).toMatch(/^etcd writes, down a year +at +difference/m);
    expect(stderr).toMatch(/interrupted; working out what \d+ runs say/);
    expect(stderr).toContain(`what is done is in ${folder}`);
    expect(JSON.parse(readFileSync(join(folder, 'sensitivity.json'), 'utf8'))).toMatchObject({
      stopped: 'interrupted',
      leftOut: [],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('an input without a run of one of its ends is left out and named, the others are told', () => {
  const { scenario } = loadScenario(LIFE);
  const plan = planSensitivity(scenario, 1, inputsOf(scenario, 2), componentsOf(scenario));
  const { low } = plan.inputs[0]!;
  const outcomes = plan.study.variants.map((_, variant) =>
    variant === low ? [] : runChunk(plan.study, { variant, from: 0, to: variant === 0 ? 3 : 2 }),
  );
  const rows = plan.study.variants.map((each) => rowsOf(each.scenario));
  const result = { study: plan.study, rows, outcomes, stopped: 'budget' as const };
  const found = sensitivityOf(plan, inputWords, result);
  expect(found.leftOut).toEqual([plan.inputs[0]!.input.name]);
  expect(found.runs).toBe(2);
  expect(new Set(found.tornado.map(({ input }) => input)).size).toBe(plan.inputs.length - 1);
  const text = sensitivitySummary(found, { color: false, columns: 200 }).replace(/\s+/g, ' ');
  expect(text).toContain(`left out, for not all it takes has a run yet: ${found.leftOut[0]}.`);
  expect(text).toContain(`2 runs of 15 min for each of ${plan.study.variants.length - 1} variants`);
});
