/** One process at a time writes to a folder. A lock whose process is gone (killed, or of another machine) counts for nothing. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';

/** Locks that this process holds: its own number in a lock file may be that of an earlier process. */
const held = new Set<string>();

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** A process that was killed takes a moment to be gone: on a busy machine the next command may be there before. */
const GOING_MS = 1_000;
const LOOK_AGAIN_MS = 50;

/** Takes the lock, or says who has it and keeps it. */
export function lock(file: string): LockHolder | undefined {
  const own: LockHolder = { pid: process.pid, host: hostname() };
  if (held.has(file)) return own;
  const givesUpMs = performance.now() + GOING_MS;
  for (;;) {
    try {
      const fd = openSync(file, 'wx');
      writeSync(fd, JSON.stringify(own));
      closeSync(fd);
      held.add(file);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder !== undefined && holder.host === own.host && holder.pid !== own.pid && isAlive(holder.pid)) {
      if (performance.now() >= givesUpMs) return holder;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
      continue;
    }
    rmSync(file, { force: true });
  }
}

export function unlock(file: string): void {
  held.delete(file);
  rmSync(file, { force: true });
}

/** undefined: it was released meanwhile, or its writer died before it said who it was. */
function holderOf(file: string): LockHolder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
