import type { Run } from '../../sim/run.ts';
import { type Cell, count, csvFile, milliseconds, numberOrNone, type Table, text } from './cells.ts';

export const TIMELINE_COLUMNS = [
  'time_ms',
  'system',
  'node',
  'event',
  'term',
  'detail',
  'id',
  'cause',
] as const;

/** timeline.csv: every significant event and the id of the event that caused it. */
export function timelineTable(run: Run): Table {
  return { columns: TIMELINE_COLUMNS, rows: timelineRows(run) };
}

export function timelineCsv(run: Run): Promise<string> {
  return csvFile(TIMELINE_COLUMNS, timelineRows(run));
}

function* timelineRows(run: Run): Generator<Cell[]> {
  for (const event of run.events) {
    yield [
      milliseconds(event.timeUs),
      text(event.system),
      text(event.node),
      text(event.event),
      numberOrNone(event.term),
      text(event.detail),
      count(event.id),
      numberOrNone(event.cause),
    ];
  }
}
