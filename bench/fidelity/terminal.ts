import Table from 'cli-table3';
import type { Comparison } from './comparison.ts';
import { counts, distance, figureRows, VERDICT_WORDS } from './text.ts';

const NOTE_WIDTH = 44;

/** One suite's comparisons as a table: sample sizes, figures side by side, distance, verdict. */
export function tableOf(comparisons: readonly Comparison[]): string {
  const table = new Table({
    head: ['comparison', 'n', 'figure', 'measured', 'predicted', 'KS', 'verdict'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'left', 'right', 'right', 'left', 'left'],
    colWidths: [null, null, null, null, null, null, NOTE_WIDTH],
    wordWrap: true,
  });
  for (const comparison of comparisons) {
    const rows = figureRows(comparison);
    const unit = comparison.unit === '' ? '' : ` [${comparison.unit}]`;
    table.push([
      `${comparison.name}${unit}`,
      counts(comparison),
      rows.map((row) => row.label).join('\n'),
      rows.map((row) => row.measured).join('\n'),
      rows.map((row) => row.predicted).join('\n'),
      distance(comparison),
      [VERDICT_WORDS[comparison.verdict], comparison.note].filter((part) => part !== '').join(': '),
    ]);
  }
  return table.toString();
}

export function totals(comparisons: readonly Comparison[]): string {
  const count = (verdict: Comparison['verdict']) =>
    comparisons.filter((comparison) => comparison.verdict === verdict).length;
  return `${comparisons.length} comparisons: ${count('pass')} pass, ${count('fail')} fail, ${count('open')} open, ${count('not-modelled')} not modelled`;
}
