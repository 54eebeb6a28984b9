import type { SweepFindings } from '../../sim/experiments/findings.ts';
import { mainRow } from '../../sim/experiments/main-row.ts';
import { seedOfRun } from '../../sim/experiments/study.ts';
import type { Seed } from '../../sim/kernel/streams.ts';
import { type Cell, count, csvFile, milliseconds, share, text } from '../csv/cells.ts';

export const RUNS_COLUMNS = [
  'variant',
  'run',
  'seed',
  'system',
  'operation',
  'vantage',
  'availability',
  'downtime_ms',
  'degraded_ms',
  'waiting_ms',
  'outages',
  'longest_outage_ms',
  'failovers',
  'slowest_failover_ms',
  'campaigns',
  'elections',
  'split_votes',
  'highest_term',
  'faults',
] as const;

/** runs.csv: one row for each run and system, with the operation and vantage that stand for the system. */
export function runsCsv(findings: SweepFindings, seed: Seed): Promise<string> {
  const rows: Cell[][] = [];
  for (const { variant, rows: about, outcomes } of findings.variants) {
    const main = about.systems.map((system) => mainRow(variant.scenario, about, system));
    for (const outcome of outcomes) {
      about.systems.forEach((system, i) => {
        const row = about.operations[main[i]!];
        const measured = outcome.operations[main[i]!];
        const own = outcome.systems[i]!;
        const us = measured === undefined ? 0 : measured.downUs + measured.degradedUs;
        rows.push([
          text(variant.name),
          count(outcome.run),
          text(String(seedOfRun(seed, outcome.run))),
          text(system),
          text(row?.operation ?? ''),
          text(row?.vantage ?? ''),
          measured === undefined ? null : share((about.durationUs - us) / about.durationUs),
          milliseconds(measured?.downUs ?? null),
          milliseconds(measured?.degradedUs ?? null),
          milliseconds(measured?.waitingUs ?? null),
          measured === undefined ? null : count(measured.outagesUs.length),
          milliseconds(measured === undefined ? null : Math.max(0, ...measured.outagesUs)),
          count(own.failovers.length),
          milliseconds(slowest(own.failovers)),
          count(own.campaigns),
          count(own.elections),
          count(own.splitVotes),
          count(own.highestTerm),
          count(outcome.faults),
        ]);
      });
    }
  }
  return csvFile(RUNS_COLUMNS, rows);
}

/** null without a failover, and where one did not end. */
function slowest(failovers: readonly { readonly recoveredUs: number | null }[]): number | null {
  const times = failovers.map(({ recoveredUs }) => recoveredUs);
  return times.length === 0 || times.includes(null) ? null : Math.max(...(times as number[]));
}
