// The harness: exit codes, what is printed, what is written. One test runs every suite shortly: what `npm test` holds of accuracy.
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Comparison, notModelled } from './comparison.ts';
import { judgeFigures, judgeSamples } from './judge.ts';
import { EXIT_FAILS, EXIT_HOLDS, EXIT_USAGE, runFidelity } from './run.ts';
import { type FidelityOptions, type Suite, suite } from './suite.ts';
import { SUITES } from './suites.ts';

const MARKERS =
  '# Title\n\nwords\n\n<!-- fidelity: made by npm run fidelity, do not edit below -->\n\n<!-- /fidelity -->\n\nend\n';

const checked = (name: string, predicted: number, open = false): Comparison =>
  judgeFigures(
    { name, source: 'a source', unit: 's', ...(open ? { openIfDifferent: true, note: 'known' } : {}) },
    { measured: 3, predicted: 4 },
    'the same',
    { 'p50 | p': { measured: 1, predicted, allowed: 0 } },
  );

const sampled = (name: string) =>
  judgeSamples({ name, source: 'x.csv', unit: 'ms' }, [1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6]);

async function run(
  args: string[],
  suites: Suite[],
  page = MARKERS,
  folder = mkdtempSync(join(tmpdir(), 'fidelity-')),
) {
  const out: string[] = [];
  const errors: string[] = [];
  const file = join(folder, 'accuracy.md');
  writeFileSync(file, page);
  const code = await runFidelity(
    args,
    suites,
    { page: file, defaultData: join(folder, 'none') },
    { out: (line) => out.push(line), error: (line) => errors.push(line) },
  );
  const pictures = join(folder, 'images/accuracy');
  return {
    code,
    out: out.join('\n'),
    errors: errors.join('\n'),
    page: readFileSync(file, 'utf8'),
    folder,
    pictures: existsSync(pictures) ? readdirSync(pictures) : [],
  };
}

describe('exit codes', () => {
  test('0 when all hold, also with open and unmodelled ones; 1 when one fails, and it is named last', async () => {
    const calm = suite('calm', () => [
      checked('calm/a', 1),
      checked('calm/b', 2, true),
      notModelled('calm/c', 'c.csv', 9, 'later'),
    ]);
    const good = await run([], [calm]);
    expect(good.code).toBe(EXIT_HOLDS);
    expect(good.out).toContain('3 comparisons: 1 pass, 0 fail, 1 open, 1 not modelled');
    const bad = await run([], [calm, suite('bad', () => [checked('bad/a', 7)])]);
    expect(bad.code).toBe(EXIT_FAILS);
    expect(bad.out.split('\n').at(-1)).toBe('FAIL bad/a: p50 | p: 7, measured 1');
  });

  test.each([
    [['--nonsense'], /Unknown option/],
    [['--only', 'zzz'], /no suite begins with zzz; there are: one/],
    [['--data', '/no/such/folder'], /there is no folder/],
  ])('64 for %j', async (args, message) => {
    const { code, errors } = await run(args, [suite('one', () => [])]);
    expect(code).toBe(EXIT_USAGE);
    expect(errors).toMatch(message);
    expect(errors).toContain('usage: npm run fidelity');
  });
});

describe('the page', () => {
  const one = suite('one', () => [checked('one/a', 1), sampled('one/b c')]);
  const two = suite('two', () => [checked('two/a', 1)]);

  test('gets a section for each suite between the markers, and a picture for each curve; nothing else changes', async () => {
    const { page, pictures } = await run([], [one, two]);
    expect(pictures).toEqual(['one-b-c.svg']);
    expect(page.startsWith('# Title\n\nwords\n')).toBe(true);
    expect(page.endsWith('<!-- /fidelity -->\n\nend\n')).toBe(true);
    expect(page.indexOf('### one')).toBeLessThan(page.indexOf('### two'));
    expect(page).toContain('| one/a (s) | 3 / 4 | p50 \\| p 1 / 1 |  | **pass** |');
    expect(page).toContain('](images/accuracy/one-b-c.svg)');
  });

  test('--only redoes its own section and leaves the others; a second run gives the same bytes', async () => {
    const both = await run([], [one, two]);
    const changed = suite('one', () => [checked('one/a', 1, true)]);
    const again = await run(['--only', 'one'], [changed, two], both.page);
    expect(again.page).not.toContain('one/b');
    expect(again.page).toContain('### two');
    expect((await run([], [one, two], again.page)).page).toBe(both.page);
  });

  test('the same comparisons give the same picture, which is XML and names both curves in words', async () => {
    const first = await run([], [one]);
    const second = await run([], [one]);
    const svg = (folder: string) => readFileSync(join(folder, 'images/accuracy/one-b-c.svg'), 'utf8');
    expect(svg(first.folder)).toBe(svg(second.folder));
    expect(svg(first.folder)).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg [^>]*class="zfa"/);
    for (const word of ['>measured<', '>predicted by zonefall<', '<title>one/b c'])
      expect(svg(first.folder)).toContain(word);
    expect(svg(first.folder)).not.toMatch(/NaN|undefined|&nbsp;/);
  });

  test('is left alone by --short and by --data', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'fidelity-data-'));
    expect((await run(['--short'], [one])).page).toBe(MARKERS);
    expect((await run(['--data', folder], [one])).page).toBe(MARKERS);
  });
});

test('suites are told the folder, whether to be short, and may have nothing to say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fidelity-data-'));
  const told: FidelityOptions[] = [];
  const curious = suite('curious', (options) => {
    told.push(options);
    return [];
  });
  const { code, out, errors } = await run(['--data', folder, '--short'], [curious]);
  await run([], [curious]);
  expect(told.map(({ data, short }) => [data, short])).toEqual([
    [folder, true],
    [null, false],
  ]);
  expect([code, out]).toEqual([EXIT_HOLDS, '0 comparisons: 0 pass, 0 fail, 0 open, 0 not modelled']);
  expect(errors).toBe('');
});

test('two comparisons of one name are a bug', async () => {
  const twins = suite('twins', () => [checked('same', 1), checked('same', 1)]);
  await expect(run([], [twins])).rejects.toThrow('two comparisons are named same');
});

const GROUND_TRUTH = fileURLToPath(new URL('../../../shared/ground-truth', import.meta.url));

test.each(SUITES.map((one) => [one.name, one] as const))(
  '%s, shortly: no criterion fails',
  { timeout: 180_000 },
  async (_name, one) => {
    const args = existsSync(GROUND_TRUTH) ? ['--short', '--data', GROUND_TRUTH] : ['--short'];
    const { code, out } = await run(args, [one]);
    expect(out.split('\n').filter((line) => line.startsWith('FAIL'))).toEqual([]);
    expect(code).toBe(EXIT_HOLDS);
  },
);
