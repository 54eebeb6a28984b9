/**
 * The documentation is true: every scenario and fragment loads, every link leads somewhere, and pages that are made from
 * the program are up to date. (Its commands are run by commands.test.ts and commands-of-many-runs.test.ts.)
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AVAILABILITY_COLUMNS } from '../reports/csv/availability.ts';
import { FAILOVERS_COLUMNS } from '../reports/csv/failovers.ts';
import { SUMMARY_COLUMNS } from '../reports/csv/summary.ts';
import { TIMELINE_COLUMNS } from '../reports/csv/timeline.ts';
import { REPORT_FILES } from '../reports/index.ts';
import { CELLS_COLUMNS, RUNS_COLUMNS, STUDY_FILES } from '../reports/study/index.ts';
import { loadScenario } from '../scenarios/index.ts';
import { list } from '../scenarios/library.ts';
import { readScenario } from '../scenarios/read.ts';
import { simulate } from '../sim/simulate.ts';
import { cliPage } from './generate/cli.ts';
import { profilesPage } from './generate/profiles.ts';
import { scenarioPage } from './generate/scenario.ts';
import { anchorsOf, blocksOf, linksOf } from './markdown.ts';
import { allPages, read, root } from './pages.ts';

const pages = allPages();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-docs-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the fragments on these pages stand in. */
const BASE = `
version: 1
topology:
  us-west: { region: us, zones: [a, b, c] }
  us-east: { region: us, zones: [a] }
nodes:
  manager: { count: 3, in: us-west }
  dtr: { count: 3, in: us-west }
  worker: { count: 6 }
systems:
  swarm: { members: manager }
  etcd: { members: manager }
  rethink: { members: [manager, dtr] }
run: { duration: 20m }
`;

/** The base with the fragment in the place of what it states anew. */
function inBase(fragment: string): string {
  const stated = [...fragment.matchAll(/^([\w-]+):/gm)].map(([, key]) => key!);
  const rest = BASE.split(/^(?=[\w-]+:)/m).filter(
    (part) => !stated.some((key) => part.startsWith(`${key}:`)),
  );
  return `${rest.join('')}${fragment}\n`;
}

/** The files that fragments name. */
const FILES: Readonly<Record<string, string>> = {
  'latency.csv': 'from,to,rtt_ms\nDallas,Frankfurt,110\n',
  'rtt.csv': 'rtt_ms\n1\n2\n',
};

describe('scenarios', () => {
  const snippets = pages.flatMap((page) =>
    blocksOf(read(page))
      .filter(({ language }) => language === 'yaml')
      .map(({ text, line }) => ({ where: `${page}:${line}`, text })),
  );

  test.each(snippets)('$where loads', ({ text }) => {
    const { scenario, warnings } = loadScenario(/^version:/m.test(text) ? text : inBase(text), {
      readFile: (name) => {
        const content = FILES[name];
        if (content === undefined) throw new Error('there is no such file');
        return content;
      },
    });
    expect(scenario.systems.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
  });
});

test('the library example of the README runs', async () => {
  const [example] = blocksOf(read('README.md')).filter(({ language }) => language === 'ts');
  const entry = fileURLToPath(new URL('../sim/index.ts', import.meta.url));
  const program = join(folder, 'example.mts');
  writeFileSync(program, example!.text.replace("'zonefall'", `'${entry}'`));
  const { spawnSync } = await import('node:child_process');
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, program], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^120000000 \d+\n$/);
});

test('every link leads somewhere', () => {
  for (const page of pages) {
    for (const target of linksOf(read(page))) {
      if (/^https?:/.test(target)) continue;
      const [file, heading] = target.split('#') as [string, string | undefined];
      const path = file === '' ? page : relative(root, resolve(root, dirname(page), file));
      // Pictures are made when a version is cut.
      if (/\.(png|svg)$/.test(path)) continue;
      expect(() => read(path), `${page} -> ${target}`).not.toThrow();
      if (heading !== undefined && path.endsWith('.md'))
        expect(anchorsOf(read(path)), `${page} -> ${target}`).toContain(heading);
    }
  }
});

test('every page can be reached from the README or from docs/README.md', () => {
  const linked = new Set(
    ['README.md', 'docs/README.md'].flatMap((page) =>
      linksOf(read(page)).map((target) =>
        relative(root, resolve(root, dirname(page), target.split('#')[0]!)),
      ),
    ),
  );
  for (const page of pages.filter((each) => !/(^|\/)README\.md$/.test(each)))
    expect(linked.has(page), page).toBe(true);
});

test.each([
  ['scenario.md', scenarioPage],
  ['cli.md', cliPage],
  ['profiles.md', profilesPage],
] as const)('reference/%s is as npm run docs makes it', async (page, make) => {
  expect(read(`docs/reference/${page}`)).toBe(await make());
});

describe('reference/outputs.md', () => {
  const page = read('docs/reference/outputs.md');

  test('names every file and every column', () => {
    for (const file of [...REPORT_FILES, ...STUDY_FILES]) expect(page).toContain(`\`${file}\``);
    const section = (file: string) => new RegExp(`## ${file}[\\s\\S]*?(?=\\n## )`).exec(page)![0];
    for (const [file, columns] of [
      ['timeline.csv', TIMELINE_COLUMNS],
      ['failovers.csv', FAILOVERS_COLUMNS],
      ['availability.csv', AVAILABILITY_COLUMNS],
      ['summary.csv', SUMMARY_COLUMNS],
      ['cells.csv', CELLS_COLUMNS],
      ['runs.csv', RUNS_COLUMNS],
    ] as const) {
      for (const column of columns) expect(section(file), `${column} of ${file}`).toContain(`\`${column}\``);
    }
  });

  test('explains every event that shipped scenarios bring about', () => {
    const some = list().filter(({ folder: of }) => ['incidents', 'latency'].includes(of));
    const events = new Set<string>();
    for (const { path } of some.filter((_, i) => i % 4 === 0)) {
      for (const { event } of simulate(readScenario(path).scenario).events) events.add(event);
    }
    for (const { event } of simulate(loadScenario(EVENTFUL).scenario).events) events.add(event);
    for (const event of events) expect(page, event).toContain(`\`${event}\``);
  });
});

/** A bit of everything. */
const EVENTFUL = `
version: 1
topology: { d: { zones: [a, b, c] } }
nodes: { manager: { count: 3 }, dtr: { count: 3 } }
systems:
  swarm: { members: manager, profile: swarmkit-18.03 }
  etcd: { members: manager, profile: etcd-3.5 }
  rethink: { members: [manager, dtr] }
  gossip: { members: all }
timeline:
  - { at: 1m, stop: leader of etcd, for: 1m }
  - { at: 3m, pause: leader of swarm, for: 1m }
  - { at: 5m, slow-disk: { target: leader of etcd }, for: 1m }
  - { at: 9m, clock-skew: { target: leader of swarm, drift: 500000ppm }, for: 1m }
  - { at: 11m, isolate: leader of etcd, for: 1m }
  - { at: 13m, kill: majority of rethink, for: 30s }
  - { at: 15m, partition: [[d/a]], for: 1m }
run: { duration: 18m }
`;
