/** The rules of the house (docs/background/architecture.md), held by a test: floors, purity, sizes, names. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const FILE_LINES_MAX = 500;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts'], {
  encoding: 'utf8',
})
  .trim()
  .split('\n');
const sources = files.filter((file) => !file.endsWith('.d.ts'));
const isTest = (file: string) => /(\.test\.ts|\/testing\.ts|\/testing\/.*)$/.test(file);
const product = sources.filter((file) => /^(sim|scenarios|reports)\//.test(file) && !isTest(file));
const text = (file: string) => readFileSync(file, 'utf8');
const importsOf = (file: string): string[] =>
  [...text(file).matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
const localImportsOf = (file: string): string[] =>
  importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(file), name)));

/** A file may import from floors that stand before its own in this list, and from its own. */
const FLOORS: readonly (readonly RegExp[])[] = [
  [/^sim\/kernel\//],
  [/^sim\/world\//],
  [/^sim\/protocols\//],
  [/^sim\/systems\//],
  [/^sim\/(faults|measures|exact)\//],
  [/^sim\/simulate\.ts$/],
  [/^sim\/experiments\//],
  [/^(scenarios|reports)\//],
  [/^sim\/index\.ts$/, /^sim\/cli\//],
];
/** Shapes without behaviour, which every floor may name as types. */
const SHAPES = ['sim/run.ts', 'sim/scenario.ts'];
const floorOf = (file: string) => FLOORS.findIndex((floor) => floor.some((pattern) => pattern.test(file)));

test('each floor imports only the floors below it', () => {
  const wrong: string[] = [];
  for (const file of product) {
    if (SHAPES.includes(file)) continue;
    const floor = floorOf(file);
    expect(floor, `${file} stands on no floor`).toBeGreaterThanOrEqual(0);
    for (const other of localImportsOf(file)) {
      if (SHAPES.includes(other)) continue;
      if (floorOf(other) > floor) wrong.push(`${file} imports ${other}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the shapes that every floor may name hold no behaviour', () => {
  for (const file of SHAPES) {
    const withoutTypes = text(file).replaceAll(/^import type .*$/gm, '');
    expect(withoutTypes).not.toMatch(/^(import|export (function|class|const|let))/m);
  }
});

test('faults, measures and exact answers do not lean on each other', () => {
  const wrong: string[] = [];
  for (const file of product) {
    const room = /^sim\/(faults|measures|exact)\//.exec(file)?.[1];
    if (room === undefined) continue;
    for (const other of localImportsOf(file)) {
      const otherRoom = /^sim\/(faults|measures|exact)\//.exec(other)?.[1];
      if (otherRoom !== undefined && otherRoom !== room) wrong.push(`${file} imports ${other}`);
    }
  }
  expect(wrong).toEqual([]);
});

const model = product.filter((file) => file.startsWith('sim/') && !/^sim\/(cli|experiments)\//.test(file));

test('the model does no I/O, reads no clock and draws no unseeded number', () => {
  const wrong: string[] = [];
  for (const file of model) {
    if (file === 'sim/index.ts') continue;
    for (const name of importsOf(file)) {
      if (!name.startsWith('.') && name !== 'seedrandom') wrong.push(`${file} imports ${name}`);
    }
    const source = text(file);
    for (const banned of [
      /\bMath\.(random|log|log2|log10|log1p|exp|expm1|pow|sin|cos|tan|cbrt)\b/,
      /\bDate\b\s*[.(]/,
      /\bperformance\./,
      /\bprocess\./,
      /\*\*/,
    ]) {
      const code = source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/\/\/.*$/gm, '');
      if (banned.test(code)) wrong.push(`${file} uses ${banned}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('no file tries to be everything, and no folder is called utils', () => {
  for (const file of product) {
    expect(text(file).split('\n').length, file).toBeLessThanOrEqual(FILE_LINES_MAX);
    expect(file).not.toMatch(/\/(utils?|helpers?|common|misc)(\/|\.ts$)/);
  }
});
