/** What a benchmark gives to `npm run bench`: a table, and the goal that it is held against. */
export interface Section {
  readonly title: string;
  readonly goal: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
