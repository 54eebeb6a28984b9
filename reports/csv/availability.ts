import type { AvailabilityInterval, Run } from '../../sim/run.ts';
import { type Cell, csvFile, milliseconds, numberOrNone, type Table, text } from './cells.ts';

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
export function availabilityTable(run: Run): Table {
  return { columns: AVAILABILITY_COLUMNS, rows: availabilityRows(run) };
}

export function availabilityCsv(run: Run): Promise<string> {
  return csvFile(AVAILABILITY_COLUMNS, availabilityRows(run));
}

function* availabilityRows(run: Run): Generator<Cell[]> {
  for (const interval of withoutWaits(run.availability)) {
    yield [
      text(interval.system),
      text(interval.operation),
      text(interval.vantage),
      milliseconds(interval.fromUs),
      milliseconds(interval.toUs),
      interval.state,
      numberOrNone(interval.cause),
    ];
  }
}

/** Neighbours of the same state made one, in the order in which they begin; the cause is that of the first. */
function withoutWaits(intervals: readonly AvailabilityInterval[]): AvailabilityInterval[] {
  const merged: AvailabilityInterval[] = [];
  const last = new Map<string, number>();
  for (const interval of intervals) {
    const key = `${interval.system}\0${interval.operation}\0${interval.vantage}`;
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
