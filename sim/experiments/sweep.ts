/**
 * Many runs of several variants: hands chunks of runs to an engine until enough is known, and gives the outcomes in the
 * order of the run, whatever the order they came in.
 */
import type { Chunk, Engine } from './engine.ts';
import { compacted, type OutcomeRows, type RunOutcome, rowsOf } from './outcome.ts';
import { nextLook, type Stopping, type StopReason } from './stopping.ts';
import type { OutcomeStore } from './store.ts';
import type { Study } from './study.ts';

/** How long a chunk should take: short enough to lose little, long enough that handing it over costs nothing. */
const CHUNK_MS = 1_000;
/** How often it is told that nothing came. */
const TICK_MS = 1_000;
/** Chunks that wait beside those that are worked on, for each of these. */
const WAITING = 1;

export interface SweepProgress {
  /** Runs done, of all variants. */
  readonly done: number;
  /** Runs at the next decision, of all variants. */
  readonly goal: number;
  /** Runs at most, of all variants. */
  readonly most: number;
  /** Wall clock so far, and of one run (all engines together); 0 while unknown. */
  readonly elapsedMs: number;
  readonly msPerRun: number;
  /** By variant, the complete prefix so far. */
  prefixes(): readonly (readonly RunOutcome[])[];
}

export interface SweepOptions {
  /** Tells of progress: after each chunk, and every second while one takes longer. */
  readonly onOutcomes?: (progress: SweepProgress) => void;
  /** Ends the sweep with what is complete. */
  readonly signal?: AbortSignal;
  /** Runs that are kept there are not made again; every new one is put there. */
  readonly resume?: OutcomeStore;
  /** Of a sweep with a precision: whether these prefixes, all of one length, are enough. */
  readonly isEnough?: (outcomes: readonly (readonly RunOutcome[])[]) => boolean;
}

export interface SweepResult {
  readonly study: Study;
  /** By variant. */
  readonly rows: readonly OutcomeRows[];
  /** By variant, in the order of the run: 0, 1, 2, ... without a gap. Of one length but after a budget or an interrupt. */
  readonly outcomes: readonly (readonly RunOutcome[])[];
  readonly stopped: StopReason;
}

/** Rejects when a run failed or the store did; the engine is left open. */
export async function sweep(
  study: Study,
  engine: Engine,
  stopping: Stopping,
  options: SweepOptions = {},
): Promise<SweepResult> {
  const work = new Work(study, engine, stopping, options);
  return work.whole();
}

class Work {
  readonly #study: Study;
  readonly #engine: Engine;
  readonly #stopping: Stopping;
  readonly #options: SweepOptions;
  readonly #abort = new AbortController();
  readonly #startedMs = performance.now();
  /** By variant and run; a hole is a run that is not done. */
  readonly #outcomes: (RunOutcome | undefined)[][];
  readonly #prefix: number[];
  readonly #flying = new Set<Promise<void>>();
  readonly #queue: Chunk[] = [];
  /** Runs below it are done, flying or in the queue. */
  #cursor = 0;
  #done = 0;
  #made = 0;
  #goal = 0;
  #stored: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(study: Study, engine: Engine, stopping: Stopping, options: SweepOptions) {
    this.#study = study;
    this.#engine = engine;
    this.#stopping = stopping;
    this.#options = options;
    this.#outcomes = study.variants.map(() => []);
    this.#prefix = study.variants.map(() => 0);
  }

  async whole(): Promise<SweepResult> {
    const { resume, signal, onOutcomes } = this.#options;
    for (const outcome of (await resume?.load()) ?? []) this.#keep(outcome);
    let reason: StopReason | undefined;
    const stop = (why: StopReason) => {
      reason ??= why;
      this.#abort.abort(new Error(`the sweep is over: ${why}`));
    };
    const onAbort = () => stop('interrupted');
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const { budgetMs } = this.#stopping;
    const budget = budgetMs === null ? undefined : setTimeout(() => stop('budget'), budgetMs);
    const tick = setInterval(() => onOutcomes?.(this.#progress()), TICK_MS);
    try {
      for (let look = 0; reason === undefined; ) {
        look = nextLook(look, this.#stopping);
        await this.#reach(look);
        if (this.#failure !== undefined) throw this.#failure.error;
        if (reason === undefined) reason = this.#decide(look);
        if (reason !== undefined && reason !== 'budget' && reason !== 'interrupted')
          return this.#result(reason, look);
      }
      return this.#result(reason, this.#stopping.runs);
    } finally {
      clearTimeout(budget);
      clearInterval(tick);
      signal?.removeEventListener('abort', onAbort);
      this.#abort.abort(new Error('the sweep is over'));
      await Promise.allSettled(this.#flying);
    }
  }

  #decide(look: number): StopReason | undefined {
    const { precision, runs } = this.#stopping;
    if (precision === null) return 'runs';
    const enough = this.#options.isEnough;
    if (enough?.(this.#outcomes.map((each) => each.slice(0, look) as RunOutcome[])) === true)
      return 'precision';
    return look >= runs ? 'imprecise' : undefined;
  }

  #result(stopped: StopReason, runs: number): SweepResult {
    return {
      study: this.#study,
      rows: this.#study.variants.map(({ scenario }) => rowsOf(scenario)),
      outcomes: this.#prefixes(runs),
      stopped,
    };
  }

  #prefixes(most: number): RunOutcome[][] {
    return this.#outcomes.map((each, i) => each.slice(0, Math.min(most, this.#prefix[i]!)) as RunOutcome[]);
  }

  /** Resolves when every variant has so many runs, or the sweep is aborted or has failed. */
  async #reach(look: number): Promise<void> {
    this.#goal = look;
    const { signal } = this.#abort;
    while (!signal.aborted && this.#prefix.some((length) => length < look)) {
      // Past the look rather than idle: should the sweep go on, it is done already.
      while (this.#flying.size < this.#mostFlying()) {
        const chunk =
          this.#nextChunk(look) ??
          (this.#engine.parallel > 1 ? this.#nextChunk(this.#ahead(look)) : undefined);
        if (chunk === undefined) break;
        this.#fly(chunk);
      }
      if (this.#flying.size === 0) throw new Error('no run is left to do, and some are missing');
      await Promise.race(this.#flying);
    }
  }

  /** Asked each time: workers come and go. */
  #mostFlying(): number {
    const { parallel } = this.#engine;
    return parallel > 1 ? parallel * (1 + WAITING) : 1;
  }

  #ahead(look: number): number {
    return nextLook(look, this.#stopping);
  }

  #fly(chunk: Chunk): void {
    const flight = this.#execute(chunk).catch((error: unknown) => {
      if (this.#abort.signal.aborted) return;
      this.#failure = { error };
      this.#abort.abort(error);
    });
    const landed = flight.then(() => {
      this.#flying.delete(landed);
    });
    this.#flying.add(landed);
  }

  async #execute(chunk: Chunk): Promise<void> {
    const outcomes = await this.#engine.execute(chunk, this.#abort.signal);
    const { resume, onOutcomes } = this.#options;
    if (resume !== undefined) {
      const turn = this.#stored.then(() => resume.append(outcomes));
      this.#stored = turn;
      await turn;
    }
    for (const outcome of outcomes) this.#keep(outcome);
    this.#made += outcomes.length;
    onOutcomes?.(this.#progress());
  }

  #keep(outcome: RunOutcome): void {
    const own = this.#outcomes[outcome.variant];
    if (own === undefined || own[outcome.run] !== undefined) return;
    own[outcome.run] = compacted(outcome);
    this.#done++;
    while (own[this.#prefix[outcome.variant]!] !== undefined) this.#prefix[outcome.variant]!++;
  }

  #progress(): SweepProgress {
    const variants = this.#study.variants.length;
    return {
      done: this.#done,
      goal: this.#goal * variants,
      most: this.#stopping.runs * variants,
      elapsedMs: performance.now() - this.#startedMs,
      msPerRun: this.#msPerRun(),
      prefixes: () => this.#prefixes(this.#stopping.runs),
    };
  }

  #msPerRun(): number {
    return this.#made === 0 ? 0 : (performance.now() - this.#startedMs) / this.#made;
  }

  /** The next runs below `limit` that nobody works on. How many affects only how long it takes. */
  #nextChunk(limit: number): Chunk | undefined {
    while (this.#queue.length === 0 && this.#cursor < limit) this.#enqueue(limit);
    return this.#queue.shift();
  }

  #enqueue(limit: number): void {
    const { parallel } = this.#engine;
    const perRunMs = this.#msPerRun() * parallel;
    const left = (limit - this.#cursor) * this.#study.variants.length;
    const size =
      perRunMs === 0 ? 1 : Math.min(Math.floor(CHUNK_MS / perRunMs), Math.ceil(left / (parallel * 2)));
    const from = this.#cursor;
    const to = Math.min(limit, from + Math.max(1, size));
    this.#cursor = to;
    // A run of every variant before the next run of any: whenever it ends, the variants have met the same luck.
    for (let variant = 0; variant < this.#outcomes.length; variant++) {
      const own = this.#outcomes[variant]!;
      for (let start = from; start < to; start++) {
        if (own[start] !== undefined) continue;
        let end = start + 1;
        while (end < to && own[end] === undefined) end++;
        this.#queue.push({ variant, from: start, to: end });
        start = end;
      }
    }
  }
}
