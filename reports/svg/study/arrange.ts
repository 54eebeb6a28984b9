/** Groups of rows: a heading for each system over its variants; with one variant the systems are the rows. */
import { clean } from '../../words.ts';
import type { BySystem, OwnTime, TimeUnit } from './data.ts';
import { statedShare, timePer } from './figures.ts';

export interface Arranged<Row> {
  readonly name: string;
  readonly note: string;
  readonly rows: readonly {
    readonly name: string;
    readonly note: string;
    readonly system: BySystem<Row>;
    readonly row: Row;
  }[];
}

export function arranged<Row extends { readonly variant: string }>(
  systems: readonly BySystem<Row>[],
  limitWords: (limit: number) => string,
): Arranged<Row>[] {
  const noteOf = ({ limit }: BySystem<Row>) => (limit === null ? '' : limitWords(limit));
  if (systems.every(({ rows }) => rows.length <= 1)) {
    const rows = systems.flatMap((system) =>
      system.rows.map((row) => ({ name: system.name, note: noteOf(system), system, row })),
    );
    return [{ name: '', note: '', rows }];
  }
  return systems.map((system) => ({
    name: system.name,
    note: noteOf(system),
    rows: system.rows.map((row) => ({ name: clean(row.variant), note: '', system, row })),
  }));
}

/** As a time too, where all rows have the same time that it could be a share of. */
export function limitInNines(limit: number, unit: TimeUnit | OwnTime): string {
  const share = `limit ${statedShare(1 - limit)}`;
  return unit.us === null ? share : `${share}, ${timePer(limit, unit)}`;
}
