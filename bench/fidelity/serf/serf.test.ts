import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareSerf } from '../serf.ts';
import { rank } from './cluster.ts';
import { freeze } from './freezes.ts';
import { lose } from './losses.ts';
import { spread } from './spreads.ts';
import { column, groupBy, readTables } from './table.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'serf-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const csv = (name: string, ...lines: readonly string[]) =>
  writeFileSync(join(folder, name), `${lines.join('\r\n')}\r\n`);

test('files are told apart by their columns, whatever they are called; invalid trials are left out', () => {
  csv('x.csv', 'N,D,t_cont,valid', '5,3.0,3.001,1', '5,3.0,3.001,0');
  csv('y.csv', 'N,variant,t_first_suspect,t_first_failed', '5,kill,1.1,5.1');
  csv('z.csv', 'apples,pears', '1,2');
  expect(readTables(folder).map(({ kind, rows }) => [kind, rows.length])).toEqual([
    ['frozen', 1],
    ['losses', 1],
    [null, 1],
  ]);
  expect(
    compareSerf(folder, { short: true }).filter(({ verdict }) => verdict === 'not-modelled'),
  ).toHaveLength(1);
});

test('rows are grouped in the order of their numbers, and empty cells are no figures', () => {
  const rows = [
    { N: '30', t: '1.5' },
    { N: '5', t: '' },
    { N: '5', t: '2' },
  ];
  expect([...groupBy(rows, 'N').keys()]).toEqual(['5', '30']);
  expect(column(rows, 't')).toEqual([1.5, 2]);
});

test('nearest rank', () => {
  expect([0.5, 0.9, 1].map((share) => rank([1, 2, 3, 4], share))).toEqual([2, 4, 4]);
  expect(rank([], 0.5)).toBeUndefined();
});

test('a loss: first suspect after 1.0 s and more, verdict 4 s x log10 n after it, to the millisecond', () => {
  for (const [n, seconds] of [
    [3, 4],
    [10, 4],
    [30, 5.908],
  ] as const) {
    const { victims, probes, falseSuspicions } = lose(n, 1, 'kill', 'test');
    const [victim] = victims;
    expect(victim!.suspects[0]).toBeGreaterThan(1);
    expect(victim!.failed[0]! - victim!.suspects[0]!).toBeCloseTo(seconds, 1);
    expect(victim!.failed).toHaveLength(n - 1);
    // A healthy prober's failed probe lasts exactly one interval.
    for (const { nth, duration } of probes) if (nth === 1) expect(duration).toBeCloseTo(1, 6);
    expect(falseSuspicions).toBe(0);
  }
});

test('a freeze: one refutation at the moment it goes on, whether it was declared dead or not', () => {
  expect(freeze(10, 8, 'a')).toMatchObject({ refutes: 1, refuted: 0 });
  expect(freeze(10, 8, 'a').firstFailed).toBeGreaterThan(5);
  const short = freeze(30, 4, 'a');
  expect(short).toMatchObject({ refutes: 1, refuted: 0, firstFailed: undefined });
  expect(short.aliveLast).toBeLessThan(1);
});

test('an event is received 8 times by each of 10 agents, one in ten thousand or so excepted', () => {
  const { reached, receptions, last } = spread(10, 'event', 'a');
  expect([reached, receptions]).toEqual([9, 80]);
  expect(last).toBeLessThan(1);
  expect(spread(10, 'tag', 'a').reached).toBe(9);
});

test('a measurement that the model made itself passes, one that is shifted fails', () => {
  const rows = Array.from({ length: 60 }, (_, i) => {
    const [victim] = lose(5, 1, 'stop', `measured-${i}`).victims;
    return [victim!.suspects[0]!, victim!.failed[0]!] as const;
  });
  csv('own.csv', 'N,variant,t_first_suspect,t_first_failed', ...rows.map(([a, b]) => `5,stop,${a},${b}`));
  expect(compareSerf(folder).map(({ verdict }) => verdict)).toEqual(['pass', 'pass']);
  csv('own.csv', 'N,variant,t_first_suspect,t_first_failed', ...rows.map(([a, b]) => `5,stop,${a},${b + 1}`));
  expect(compareSerf(folder).map(({ verdict }) => verdict)).toEqual(['pass', 'fail']);
});
