import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Chunk, Engine } from '../engine.ts';
import { RunFailedError, runChunk } from '../run-chunk.ts';
import { smallStudy } from '../testing.ts';
import { chunksOf, neverAborted } from './testing.ts';
import { type ThreadsOptions, threads } from './threads.ts';

const study = smallStudy([3, 5]);
const folder = mkdtempSync(join(tmpdir(), 'zonefall-threads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A thread that does something else than run the model. */
function program(name: string, text: string): string {
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, text);
  return file;
}

async function withEngine<T>(options: ThreadsOptions, use: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await threads(options)(study);
  try {
    return await use(engine);
  } finally {
    await engine.close();
  }
}

test('outcomes are those of this thread, with any number of workers and in any order of chunks', async () => {
  const chunks = chunksOf(study, 7, 2);
  const expected = chunks.map((chunk) => runChunk(study, chunk));
  for (const workers of [1, 3]) {
    await withEngine({ workers }, async (engine) => {
      expect(engine.parallel).toBe(workers);
      const backwards = [...chunks].reverse().map((chunk) => engine.execute(chunk, neverAborted));
      expect((await Promise.all(backwards)).reverse()).toEqual(expected);
    });
  }
});

/** Reports that it began run 6 of its chunk, then ends as told. */
const dying = (end: string) =>
  `export default ({ position }) => { Atomics.store(new Int32Array(position), 0, 6); ${end} };`;

test.each([
  ['throws', 'throw new Error("no leader");', 'no leader'],
  ['exits', 'process.exit(3);', 'its thread ended with code 3'],
  [
    'needs too much memory',
    'const all = []; for (;;) all.push(new Array(1e6).fill(0.5));',
    'its thread ran out of memory',
  ],
])('a run that %s is named, and nothing hangs', async (name, end, why) => {
  await withEngine(
    { workers: 2, memoryMiB: 64, file: program(name.replaceAll(' ', '-'), dying(end)) },
    async (engine) => {
      const chunk: Chunk = { variant: 1, from: 4, to: 8 };
      const all = await Promise.allSettled([1, 2, 3, 4].map(() => engine.execute(chunk, neverAborted)));
      for (const one of all) {
        expect(one.status).toBe('rejected');
        const { reason } = one as PromiseRejectedResult;
        expect(reason).toBeInstanceOf(RunFailedError);
        expect(reason.message).toBe(`run 6 of variant "nodes.manager.count=5" (seed 7/6) failed: ${why}`);
      }
    },
  );
});

test('a thread that cannot start is an error, not a wait', async () => {
  await withEngine({ workers: 2, file: join(folder, 'missing.mjs') }, async (engine) => {
    const all = await Promise.allSettled(
      chunksOf(study, 4, 1).map((chunk) => engine.execute(chunk, neverAborted)),
    );
    expect(all.every(({ status }) => status === 'rejected')).toBe(true);
  });
});

test('an abort ends a run in the middle, with the reason of the signal', async () => {
  const spinning = program('spinning', 'export default () => { for (;;); };');
  await withEngine({ workers: 1, file: spinning }, async (engine) => {
    const controller = new AbortController();
    const chunks = chunksOf(study, 20, 1).map((chunk) => engine.execute(chunk, controller.signal));
    const reason = new Error('Ctrl-C');
    setTimeout(() => controller.abort(reason), 200);
    for (const one of await Promise.allSettled(chunks))
      expect(one).toMatchObject({ status: 'rejected', reason });
    await expect(engine.execute({ variant: 0, from: 0, to: 1 }, controller.signal)).rejects.toBe(reason);
  });
});
