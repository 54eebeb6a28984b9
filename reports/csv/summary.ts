import type { Run } from '../../sim/run.ts';
import { count, csvFile, milliseconds, share, text } from './cells.ts';

export const SUMMARY_COLUMNS = [
  'system',
  'operation',
  'vantage',
  'availability',
  'degraded_ms',
  'downtime_ms',
  'outages',
  'longest_outage_ms',
] as const;

/** summary.csv: one row for each operation and vantage. */
export function summaryCsv(run: Run): Promise<string> {
  return csvFile(
    SUMMARY_COLUMNS,
    run.summary.map((row) => [
      text(row.system),
      text(row.operation),
      text(row.vantage),
      share(row.availability),
      milliseconds(row.degradedUs),
      milliseconds(row.downtimeUs),
      count(row.outages),
      milliseconds(row.longestOutageUs),
    ]),
  );
}
