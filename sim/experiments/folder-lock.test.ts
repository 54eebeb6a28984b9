import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lock, unlock } from './folder-lock.ts';

const folder = mkdtempSync(join(tmpdir(), 'zonefall-lock-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = join(folder, 'lock');
const heldBy = (pid: number) => writeFileSync(file, JSON.stringify({ pid, host: hostname() }));

test('whoever is alive keeps it; one that is on its way out does not', async () => {
  const living = spawn('sleep', ['60'], { stdio: 'ignore' });
  const gone = new Promise((done) => living.once('exit', done));
  heldBy(living.pid!);
  expect(lock(file)).toEqual({ pid: living.pid, host: hostname() });
  living.kill('SIGKILL');
  await gone;
  // Its parent is a shell: this process, which waits for the lock, could not notice its end.
  const going = spawn('sh', ['-c', 'sleep 0.3 & echo $!; wait'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const pid = Number(await new Promise((said) => going.stdout.once('data', said)));
  heldBy(pid);
  expect(lock(file)).toBeUndefined();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: process.pid, host: hostname() });
  unlock(file);
});
