/** The program itself, in processes of its own: only what cannot be seen from inside. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** In the process: tells when Ctrl-C is listened for. Before, the system's own handling would end it just as well. */
const TELLS = `data:text/javascript,process.on('newListener', (name) => {
  if (name === 'SIGINT') setImmediate(() => process.send('listens'));
}); process.channel.unref()`;

function start(words: readonly string[]) {
  const program = join(process.env.ZONEFALL_BUNDLE!, 'cli.js');
  const child = spawn(process.execPath, ['--import', TELLS, program, ...words], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout!.on('data', (data) => (printed.stdout += data));
  child.stderr!.on('data', (data) => (printed.stderr += data));
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
  child.stdout!.destroy();
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
  child.once('message', () => child.kill('SIGINT'));
  const { code, signal, stderr } = await ended;
  expect(signal).toBeNull();
  expect(code).toBe(130);
  expect(stderr).toContain('interrupted');
});
