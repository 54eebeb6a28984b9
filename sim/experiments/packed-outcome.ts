/** An outcome as a journal keeps it: rows that are alike, as most are, are written once. */
import type { OperationOutcome, RunOutcome } from './outcome.ts';

export interface PackedOutcome extends Omit<RunOutcome, 'operations'> {
  /** Each different row. */
  readonly distinct: readonly OperationOutcome[];
  /** Of each operation, its place among them. */
  readonly operations: readonly number[];
}

export function packed(outcome: RunOutcome): PackedOutcome {
  const places = new Map<string, number>();
  const distinct: OperationOutcome[] = [];
  const operations = outcome.operations.map((row) => {
    const key = JSON.stringify(row);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, distinct.length);
    distinct.push(row);
    return distinct.length - 1;
  });
  return { ...outcome, distinct, operations };
}

export function unpacked({ distinct, ...outcome }: PackedOutcome): RunOutcome {
  return { ...outcome, operations: outcome.operations.map((place) => distinct[place]!) };
}
