/** `npm run fidelity`: runs the suites, prints their tables, writes the page and its pictures, and gives the exit code. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Comparison } from './comparison.ts';
import { PICTURES, withSection } from './page.ts';
import type { Suite } from './suite.ts';
import { tableOf, totals } from './terminal.ts';
import { pictureName } from './text.ts';

export const EXIT_HOLDS = 0;
export const EXIT_FAILS = 1;
export const EXIT_USAGE = 64;

export interface FidelityIo {
  readonly out: (line: string) => void;
  readonly error: (line: string) => void;
}

export interface FidelityPlaces {
  /** docs/accuracy.md. */
  readonly page: string;
  /** The folder of measurements that is used where none is named. */
  readonly defaultData: string;
}

export const USAGE = `usage: npm run fidelity [-- [--only NAME] [--data DIR] [--short]]
  --only NAME  only the suites whose name begins so
  --data DIR   a folder laid out like ground-truth/; docs/accuracy.md is then left as it is
  --short      few runs, and docs/accuracy.md is left as it is`;

export async function runFidelity(
  args: readonly string[],
  suites: readonly Suite[],
  places: FidelityPlaces,
  io: FidelityIo,
): Promise<number> {
  const asked = parsed(args);
  if (typeof asked === 'string') return refused(asked, io);
  const chosen = suites.filter(({ name }) => asked.only === undefined || name.startsWith(asked.only));
  if (chosen.length === 0) {
    return refused(
      `no suite begins with ${asked.only}; there are: ${suites.map(({ name }) => name).join(', ')}`,
      io,
    );
  }
  if (asked.data !== undefined && !existsSync(asked.data))
    return refused(`there is no folder ${asked.data}`, io);
  const data = asked.data ?? (existsSync(places.defaultData) ? places.defaultData : null);
  if (data === null) io.error('no folder of measurements: only what is published is compared');

  const writes = !asked.short && asked.data === undefined;
  const all: Comparison[] = [];
  for (const { name, run } of chosen) {
    const comparisons = await run({
      data,
      short: asked.short,
      progress: (words) => io.error(`${name}: ${words}`),
    });
    if (comparisons.length === 0) continue;
    all.push(...comparisons);
    io.out(`${name}\n${tableOf(comparisons)}\n`);
    if (writes) await writeSection(places.page, name, comparisons, suites);
  }
  const twice = all.find(({ name }, i) => all.findIndex((other) => other.name === name) !== i);
  if (twice !== undefined) throw new Error(`two comparisons are named ${twice.name}`);
  io.out(totals(all));
  const failed = all.filter(({ verdict }) => verdict === 'fail');
  for (const { name, note } of failed) io.out(`FAIL ${name}: ${note}`);
  return failed.length > 0 ? EXIT_FAILS : EXIT_HOLDS;
}

function refused(message: string, io: FidelityIo): number {
  io.error(message);
  io.error(USAGE);
  return EXIT_USAGE;
}

interface Asked {
  readonly only: string | undefined;
  readonly data: string | undefined;
  readonly short: boolean;
}

function parsed(args: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { only: { type: 'string' }, data: { type: 'string' }, short: { type: 'boolean' } },
    });
    return { only: values.only, data: values.data, short: values.short ?? false };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function writeSection(
  page: string,
  suite: string,
  comparisons: readonly Comparison[],
  suites: readonly Suite[],
): Promise<void> {
  const order = suites.map(({ name }) => name);
  // d3-node takes long to load: only where pictures are drawn.
  const { picturesOf } = await import('./cdf-plot.ts');
  const pictures = await picturesOf(comparisons);
  const folder = join(dirname(page), PICTURES);
  mkdirSync(folder, { recursive: true });
  for (const comparison of comparisons) {
    const picture = pictures.get(comparison.name);
    if (picture !== undefined) writeFileSync(join(folder, pictureName(comparison)), picture);
  }
  writeFileSync(page, withSection(readFileSync(page, 'utf8'), suite, comparisons, order));
}
