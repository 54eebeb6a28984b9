/** A share of a sweep's runs, for schedulers that start one process for each. */
import type { Engine } from './engine.ts';
import type { RunOutcome } from './outcome.ts';
import type { OutcomeStore } from './store.ts';

export interface Shard {
  /** 0 .. of - 1. */
  readonly index: number;
  readonly of: number;
}

/** Runs `from` .. `to - 1` of every variant. */
export interface RunRange {
  readonly from: number;
  readonly to: number;
}

/** Shares differ by a run at most, and together are all runs. */
export function rangeOf({ index, of }: Shard, runs: number): RunRange {
  const start = (i: number) => Math.floor((i * runs) / of);
  return { from: start(index), to: start(index + 1) };
}

/** An engine and a store whose run 0 is the first of the range: for them who count from 0, as a sweep does. */
export function shifted(
  { from }: RunRange,
  engine: Engine,
  store: OutcomeStore,
): { readonly engine: Engine; readonly store: OutcomeStore } {
  const down = (outcomes: readonly RunOutcome[]) =>
    outcomes.map((each) => ({ ...each, run: each.run - from }));
  const up = (outcomes: readonly RunOutcome[]) => outcomes.map((each) => ({ ...each, run: each.run + from }));
  return {
    engine: {
      get parallel() {
        return engine.parallel;
      },
      execute: async ({ variant, from: first, to }, signal) =>
        down(await engine.execute({ variant, from: first + from, to: to + from }, signal)),
      close: () => engine.close(),
    },
    store: {
      has: (variant, run) => store.has(variant, run + from),
      load: async () => down(await store.load()).filter(({ run }) => run >= 0),
      append: (outcomes) => store.append(up(outcomes)),
    },
  };
}
