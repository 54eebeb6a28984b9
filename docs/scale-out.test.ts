/** The files for schedulers do what the page says: their commands are taken as the shell gives them, with fewer runs. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { SMALL, zonefall } from '../sim/cli/testing.ts';

/** A busy machine takes its time. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const RUNS = '16';
const home = process.cwd();
const shipped = (name: string) => fileURLToPath(new URL(`scale-out/${name}`, import.meta.url));
let folder: string;
let whole: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-scale-out-'));
  process.chdir(folder);
  writeFileSync('platform.yaml', SMALL);
  // Stands in for the program, and prints the words it is given.
  writeFileSync('zonefall', '#!/bin/sh\nprintf "%s\\n" "$@"\n');
  chmodSync('zonefall', 0o755);
  await zonefall(['sweep', 'platform.yaml', '--runs', RUNS, '--workers', '1', '--out', 'whole']);
  whole = filesOf('whole');
  expect(whole['study.json']).toContain('"runs": 16');
});
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

function filesOf(name: string): Record<string, string> {
  return Object.fromEntries(readdirSync(name).map((file) => [file, readFileSync(join(name, file), 'utf8')]));
}

/** The words that a script gives to zonefall. */
function wordsOf(words: readonly string[], env: Record<string, string>): string[] {
  const [program, ...args] = words;
  const { status, stdout, stderr } = spawnSync(program!, args, {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}`, ...env },
  });
  expect(status, stderr).toBe(0);
  return stdout.trimEnd().split('\n');
}

/** Runs it with fewer runs, in this process; gives the folder of its files. */
async function sweep(words: readonly string[]): Promise<string> {
  const small = words.map((word, i) =>
    words[i - 1] === '--runs' ? RUNS : word.replace(/^\/in\//, '').replace(/^\/out\//, 'out/'),
  );
  const workers = small.indexOf('--workers');
  if (workers >= 0) small.splice(workers, 2);
  const { code, stderr } = await zonefall([...small, '--workers', '1']);
  expect(code, stderr).toBe(0);
  return small[small.indexOf('--out') + 1]!;
}

async function expectWhole(folders: readonly string[], out: string): Promise<void> {
  const { code, stderr } = await zonefall(['merge', ...folders, '--out', out]);
  expect(code, stderr).toBeLessThanOrEqual(2);
  expect(filesOf(out)).toEqual(whole);
}

test('kubernetes-job.yaml: an indexed job whose pods make all shards', async () => {
  const job = parse(readFileSync(shipped('kubernetes-job.yaml'), 'utf8'));
  expect(job).toMatchObject({ apiVersion: 'batch/v1', kind: 'Job', spec: { completionMode: 'Indexed' } });
  const { completions, parallelism, template } = job.spec;
  expect(parallelism).toBe(completions);
  const [container] = template.spec.containers;
  const volumes = template.spec.volumes.map(({ name }: { name: string }) => name);
  for (const { name } of container.volumeMounts) expect(volumes).toContain(name);
  const folders: string[] = [];
  for (let index = 0; index < completions; index++) {
    const env = { JOB_COMPLETION_INDEX: String(index) };
    folders.push(await sweep(wordsOf([...container.command, ...container.args], env)));
  }
  await expectWhole(folders, 'kubernetes');
});

test('slurm-array.sh: an array whose tasks make all shards', async () => {
  const script = readFileSync(shipped('slurm-array.sh'), 'utf8');
  const [, last] = /^#SBATCH --array=0-(\d+)$/m.exec(script)!;
  const count = Number(last) + 1;
  const folders: string[] = [];
  for (let task = 0; task < count; task++) {
    const env = { SLURM_ARRAY_TASK_ID: String(task), SLURM_ARRAY_TASK_COUNT: String(count) };
    folders.push(await sweep(wordsOf(['bash', shipped('slurm-array.sh'), 'platform.yaml'], env)));
  }
  await expectWhole(folders, 'slurm');
});

test('github-actions.yaml: a matrix that makes all shards, and a job that merges them', async () => {
  const { jobs } = parse(readFileSync(shipped('github-actions.yaml'), 'utf8'));
  const commandOf = (job: string, verb: string, shard = ''): string =>
    jobs[job].steps
      .map(({ run = '' }: { run?: string }) => run.replaceAll(`\${{ matrix.shard }}`, shard))
      .find((run: string) => run.startsWith(`zonefall ${verb}`));
  const made: string[] = [];
  for (const shard of jobs.shard.strategy.matrix.shard)
    made.push(await sweep(wordsOf(['bash', '-c', commandOf('shard', 'sweep', String(shard))], {})));
  expect(jobs.merge.needs).toBe('shard');
  const words = wordsOf(['bash', '-c', commandOf('merge', 'merge')], {});
  expect(words.slice(1, -2)).toEqual(made);
  await expectWhole(made, words.at(-1)!);
});
