/** Sweeps on many workers, killed and resumed: processes of the program as it is built, and always the same files. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { NO_REDIS, RedisServer, until } from '../experiments/engines/bullmq/testing.ts';

const SCENARIO = `version: 1
title: Two sizes
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: 3 }
systems:
  etcd: { members: manager }
faults:
  - { every: exponential(mean 3m), kill: any manager, for: 30s }
objectives:
  - etcd write availability from dc/a >= 50%
run: { duration: 20m, warm-up: 10s }
study:
  vary: { nodes.manager.count: [3, 5] }
`;
const SWEEP = ['sweep', 'sizes.yaml', '--runs', '30', '--seed', '7'];

/** How often it is killed at most. */
const KILLS = 4;
/** Processes start slowly on a busy machine, and there are many of them. */
const TIMEOUT_MS = 300_000;

let folder: string;
const bundle = process.env.ZONEFALL_BUNDLE!;
const children = new Set<ReturnType<typeof spawn>>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-machines-'));
  writeFileSync(join(folder, 'sizes.yaml'), SCENARIO);
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(...words: string[]) {
  const child = spawn(process.execPath, [join(bundle, 'cli.js'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (printed.stdout += data));
  child.stderr.on('data', (data) => (printed.stderr += data));
  const ended = new Promise<{ code: number | null; signal: string | null }>((done) =>
    child.on('close', (code, signal) => {
      children.delete(child);
      done({ code, signal });
    }),
  );
  return { child, printed, ended };
}

async function run(...words: string[]) {
  const { printed, ended } = start(...words);
  return { ...(await ended), ...printed };
}

/** Every file of a folder. */
function filesOf(name: string): Record<string, string> {
  const names = readdirSync(join(folder, name)).sort();
  return Object.fromEntries(names.map((file) => [file, readFileSync(join(folder, name, file), 'utf8')]));
}

function linesOfJournal(name: string): number {
  try {
    return readFileSync(join(folder, name, 'journal.jsonl'), 'utf8').split('\n').length - 2;
  } catch {
    return 0;
  }
}

vi.setConfig({ testTimeout: TIMEOUT_MS, hookTimeout: TIMEOUT_MS });

let expected: { files: Record<string, string>; stdout: string };
beforeAll(async () => {
  const { code, stdout, stderr } = await run(...SWEEP, '--workers', '1', '--out', 'one');
  expect(code, stderr).toBe(0);
  expected = { files: filesOf('one'), stdout };
  expect(Object.keys(expected.files)).toEqual(
    expect.arrayContaining(['cells.csv', 'journal.jsonl', 'runs.csv', 'study.json']),
  );
});

test('two workers', async () => {
  const { code, stdout } = await run(...SWEEP, '--workers', '2', '--out', 'two');
  expect(code).toBe(0);
  expect(filesOf('two')).toEqual(expected.files);
  expect(stdout).toBe(expected.stdout);
});

test('a finished folder gives the same files at once', async () => {
  const { code, stdout, stderr } = await run(...SWEEP, '--out', 'one');
  expect(code).toBe(0);
  expect(stdout).toBe(expected.stdout);
  expect(stderr).toContain('60 runs are in one already (--fresh starts over)');
  expect(stderr).toMatch(/no more runs to make; the answer took|^\d+ more runs? in /m);
  expect(filesOf('one')).toEqual(expected.files);
});

test('killed at any moment and started again, as often as it takes', async () => {
  for (let i = 0; ; i++) {
    const { child, ended, printed } = start(...SWEEP, '--workers', '2', '--out', 'killed');
    const before = linesOfJournal('killed');
    // Some of them before the first run is done, most a while after it.
    const killing = (async () => {
      if (i >= KILLS) return;
      if (i % 4 !== 0)
        await until('a run', () => linesOfJournal('killed') > before || child.exitCode !== null);
      await sleep(((i * 7919) % 13) * 20);
      child.kill('SIGKILL');
    })();
    const { code, signal } = await ended;
    await killing;
    if (signal === 'SIGKILL') {
      expect(linesOfJournal('killed')).toBeGreaterThanOrEqual(before);
      continue;
    }
    expect(i, 'it was over before it could be killed').toBeGreaterThanOrEqual(3);
    expect(code, printed.stderr).toBe(0);
    expect(printed.stdout).toBe(expected.stdout);
    break;
  }
  expect(filesOf('killed')).toEqual(expected.files);
});

test('Ctrl-C: 130, valid files of what is done, no process left, and the same command goes on', async () => {
  const { child, ended, printed } = start(...SWEEP, '--workers', '2', '--out', 'interrupted');
  await until('some runs', () => linesOfJournal('interrupted') >= 8);
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 130, signal: null });
  expect(printed.stderr).toMatch(/interrupted after \d+ runs; what is done is in interrupted/);
  const partial = JSON.parse(filesOf('interrupted')['study.json']!);
  expect(partial).toMatchObject({ stopped: 'interrupted', verdict: 'inconclusive' });
  expect((await run(...SWEEP, '--out', 'interrupted')).code).toBe(0);
  expect(filesOf('interrupted')).toEqual(expected.files);
});

test("another sweep's journal is refused, and --fresh starts over", async () => {
  const other = SWEEP.map((word) => (word === '7' ? '8' : word));
  const short = other.map((word) => (word === '30' ? '2' : word));
  mkdirSync(join(folder, 'kept'));
  writeFileSync(join(folder, 'kept/journal.jsonl'), expected.files['journal.jsonl']!);
  const refused = await run(...short, '--out', 'kept');
  expect(refused).toMatchObject({ code: 64, stdout: '' });
  expect(refused.stderr).toBe(
    'zonefall: kept holds runs of another study (the scenario, what is varied or the seed differs): choose another folder with --out, or start over there with --fresh\n',
  );
  expect(filesOf('kept')).toEqual({ 'journal.jsonl': expected.files['journal.jsonl'] });
  expect((await run(...short, '--out', 'kept', '--fresh')).code).not.toBe(64);
});

describe('shards', () => {
  test('of any number, merged in any order, are the whole sweep', async () => {
    const shards = await Promise.all(
      [0, 1, 2].map((i) => run(...SWEEP, '--workers', '1', '--shard', `${i}/3`, '--out', `shards/${i}`)),
    );
    for (const [i, { code, stderr }] of shards.entries()) {
      expect(code).toBe(0);
      expect(stderr).toContain(`shard ${i}/3: 20 runs in shards/${i}`);
    }
    const merged = await run('merge', 'shards/2', 'shards/0', 'shards/1', '--out', 'merged');
    expect(merged).toMatchObject({ code: 0, stdout: expected.stdout });
    expect(filesOf('merged')).toEqual(expected.files);
  });

  test('missing, given twice, whole sweeps and strangers are refused', async () => {
    const refusal = async (...folders: string[]) => {
      const { code, stderr } = await run('merge', ...folders, '--out', 'refused');
      expect(code).toBe(64);
      return stderr;
    };
    expect(await refusal('shards/0')).toBe('zonefall: shards 1/3, 2/3 are missing\n');
    expect(await refusal('shards/0', 'shards/1', 'shards/0')).toBe(
      'zonefall: shards/0 and shards/0 are both shard 0/3\n',
    );
    expect(await refusal('one')).toContain('one holds a whole sweep, not a shard');
    expect(await refusal('nowhere')).toContain('there is no folder nowhere');
  });
});

describe.skipIf(NO_REDIS !== undefined)('through a Redis', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.stop());

  const startWorker = () => start('worker', '--redis', redis.url, '--workers', '1');

  test('three workers, one of which is killed', async () => {
    const workers = [startWorker(), startWorker(), startWorker()];
    for (const { printed } of workers)
      await until('a worker', () => printed.stderr.includes('waits for sweeps'));
    const sweep = start(...SWEEP, '--engine', 'bullmq', '--redis', redis.url, '--out', 'queue');
    await until('some runs', () => linesOfJournal('queue') >= 10);
    workers[1]!.child.kill('SIGKILL');
    expect(await sweep.ended, sweep.printed.stderr).toEqual({ code: 0, signal: null });
    expect(sweep.printed.stdout).toBe(expected.stdout);
    expect(filesOf('queue')).toEqual(expected.files);
    for (const i of [0, 2]) workers[i]!.child.kill(i === 0 ? 'SIGINT' : 'SIGTERM');
    for (const i of [0, 2]) expect(await workers[i]!.ended).toEqual({ code: 130, signal: null });
  });

  test('a Redis that goes away for good: said, resumable, exit code 69', async () => {
    const own = await RedisServer.start();
    const worker = start('worker', '--redis', own.url, '--workers', '1');
    const sweep = start(...SWEEP, '--redis', own.url, '--out', 'lost');
    await until('some runs', () => linesOfJournal('lost') >= 4);
    await own.stop();
    expect(await sweep.ended).toEqual({ code: 69, signal: null });
    expect(sweep.printed.stderr).toContain(
      `Redis at ${own.url} has been gone for 30 s; what is done is kept in lost, and the same command goes on from there`,
    );
    worker.child.kill('SIGTERM');
    await worker.ended;
    expect((await run(...SWEEP, '--out', 'lost')).code).toBe(0);
    expect(filesOf('lost')).toEqual(expected.files);
    expect(await run('worker', '--redis', own.url)).toMatchObject({ code: 69 });
  });
});
