/** The CSV files of ground-truth/serf, told apart by their columns: further files of the same kinds may have any name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '../../../scenarios/importers/csv.ts';

export type TableKind = 'losses' | 'third' | 'frozen' | 'dissemination' | 'failed-probes';

export interface Table {
  readonly file: string;
  readonly kind: TableKind | null;
  readonly rows: readonly Row[];
}

export type Row = Readonly<Record<string, string>>;

const COLUMNS: readonly (readonly [TableKind, readonly string[]])[] = [
  ['failed-probes', ['N', 'prober', 'fail_duration']],
  ['dissemination', ['N', 'kind', 'origin', 't_first', 't_last']],
  ['frozen', ['N', 'D', 't_cont']],
  ['third', ['N', 'k', 't_first_failed_any']],
  ['losses', ['N', 'variant', 't_first_suspect', 't_first_failed']],
];

/** Every CSV file of a folder; `kind` is null where the columns are of none that is known. */
export function readTables(folder: string): Table[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv'))
    .sort()
    .map((file) => {
      const csv = parseCsv(readFileSync(join(folder, file), 'utf8'), file);
      const kind = COLUMNS.find(([, columns]) => columns.every((column) => csv.header.includes(column)));
      const rows = csv.rows.map(({ cells }) =>
        Object.fromEntries(csv.header.map((column, i) => [column, cells[i]!])),
      );
      return { file, kind: kind?.[0] ?? null, rows: rows.filter((row) => row.valid !== '0') };
    });
}

/** The figures of a column, empty cells left out. */
export function column(rows: readonly Row[], name: string): number[] {
  return rows.flatMap((row) => {
    const text = row[name] ?? '';
    return text === '' || Number.isNaN(Number(text)) ? [] : [Number(text)];
  });
}

/** Rows by the values of some columns, in ascending order of the first, as numbers. */
export function groupBy(rows: readonly Row[], ...columns: readonly string[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = columns.map((name) => row[name] ?? '').join(' ');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return new Map(
    [...groups].sort(([a], [b]) => Number.parseFloat(a) - Number.parseFloat(b) || (a < b ? -1 : 1)),
  );
}
