/** Figures and names in words, the same in the terminal, the pictures and their titles. */
import { HOUR, MINUTE, SECOND, YEAR } from '../sim/kernel/time.ts';

/**
 * A duration as people say it, about three figures: `19 ms`, `7.4 s`, `5 min 8 s`, `3 h 10 min`, `143 d 7 h`, `1 year`.
 */
export function duration(us: number): string {
  if (us > 0 && us % YEAR === 0) return count(us / YEAR, 'year');
  if (us < 1_000) return us === 0 ? '0 s' : `${us} µs`;
  if (us < 10_000) return `${trimmed(us / 1_000, 1)} ms`;
  if (Math.round(us / 1_000) < 1_000) return `${Math.round(us / 1_000)} ms`;
  if (Math.round(us / 100_000) < 600) return `${trimmed(us / SECOND, 1)} s`;
  if (Math.round(us / SECOND) < 3_600) return pair(Math.round(us / SECOND), 60, 'min', 's');
  if (Math.round(us / MINUTE) < 1_440) return pair(Math.round(us / MINUTE), 60, 'h', 'min');
  return pair(Math.round(us / HOUR), 24, 'd', 'h');
}

/** A duration to the millisecond, for figures that stand beside a limit: `8.004 s`, `5 min 8.25 s`, `3 h 0 min 1 s`. */
export function exactDuration(us: number): string {
  if (us < SECOND) return us < 10_000 ? duration(us) : `${trimmed(us / 1_000, 3)} ms`;
  const ms = Math.round(us / 1_000);
  const parts = [
    [Math.floor(ms / 86_400_000), 'd'],
    [Math.floor(ms / 3_600_000) % 24, 'h'],
    [Math.floor(ms / 60_000) % 60, 'min'],
  ] as const;
  const first = parts.findIndex(([value]) => value > 0);
  const said = first < 0 ? [] : parts.slice(first).map(([value, unit]) => `${value} ${unit}`);
  const seconds = trimmed((ms % 60_000) / 1_000, 3);
  if (seconds !== '0' || said.length === 0) said.push(`${seconds} s`);
  return said.join(' ').replace(/( 0 (h|min))+$/, '');
}

/** A moment of model time: `2:00`, `2:07.4`, `1:02:03`, `143 d 07:12:31.5`; how long since time zero, to the millisecond. */
export function clock(us: number): string {
  return timeOfDay(us, false);
}

/** The same with all three decimals, for columns: `2:00.000`. */
export function fullClock(us: number): string {
  return timeOfDay(us, true);
}

function timeOfDay(us: number, full: boolean): string {
  const ms = Math.round(us / 1_000);
  const days = Math.floor(ms / 86_400_000);
  const hours = Math.floor(ms / 3_600_000) % 24;
  const minutes = Math.floor(ms / 60_000) % 60;
  const seconds = Math.floor(ms / 1_000) % 60;
  const decimals = `.${String(ms % 1_000).padStart(3, '0')}`;
  const rest = `${two(seconds)}${full ? decimals : decimals.replace(/\.?0+$/, '')}`;
  if (days > 0) return `${days} d ${two(hours)}:${two(minutes)}:${rest}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${rest}`;
  return `${minutes}:${rest}`;
}

/**
 * A share as a percentage with two figures of what is missing to 100: `98.93 %`, `99.99992 %`. Cut, not rounded, so that
 * it never claims more than there is: only 1 is `100 %`.
 */
export function percent(share: number): string {
  if (share >= 1) return '100 %';
  const fixed = share.toFixed(14);
  const digits = fixed.startsWith('1') ? '9'.repeat(14) : fixed.slice(2);
  const whole = String(Number(digits.slice(0, 2)));
  const decimals = digits.slice(2, 13);
  if (whole !== '99') return `${whole}.${decimals.slice(0, 2)} %`;
  const nines = /^9*/.exec(decimals)![0].length;
  return `${whole}.${decimals.slice(0, Math.min(nines + 2, 11)).padEnd(2, '0')} %`;
}

/** `1 fault`, `2 faults`, `1,204 workers`. */
export function count(n: number, noun: string): string {
  return `${integer(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** An integer with commas between thousands. */
export function integer(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** `once`, `twice`, `3 times`. */
export function times(n: number): string {
  return n === 1 ? 'once' : n === 2 ? 'twice' : `${integer(n)} times`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** The first few by name, the others by number: `a, b and 3 more`. */
export function listSome(items: readonly string[], most: number): string {
  if (items.length <= most) return list(items);
  const shown = items.slice(0, Math.max(1, most - 1));
  return `${shown.join(', ')} and ${integer(items.length - shown.length)} more`;
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const OPERATION_NOUNS: Readonly<Record<string, string>> = {
  write: 'writes',
  read: 'reads',
  schedule: 'scheduling',
  pull: 'pulls',
  push: 'pushes',
  resolve: 'names',
  request: 'requests',
};

/** What a user does, as a noun: `writes`, `scheduling`, `stale reads`. */
export function operationNoun(operation: string): string {
  const words = operation.split('-');
  const last = words.pop()!;
  return [...words, OPERATION_NOUNS[last] ?? last].join(' ');
}

/**
 * A name or sentence from a scenario made safe for a terminal and for XML: line breaks and tabs become spaces, other
 * control characters, text-direction overrides and broken surrogates become a visible replacement.
 */
export function clean(text: string): string {
  return text.replace(/[\t\n\r\u0085\u2028\u2029]+/g, ' ').replace(UNPRINTABLE, '\u{FFFD}');
}

/** Unicode's control, format (but the joiners of scripts and emoji), unpaired surrogate and never-assigned characters. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Noncharacter_Code_Point}]/gu;

function two(n: number): string {
  return String(n).padStart(2, '0');
}

/** Fixed decimals without the zeros at the end. */
function trimmed(value: number, decimals: number): string {
  const fixed = value.toFixed(decimals);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function pair(value: number, size: number, large: string, small: string): string {
  const rest = value % size;
  return `${integer(Math.floor(value / size))} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
