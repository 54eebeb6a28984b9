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

/** The outcomes under other numbers: a sweep counts from 0, and so does a shard within its share. */
export function renumbered(outcomes: readonly RunOutcome[], by: number): RunOutcome[] {
  return outcomes.map((each) => ({ ...each, run: each.run + by }));
}

/** An engine whose run 0 is the first of the range. */
export function shiftedEngine({ from }: RunRange, engine: Engine): Engine {
  return {
    get parallel() {
      return engine.parallel;
    },
    execute: async ({ variant, from: first, to }, signal) =>
      renumbered(await engine.execute({ variant, from: first + from, to: to + from }, signal), -from),
    close: () => engine.close(),
  };
}

/** A store whose run 0 is the first of the range. */
export function shiftedStore({ from, to }: RunRange, store: OutcomeStore): OutcomeStore {
  return {
    has: (variant, run) => store.has(variant, run + from),
    load: async () => {
      const own = (await store.load()).filter(({ run }) => run >= from && run < to);
      return renumbered(own, -from);
    },
    append: (outcomes) => store.append(renumbered(outcomes, from)),
  };
}
