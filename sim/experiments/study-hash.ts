/** What tells one study from another: two with the same hash have the same runs. */
import { createHash } from 'node:crypto';
import type { Study } from './study.ts';

/** `sha256:` and 64 hexadecimal digits; the order of keys does not matter, nor does a seed's kind (1 and '1' are one). */
export function studyHash({ variants, seed }: Study): string {
  const text = JSON.stringify({ variants, seed: String(seed) }, sortedKeys);
  return `sha256:${createHash('sha256').update(text, 'utf8').digest('hex')}`;
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
