/** Many runs that can be watched and stopped: estimate, half-width against the goal, time left; Ctrl-C ends with what is done. */
import { duration } from '../../reports/words.ts';
import type { EngineMaker } from '../experiments/engine.ts';
import { isPreciseEnough } from '../experiments/findings.ts';
import { type OutcomeRows, rowsOf } from '../experiments/outcome.ts';
import type { Stopping } from '../experiments/stopping.ts';
import type { OutcomeStore } from '../experiments/store.ts';
import type { Study } from '../experiments/study.ts';
import { type SweepOptions, type SweepProgress, type SweepResult, sweep } from '../experiments/sweep.ts';
import type { Io } from './io.ts';
import { type Known, knownSoFar } from './known-so-far.ts';
import { sweepProgress } from './messages.ts';

export interface SweepRequest {
  readonly study: Study;
  readonly stopping: Stopping;
  readonly makeEngine: EngineMaker;
  /** With a precision: whether these prefixes are enough; by default, every objective known that well. */
  readonly isEnough?: SweepOptions['isEnough'];
  readonly resume?: OutcomeStore;
}

/** Nothing is said of a sweep that is over sooner. */
const QUIET_MS = 2_000;
/** How often progress is told: in place on a terminal, line by line elsewhere. */
const TERMINAL_INTERVAL_MS = 500;
const LOG_INTERVAL_MS = 10_000;
const BAR_COLUMNS = 16;

/** Opens and closes the engine. A result with `stopped: 'interrupted'` is what was done until Ctrl-C. */
export async function sweepWithProgress(request: SweepRequest, io: Io, quiet: boolean): Promise<SweepResult> {
  const { study, stopping, makeEngine, resume } = request;
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort());
  const rows = study.variants.map(({ scenario }) => rowsOf(scenario));
  const meter = quiet ? undefined : await SweepMeter.make(io, study, rows, stopping);
  try {
    const engine = await makeEngine(study);
    try {
      const { precision } = stopping;
      return await sweep(study, engine, stopping, {
        signal: interrupt.signal,
        ...(resume === undefined ? {} : { resume }),
        ...(meter === undefined ? {} : { onOutcomes: (progress) => meter.show(progress) }),
        ...(precision === null
          ? {}
          : {
              isEnough:
                request.isEnough ??
                ((outcomes) => isPreciseEnough(study.variants, rows, outcomes, precision)),
            }),
      });
    } finally {
      await engine.close();
    }
  } finally {
    meter?.clear();
    stopListening();
  }
}

type Bar = InstanceType<typeof import('cli-progress').SingleBar>;

class SweepMeter {
  readonly #io: Io;
  readonly #study: Study;
  readonly #rows: readonly OutcomeRows[];
  readonly #stopping: Stopping;
  readonly #bar: Bar | undefined;
  #nextMs: number;
  #shown = false;

  static async make(
    io: Io,
    study: Study,
    rows: readonly OutcomeRows[],
    stopping: Stopping,
  ): Promise<SweepMeter> {
    const inPlace = io.stderr.isTTY && io.env.TERM !== 'dumb';
    return new SweepMeter(io, study, rows, stopping, inPlace ? await barOn(io) : undefined);
  }

  private constructor(
    io: Io,
    study: Study,
    rows: readonly OutcomeRows[],
    stopping: Stopping,
    bar: Bar | undefined,
  ) {
    this.#io = io;
    this.#study = study;
    this.#rows = rows;
    this.#stopping = stopping;
    this.#bar = bar;
    this.#nextMs = performance.now() + (bar === undefined ? LOG_INTERVAL_MS : QUIET_MS);
  }

  show(progress: SweepProgress): void {
    const startedMs = performance.now();
    if (startedMs < this.#nextMs) return;
    const known = knownSoFar(this.#study.variants, this.#rows, progress.prefixes());
    const share = shareDone(progress, this.#stopping, known);
    const text = sweepProgress({
      done: progress.done,
      most: progress.most,
      known: known?.words,
      width: known?.relativeWidth,
      goal: this.#stopping.precision,
      left: leftWords(progress, share, this.#stopping),
    });
    if (this.#bar === undefined) this.#io.stderr.write(`${text}\n`);
    else if (this.#shown) this.#bar.update(share, { text });
    else this.#bar.start(1, share, { text });
    this.#shown = true;
    // Judging many runs takes time too: at most a tenth of the whole.
    const now = performance.now();
    const interval = this.#bar === undefined ? LOG_INTERVAL_MS : TERMINAL_INTERVAL_MS;
    this.#nextMs = now + Math.max(interval, 10 * (now - startedMs));
  }

  clear(): void {
    if (this.#shown) this.#bar?.stop();
  }
}

async function barOn({ stderr }: Io): Promise<Bar> {
  const { default: progress } = await import('cli-progress');
  const stream = {
    isTTY: true,
    get columns() {
      return stderr.columns;
    },
    write(text: string) {
      stderr.write(text);
      return true;
    },
  } as unknown as NodeJS.WriteStream;
  return new progress.SingleBar({
    stream,
    format: '{bar} {text}',
    barsize: BAR_COLUMNS,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    formatBar: (share, options) => {
      const full = Math.round(share * BAR_COLUMNS);
      return `[${options.barCompleteString!.slice(0, full)}${options.barIncompleteString!.slice(0, BAR_COLUMNS - full)}]`;
    },
    hideCursor: true,
    clearOnComplete: true,
    // Ctrl-C is ours to handle.
    gracefulExit: false,
  });
}

/** Half-widths shrink with the square root of the runs: towards a precision that is what counts, not the runs at most. */
function shareDone({ done, most }: SweepProgress, { precision }: Stopping, known: Known | undefined): number {
  const ofRuns = done / most;
  if (precision === null || known === undefined || !Number.isFinite(known.relativeWidth)) return ofRuns;
  const reached = precision / known.relativeWidth;
  return Math.min(1, Math.max(ofRuns, reached * reached));
}

function leftWords(
  { done, elapsedMs, msPerRun }: SweepProgress,
  share: number,
  { budgetMs }: Stopping,
): string {
  const byRuns = share > 0 ? (done / share - done) * msPerRun : Number.POSITIVE_INFINITY;
  const leftMs = Math.min(byRuns, budgetMs === null ? Number.POSITIVE_INFINITY : budgetMs - elapsedMs);
  if (!Number.isFinite(leftMs)) return '';
  const seconds = Math.max(1, Math.round(leftMs / 1_000));
  return `${duration(seconds * 1_000_000)} left`;
}
