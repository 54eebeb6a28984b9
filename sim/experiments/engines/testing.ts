/** Chunks for tests of engines. */
import type { Chunk } from '../engine.ts';
import type { Study } from '../study.ts';

/** `runs` runs of each variant in chunks of at most `size`. */
export function chunksOf(study: Study, runs: number, size: number): Chunk[] {
  return study.variants.flatMap((_, variant) =>
    Array.from({ length: Math.ceil(runs / size) }, (_, i) => ({
      variant,
      from: i * size,
      to: Math.min(runs, (i + 1) * size),
    })),
  );
}

export const neverAborted = new AbortController().signal;
