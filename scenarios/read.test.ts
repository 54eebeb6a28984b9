import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ScenarioError } from './issue.ts';
import { loadText, readScenario } from './read.ts';
import { MINIMAL, minimalWith } from './testing/minimal.ts';

const folder = mkdtempSync(join(tmpdir(), 'zonefall-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function errorOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.replaceAll(`${folder}/`, '');
    throw error;
  }
  throw new Error('expected a ScenarioError');
}

function put(name: string, content: string | Uint8Array): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

test('a file is read, and what it names is beside it', () => {
  mkdirSync(join(folder, 'data'));
  put('data/rtt.csv', 'rtt_ms\n2\n4\n');
  const path = put(
    's.yaml',
    minimalWith('nodes:\n', 'network: { within-zone: { one-way: empirical(data/rtt.csv) } }\nnodes:\n'),
  );
  const { scenario } = readScenario(path, { set: ['nodes.manager.count=5'] });
  expect(scenario.world.linkClasses['within-zone'].latencyUs).toEqual({
    kind: 'empirical',
    samples: [2000, 4000],
  });
  expect(scenario.systems[0]!.members).toHaveLength(5);
});

test('text at hand is read like a file in a folder', () => {
  const text = minimalWith(
    'nodes:\n',
    'network: { within-zone: { one-way: empirical(data/rtt.csv) } }\nnodes:\n',
  );
  expect(loadText(text, '<stdin>', folder).scenario.title).toBe('Lose one zone of three');
  expect(errorOf(() => loadText('version: 2', '<stdin>', folder))).toMatch(
    /^<stdin>:1:1: topology: missing: /,
  );
});

test('a scenario without a title is called like its file', () => {
  expect(
    readScenario(put('my-platform.yaml', minimalWith('title: Lose one zone of three\n', ''))).scenario.title,
  ).toBe('my-platform');
});

test.each([
  ['nowhere.yaml', () => 'nowhere.yaml', 'nowhere.yaml: cannot read the file: there is no such file'],
  ['a folder', () => '.', '.: cannot read the file: it is a folder'],
  [
    'a path through a file',
    () => `${put('plain.yaml', MINIMAL)}/x`,
    'plain.yaml/x: cannot read the file: there is no such file',
  ],
  [
    'bytes that are no text',
    () => put('bytes.yaml', Uint8Array.of(0x76, 0xff, 0xfe)),
    'bytes.yaml: cannot read the file: it is not text in UTF-8',
  ],
  [
    'too long a file',
    () => put('long.yaml', '#'.repeat(1024 * 1024 + 1)),
    'long.yaml: cannot read the file: it is longer than 1 MiB',
  ],
  ['an endless device', () => '/dev/zero', '/dev/zero: cannot read the file: it is longer than 1 MiB'],
  [
    'links in a circle',
    () => {
      symlinkSync(join(folder, 'ring.yaml'), join(folder, 'ring.yaml'));
      return join(folder, 'ring.yaml');
    },
    'ring.yaml: cannot read the file: its links go round in a circle',
  ],
])('%s is one clear error', (_name, path, message) => {
  expect(errorOf(() => readScenario(path()))).toBe(message);
});

test('a file that may not be read is one clear error', ({ skip }) => {
  const path = put('secret.yaml', MINIMAL);
  chmodSync(path, 0);
  skip(process.getuid?.() === 0, 'root may read everything');
  expect(errorOf(() => readScenario(path))).toBe(
    'secret.yaml: cannot read the file: reading it is not allowed',
  );
});

test('a pipe is read as it comes', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  spawn('cp', [put('piped.yaml', MINIMAL), pipe], { stdio: 'ignore' });
  expect(readScenario(pipe).scenario.title).toBe('Lose one zone of three');
});
