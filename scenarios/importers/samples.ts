/** The samples of `empirical(file.csv)`. */
import type { SamplesReference } from '../distribution.ts';
import { MAX_SAMPLES } from '../limits.ts';
import { listOf, nearest } from '../nearest.ts';
import { columnUnitUs, csvError, csvNumber, parseCsv } from './csv.ts';

const UNITS_US = { us: 1, ms: 1_000, s: 1_000_000 };

/** Microseconds, ascending. Throws a ScenarioError that points into the file. */
export function readSamples(text: string, reference: SamplesReference): number[] {
  const csv = parseCsv(text, reference.file);
  const column =
    reference.column === undefined
      ? csv.header.findIndex((name) => columnUnitUs(name) !== undefined)
      : csv.header.indexOf(reference.column);
  if (column < 0) {
    const message =
      reference.column === undefined
        ? `no column whose name ends in _us, _ms or _s: say which, like empirical(${reference.file}, column NAME, unit ms)`
        : `no column "${reference.column}": its columns are ${listOf(csv.header)}`;
    throw csvError(
      reference.file,
      1,
      message,
      reference.column === undefined ? undefined : nearest(reference.column, csv.header),
    );
  }
  const factor = reference.unit === undefined ? columnUnitUs(csv.header[column]!) : UNITS_US[reference.unit];
  if (factor === undefined) {
    throw csvError(
      reference.file,
      1,
      `the name of column ${csv.header[column]} does not end in a unit: add one, like empirical(${reference.file}, column ${csv.header[column]}, unit ms)`,
    );
  }
  if (csv.rows.length > MAX_SAMPLES)
    throw csvError(
      reference.file,
      0,
      `${csv.rows.length} samples, and a distribution has at most ${MAX_SAMPLES}`,
    );
  return csv.rows.map((row) => Math.round(csvNumber(csv, row, column) * factor)).sort((a, b) => a - b);
}
