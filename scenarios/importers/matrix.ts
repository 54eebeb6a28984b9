/** A latency matrix: columns `from`, `to`, and a latency whose name says which and in what unit: `rtt_ms`, `one_way_us`, ... */
import type { MatrixRows } from '../resolve/network.ts';
import { columnUnitUs, csvError, csvNumber, parseCsv } from './csv.ts';

/** Rows between names of `places` only, which gives each its place. Throws a ScenarioError that points into the file. */
export function readMatrix(text: string, file: string, places: ReadonlyMap<string, string>): MatrixRows {
  const csv = parseCsv(text, file);
  const column = (name: string): number => {
    const index = csv.header.indexOf(name);
    if (index < 0)
      throw csvError(
        file,
        1,
        `no column "${name}": a latency matrix has from, to and rtt_ms (or rtt_us, rtt_s, one_way_ms, ...)`,
      );
    return index;
  };
  const from = column('from');
  const to = column('to');
  const latency = csv.header.findIndex((name) => /^(rtt|one_way)_(us|ms|s)$/.test(name));
  if (latency < 0)
    throw csvError(file, 1, 'no column of latencies: it is called rtt_ms, rtt_us, rtt_s, or one_way_ms, ...');
  const name = csv.header[latency]!;
  const factor = columnUnitUs(name)! * (name.startsWith('rtt') ? 0.5 : 1);
  const known = new Set<string>();
  const rows = csv.rows.flatMap((row) => {
    const ends = [row.cells[from]!.trim(), row.cells[to]!.trim()] as const;
    for (const end of ends) known.add(end);
    const oneWayUs = Math.round(csvNumber(csv, row, latency) * factor);
    const [a, b] = [places.get(ends[0]), places.get(ends[1])];
    return a === undefined || b === undefined ? [] : [{ from: a, to: b, oneWayUs }];
  });
  return { rows, known: [...known] };
}
