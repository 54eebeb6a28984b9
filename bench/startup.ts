/** What a person waits for at the terminal: whole processes, from start to exit. Needs a build. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, type Section } from './section.ts';

const RUNS = 9;

export async function startupSection(): Promise<Section> {
  const out = mkdtempSync(join(tmpdir(), 'zonefall-bench-'));
  const bare = milliseconds(['-e', '0']);
  const rows = [
    ['node -e 0 (for comparison)', bare.toFixed(0), '-'],
    row('zonefall --help', ['dist/cli.js', '--help'], bare),
    row(
      'zonefall run, ten minutes, with SVG',
      ['dist/cli.js', 'run', 'three-zones-3-managers', '--out', out],
      bare,
    ),
  ];
  rmSync(out, { recursive: true });
  return {
    title: 'Start-up (milliseconds, whole process)',
    goal: '--help under 150 ms, run of a ten-minute scenario under 1000 ms',
    head: ['command', 'median', 'times bare node'],
    rows,
  };
}

function row(name: string, args: readonly string[], bare: number): string[] {
  const ms = milliseconds(args);
  return [name, ms.toFixed(0), (ms / bare).toFixed(1)];
}

function milliseconds(args: readonly string[]): number {
  const times = Array.from({ length: RUNS }, () => {
    const began = performance.now();
    execFileSync(process.execPath, args, { stdio: 'ignore' });
    return performance.now() - began;
  });
  return median(times);
}
