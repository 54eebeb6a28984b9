/**
 * Quantities as people write them: `500ms`, `1h30m`, `PT2M`, `64GiB`, `1Gbps`, `99.95%`, `50ppm`. Each parser throws a
 * TextError that says what was expected; none guesses a unit.
 */
import { DAY, HOUR, MILLISECOND, MINUTE, SECOND, WEEK, YEAR } from '../sim/kernel/time.ts';
import { MAX_DURATION_US } from './limits.ts';
import { TextError } from './text-error.ts';

const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['µs', 1], // micro sign
  ['μs', 1], // Greek mu
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', WEEK],
  ['y', YEAR],
]);

const NUMBER = '\\d+(?:\\.\\d+)?|\\.\\d+';
const DURATION_PART = new RegExp(`(${NUMBER})\\s*([a-zA-Zµμ]+)`, 'gy');
const DURATION_EXAMPLE = 'write it like 500ms, 5s, 2m, 1h30m, 90d or 1y';

/** Microseconds, an integer >= 0. A year has 365.25 days. */
export function parseDuration(text: string): number {
  const us = exactDuration(text);
  const rounded = Math.round(us);
  if (us > 0 && rounded === 0)
    throw new TextError(`"${text}" is shorter than a microsecond, the model's smallest step`);
  return rounded;
}

/** Microseconds, not rounded: for the parameters of distributions. */
export function exactDuration(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') throw new TextError(`a duration is missing: ${DURATION_EXAMPLE}`);
  if (/^[+-]/.test(trimmed)) throw new TextError(`a duration has no sign: ${DURATION_EXAMPLE}`);
  if (/^[\d.]+$/.test(trimmed)) throw new TextError(bareNumber(trimmed));
  const us = /^P/i.test(trimmed) ? isoDuration(trimmed) : unitDuration(trimmed);
  if (!(us <= MAX_DURATION_US))
    throw new TextError(`"${text}" is longer than 285 years, the most the model can count`);
  return us;
}

/** Like parseDuration, and a minus sign is allowed. */
export function parseSignedDuration(text: string): number {
  const trimmed = text.trim();
  if (trimmed.startsWith('-')) return 0 - parseDuration(trimmed.slice(1));
  return parseDuration(trimmed.startsWith('+') ? trimmed.slice(1) : trimmed);
}

/** The message for a duration without a unit. */
export function bareNumber(number: string | number): string {
  return `a duration needs a unit: write ${number}ms or ${number}s`;
}

function unitDuration(text: string): number {
  let us = 0;
  let end = 0;
  let unitBefore = Number.POSITIVE_INFINITY;
  DURATION_PART.lastIndex = 0;
  for (;;) {
    while (text[end] === ' ') end++;
    if (end === text.length) return us;
    DURATION_PART.lastIndex = end;
    const part = DURATION_PART.exec(text);
    if (part === null) throw new TextError(`"${text}" is not a duration: ${DURATION_EXAMPLE}`);
    const unit = DURATION_UNITS.get(part[2]!);
    if (unit === undefined) throw unknownDurationUnit(text, part[2]!);
    if (unit >= unitBefore)
      throw new TextError(`"${text}" is not a duration: name each unit once, the longest first, like 1h30m`);
    us += Number(part[1]) * unit;
    unitBefore = unit;
    end = DURATION_PART.lastIndex;
  }
}

const UNIT_WORDS: ReadonlyMap<string, string> = new Map([
  ['min', 'm'],
  ['mins', 'm'],
  ['minute', 'm'],
  ['minutes', 'm'],
  ['sec', 's'],
  ['secs', 's'],
  ['second', 's'],
  ['seconds', 's'],
  ['hr', 'h'],
  ['hrs', 'h'],
  ['hour', 'h'],
  ['hours', 'h'],
  ['day', 'd'],
  ['days', 'd'],
  ['week', 'w'],
  ['weeks', 'w'],
  ['year', 'y'],
  ['years', 'y'],
  ['yr', 'y'],
  ['msec', 'ms'],
  ['millis', 'ms'],
  ['usec', 'us'],
]);

function unknownDurationUnit(text: string, unit: string): TextError {
  const known = 'us, ms, s, m, h, d, w or y';
  if (unit === 'ns')
    return new TextError(`"${text}": the model's smallest step is a microsecond; the units are ${known}`);
  if (unit === 'mo' || /^months?$/i.test(unit))
    return new TextError(`"${text}": months differ in length; write days, like 30d`);
  const word = UNIT_WORDS.get(unit.toLowerCase());
  const lower = DURATION_UNITS.has(unit.toLowerCase()) ? unit.toLowerCase() : undefined;
  return new TextError(
    `"${text}": unknown unit "${unit}" of a duration: the units are ${known}`,
    word ?? lower,
  );
}

const ISO_DURATION = new RegExp(
  `^P(?:(${NUMBER})Y)?(?:(${NUMBER})M)?(?:(${NUMBER})W)?(?:(${NUMBER})D)?(?:T(?:(${NUMBER})H)?(?:(${NUMBER})M)?(?:(${NUMBER})S)?)?$`,
  'i',
);

function isoDuration(text: string): number {
  const match = ISO_DURATION.exec(text);
  if (match === null || /^P$|T$/i.test(text)) {
    throw new TextError(`"${text}" is not an ISO 8601 duration: write it like PT2M, PT1H30M or P90D`);
  }
  const [, years, months, weeks, days, hours, minutes, seconds] = match.map((part) => Number(part ?? 0));
  if (months! > 0) throw new TextError(`"${text}": months differ in length; write days, like P30D`);
  return years! * YEAR + weeks! * WEEK + days! * DAY + hours! * HOUR + minutes! * MINUTE + seconds! * SECOND;
}

const SIZE_UNITS: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['kB', 1e3],
  ['KB', 1e3],
  ['MB', 1e6],
  ['GB', 1e9],
  ['TB', 1e12],
  ['PB', 1e15],
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
  ['PiB', 2 ** 50],
]);

/** Bytes, an integer > 0. `GB` is 10^9 bytes, `GiB` 2^30. */
export function parseSize(text: string): number {
  const bytes = Math.round(
    withUnit(text, SIZE_UNITS, 'a size', 'write it like 512MiB, 64GiB or 4GB', (unit) =>
      /^[kmgtp]i?$/i.test(unit) ? `${unit.charAt(0).toUpperCase()}iB` : undefined,
    ),
  );
  if (bytes < 1) throw new TextError(`"${text}" is no size: it must be at least one byte`);
  if (bytes > Number.MAX_SAFE_INTEGER)
    throw new TextError(`"${text}" is larger than 8PiB, the most that can be counted`);
  return bytes;
}

const RATE_UNITS: ReadonlyMap<string, number> = new Map([
  ['bps', 1],
  ['kbps', 1e3],
  ['Kbps', 1e3],
  ['Mbps', 1e6],
  ['Gbps', 1e9],
  ['Tbps', 1e12],
]);

/** Bits per second, > 0. */
export function parseRate(text: string): number {
  const expected = 'write it in bits per second, like 100Mbps or 1Gbps';
  const bytes = /^([\d.]+)\s*([kKMGT]?)B(?:\/s|ps)$/.exec(text.trim());
  if (bytes !== null)
    throw new TextError(`"${text}" counts bytes: ${expected}`, `${Number(bytes[1]) * 8}${bytes[2]}bps`);
  const rate = withUnit(text, RATE_UNITS, 'a rate', expected, (unit) => {
    const prefix = /^([kmgt])b?(?:it)?(?:\/s|ps)?$/i.exec(unit)?.[1];
    return prefix === undefined
      ? undefined
      : `${prefix.toLowerCase() === 'k' ? 'k' : prefix.toUpperCase()}bps`;
  });
  if (!(rate > 0)) throw new TextError(`"${text}" is no rate: it must be above zero`);
  if (rate > 1e15) throw new TextError(`"${text}" is above 1000Tbps, the most a link can have`);
  return rate;
}

function withUnit(
  text: string,
  units: ReadonlyMap<string, number>,
  what: string,
  expected: string,
  guess: (unit: string) => string | undefined,
): number {
  const match = new RegExp(`^(${NUMBER})\\s*(.*)$`).exec(text.trim());
  if (match === null) throw new TextError(`"${text}" is not ${what}: ${expected}`);
  const [, number, unit] = match;
  if (unit === '') throw new TextError(`${what} needs a unit: ${expected}`);
  const factor = units.get(unit!);
  if (factor === undefined) {
    const near = guess(unit!);
    throw new TextError(
      `"${text}": unknown unit "${unit}" of ${what}: ${expected}`,
      near === undefined ? undefined : `${number}${near}`,
    );
  }
  return Number(number) * factor;
}

/** A share from 0 to 1: `99.95%`, `0.001`, or a number. */
export function parseShare(value: string | number): number {
  const match = typeof value === 'number' ? null : new RegExp(`^(${NUMBER})\\s*(%)?$`).exec(value.trim());
  if (typeof value === 'string' && match === null) {
    throw new TextError(`"${value}" is not a share: write it like 99.95% or 0.001`);
  }
  // A decimal shift by text: 99.95 / 100 is not the nearest float64 to 0.9995.
  const share =
    match === null ? Number(value) : match[2] === undefined ? Number(match[1]) : Number(`${match[1]}e-2`);
  if (!(share >= 0 && share <= 1)) {
    const percent = typeof value === 'number' || match?.[2] === undefined;
    throw new TextError(
      `${value} is not a share: it must lie between 0 and 1${percent ? ` (write ${value}% for a percentage)` : ', so at most 100%'}`,
    );
  }
  return share;
}

const MAX_PPM = 500_000;

/** Parts per million, signed: `50ppm`, `-20ppm`. */
export function parsePpm(text: string): number {
  const match = new RegExp(`^([+-]?)(${NUMBER})\\s*ppm$`).exec(text.trim());
  if (match === null)
    throw new TextError(`"${text}" is not a clock rate: write it in parts per million, like 50ppm or -20ppm`);
  const ppm = Number(match[2]);
  if (ppm > MAX_PPM)
    throw new TextError(`"${text}" is past ${MAX_PPM}ppm, the most a clock may be off (half its rate)`);
  return match[1] === '-' ? 0 - ppm : ppm;
}
