import type { AvailabilityInterval, Run } from '../../sim/run.ts';
import { csvFile, milliseconds, numberOrNone, text } from './cells.ts';

export const AVAILABILITY_COLUMNS = [
  'system',
  'operation',
  'vantage',
  'from_ms',
  'to_ms',
  'state',
  'cause',
] as const;

/**
 * availability.csv: one row for each maximal interval of one state. Intervals that differ only in whether requests wait
 * are one row (they are up); run.json has the time that was spent waiting.
 */
export function availabilityCsv(run: Run): Promise<string> {
  return csvFile(
    AVAILABILITY_COLUMNS,
    withoutWaits(run.availability).map((interval) => [
      text(interval.system),
      text(interval.operation),
      text(interval.vantage),
      milliseconds(interval.fromUs),
      milliseconds(interval.toUs),
      interval.state,
      numberOrNone(interval.cause),
    ]),
  );
}

/** Neighbours of the same state made one, in the order in which they begin; the cause is that of the first. */
function withoutWaits(intervals: readonly AvailabilityInterval[]): AvailabilityInterval[] {
  const merged: AvailabilityInterval[] = [];
  const last = new Map<string, number>();
  for (const interval of intervals) {
    const key = JSON.stringify([interval.system, interval.operation, interval.vantage]);
    const at = last.get(key);
    const before = at === undefined ? undefined : merged[at];
    if (at !== undefined && before?.state === interval.state && before.toUs === interval.fromUs) {
      merged[at] = { ...before, toUs: interval.toUs };
    } else {
      last.set(key, merged.push(interval) - 1);
    }
  }
  return merged;
}
