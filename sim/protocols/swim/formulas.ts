/**
 * memberlist's formulas (facts/platform.md 3.2; memberlist util.go, suspicion.go). Times in microseconds.
 * log10 and log2 are put together as Go's math package does it, because two of the results are cut to whole numbers.
 */
import { log } from '../../kernel/portable-math.ts';
import { MILLISECOND } from '../../kernel/time.ts';
import { type SwimConfig, TRANSMITS_MAX } from './config.ts';

/** Push/pull grows slower with each doubling of the cluster past this many nodes. */
const PUSH_PULL_SCALE_THRESHOLD = 32;
/** ln 2 / ln 10, rounded once. */
const LN2_BY_LN10 = 0.3010299956639812;

export function log2(x: number): number {
  let fraction = x;
  let exponent = 0;
  while (fraction >= 1) {
    fraction /= 2;
    exponent++;
  }
  while (fraction < 0.5) {
    fraction *= 2;
    exponent--;
  }
  return fraction === 0.5 ? exponent - 1 : log(fraction) * Math.LOG2E + exponent;
}

export function log10(x: number): number {
  return log2(x) * LN2_BY_LN10;
}

/** The shortest suspicion in a cluster of n: mult * max(1, log10 n) probe intervals, the scale cut to thousandths. */
export function suspicionTimeoutUs(config: SwimConfig, n: number): number {
  const scale = Math.max(1, log10(Math.max(1, n)));
  return Math.floor((config.suspicionMult * Math.floor(scale * 1000) * config.probeIntervalUs) / 1000);
}

/** Independent confirmations that bring a suspicion down to its shortest; none are expected where there are too few nodes. */
export function confirmationsWanted(config: SwimConfig, n: number): number {
  const k = config.suspicionMult - 2;
  return n - 2 < k ? 0 : Math.max(0, k);
}

/** How long a suspicion lasts, from its beginning, with `confirmations` of the `wanted` ones; whole milliseconds. */
export function suspicionUs(minUs: number, maxUs: number, wanted: number, confirmations: number): number {
  if (wanted < 1) return minUs;
  if (confirmations === 0) return maxUs;
  const share = log(confirmations + 1) / log(wanted + 1);
  const rawSeconds = maxUs / 1e6 - share * (maxUs / 1e6 - minUs / 1e6);
  return Math.max(minUs, Math.floor(1000 * rawSeconds) * MILLISECOND);
}

/** How many times a broadcast is sent in a cluster of n. */
export function retransmitLimit(retransmitMult: number, n: number): number {
  return Math.min(TRANSMITS_MAX, retransmitMult * Math.ceil(log10(n + 1)));
}

/** Between two push/pulls of a node that knows n: from the 33rd node on twice as long, from the 65th three times, ... */
export function pushPullIntervalUs(config: SwimConfig, n: number): number {
  if (n <= PUSH_PULL_SCALE_THRESHOLD) return config.pushPullIntervalUs;
  const factor = Math.ceil(log2(n) - log2(PUSH_PULL_SCALE_THRESHOLD)) + 1;
  return factor * config.pushPullIntervalUs;
}

/** The formulas above for one config, each cluster size worked out once. Nodes of a cluster share it. */
export class Timings {
  readonly config: SwimConfig;
  /** Confirmations that are ever wanted. */
  readonly confirmationsMax: number;
  readonly #suspicions = new Map<number, Float64Array>();
  readonly #limits = new Map<number, number>();
  /** The size asked for last: the same one is asked for again and again. */
  #size = -1;
  #suspicion: Float64Array = new Float64Array(0);
  #limitSize = -1;
  #limit = 0;

  constructor(config: SwimConfig) {
    this.config = config;
    this.confirmationsMax = Math.max(0, config.suspicionMult - 2);
  }

  /** Durations of a suspicion in a cluster of n by confirmations; its length less one is the number wanted. */
  suspicion(n: number): Float64Array {
    if (n === this.#size) return this.#suspicion;
    let durations = this.#suspicions.get(n);
    if (durations === undefined) this.#suspicions.set(n, (durations = this.#makeSuspicion(n)));
    this.#size = n;
    this.#suspicion = durations;
    return durations;
  }

  retransmitLimit(n: number): number {
    if (n === this.#limitSize) return this.#limit;
    let limit = this.#limits.get(n);
    if (limit === undefined) this.#limits.set(n, (limit = retransmitLimit(this.config.retransmitMult, n)));
    this.#limitSize = n;
    this.#limit = limit;
    return limit;
  }

  #makeSuspicion(n: number): Float64Array {
    const minUs = suspicionTimeoutUs(this.config, n);
    const maxUs = this.config.suspicionMaxTimeoutMult * minUs;
    const wanted = confirmationsWanted(this.config, n);
    return Float64Array.from({ length: wanted + 1 }, (_, c) => suspicionUs(minUs, maxUs, wanted, c));
  }
}
