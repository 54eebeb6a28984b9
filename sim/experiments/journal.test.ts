import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { inlineEngine } from './inline-engine.ts';
import { JOURNAL_FILE, type JournalTitle, openJournal, readJournal } from './journal.ts';
import type { RunOutcome } from './outcome.ts';
import { sweep } from './sweep.ts';
import { madeUp, smallStudy } from './testing.ts';

const root = mkdtempSync(join(tmpdir(), 'zonefall-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'each-')), 'out');
});

const study = smallStudy([3, 5]);
const title: JournalTitle = { version: '1.2.3', study, shard: null, about: { file: 'a.yaml' } };
const text = () => readFileSync(join(folder, JOURNAL_FILE), 'utf8');

/** Made-up runs of both variants. */
const runs = Array.from({ length: 5 }, (_, run) => [madeUp(0, run, run * 1000), madeUp(1, run, 7)]).flat();

async function leave(outcomes: readonly RunOutcome[]): Promise<void> {
  const journal = await openJournal(folder, title);
  await journal.append(outcomes);
  await journal.close();
}

test('what was appended is there when it is opened again', async () => {
  await leave(runs.slice(0, 3));
  await leave(runs.slice(3, 6));
  const journal = await openJournal(folder, title);
  expect(await journal.load()).toEqual(runs.slice(0, 6));
  expect(journal.has(1, 2)).toBe(true);
  expect(journal.has(0, 3)).toBe(false);
  await journal.append(runs.slice(6, 7));
  expect(journal.has(0, 3)).toBe(true);
  await journal.close();
  expect((await readJournal(folder)).title).toMatchObject({ ...title, study });
});

test('torn off at any byte, the runs before the tear are there and the next ones can be appended', async () => {
  await leave(runs.slice(0, 4));
  const whole = text();
  const ends = [...whole.matchAll(/\n/g)].map(({ index }) => index + 1);
  const header = ends[0]!;
  const lengths = [
    0,
    1,
    header - 1,
    ...Array.from({ length: whole.length - header + 1 }, (_, i) => header + i),
  ];
  for (const length of lengths.filter((_, i) => i < 20 || i % 7 === 0)) {
    writeFileSync(join(folder, JOURNAL_FILE), whole);
    truncateSync(join(folder, JOURNAL_FILE), length);
    const left = Math.max(0, ends.filter((end) => end <= length).length - 1);
    const journal = await openJournal(folder, title);
    expect(await journal.load(), `torn at ${length}`).toEqual(runs.slice(0, left));
    await journal.append(runs.slice(left, 5));
    await journal.close();
    expect((await readJournal(folder)).outcomes).toEqual(runs.slice(0, 5));
  }
});

test('a line that is not what was written is left out, and only that', async () => {
  await leave(runs.slice(0, 4));
  const lines = text().split('\n');
  lines[2] = lines[2]!.replace('"run":0', '"run":9');
  writeFileSync(join(folder, JOURNAL_FILE), lines.join('\n'));
  const { outcomes } = await readJournal(folder);
  expect(outcomes).toEqual([runs[0], runs[2], runs[3]]);
});

test.each<[string, Partial<JournalTitle>, RegExp]>([
  [
    'version',
    { version: '1.2.4' },
    /holds runs made by zonefall 1\.2\.3, and this is 1\.2\.4: .*--out.*--fresh/,
  ],
  ['scenario', { study: smallStudy([3, 7]) }, /holds runs of another study .*--out.*--fresh/],
  ['seed', { study: { ...study, seed: 8 } }, /holds runs of another study .*--fresh/],
  [
    'shard',
    { shard: { index: 1, of: 4, runs: 100 } },
    /holds a whole sweep, and this is shard 1\/4 of 100 runs: .*--fresh/,
  ],
])("another %s's journal is refused and kept, and --fresh starts over", async (_, other, message) => {
  await leave(runs);
  const before = text();
  await expect(openJournal(folder, { ...title, ...other })).rejects.toThrow(message);
  expect(text()).toBe(before);
  const journal = await openJournal(folder, { ...title, ...other }, { fresh: true });
  expect(await journal.load()).toEqual([]);
  await journal.close();
});

test('a sweep that came to its end may be replaced, one that did not may not', async () => {
  const other = { ...title, version: '1.2.4' };
  await leave(runs);
  await expect(openJournal(folder, other, { replaceFinished: true })).rejects.toThrow('--fresh');
  const same = await openJournal(folder, title, { replaceFinished: true });
  expect(same.found).toBe(runs.length);
  await same.finish([[runs[0]!], [runs[1]!]]);
  await same.close();
  await expect(openJournal(folder, other)).rejects.toThrow('--fresh');
  const journal = await openJournal(folder, other, { replaceFinished: true });
  expect(journal.found).toBe(0);
  await journal.close();
});

test("a seed's kind, the order of keys and what reports say beside it make no other study", async () => {
  await leave(runs);
  const [first, ...others] = study.variants;
  const turned = {
    ...first!,
    scenario: Object.fromEntries(Object.entries(first!.scenario).reverse()) as never,
  };
  const same = { ...title, study: { seed: '7', variants: [turned, ...others] }, about: null };
  const journal = await openJournal(folder, same);
  expect(journal.found).toBe(runs.length);
  await journal.close();
});

test('a journal in which nothing was written leaves no trace, nor do folders made for it', async () => {
  const deep = join(folder, 'a/b');
  await (await openJournal(deep, title)).close();
  expect(existsSync(folder)).toBe(false);
});

test('a file of that name that is something else is not touched', async () => {
  await leave(runs);
  writeFileSync(join(folder, JOURNAL_FILE), 'my notes\n');
  await expect(openJournal(folder, title)).rejects.toThrow(/is damaged, or not a journal/);
  expect(text()).toBe('my notes\n');
  expect(existsSync(join(folder, 'journal.lock'))).toBe(false);
});

test('one sweep at a time; a lock that a dead process left is no obstacle', async () => {
  const first = await openJournal(folder, title);
  await expect(openJournal(folder, title)).rejects.toThrow(
    `another sweep (process ${process.pid}) is writing`,
  );
  await first.append(runs);
  await first.close();
  writeFileSync(join(folder, 'journal.lock'), JSON.stringify({ pid: 2 ** 30, host: 'elsewhere' }));
  await (await openJournal(folder, title)).close();
  writeFileSync(join(folder, 'journal.lock'), '');
  await (await openJournal(folder, title)).close();
});

test('a folder that cannot be written is said to be so', async () => {
  const file = join(root, 'a-file');
  writeFileSync(file, '');
  await expect(openJournal(join(file, 'out'), title)).rejects.toThrow(/^cannot keep the runs in .*a-file/);
  await expect(readJournal(join(root, 'nowhere'))).rejects.toThrow(/^there is no folder .*nowhere/);
});

test('finished, it is the same bytes whatever the order and whatever was done beyond', async () => {
  const byVariant = [0, 1].map((variant) => runs.filter((each) => each.variant === variant).slice(0, 4));
  const texts: string[] = [];
  for (const order of [runs, [...runs].reverse()]) {
    const journal = await openJournal(folder, title, { fresh: true });
    await journal.append(order);
    await journal.finish(byVariant);
    await journal.close();
    texts.push(text());
  }
  expect(texts[1]).toBe(texts[0]);
  expect((await readJournal(folder)).outcomes).toEqual(byVariant.flat());
});

test('a sweep that is interrupted and goes on has the outcomes of one that is not', async () => {
  const engine = await inlineEngine(study);
  const stopping = { runs: 6, precision: null, budgetMs: null };
  const expected = await sweep(study, engine, stopping);
  const controller = new AbortController();
  const first = await openJournal(folder, title);
  const onOutcomes = ({ done }: { done: number }) => done >= 4 && controller.abort();
  const cut = await sweep(study, engine, stopping, { resume: first, signal: controller.signal, onOutcomes });
  expect(cut.stopped).toBe('interrupted');
  await first.close();
  const second = await openJournal(folder, title);
  expect(second.found).toBeGreaterThanOrEqual(4);
  const whole = await sweep(study, engine, stopping, { resume: second });
  await second.close();
  expect(whole).toEqual(expected);
});
