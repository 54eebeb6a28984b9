import type { Run } from '../../sim/run.ts';
import { type Cell, count, csvFile, milliseconds, numberOrNone, type Table, text } from './cells.ts';

export const FAILOVERS_COLUMNS = [
  'system',
  'group',
  'fault',
  'old_leader',
  'new_leader',
  'old_term',
  'new_term',
  'rounds',
  'lost_at_ms',
  'detected_ms',
  'elected_ms',
  'recovered_ms',
] as const;

/** failovers.csv: detected, elected and recovered count from lost; empty = did not happen within the run. */
export function failoversTable(run: Run): Table {
  return { columns: FAILOVERS_COLUMNS, rows: failoverRows(run) };
}

export function failoversCsv(run: Run): Promise<string> {
  return csvFile(FAILOVERS_COLUMNS, failoverRows(run));
}

function* failoverRows(run: Run): Generator<Cell[]> {
  for (const failover of run.failovers) {
    yield [
      text(failover.system),
      text(failover.group),
      numberOrNone(failover.fault),
      text(failover.oldLeader),
      failover.newLeader === null ? null : text(failover.newLeader),
      numberOrNone(failover.oldTerm),
      numberOrNone(failover.newTerm),
      count(failover.rounds),
      milliseconds(failover.lostAtUs),
      milliseconds(failover.detectedUs),
      milliseconds(failover.electedUs),
      milliseconds(failover.recoveredUs),
    ];
  }
}
