/** CSV (RFC 4180: quotes, doubled quotes, line breaks inside quotes) -> rows by column, each knowing its line. */
import { ScenarioError } from '../issue.ts';
import { MAX_CSV_BYTES } from '../limits.ts';

export interface CsvRow {
  /** From 1, of the line the row begins on. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Csv {
  readonly file: string;
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** An error that points into a CSV file. */
export function csvError(file: string, line: number, message: string, suggestion?: string): ScenarioError {
  return new ScenarioError([{ file, line, column: line > 0 ? 1 : 0, path: '', message, suggestion }]);
}

/** Throws a ScenarioError for broken quotes, rows that differ from the header in length, and a file without rows. */
export function parseCsv(text: string, file: string): Csv {
  if (text.length > MAX_CSV_BYTES)
    throw csvError(file, 0, `longer than ${MAX_CSV_BYTES / 1024 / 1024} MiB, the most a CSV file may have`);
  const rows = readRows(text.startsWith('\uFEFF') ? text.slice(1) : text, file).filter(
    (row) => row.cells.length > 1 || row.cells[0] !== '',
  );
  const header = rows.shift();
  if (header === undefined || rows.length === 0)
    throw csvError(file, 0, 'a header and at least one row are needed');
  const columns = header.cells.map((cell) => cell.trim());
  const ragged = rows.find((row) => row.cells.length !== columns.length);
  if (ragged !== undefined)
    throw csvError(file, ragged.line, `${ragged.cells.length} cells where the header has ${columns.length}`);
  return { file, header: columns, rows };
}

function readRows(text: string, file: string): CsvRow[] {
  const rows: CsvRow[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const cells: string[] = [];
    const begins = line;
    for (;;) {
      if (text[at] === '"') {
        let cell = '';
        for (;;) {
          const end = text.indexOf('"', at + 1);
          if (end < 0) throw csvError(file, begins, 'a quote is opened and never closed');
          cell += text.slice(at + 1, end);
          at = end + 1;
          if (text[at] !== '"') break;
          cell += '"';
        }
        line += cell.split('\n').length - 1;
        cells.push(cell);
        if (at < text.length && text[at] !== ',' && text[at] !== '\n' && text[at] !== '\r')
          throw csvError(file, line, 'a cell goes on behind its closing quote');
      } else {
        let end = at;
        while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end++;
        cells.push(text.slice(at, end));
        at = end;
      }
      if (text[at] !== ',') break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    rows.push({ line: begins, cells });
  }
  return rows;
}

/** A number >= 0 in a cell. */
export function csvNumber(csv: Csv, row: CsvRow, column: number): number {
  const cell = row.cells[column]!.trim();
  const value = /^\d*\.?\d+(e[+-]?\d+)?$|^\d+\.$/i.test(cell) ? Number(cell) : Number.NaN;
  if (!Number.isFinite(value))
    throw csvError(
      csv.file,
      row.line,
      `"${cell}" in column ${csv.header[column]} is not a number of at least zero`,
    );
  return value;
}

const UNIT_US: ReadonlyMap<string, number> = new Map([
  ['us', 1],
  ['ms', 1_000],
  ['s', 1_000_000],
]);

/** Microseconds in one unit of a column called `rtt_ms`; undefined where the name ends in no unit. */
export function columnUnitUs(column: string): number | undefined {
  return UNIT_US.get(/_(us|ms|s)$/.exec(column)?.[1] ?? '');
}
