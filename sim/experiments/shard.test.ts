import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf, shiftedEngine, shiftedStore } from './shard.ts';
import { sweep } from './sweep.ts';
import { contraryEngine, smallStudy } from './testing.ts';

test('shards are all runs, each once, and differ by one at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 1000 }), (of, runs) => {
      const ranges = Array.from({ length: of }, (_, index) => rangeOf({ index, of }, runs));
      expect(ranges[0]!.from).toBe(0);
      expect(ranges.at(-1)!.to).toBe(runs);
      for (let i = 1; i < of; i++) expect(ranges[i]!.from).toBe(ranges[i - 1]!.to);
      const sizes = ranges.map(({ from, to }) => to - from);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('the runs of a shard are those of the whole sweep, under their own numbers in its store', async () => {
  const study = smallStudy([3, 5]);
  const stopping = (runs: number) => ({ runs, precision: null, budgetMs: null });
  const whole = await sweep(study, contraryEngine(study, 2), stopping(5));
  const range = rangeOf({ index: 1, of: 2 }, 5);
  const kept = [whole.outcomes[0]![0]!, whole.outcomes[0]![3]!];
  const had = new Set(kept);
  const engine = shiftedEngine(range, contraryEngine(study, 2));
  const store = shiftedStore(range, {
    has: (variant, run) => kept.some((each) => each.variant === variant && each.run === run),
    load: async () => [...had],
    append: async (outcomes) => {
      kept.push(...outcomes);
    },
  });
  const result = await sweep(study, engine, stopping(range.to - range.from), { resume: store });
  expect(result.outcomes.map((each) => each.map(({ run }) => run))).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
  const sorted = kept.slice(1).sort((a, b) => a.variant - b.variant || a.run - b.run);
  expect(sorted).toEqual(whole.outcomes.flatMap((each) => each.slice(2)));
});
