import { agrees, type Cell as Figure } from '../../sim/experiments/cells.ts';
import { type Cell, count, csvFile, text } from '../csv/cells.ts';

export const CELLS_COLUMNS = [
  'variant',
  'system',
  'operation',
  'vantage',
  'metric',
  'estimate',
  'lower',
  'upper',
  'n',
  'method',
  'exact',
  'agrees',
] as const;

/** cells.csv: one row for each variant and metric. A bound that the runs do not give is empty. */
export function cellsCsv(cells: readonly Figure[]): Promise<string> {
  return csvFile(
    CELLS_COLUMNS,
    cells.map((cell) => {
      const { estimate, lower, upper, n, method } = cell.interval;
      const agreement = agrees(cell);
      return [
        text(cell.variant),
        text(cell.system),
        text(cell.operation),
        text(cell.vantage),
        text(cell.metric),
        // A failover without an end is a value; a bound without an end is none.
        estimate === Number.POSITIVE_INFINITY ? 'inf' : figure(estimate),
        figure(lower),
        figure(upper),
        count(n),
        method,
        cell.exact === null ? null : figure(cell.exact),
        agreement === null ? null : agreement ? 'yes' : 'no',
      ];
    }),
  );
}

const FIGURES = 12;

/** Twelve significant figures: what is left of them after a sum over runs does not depend on the machine. */
export function rounded(value: number): number {
  return Number(value.toPrecision(FIGURES));
}

function figure(value: number): Cell {
  return Number.isFinite(value) ? String(rounded(value)) : null;
}
