/** Columns of measured rows beside the same columns of simulated trials. */
import type { Comparison } from './comparison.ts';
import { column, type Row } from './etcd-scenario.ts';
import { judgeSamples } from './judge.ts';

/** A figure of a simulated trial by the name of its column; null where the cell would be empty. */
export type Figures = Readonly<Record<string, number | null>>;

export interface ColumnOptions {
  readonly unit: string;
  /** What the measurement resolves: values of both sides are rounded to multiples of it. */
  readonly resolution: Readonly<Record<string, number>>;
  readonly notes?: Readonly<Record<string, string>>;
  /** Derived columns of the measured rows. */
  readonly derived?: Readonly<Record<string, (row: Row) => number | null>>;
  /** Differences that are known and explained. */
  readonly open?: Readonly<Record<string, string>>;
}

/** A comparison for each column that both sides have. */
export function compareColumns(
  name: string,
  source: string,
  rows: readonly Row[],
  simulated: readonly Figures[],
  options: ColumnOptions,
): Comparison[] {
  const columns = new Set(simulated.flatMap((figures) => Object.keys(figures)));
  return [...columns].flatMap((columnName) => {
    const step = options.resolution[columnName] ?? 0;
    const resolve = (value: number) => (step === 0 ? value : Math.round(value / step) * step);
    const derive = options.derived?.[columnName];
    const measured = (
      derive === undefined
        ? column(rows, columnName)
        : rows.map(derive).filter((value): value is number => value !== null)
    ).map(resolve);
    const predicted = simulated
      .map((figures) => figures[columnName])
      .filter((value): value is number => value !== null && value !== undefined)
      .map(resolve);
    if (measured.length === 0 || predicted.length === 0) return [];
    const open = options.open?.[columnName];
    return judgeSamples(
      {
        name: `${name}/${columnName.replaceAll('_', '-')}`,
        source,
        unit: unitOf(columnName, options.unit),
        note: open ?? options.notes?.[columnName] ?? '',
        openIfDifferent: open !== undefined,
      },
      measured,
      predicted,
    );
  });
}

function unitOf(columnName: string, unit: string): string {
  return columnName.endsWith('_ms') || columnName.endsWith('_s') ? unit : '';
}
