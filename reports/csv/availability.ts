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
  const tracks = new Map<string, { last: number }>();
  let track = { last: -1 };
  let previous: AvailabilityInterval | undefined;
  for (const interval of intervals) {
    const { system, operation, vantage } = interval;
    // They come track by track, and keys are slow.
    if (previous?.system !== system || previous.operation !== operation || previous.vantage !== vantage) {
      const key = `${system}\0${operation}\0${vantage}`;
      track = tracks.get(key) ?? { last: -1 };
      tracks.set(key, track);
    }
    previous = interval;
    const before = merged[track.last];
    if (before?.state === interval.state && before.toUs === interval.fromUs) {
      merged[track.last] = { ...before, toUs: interval.toUs };
    } else {
      track.last = merged.push(interval) - 1;
    }
  }
  return merged;
}
