/** A run that can be watched and stopped: the model is pure and knows neither a clock nor Ctrl-C. */
import { setImmediate } from 'node:timers/promises';
import { clock } from '../../reports/words.ts';
import type { Run } from '../run.ts';
import type { Scenario } from '../scenario.ts';
import { type SimulateOptions, simulateInSteps } from '../simulate.ts';
import { InterruptedError } from './errors.ts';
import type { Io } from './io.ts';
import { interruptedRun, progress } from './messages.ts';

/** How long the model may run before Ctrl-C is looked for. */
const SLICE_MS = 40;
/** Nothing is said of a run that is over sooner. */
const QUIET_MS = 2_000;
/** How often progress is told: in place on a terminal, line by line elsewhere. */
const TERMINAL_INTERVAL_MS = 200;
const LOG_INTERVAL_MS = 10_000;

/** Throws an InterruptedError at Ctrl-C. */
export async function simulateWithProgress(
  scenario: Scenario,
  options: SimulateOptions,
  io: Io,
  quiet: boolean,
): Promise<Run> {
  let interrupted = false;
  const stopListening = io.onInterrupt(() => {
    interrupted = true;
  });
  const meter = new Meter(io, quiet, scenario.run.durationUs);
  try {
    const steps = simulateInSteps(scenario, options);
    let breakAt = performance.now() + SLICE_MS;
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      const now = performance.now();
      if (now < breakAt) continue;
      meter.show(step.value, now);
      await setImmediate();
      if (interrupted) {
        throw new InterruptedError(
          interruptedRun(clock(Math.max(0, step.value)), clock(scenario.run.durationUs)),
        );
      }
      breakAt = performance.now() + SLICE_MS;
    }
  } finally {
    meter.clear();
    stopListening();
  }
}

class Meter {
  readonly #io: Io;
  readonly #quiet: boolean;
  readonly #durationUs: number;
  readonly #interval: number;
  readonly #inPlace: boolean;
  #nextMs: number;
  #shown = false;

  constructor(io: Io, quiet: boolean, durationUs: number) {
    this.#io = io;
    this.#quiet = quiet;
    this.#durationUs = durationUs;
    this.#inPlace = io.stderr.isTTY && io.env.TERM !== 'dumb';
    this.#interval = this.#inPlace ? TERMINAL_INTERVAL_MS : LOG_INTERVAL_MS;
    this.#nextMs = performance.now() + (this.#inPlace ? QUIET_MS : LOG_INTERVAL_MS);
  }

  show(reachedUs: number, nowMs: number): void {
    if (this.#quiet || nowMs < this.#nextMs) return;
    this.#nextMs = nowMs + this.#interval;
    const us = Math.max(0, reachedUs);
    const text = progress(clock(us), clock(this.#durationUs), us / this.#durationUs);
    this.#io.stderr.write(this.#inPlace ? `\r\x1b[K${text}` : `${text}\n`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown && this.#inPlace) this.#io.stderr.write('\r\x1b[K');
  }
}
