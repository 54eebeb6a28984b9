/**
 * The event kernel under the hold model (take the earliest event, schedule one exponential step ahead), beside SimPy
 * (Debian's python3-simpy3) and a C++ std::priority_queue (g++) on the same machine in the same run. A contender that is
 * not installed is skipped and named.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Bench } from 'tinybench';
import { Kernel } from '../sim/kernel/kernel.ts';
import { log } from '../sim/kernel/portable-math.ts';
import { RandomStream } from '../sim/kernel/streams.ts';
import { pythonWithSimpy } from './peers/simpy.ts';
import { median, type Section } from './section.ts';

const PENDING = [64, 1024, 16384];
const HOLDS = 200_000;
const here = dirname(fileURLToPath(import.meta.url));

export async function kernelSection(): Promise<Section> {
  const rows: string[][] = [];
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-bench-'));
  const cpp = compiled(join(folder, 'hold'));
  const python = pythonWithSimpy();
  for (const pending of PENDING) {
    const ours = await heldPerSecond(pending);
    const simpy =
      python && perSecond(python, [join(here, 'kernel/hold_simpy.py'), String(pending), '200000']);
    const queue = cpp && perSecond(cpp, [String(pending), '2000000']);
    rows.push([
      String(pending),
      millions(ours),
      simpy ? millions(simpy) : 'not installed',
      simpy ? (ours / simpy).toFixed(1) : '-',
      queue ? millions(queue) : 'not installed',
      queue ? (ours / queue).toFixed(2) : '-',
    ]);
  }
  rmSync(folder, { recursive: true });
  return {
    title: 'Event kernel, hold model (million events a second)',
    goal: 'at least 8 times SimPy (7 times at 1024 pending), at least half of std::priority_queue',
    head: ['pending', 'zonefall', 'SimPy', 'times SimPy', 'C++', 'share of C++'],
    rows,
  };
}

async function heldPerSecond(pending: number): Promise<number> {
  const random = new RandomStream(1, 'hold');
  const steps = Float64Array.from({ length: 65_536 }, (_, i) =>
    Math.floor(-1e6 * log(1 - random.uniform(i))),
  );
  const kernel = new Kernel(1);
  let number = 0;
  const stream = kernel.stream('hold', () => {
    number++;
    kernel.schedule(kernel.nowUs + steps[number & 65_535]!, stream, number);
  });
  for (let i = 0; i < pending; i++) kernel.schedule(steps[number & 65_535]!, stream, number++);
  const advanceUs = (HOLDS / pending) * 1e6;
  let events = 0;
  const rates: number[] = [];
  const bench = new Bench({ iterations: 15, time: 0, warmupIterations: 5, warmupTime: 0 });
  bench.add(`hold ${pending}`, () => {
    const before = kernel.eventCount;
    const began = performance.now();
    kernel.runUntil(kernel.nowUs + advanceUs);
    events = kernel.eventCount - before;
    rates.push((events * 1000) / (performance.now() - began));
  });
  await bench.run();
  return median(rates);
}

function compiled(target: string): string | null {
  try {
    execFileSync('g++', ['-O2', '-o', target, join(here, 'kernel/hold.cc')], { stdio: 'ignore' });
    return target;
  } catch {
    return null;
  }
}

function perSecond(command: string, args: readonly string[]): number {
  const rates = [1, 2, 3].map(() => Number(execFileSync(command, args, { encoding: 'utf8' })));
  return median(rates);
}

function millions(rate: number): string {
  return (rate / 1e6).toFixed(2);
}
