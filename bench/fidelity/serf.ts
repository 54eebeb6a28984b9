/** Real memberlist (serf 0.9.4) against the model: every CSV file of a folder laid out like ground-truth/serf. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Comparison, notModelled } from './comparison.ts';
import { compareTable } from './serf/compare.ts';
import { readTables } from './serf/table.ts';
import { suite } from './suite.ts';

/** Simulated trials of one set-up: enough that their own error does not matter beside samples of some dozens. */
const TRIALS_MAX = 400;
const TRIALS_MIN = 100;
const AGENTS_SIMULATED = 12_000;
const SHORT_DIVISOR = 5;

export function compareSerf(
  folder: string,
  options: { readonly short?: boolean; readonly progress?: (words: string) => void } = {},
): Comparison[] {
  const trials = (n: number) => {
    const wanted = Math.round(Math.min(TRIALS_MAX, Math.max(TRIALS_MIN, AGENTS_SIMULATED / n)));
    return options.short ? Math.round(wanted / SHORT_DIVISOR) : wanted;
  };
  return readTables(folder).flatMap((table) => {
    options.progress?.(`serf/${table.file}`);
    const source = `serf/${table.file}`;
    return table.kind === null
      ? [notModelled(source, source, table.rows.length, 'a file of unknown columns')]
      : compareTable(table, trials);
  });
}

export const serf = suite('serf', ({ data, short, progress }) => {
  const folder = data === null ? null : join(data, 'serf');
  return folder === null || !existsSync(folder) ? [] : compareSerf(folder, { short, progress });
});
