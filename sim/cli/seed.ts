/** `--seed`: a number, a text, or `random`. */
import type { Seed } from '../kernel/streams.ts';
import { UsageError } from './errors.ts';

const RANDOM = 'random';
const MAX_LENGTH = 200;

/** `drawn` is true for a seed that nobody chose and that the user must be told. */
export function readSeed(text: string | undefined): { seed: Seed | undefined; drawn: boolean } {
  if (text === undefined) return { seed: undefined, drawn: false };
  if (text === RANDOM) return { seed: crypto.getRandomValues(new Uint32Array(1))[0]!, drawn: true };
  if (text === '') throw new UsageError('--seed needs a number, a text or "random"');
  if (text.length > MAX_LENGTH) throw new UsageError(`--seed takes at most ${MAX_LENGTH} characters`);
  // A number is kept as one, so that manifests show what was typed; "007" and "1e3" are texts.
  const number = Number(text);
  return { seed: Number.isSafeInteger(number) && String(number) === text ? number : text, drawn: false };
}
