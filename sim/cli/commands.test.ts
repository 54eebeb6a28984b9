/** Commands beside run and explain. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadScenario } from '../../scenarios/index.ts';
import { SMALL, zonefall } from './testing.ts';

test('validate says of each scenario whether it is valid', async () => {
  const { code, stdout } = await zonefall(['validate', '-', 'quorum-3-members'], { stdin: SMALL });
  expect(code).toBe(0);
  expect(stdout).toBe('-: valid\nquorum-3-members: valid\n');
});

test('validate looks into the variants of a study too', async () => {
  const stdin = `${SMALL}study: { vary: { nodes.manager.cnt: [1] } }\n`;
  const { code, stderr } = await zonefall(['validate', '-'], { stdin });
  expect(code).toBe(65);
  expect(stderr).toMatch(/^<stdin>:\d+:\d+: nodes.manager.cnt: unknown key "cnt"/);
});

test('validate --json tells errors with their places', async () => {
  const { code, stdout, stderr } = await zonefall(['validate', '-', 'quorum-3-members', '--json'], {
    stdin: SMALL.replace('title: Small', 'titel: Small'),
  });
  expect(code).toBe(65);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    valid: false,
    scenarios: [
      {
        scenario: '-',
        valid: false,
        errors: [{ file: '<stdin>', line: 2, column: 1, suggestion: 'title' }],
      },
      { scenario: 'quorum-3-members', valid: true, errors: [] },
    ],
  });
});

test('warnings go to stderr and leave the exit code alone', async () => {
  const stdin = SMALL.replace(
    'etcd: { members: manager }',
    'etcd: { members: manager, heartbeat: 300ms, election: 1s }',
  );
  const { code, stdout, stderr } = await zonefall(['validate', '-'], { stdin });
  expect(code).toBe(0);
  expect(stdout).toBe('-: valid, 1 warning\n');
  expect(stderr).toMatch(/^warning: <stdin>:\d+:\d+: .*whole ticks/);
});

test('list shows names and titles, and can be searched', async () => {
  const all = await zonefall(['list']);
  expect(all.code).toBe(0);
  expect(all.stdout).toMatch(/^placements$/m);
  expect(all.stdout).toMatch(/^ {2}three-zones-3-managers +\S/m);
  const some = await zonefall(['list', 'quorum', '5', '--plain']);
  expect(some.stdout).toMatch(/^quorum-5-members\t[^\n]+\n$/);
  const none = await zonefall(['list', 'nix']);
  expect(none).toMatchObject({ code: 0, stdout: '' });
  expect(none.stderr).toMatch(/^none of \d+ match nix\n$/);
});

test('list --json and --templates', async () => {
  const { scenarios } = JSON.parse((await zonefall(['list', '--json'])).stdout);
  expect(scenarios.find((each: { name: string }) => each.name === 'three-zones-3-managers')).toMatchObject({
    folder: 'placements',
    title: expect.any(String),
    summary: expect.any(String),
  });
  expect((await zonefall(['list', '--templates', '--plain'])).stdout).toMatch(/^starter\t/m);
});

test('every template is a scenario that runs as it is', async () => {
  const { stdout } = await zonefall(['list', '--templates', '--plain']);
  for (const name of stdout
    .trim()
    .split('\n')
    .map((line) => line.split('\t')[0]!)) {
    const text = (await zonefall(['init', name, '-'])).stdout;
    expect(() => loadScenario(text), name).not.toThrow();
    expect(text).toContain('zonefall schema > zonefall.schema.json');
  }
});

test('init writes the file it says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-init-'));
  try {
    const file = join(folder, 'mine.yaml');
    const { code, stdout, stderr } = await zonefall(['init', 'starter', file]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain(file);
    expect(readFileSync(file, 'utf8')).toBe((await zonefall(['init', 'starter', '-'])).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each(['scenario', 'run', 'manifest', 'explain'])('schema %s is draft-07', async (of) => {
  const { code, stdout } = await zonefall(['schema', of]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).$schema).toBe('http://json-schema.org/draft-07/schema#');
});

test('schema without a word is that of scenarios', async () => {
  expect((await zonefall(['schema'])).stdout).toBe((await zonefall(['schema', 'scenario'])).stdout);
});

test('completion scripts for three shells, by SHELL where none is named', async () => {
  expect((await zonefall(['completion'], { env: { SHELL: '/usr/bin/zsh' } })).stdout).toContain(
    '#compdef zonefall',
  );
  expect((await zonefall(['completion', 'fish'])).stdout).toContain('complete -c zonefall');
  expect((await zonefall(['completion'])).stdout).toContain('complete -o default -F _zonefall zonefall');
});

async function completed(...words: string[]): Promise<string[]> {
  const { stdout } = await zonefall(['--get-completions', ...words]);
  return stdout.split('\n').filter((word) => word !== '');
}

test('words that may follow', async () => {
  expect(await completed('')).toContain('explain');
  expect(await completed('r')).toEqual(['run']);
  expect(await completed('run')).toEqual(['run']);
  expect(await completed('run', 'two-zones')).toEqual(['two-zones-3-managers', 'two-zones-5-managers']);
  expect(await completed('run', '--se')).toEqual(['--seed', '--set']);
  expect(await completed('run', '--no-c')).toEqual(['--no-color']);
  expect(await completed('run', 'x', '--out', '')).toEqual([]);
  expect(await completed('run', '--json', 'quorum-3')).toEqual(['quorum-3-members']);
  expect(await completed('init', 'st')).toEqual(['starter']);
  expect(await completed('init', 'starter', '')).toEqual([]);
  expect(await completed('schema', '')).toEqual(['explain', 'manifest', 'run', 'scenario', 'study', 'sweep']);
  expect(await completed('completion', 'f')).toEqual(['fish']);
  expect(await completed('nix', '')).toEqual([]);
});
