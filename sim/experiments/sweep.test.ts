import { describe, expect, test } from 'vitest';
import type { Engine } from './engine.ts';
import { inlineEngine } from './inline-engine.ts';
import type { RunOutcome } from './outcome.ts';
import { runChunk } from './run-chunk.ts';
import { nextLook } from './stopping.ts';
import type { OutcomeStore } from './store.ts';
import { sweep } from './sweep.ts';
import { contraryEngine, madeUp, smallStudy } from './testing.ts';

const study = smallStudy([3, 5]);
const RUNS = 6;
const stopping = { runs: RUNS, precision: null, budgetMs: null };
const expected = [0, 1].map((variant) => runChunk(study, { variant, from: 0, to: RUNS }));

/** Answers at once, with downtime that grows with the run. */
function quickEngine(delayMs = 0): Engine {
  return {
    parallel: 3,
    async execute({ variant, from, to }, signal) {
      await new Promise((go) => setTimeout(go, delayMs));
      signal.throwIfAborted();
      return Array.from({ length: to - from }, (_, i) => madeUp(variant, from + i, from + i));
    },
    async close() {},
  };
}

class MemoryStore implements OutcomeStore {
  readonly kept: RunOutcome[];
  #appending = false;
  constructor(kept: RunOutcome[] = []) {
    this.kept = kept;
  }
  has(variant: number, run: number): boolean {
    return this.kept.some((each) => each.variant === variant && each.run === run);
  }
  async load(): Promise<readonly RunOutcome[]> {
    return this.kept;
  }
  async append(outcomes: readonly RunOutcome[]): Promise<void> {
    expect(this.#appending).toBe(false);
    this.#appending = true;
    await new Promise((go) => setTimeout(go, 1));
    for (const { variant, run } of outcomes) expect(this.has(variant, run)).toBe(false);
    this.kept.push(...outcomes);
    this.#appending = false;
  }
}

describe('outcomes', () => {
  test('are those of the single runs, in their order, whatever the engine', async () => {
    const inline = await sweep(study, await inlineEngine(study), stopping);
    expect(inline).toMatchObject({ stopped: 'runs', outcomes: expected });
    const contrary = await sweep(study, contraryEngine(study, 3), stopping);
    expect(contrary.outcomes).toEqual(expected);
    expect(inline.rows[0]!.operations).toHaveLength(expected[0]![0]!.operations.length);
  });

  test('that are stored already are not made again, and the new ones are stored', async () => {
    const store = new MemoryStore([expected[1]![3]!, expected[0]![0]!, expected[1]![0]!]);
    const engine = contraryEngine(study, 2);
    const { outcomes } = await sweep(study, engine, stopping, { resume: store });
    expect(outcomes).toEqual(expected);
    expect(store.kept).toHaveLength(2 * RUNS);
    expect(engine.chunks).not.toContain('0:0-1');
    const idle = contraryEngine(study, 2);
    expect((await sweep(study, idle, stopping, { resume: store })).outcomes).toEqual(expected);
    expect(idle.chunks).toEqual([]);
  });
});

describe('the end', () => {
  test('of a sweep with a precision comes at a fixed number of runs, the same for all variants', async () => {
    const looks: number[] = [];
    const result = await sweep(
      study,
      quickEngine(),
      { runs: 1_000, precision: 0.05, budgetMs: null },
      {
        isEnough: (outcomes) => {
          expect(new Set(outcomes.map((each) => each.length)).size).toBe(1);
          looks.push(outcomes[0]!.length);
          return outcomes[0]!.length >= 100;
        },
      },
    );
    expect(looks).toEqual([32, 48, 72, 108]);
    expect(result.stopped).toBe('precision');
    expect(result.outcomes.map((each) => each.length)).toEqual([108, 108]);
  });

  test('comes at the last run when the precision is never reached', async () => {
    const result = await sweep(
      study,
      quickEngine(),
      { runs: 40, precision: 0.05, budgetMs: null },
      { isEnough: () => false },
    );
    expect(result).toMatchObject({ stopped: 'imprecise' });
    expect(result.outcomes.map((each) => each.length)).toEqual([40, 40]);
  });

  test('by budget or interrupt leaves prefixes without a gap', async () => {
    const slow = { runs: 100_000, precision: null };
    const budget = await sweep(study, quickEngine(2), { ...slow, budgetMs: 60 });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const interrupted = await sweep(
      study,
      quickEngine(2),
      { ...slow, budgetMs: null },
      { signal: controller.signal },
    );
    expect([budget.stopped, interrupted.stopped]).toEqual(['budget', 'interrupted']);
    for (const { outcomes } of [budget, interrupted]) {
      expect(outcomes[0]!.length).toBeGreaterThan(0);
      expect(outcomes[0]!.length).toBeLessThan(100_000);
      for (const own of outcomes) expect(own.map(({ run }) => run)).toEqual(own.map((_, i) => i));
    }
  });

  test('by an interrupt before it began is an empty result', async () => {
    const result = await sweep(study, quickEngine(), stopping, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ stopped: 'interrupted', outcomes: [[], []] });
  });

  test('by a failing run is an error that names variant and run', async () => {
    const broken = structuredClone(study);
    (broken.variants[1]!.scenario.systems[0] as { members: unknown }).members = ['nobody'];
    const engine = await inlineEngine(broken);
    await expect(sweep(broken, engine, stopping)).rejects.toThrow(
      /run 0 of variant "nodes.manager.count=5" \(seed 7\/0\) failed/,
    );
  });

  test('by a failing store is its error', async () => {
    const store = new MemoryStore();
    store.append = async () => {
      throw new Error('the disk is full');
    };
    await expect(sweep(study, quickEngine(), stopping, { resume: store })).rejects.toThrow(
      'the disk is full',
    );
  });
});

test('progress counts each run once', async () => {
  const seen: number[] = [];
  await sweep(study, quickEngine(), stopping, { onOutcomes: ({ done }) => seen.push(done) });
  expect(seen.at(-1)).toBe(2 * RUNS);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test('looks grow by half, and end at the most runs', () => {
  const looks: number[] = [];
  for (let look = 0; look < 200; )
    looks.push((look = nextLook(look, { ...stopping, runs: 200, precision: 0.1 })));
  expect(looks).toEqual([32, 48, 72, 108, 162, 200]);
});

test('progress is told while a run takes long, too', async () => {
  const told: number[] = [];
  await sweep(
    study,
    quickEngine(1_200),
    { ...stopping, runs: 1 },
    {
      onOutcomes: ({ done }) => told.push(done),
    },
  );
  expect(told[0]).toBe(0);
});
