/** How numbers and names become cells: exact decimal text from integers, and no cell that a spreadsheet would run. */
import { pipeline, Readable } from 'node:stream';
import { format } from 'fast-csv';

/** A cell; null = not applicable, written as nothing. */
export type Cell = string | null;

/** Model microseconds as milliseconds with three decimals: 120000500 -> `120000.500`. Exact, for it only moves the point. */
export function milliseconds(us: number | null): Cell {
  if (us === null) return null;
  const whole = Math.round(us);
  const digits = String(Math.abs(whole)).padStart(4, '0');
  return `${whole < 0 ? '-' : ''}${digits.slice(0, -3)}.${digits.slice(-3)}`;
}

/** A share of one with twelve decimals, halves rounded up. */
export function share(value: number): string {
  return value.toFixed(12);
}

export function count(value: number): string {
  return String(value);
}

/** A number that stands for nothing when it is 0: a term, a cause, a fault. */
export function numberOrNone(value: number | null): Cell {
  return value === null || value === 0 ? null : String(value);
}

/** Spreadsheets run a cell that begins so (OWASP, "CSV injection"). */
const FORMULA = /^[=+\-@\t\r]/;

/** A name or sentence. What a spreadsheet would take for a formula gets an apostrophe before it, which it shows as text. */
export function text(value: string): string {
  const printable = value.replaceAll('\0', '');
  return FORMULA.test(printable) ? `'${printable}` : printable;
}

/** What a CSV file holds. Rows are made as they are asked for: a century has a hundred thousand. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: Iterable<readonly Cell[]>;
}

/** A CSV file in pieces of UTF-8: columns, rows, `\n` after each line, the last one too (RFC 4180 quoting). */
export async function* csvPieces({ columns, rows }: Table): AsyncGenerator<Uint8Array, void, void> {
  const lines = format({ includeEndRowDelimiter: true });
  // What `rows` throws ends `lines`, and is thrown by the loop below.
  pipeline(Readable.from(linesOf(columns, rows)), lines, () => {});
  for await (const piece of lines) yield piece as Uint8Array;
}

function* linesOf(
  columns: readonly string[],
  rows: Iterable<readonly Cell[]>,
): Generator<readonly Cell[], void, void> {
  yield columns;
  yield* rows;
}

/** A whole CSV file as one text. */
export async function csvFile(columns: readonly string[], rows: Iterable<readonly Cell[]>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of csvPieces({ columns, rows })) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
