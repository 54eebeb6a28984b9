/** A CSV file of a run's folder as rows by column name; says in which line something is wrong. */
import { parseString } from 'fast-csv';
import { RunFolderError } from './run-folder-error.ts';

export type Row = Readonly<Record<string, string>>;

/**
 * Reads a table that has at least these columns, in any order; further ones are left alone.
 * @throws {RunFolderError}
 */
export async function readTable(
  path: string,
  text: string,
  columns: readonly string[],
): Promise<RecordedTable> {
  const rows = await parsed(path, text);
  const header = rows.shift();
  const missing = columns.filter((column) => !header?.includes(column));
  if (header === undefined || missing.length > 0) {
    throw new RunFolderError(
      `${path} is not a table of zonefall: ${missing.length === 1 ? 'the column' : 'the columns'} ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing`,
    );
  }
  const wrong = rows.findIndex((row) => row.length !== header.length);
  if (wrong >= 0) {
    throw new RunFolderError(
      `${path}: row ${wrong + 1} has ${rows[wrong]!.length} cells where the header has ${header.length}: the file is damaged or was cut off`,
    );
  }
  return new RecordedTable(
    path,
    rows.map((row) => Object.fromEntries(row.map((cell, i) => [header[i]!, plain(cell)]))),
  );
}

function parsed(path: string, text: string): Promise<string[][]> {
  return new Promise((resolve, reject) => {
    const rows: string[][] = [];
    parseString<string[], string[]>(text, { headers: false })
      .on('error', (error: Error) =>
        reject(new RunFolderError(`${path} is damaged: ${error.message.split('\n', 1)[0]}`)),
      )
      .on('data', (row: string[]) => rows.push(row))
      .on('end', () => resolve(rows));
  });
}

/** Takes off the apostrophe that keeps a spreadsheet from running a cell (reports/csv/cells.ts). */
function plain(cell: string): string {
  return /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}

/** The rows of a table, and its cells as what they stand for. */
export class RecordedTable {
  readonly path: string;
  readonly rows: readonly Row[];

  constructor(path: string, rows: readonly Row[]) {
    this.path = path;
    this.rows = rows;
  }

  /** Milliseconds with three decimals as microseconds; null when the cell is empty. */
  microseconds(row: Row, column: string): number | null {
    const cell = row[column]!;
    if (cell === '') return null;
    if (!/^\d{1,15}\.\d{3}$/.test(cell)) throw this.wrong(row, column, 'is no time in milliseconds');
    return Number(cell.replace('.', ''));
  }

  /** A time that is always there. */
  time(row: Row, column: string): number {
    const us = this.microseconds(row, column);
    if (us === null) throw this.wrong(row, column, 'is empty');
    return us;
  }

  /** A whole number; an empty cell stands for 0. */
  integer(row: Row, column: string): number {
    const cell = row[column]!;
    if (cell !== '' && !/^\d{1,15}$/.test(cell)) throw this.wrong(row, column, 'is no whole number');
    return Number(cell);
  }

  wrong(row: Row, column: string, what: string): RunFolderError {
    const number = this.rows.indexOf(row) + 1;
    return new RunFolderError(`${this.path}: row ${number}: ${column} "${row[column]}" ${what}`);
  }
}
