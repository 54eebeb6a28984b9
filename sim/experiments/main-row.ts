/** The row that stands for a system where there is room for one. */
import type { Scenario } from '../scenario.ts';
import type { OutcomeRows } from './outcome.ts';

/**
 * Index of the row of the operation and vantage that the first objective on the system names (without a vantage: from the
 * widest place), else of its first operation from the widest place. -1 where nothing is measured of it.
 */
export function mainRow(
  scenario: Pick<Scenario, 'objectives' | 'systems'>,
  { operations }: OutcomeRows,
  system: string,
): number {
  const family = scenario.systems.find(({ name }) => name === system)?.family;
  for (const { metric, system: stated } of scenario.objectives) {
    if (!('operation' in metric) || (stated !== system && stated !== family)) continue;
    const found = operations.findIndex(
      (row) =>
        row.system === system &&
        row.operation === metric.operation &&
        (metric.vantage === null || row.vantage === metric.vantage),
    );
    if (found >= 0) return found;
  }
  return operations.findIndex((row) => row.system === system);
}
