import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SENSITIVITY_COLUMNS, SENSITIVITY_FILES } from '../../../reports/decisions/index.ts';
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
    writeFileSync(file, LIFE);
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
    expect(labels('etcd election time-out')).toEqual(['1 s', '50 s']);
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
