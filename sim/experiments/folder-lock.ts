/** One process at a time writes to a folder. A lock whose process is gone (killed, or of another machine) counts for nothing. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';

/** Locks that this process holds: its own number in a lock file may be that of an earlier process. */
const held = new Set<string>();

export interface LockHolder {
  readonly pid: number;
  readonly host: string;
}

/** Takes the lock, or says who has it. */
export function lock(file: string): LockHolder | undefined {
  const own: LockHolder = { pid: process.pid, host: hostname() };
  if (held.has(file)) return own;
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
    if (holder !== undefined && holder.host === own.host && holder.pid !== own.pid && isAlive(holder.pid))
      return holder;
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
