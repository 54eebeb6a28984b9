import type { Run } from '../../sim/run.ts';
import { count, csvFile, milliseconds, numberOrNone, text } from './cells.ts';

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
export function timelineCsv(run: Run): Promise<string> {
  return csvFile(
    TIMELINE_COLUMNS,
    run.events.map((event) => [
      milliseconds(event.timeUs),
      text(event.system),
      text(event.node),
      text(event.event),
      numberOrNone(event.term),
      text(event.detail),
      count(event.id),
      numberOrNone(event.cause),
    ]),
  );
}
