/** Small studies for tests of engines, journals and machines. */
import { loadScenario } from '../../../scenarios/index.ts';
import type { Chunk } from '../engine.ts';
import type { Study } from '../study.ts';

const scenario = (managers: number) => `
version: 1
title: Small
topology:
  dc: { zones: [a, b, c] }
nodes:
  manager: { count: ${managers} }
systems:
  etcd: { members: manager }
timeline:
  - { at: 20s, kill: leader of etcd, for: 20s }
objectives:
  - etcd write availability >= 50%
run: { duration: 1m }
`;

export function smallStudy(seed: string | number = 'small'): Study {
  return {
    seed,
    variants: [3, 5].map((managers) => ({
      name: `nodes.manager.count=${managers}`,
      settings: { 'nodes.manager.count': String(managers) },
      scenario: loadScenario(scenario(managers)).scenario,
    })),
  };
}

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
