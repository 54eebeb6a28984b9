import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../experiments/engines/bullmq/testing.ts';
import { readWorkers } from './sweep-machines.ts';
import { SMALL, zonefall } from './testing.ts';

const home = process.cwd();
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-where-'));
  writeFileSync(join(folder, 'small.yaml'), SMALL);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [
    ['--shard', '4/4'],
    '--shard is written i/n with i from 0 to n - 1, like 0/4, 1/4, 2/4 and 3/4, not "4/4"',
  ],
  [['--shard', 'a'], '--shard is written i/n'],
  [['--shard', '1/4', '--precision', '5%'], 'a --shard needs --runs'],
  [['--shard', '1/4', '--budget', '5s'], '--budget and --shard exclude each other'],
  [['--shard', '1/4', '--no-out'], '--shard needs a folder'],
  [['--shard', '1/4', '--json'], '--json and --shard exclude each other'],
  [['--workers', '0'], '--workers is a whole number from 1 to 1024, not "0"'],
  [['--engine', 'magic'], '--engine is threads or bullmq, not "magic"'],
  [['--engine', 'bullmq'], '--engine bullmq needs --redis redis://host:6379'],
  [['--engine', 'threads', '--redis', 'redis://x'], '--redis goes with --engine bullmq'],
  [['--redis', 'redis://x', '--workers', '2'], 'give them to zonefall worker'],
  [['--redis', 'http://me:secret@host'], '"http://host" is not the URL of a Redis'],
])('sweep %s: wrong command line', async (words, message) => {
  const { code, stdout, stderr } = await zonefall(['sweep', 'small.yaml', ...words]);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('secret');
});

test('ZONEFALL_WORKERS counts where --workers does not say', async () => {
  const workers = (env: string, ...words: string[]) =>
    zonefall(['sweep', 'small.yaml', '--runs', '1', '--no-out', ...words], {
      env: { ZONEFALL_WORKERS: env },
    });
  const { code, stdout, stderr } = await workers('all');
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain('ZONEFALL_WORKERS is a whole number from 1 to 1024, not "all"');
  expect((await workers('all', '--workers', '1')).code).not.toBe(64);
  expect((await workers('all', '--redis', 'http://host')).stderr).not.toContain('ZONEFALL_WORKERS');
  expect(readWorkers({ workers: undefined }, { ZONEFALL_WORKERS: '3' })).toBe(3);
  expect(readWorkers({ workers: '2' }, { ZONEFALL_WORKERS: '3' })).toBe(2);
  expect(readWorkers({ workers: undefined }, {})).toBeUndefined();
});

test('a Redis that is not there: exit code 69, for a sweep and for a worker', async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const message = `zonefall: cannot use Redis at ${url}: nothing listens there (connection refused)`;
  const sweep = await zonefall(['sweep', 'small.yaml', '--redis', url, '--no-out']);
  expect(sweep).toEqual({ code: 69, stdout: '', stderr: `${message}\n` });
  // Nothing was made: nothing is kept, and no folder is left.
  const kept = await zonefall(['sweep', 'small.yaml', '--redis', url, '--out', 'none']);
  expect(kept.stderr).toBe(`${message}\n`);
  expect(existsSync('none')).toBe(false);
  expect(await zonefall(['worker', '--redis', url])).toEqual({
    code: 69,
    stdout: '',
    stderr: `${message}\n`,
  });
});

test('a worker needs to know its Redis', async () => {
  const { code, stderr } = await zonefall(['worker']);
  expect(code).toBe(64);
  expect(stderr).toContain('redis');
});

test('the folder that nobody named is replaced when its sweep came to its end', async () => {
  const words = ['sweep', 'small.yaml', '--runs', '2', '--set', 'run.duration=2m'];
  for (const seed of ['1', '2']) {
    const { code, stderr } = await zonefall([...words, '--seed', seed]);
    expect(code, stderr).toBeLessThanOrEqual(2);
  }
  const named = ['--out', 'out/small-sweep'];
  const { code, stderr } = await zonefall([...words, '--seed', '3', ...named]);
  expect(code).toBe(64);
  expect(stderr).toContain('--fresh');
});
