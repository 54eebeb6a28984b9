/**
 * What more cores and other machines bring. Where others use the machine too, read the processor time: work that takes no more
 * of it on two threads than on one is done in half the time on two free cores. Each round times the same chunks in turn, so that a busy machine slows all of them
 * alike; the first row is what two threads bring on this machine to arithmetic that shares nothing.
 */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { loadScenario } from '../scenarios/index.ts';
import { VERSION } from '../sim/cli/version.ts';
import type { Chunk, Engine } from '../sim/experiments/engine.ts';
import { bullmq } from '../sim/experiments/engines/bullmq/engine.ts';
import { RedisServer, until } from '../sim/experiments/engines/bullmq/testing.ts';
import { threads } from '../sim/experiments/engines/threads.ts';
import { runChunk } from '../sim/experiments/run-chunk.ts';
import type { Study } from '../sim/experiments/study.ts';
import { median, type Section } from './section.ts';

const ROUNDS = 3;
const CHUNKS = 8;
const CHUNK_MS = 1_000;
const EMPTY_CHUNKS = 100;
const SPIN = 3e8;

const SCENARIO = `
version: 1
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 }, dtr: { count: 3 } }
systems:
  swarm: { members: manager }
  etcd: { members: manager }
  rethink: { members: [manager, dtr] }
timeline:
  - { at: 2m, zone-outage: dc/b, for: 2m }
run: { duration: 10m }
`;
const study: Study = {
  seed: 1,
  variants: [{ name: 'a zone is lost', settings: {}, scenario: loadScenario(SCENARIO).scenario }],
};
const never = new AbortController().signal;

export async function machinesSection(): Promise<Section> {
  const size = runsPerChunk();
  const chunks = Array.from({ length: CHUNKS }, (_, i) => ({
    variant: 0,
    from: i * size,
    to: (i + 1) * size,
  }));
  const one = await warm(await threads({ workers: 1 })(study), size);
  const two = await warm(await threads({ workers: 2 })(study), size);
  const queue = await overQueue(size);
  const times: Record<'spin1' | 'spin2' | 'one' | 'two' | 'queue', number[]> = {
    spin1: [],
    spin2: [],
    one: [],
    two: [],
    queue: [],
  };
  const cpu = { one: [] as number[], two: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.spin1.push(await timed(() => spin(1)));
    times.spin2.push(await timed(() => spin(2)));
    times.one.push(await timed(() => all(one, chunks), cpu.one));
    times.two.push(await timed(() => all(two, chunks), cpu.two));
    if (queue !== undefined) times.queue.push(await timed(() => all(queue.engine, chunks)));
  }
  const emptyMs = queue === undefined ? Number.NaN : await perEmptyChunk(queue.engine);
  await Promise.all([one.close(), two.close(), queue?.close()]);
  const ratios = (a: readonly number[], b: readonly number[]) => median(a.map((each, i) => each / b[i]!));
  const { spin1, spin2 } = times;
  return {
    title: `Machines: ${CHUNKS} chunks of ${size} runs, medians of ${ROUNDS} rounds`,
    goal: 'two workers at least 1.8 times one (on two quiet cores); BullMQ within 5 % of local threads with chunks of one second',
    head: ['', 'wall s', 'processor s', 'ratio'],
    rows: [
      [
        'this machine: arithmetic on two threads',
        seconds(spin2),
        '',
        `${(2 * ratios(spin1, spin2)).toFixed(2)} times one`,
      ],
      ['one worker', seconds(times.one), seconds(cpu.one), '1'],
      [
        'two workers',
        seconds(times.two),
        seconds(cpu.two),
        `${ratios(times.one, times.two).toFixed(2)} times one, ${(2 * ratios(cpu.one, cpu.two)).toFixed(2)} on free cores`,
      ],
      ...(queue === undefined
        ? [['BullMQ', 'skipped', '', 'redis-server is not installed']]
        : [
            [
              'BullMQ, one worker process',
              seconds(times.queue),
              '',
              `${percent(ratios(times.queue, times.one) - 1)} over one worker`,
            ],
            [
              'BullMQ, a chunk without runs',
              (emptyMs / 1_000).toFixed(4),
              '',
              `${percent(emptyMs / CHUNK_MS)} of a second`,
            ],
          ]),
    ],
  };
}

/** So many that a chunk takes a second of a core, once the model is compiled: each round is nearer to it. */
function runsPerChunk(): number {
  let size = 40;
  for (let round = 0; round < 6; round++) {
    const before = process.cpuUsage();
    runChunk(study, { variant: 0, from: 0, to: size });
    const { user, system } = process.cpuUsage(before);
    size = Math.max(1, Math.round((size * CHUNK_MS * 1_000) / (user + system)));
  }
  return size;
}

/** Code that is compiled and threads that are up are not what is measured. */
async function warm(engine: Engine, size: number): Promise<Engine> {
  for (let round = 0; round < 2; round++)
    await all(
      engine,
      Array.from({ length: engine.parallel }, () => ({ variant: 0, from: 0, to: size })),
    );
  return engine;
}

async function all(engine: Engine, chunks: readonly Chunk[]): Promise<void> {
  await Promise.all(chunks.map((chunk) => engine.execute(chunk, never)));
}

/** Threads that share nothing, each with the same work. */
async function spin(count: number): Promise<void> {
  const program = `let x = 1; for (let i = 0; i < ${SPIN}; i++) x = (x * 1103515245 + 12345) | 0; process.exitCode = x & 1;`;
  await Promise.all(
    Array.from(
      { length: count },
      () => new Promise((done) => new Worker(program, { eval: true }).once('exit', done)),
    ),
  );
}

async function overQueue(size: number): Promise<{ engine: Engine; close(): Promise<void> } | undefined> {
  if (spawnSync('redis-server', ['--version']).error !== undefined) return undefined;
  const redis = await RedisServer.start();
  const main = fileURLToPath(new URL('../sim/cli/main.ts', import.meta.url));
  const words = [
    '--import',
    import.meta.resolve('tsx'),
    main,
    'worker',
    '--workers',
    '1',
    '--redis',
    redis.url,
  ];
  const worker = spawn(process.execPath, words, { stdio: 'ignore' });
  const engine = await bullmq({ url: redis.url, version: VERSION })(study);
  // One thread: a worker that is not there counts as one, so its first chunk tells.
  await warm(engine, size);
  await until('a worker', () => engine.parallel === 1);
  return {
    engine,
    async close() {
      await engine.close();
      worker.kill('SIGTERM');
      await new Promise((done) => worker.once('exit', done));
      await redis.stop();
    },
  };
}

/** What it costs to hand over a chunk and take its result, one after the other. */
async function perEmptyChunk(engine: Engine): Promise<number> {
  const ms = await timed(async () => {
    for (let i = 0; i < EMPTY_CHUNKS; i++) await engine.execute({ variant: 0, from: i, to: i }, never);
  });
  return ms / EMPTY_CHUNKS;
}

/** Milliseconds on the clock; `cpu` takes those of the processor, all threads together. */
async function timed(action: () => Promise<void>, cpu?: number[]): Promise<number> {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await action();
  const { user, system } = process.cpuUsage(before);
  cpu?.push((user + system) / 1_000);
  return performance.now() - startedMs;
}

function seconds(times: readonly number[]): string {
  return (median(times) / 1_000).toFixed(2);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
