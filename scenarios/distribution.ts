/**
 * Distributions as short texts, in the figures people have: `lognormal(p50 20ms, p99 80ms)`, `exponential(mean 90d)`,
 * `uniform(1ms, 2ms)`, `empirical(rtt.csv)`, or just `5ms`.
 */
import {
  constant,
  type Distribution,
  lognormalFromMeanP95,
  lognormalFromP50P99,
  weibullFromMean,
} from '../sim/kernel/distribution.ts';
import { listOf, nearest } from './nearest.ts';
import { TextError } from './text-error.ts';
import { bareNumber, exactDuration, parseDuration } from './units.ts';

/** Where the samples of an `empirical` distribution come from. */
export interface SamplesReference {
  readonly file: string;
  /** undefined: the first column whose values are numbers. */
  readonly column: string | undefined;
  /** undefined: the column's name ends in it (`rtt_ms`). */
  readonly unit: 'us' | 'ms' | 's' | undefined;
}

/** Microseconds, ascending. Throws a TextError (or what it likes) when the file cannot give them. */
export type ReadSamples = (reference: SamplesReference) => readonly number[];

const EXAMPLE =
  'write a duration like 5ms, or lognormal(p50 20ms, p99 80ms), exponential(mean 90d), uniform(1ms, 2ms), ...';

interface Argument {
  readonly name: string | undefined;
  readonly value: string;
}

type Shape = (call: Call, readSamples: ReadSamples) => Distribution;

/** One entry for each word; adding a distribution is one line here (and its sampling in sim/kernel). */
const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ['constant', (call) => constant(parseDuration(call.take('value', 0).value))],
  ['uniform', uniform],
  ['normal', normal],
  ['lognormal', lognormal],
  ['exponential', exponential],
  ['weibull', weibull],
  ['empirical', empirical],
]);

export const DISTRIBUTION_WORDS: readonly string[] = [...SHAPES.keys()];

/** In microseconds. */
export function parseDistribution(text: string, readSamples: ReadSamples): Distribution {
  const trimmed = text.trim();
  const call = /^([A-Za-z-]+)\s*\((.*)\)$/s.exec(trimmed);
  if (call === null) {
    if (/^[A-Za-z-]+\s*\(/.test(trimmed))
      throw new TextError(`"${text}": the closing parenthesis is missing`);
    if (/^[\d.]+$/.test(trimmed)) throw new TextError(bareNumber(trimmed));
    if (/^([+-]|[\dPp])/.test(trimmed)) return constant(parseDuration(trimmed));
    throw new TextError(`"${text}" is not a distribution: ${EXAMPLE}`, nearest(trimmed, DISTRIBUTION_WORDS));
  }
  const shape = SHAPES.get(call[1]!);
  if (shape === undefined) {
    throw new TextError(
      `unknown distribution "${call[1]}": known are ${listOf(DISTRIBUTION_WORDS)}`,
      nearest(call[1]!, DISTRIBUTION_WORDS),
    );
  }
  const parsed = new Call(call[1]!, readArguments(text, call[2]!));
  const distribution = shape(parsed, readSamples);
  parsed.finish();
  return distribution;
}

/** Parameters by name or, where they have an order, by place. */
class Call {
  readonly word: string;
  readonly parameters: readonly Argument[];
  readonly #used = new Set<Argument>();
  readonly #known: string[] = [];

  constructor(word: string, parameters: readonly Argument[]) {
    this.word = word;
    this.parameters = parameters;
  }

  find(name: string, place?: number): Argument | undefined {
    this.#known.push(name);
    const named = this.parameters.filter((parameter) => parameter.name === name);
    if (named.length > 1) throw new TextError(`${this.word}(...) states ${name} twice`);
    const unnamed = place === undefined ? undefined : this.parameters[place];
    const found = named[0] ?? (unnamed?.name === undefined ? unnamed : undefined);
    if (found !== undefined) this.#used.add(found);
    return found;
  }

  take(name: string, place?: number): Argument {
    const found = this.find(name, place);
    if (found !== undefined) return found;
    this.finish();
    throw new TextError(`${this.word}(...) needs ${name}: ${USAGE.get(this.word)}`);
  }

  /** Throws for parameters that nobody asked for. */
  finish(): void {
    const unknown = this.parameters.find((parameter) => !this.#used.has(parameter));
    if (unknown === undefined) return;
    const word = unknown.name ?? unknown.value;
    throw new TextError(
      `${this.word}(...) does not take "${word}": ${USAGE.get(this.word)}`,
      nearest(word, this.#known),
    );
  }
}

const USAGE: ReadonlyMap<string, string> = new Map([
  ['constant', 'write constant(5ms)'],
  ['uniform', 'write uniform(1ms, 2ms)'],
  ['normal', 'write normal(mean 1ms, sd 0.1ms)'],
  ['lognormal', 'write lognormal(p50 20ms, p99 80ms) or lognormal(mean 20ms, p95 60ms)'],
  ['exponential', 'write exponential(mean 90d)'],
  ['weibull', 'write weibull(shape 0.7, mean 30d) or weibull(shape 0.7, scale 30d)'],
  ['empirical', 'write empirical(rtt.csv) or empirical(rtt.csv, column rtt_ms)'],
]);

function readArguments(text: string, inside: string): Argument[] {
  if (inside.trim() === '') return [];
  return inside.split(',').map((part) => {
    const trimmed = part.trim();
    if (trimmed === '') throw new TextError(`"${text}": a parameter is missing beside the comma`);
    const named = /^([A-Za-z][A-Za-z0-9]*)(?:\s*[:=]\s*|\s+)(.+)$/s.exec(trimmed);
    return named === null ? { name: undefined, value: trimmed } : { name: named[1]!, value: named[2]! };
  });
}

function uniform(call: Call): Distribution {
  const low = exactDuration(call.take('low', 0).value);
  const high = exactDuration(call.take('high', 1).value);
  if (low > high) throw new TextError('uniform(low, high) needs the smaller value first');
  return { kind: 'uniform', low, high };
}

function normal(call: Call): Distribution {
  return {
    kind: 'normal',
    mean: exactDuration(call.take('mean', 0).value),
    sd: exactDuration(call.take('sd', 1).value),
  };
}

function lognormal(call: Call): Distribution {
  const mean = call.find('mean');
  if (mean !== undefined) {
    const meanUs = positive('mean', mean.value);
    const p95Us = positive('p95', call.take('p95').value);
    // No lognormal has a p95 past exp(1.645^2 / 2) = 3.868 times its mean.
    if (p95Us < meanUs || p95Us > meanUs * 3.86) {
      throw new TextError(
        'lognormal(mean, p95) needs a p95 between the mean and 3.86 times the mean: no lognormal has another',
      );
    }
    return lognormalFromMeanP95(meanUs, p95Us);
  }
  const p50Us = positive('p50', call.take('p50').value);
  const p99Us = positive('p99', call.take('p99').value);
  if (p99Us < p50Us) throw new TextError('lognormal(p50, p99) needs a p99 that is not below the p50');
  return lognormalFromP50P99(p50Us, p99Us);
}

function exponential(call: Call): Distribution {
  const mtbf = call.find('mtbf');
  return { kind: 'exponential', mean: positive('mean', (mtbf ?? call.take('mean', 0)).value) };
}

function weibull(call: Call): Distribution {
  const shape = call.take('shape').value;
  if (!/^(\d+(\.\d+)?|\.\d+)$/.test(shape) || !(Number(shape) >= 0.1 && Number(shape) <= 100)) {
    throw new TextError(`the shape of a weibull is a number between 0.1 and 100, not "${shape}"`);
  }
  const mean = call.find('mean');
  if (mean !== undefined) return weibullFromMean(Number(shape), positive('mean', mean.value));
  return { kind: 'weibull', shape: Number(shape), scale: positive('scale', call.take('scale').value) };
}

function empirical(call: Call, readSamples: ReadSamples): Distribution {
  const file = call.take('file', 0).value;
  const column = call.find('column')?.value;
  const unit = call.find('unit')?.value;
  if (unit !== undefined && unit !== 'us' && unit !== 'ms' && unit !== 's') {
    throw new TextError(`the unit of empirical(...) is us, ms or s, not "${unit}"`);
  }
  call.finish();
  return { kind: 'empirical', samples: readSamples({ file, column, unit }) };
}

function positive(name: string, text: string): number {
  const us = exactDuration(text);
  if (!(us > 0)) throw new TextError(`${name} must be above zero`);
  return us;
}
