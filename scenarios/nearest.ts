/** The nearest valid name to a mistyped one, for "did you mean". */

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each one step.
 * Stops early and gives `limit + 1` when the distance is past `limit`.
 */
export function editDistance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, beforeLast[j - 2]! + 1);
      }
      row.push(distance);
      least = Math.min(least, distance);
    }
    if (least > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}

const MAX_WORD = 64;

/**
 * The candidate nearest to `word`, or undefined when none is near. A short name of a place (`b`) finds the full one
 * (`us-west/b`); of equals the first in order wins. The last resort is a candidate that begins with the word, or ends with it.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  if (word === '' || word.length > MAX_WORD) return undefined;
  const lower = word.toLowerCase();
  // A third of the letters may be wrong, and never all of them: "b" is not "a" mistyped.
  let limit = Math.min(3, Math.max(1, Math.ceil(lower.length / 3)), lower.length - 1);
  let best: string | undefined;
  let partial: string | undefined;
  for (const candidate of candidates) {
    const other = candidate.toLowerCase();
    if (other === lower) return candidate;
    if (other.endsWith(`/${lower}`)) return candidate;
    if (lower.length >= 3 && partial === undefined && (other.startsWith(lower) || other.endsWith(lower)))
      partial = candidate;
    const distance = editDistance(lower, other, limit);
    if (distance <= limit) {
      best = candidate;
      limit = distance - 1;
      if (limit < 0) break;
    }
  }
  return best ?? partial;
}

/** `a, b and c`, cut after `most` with how many more there are. */
export function listOf(words: readonly string[], most = 12): string {
  if (words.length === 0) return 'none';
  if (words.length > most) return `${words.slice(0, most).join(', ')} and ${words.length - most} more`;
  if (words.length === 1) return words[0]!;
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
