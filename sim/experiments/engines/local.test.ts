import { expect, test } from 'vitest';
import { runChunk } from '../run-chunk.ts';
import { sweep } from '../sweep.ts';
import { smallStudy } from '../testing.ts';
import { local } from './local.ts';
import { neverAborted } from './testing.ts';
import { coreCount } from './threads.ts';

const study = smallStudy();

test.each([
  ['soon over: in this thread', { worthAfterMs: Number.POSITIVE_INFINITY }, 1],
  ['long: on all cores', { worthAfterMs: 0 }, coreCount()],
  ['with one worker: in this thread', { workers: 1, worthAfterMs: 0 }, 1],
  ['with a number of workers: on so many', { workers: 3 }, 3],
])('%s', async (_, options, parallel) => {
  const engine = await local(options)(study);
  try {
    const chunk = { variant: 0, from: 2, to: 4 };
    expect(await engine.execute(chunk, neverAborted)).toEqual(runChunk(study, chunk));
    expect(engine.parallel).toBe(parallel);
  } finally {
    await engine.close();
  }
});

test('a sweep that moves to threads on its way has the same outcomes', async () => {
  const engine = await local({ worthAfterMs: 50 })(study);
  try {
    const { outcomes } = await sweep(study, engine, { runs: 24, precision: null, budgetMs: null });
    expect(outcomes).toEqual([runChunk(study, { variant: 0, from: 0, to: 24 })]);
    expect(engine.parallel).toBe(coreCount());
  } finally {
    await engine.close();
  }
});
