/** Figures of the pictures in words. */

import type { Figure, FigureMetric } from '../../../sim/experiments/decisions.ts';
import { YEAR } from '../../../sim/kernel/time.ts';
import { clean, duration, operationNoun, percent } from '../../words.ts';
import type { OwnTime, TimeUnit } from './data.ts';
import { linearTimeTicks, numberTicks, plainNumber, signedDuration, type Tick } from './ticks.ts';

/** `99.98 %`; only what never failed is `100 %`. */
export function availabilityOf(unavailability: number): string {
  if (unavailability <= 0) return '100 %';
  if (unavailability >= 1) return '0 %';
  // Past twelve nines the subtraction below would say 1.
  return unavailability < 1e-11 ? 'over 99.999999999 %' : percent(1 - unavailability);
}

/** A share that somebody stated, without the noise of a subtraction: `99.95 %`. */
export function statedShare(share: number): string {
  return `${String(Number((100 * share).toFixed(10)))} %`;
}

/** The time that an unavailability takes: `8 h 46 min a year`. */
export function timePer(unavailability: number, { us, words }: TimeUnit): string {
  return `${roundTime(unavailability * us)} ${words}`;
}

/** `8.77 h`, `52.6 min`, `5.26 s`: three figures, for the labels of an axis. */
export function shortTime(us: number): string {
  const found = UNITS.find(([size]) => us >= size) ?? UNITS.at(-1)!;
  const value = us / found[0];
  const figure = String(Number(value.toPrecision(3)));
  return figure === '1' && found[1] === 'years' ? '1 year' : `${figure} ${found[1]}`;
}

const UNITS = [
  [YEAR, 'years'],
  [86_400_000_000, 'd'],
  [3_600_000_000, 'h'],
  [60_000_000, 'min'],
  [1_000_000, 's'],
  [1_000, 'ms'],
  [1, 'µs'],
] as const;

/** A share of runs as a percentage that says 0 and 100 only of none and all: `under 1 %`, `34 %`, `over 99 %`. */
export function shareWords(part: number, of: number): string {
  const share = (100 * part) / of;
  if (part > 0 && share < 1) return 'under 1 %';
  if (part < of && share > 99) return 'over 99 %';
  return `${Math.round(share)} %`;
}

/** A duration of an estimate, cut to the figures that a reader takes in: `3 h 12 min`. */
export function roundTime(us: number): string {
  if (!Number.isFinite(us)) return us > 0 ? 'no end' : 'unknown';
  return us > 0 && us < 1 ? 'under 1 µs' : duration(Math.round(us));
}

const NAME_IN_SENTENCE = 34;

/** A name short enough for a title; rows have it in full. */
export function inSentence(name: string): string {
  const characters = [...name];
  if (characters.length <= NAME_IN_SENTENCE) return name;
  const half = (NAME_IN_SENTENCE - 1) / 2;
  return `${characters.slice(0, Math.ceil(half)).join('').trimEnd()}…${characters.slice(-Math.floor(half)).join('').trimStart()}`;
}

/** `etcd writes`, `etcd reads from us-west`, `outages of etcd writes`, `swarm failover, p99`; a headline is from everywhere. */
export function figureName({ system, operation, vantage, metric, headline }: Figure): string {
  const what = operation === '' ? clean(system) : `${clean(system)} ${operationNoun(clean(operation))}`;
  const from = vantage === '' || headline ? what : `${what} from ${clean(vantage)}`;
  switch (metric) {
    case 'unavailability':
    case 'unavailable-time':
      return from;
    case 'outages':
    case 'outages-per-year':
      return `outages of ${from}`;
    case 'failover-mean':
      return `${from} failover, mean`;
    case 'failover-p99':
      return `${from} failover, p99`;
  }
}

/** What differences of a figure are told in: a year's time or a run's for shares of time, time, or a count. */
export interface FigureUnit {
  /** From the figure's own unit. */
  readonly factor: number;
  /** Reach of an axis on which everything is zero. */
  readonly least: number;
  readonly words: string;
  readonly told: (value: number) => string;
  readonly ticks: (from: number, to: number, most: number) => Tick[];
}

/** @throws RangeError for a share where runs differ in length, and there is no time that it could be a share of */
export function figureUnit(metric: FigureMetric, per: TimeUnit | OwnTime): FigureUnit {
  const time = { least: 60_000_000, told: knownDuration, ticks: linearTimeTicks };
  const number = { factor: 1, least: 1, told: signedNumber, ticks: signedTicks };
  switch (metric) {
    case 'unavailability':
      if (per.us === null) throw new RangeError('shares of runs of different length');
      return { ...time, factor: per.us, words: `downtime ${per.words}` };
    case 'unavailable-time':
      return { ...time, factor: 1, words: `downtime ${per.words}` };
    case 'failover-mean':
    case 'failover-p99':
      return { ...time, factor: 1, words: 'time to fail over' };
    case 'outages':
      return { ...number, words: 'outages a run' };
    case 'outages-per-year':
      return { ...number, words: 'outages a year' };
  }
}

function knownDuration(us: number): string {
  return Number.isFinite(us) ? signedDuration(us) : 'unknown';
}

function signedNumber(value: number): string {
  if (!Number.isFinite(value)) return 'unknown';
  return `${value > 0 ? '+' : ''}${plainNumber(value)}`;
}

function signedTicks(from: number, to: number, most: number): Tick[] {
  return numberTicks(from, to, most).map(({ value }) => ({ value, label: signedNumber(value) }));
}
