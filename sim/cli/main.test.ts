/** The program itself, in processes of its own: only what cannot be seen from inside. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SMALL } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-main-'));
  writeFileSync(join(folder, 'small.yaml'), SMALL);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function start(words: readonly string[]) {
  const tsx = import.meta.resolve('tsx');
  const child = spawn(process.execPath, ['--import', tsx, resolve('sim/cli/main.ts'), ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (printed.stdout += data));
  child.stderr.on('data', (data) => (printed.stderr += data));
  const ended = new Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }>(
    (done) => child.on('close', (code, signal) => done({ code, signal, ...printed })),
  );
  return { child, ended };
}

test('the files go to out/<scenario> when no folder is named', async () => {
  const { code, stderr } = await start(['run', 'small.yaml']).ended;
  expect(code).toBe(0);
  expect(stderr).toMatch(/^\d+ files in out\/small: run\.json, /);
  expect(readdirSync(join(folder, 'out/small'))).toContain('run.json');
});

test('a reader that has seen enough is no error', async () => {
  const { child, ended } = start(['schema']);
  child.stdout.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('Ctrl-C ends a long run at once, with exit code 130', async () => {
  const { child, ended } = start([
    'run',
    'small.yaml',
    '--no-out',
    '--every-event',
    '--set',
    'run.duration=10y',
  ]);
  const first = new Promise<void>((seen) => {
    child.stderr.once('data', () => seen());
  });
  // Pressed again until it listens: before, the system's own handling would end it just as well.
  const pressing = setTimeout(() => child.kill('SIGINT'), 8_000);
  await Promise.race([first, ended]);
  clearTimeout(pressing);
  const { code, signal, stderr } = await ended;
  expect(signal).toBeNull();
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted');
});
