import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MAX_FILE_BYTES } from '../../scenarios/limits.ts';
import { SMALL, zonefall } from './testing.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-bad-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Nine levels of nine aliases each: 387 million values. */
const ALIAS_BOMB = `${Array.from({ length: 9 }, (_, i) =>
  i === 0
    ? 'a0: &a0 [x, x, x, x, x, x, x, x, x]'
    : `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
).join('\n')}\n`;

const change = (from: string, to: string) => {
  if (!SMALL.includes(from)) throw new Error(`the small scenario has no ${from}`);
  return SMALL.replace(from, to);
};

/** What is wrong -> the scenario, and the first line of what is said, after the name of the file. */
const BAD: readonly (readonly [what: string, text: string, said: RegExp])[] = [
  ['broken YAML', 'version: 1\ntitle: [', /^:2:\d+: /],
  ['a tab', 'version: 1\n\ttitle: x', /^:2:1: /],
  ['an empty file', '', /^:1:1: the file is empty/],
  ['a list instead of a map', '- 1\n', /^:1:1: a scenario is a map/],
  ['binary', 'version\0: 1', /zero byte/],
  [
    'a wrong type',
    change('count: 3', 'count: three'),
    /^:6:21: nodes\.manager\.count: expected a whole number/,
  ],
  ['an unknown key', change('title: Small', 'titel: Small'), /^:2:1: .*did you mean "title"/],
  ['an unknown zone', change('dc/b', 'dc/d'), /^:10:28: timeline\[0\]\.zone-outage: .*did you mean/],
  ['an unknown datacenter', change('dc/b', 'cd/b'), /did you mean "dc\/b"/],
  [
    'an unknown system in an objective',
    change('etcd write avail', 'etdc write avail'),
    /did you mean "etcd"/,
  ],
  ['a key stated twice', change('title: Small', 'title: Small\ntitle: Big'), /^:3:1: .*stated twice/],
  ['two zones of one name', change('[a, b, c]', '[a, b, b]'), /^:4:\d+: .*b/],
  ['two nodes of one name', change('{ count: 3 }', '{ names: [m, m, n] }'), /^:6:\d+: .*m/],
  ['no node', change('count: 3', 'count: 0'), /from 1 to 10000/],
  ['fewer than none', change('count: 3', 'count: -3'), /from 1 to 10000/],
  ['half a node', change('count: 3', 'count: 2.5'), /from 1 to 10000/],
  ['a billion nodes', change('count: 3', 'count: 1000000000'), /from 1 to 10000/],
  ['a duration without unit', change('for: 1m', 'for: 60'), /^:10:39: .*write 60ms or 60s/],
  ['a negative duration', change('for: 1m', 'for: -1m'), /^:10:\d+: /],
  ['a run of no length', change('duration: 4m', 'duration: 0s'), /longer than zero/],
  ['a run of a million years', change('duration: 4m', 'duration: 1000000y'), /^:13:\d+: /],
  [
    'faults that wait for each other',
    change(
      '  - { at: 1m, zone-outage: dc/b, for: 1m }',
      '  - { name: x, after: y, kill: manager-1, for: 1s }\n  - { name: y, after: x, kill: manager-2, for: 1s }',
    ),
    /^:1\d:\d+: .*(x|y)/,
  ],
  ['a fault that waits for itself', change('{ at: 1m,', '{ name: x, after: x,'), /^:10:\d+: .*x/],
  ['an alias bomb', ALIAS_BOMB, /more than 200000 values/],
  ['an alias of nothing', change('title: Small', 'title: *nix'), /unknown alias \*nix/],
  ['no version', change('version: 1\n', ''), /version/],
  ['a version to come', change('version: 1', 'version: 2'), /^:1:10: .*version: 1/],
];

const nothingElse = () => readdirSync(folder).filter((name) => !name.endsWith('.yaml'));

test.each(BAD)('%s: one clear message, exit code 65, nothing written', async (_what, text, said) => {
  const file = join(folder, 'bad.yaml');
  writeFileSync(file, text);
  const out = join(folder, 'out');
  for (const words of [
    ['run', file, '--out', out],
    ['validate', file],
    ['explain', file],
  ]) {
    const { code, stdout, stderr } = await zonefall(words);
    expect(code).toBe(65);
    expect(stdout).toBe('');
    expect(stderr.startsWith(file)).toBe(true);
    expect(stderr.slice(file.length).split('\n')[0]).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split('\n').length, stderr).toBeLessThanOrEqual(2);
  }
  expect(nothingElse()).toEqual([]);
});

test('files that cannot be read', async () => {
  const missing = join(folder, 'nix.yaml');
  expect(await zonefall(['run', missing])).toMatchObject({
    code: 65,
    stderr: `${missing}: there is no file and no shipped scenario "${missing}": zonefall list shows those there are\n`,
  });
  expect((await zonefall(['run', folder])).stderr).toBe(`${folder}: cannot read the file: it is a folder\n`);
  const latin = join(folder, 'latin.yaml');
  writeFileSync(latin, Buffer.from([0x74, 0xe9]));
  expect(await zonefall(['run', latin])).toMatchObject({
    code: 65,
    stderr: `${latin}: cannot read the file: it is not text in UTF-8\n`,
  });
});

test('a name that is nearly that of a shipped scenario', async () => {
  const { code, stderr } = await zonefall(['run', 'three-zones-3-mangers']);
  expect(code).toBe(65);
  expect(stderr).toContain('did you mean "three-zones-3-managers"?');
});

test('bad input on stdin', async () => {
  expect(await zonefall(['validate', '-'], { stdin: 'version: 2' })).toMatchObject({ code: 65 });
  expect((await zonefall(['validate', '-'], { stdin: Buffer.from([0xff]) })).stderr).toBe(
    '<stdin>: it is not text in UTF-8\n',
  );
  expect((await zonefall(['validate', '-'], { stdin: 'x'.repeat(MAX_FILE_BYTES + 1) })).stderr).toContain(
    'the scenario is longer than',
  );
});

test('bad overrides name themselves', async () => {
  const set = async (setting: string) => {
    const { code, stderr } = await zonefall(['validate', '-', '--set', setting], { stdin: SMALL });
    // The file is in order, the command line is not.
    expect(code).toBe(64);
    expect((await zonefall(['run', '-', '--no-out', '--set', setting], { stdin: SMALL })).code).toBe(64);
    return stderr;
  };
  expect(await set('nodes.manager.coutn=5')).toContain('did you mean "count"');
  expect(await set('nodes.manger.count=5')).toContain('did you mean "manager"');
  expect(await set('nodes.manager.count=zero')).toContain('--set nodes.manager.count=zero');
  expect(await set('nonsense')).toContain('write --set path=value');
});

test('an output folder that cannot be written: exit code 64, one line, before anything is simulated', async () => {
  const file = join(folder, 'small.yaml');
  writeFileSync(file, SMALL);
  mkdirSync(join(folder, 'folder.yaml'));
  for (const out of [file, join(file, 'below'), '/proc/zonefall', '/dev/null', `/${'x'.repeat(300)}`]) {
    const { code, stdout, stderr } = await zonefall(['run', file, '--out', out]);
    expect(code, out).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^zonefall: cannot write to the folder .*\n$/);
  }
  expect(nothingElse()).toEqual([]);
});

test('a folder in the place of a report file', async () => {
  const file = join(folder, 'small.yaml');
  writeFileSync(file, SMALL);
  const out = join(folder, 'taken.yaml');
  mkdirSync(join(out, 'run.json'), { recursive: true });
  const { code, stderr } = await zonefall(['run', file, '--out', out]);
  expect(code).toBe(64);
  expect(stderr).toContain('a folder has the name of a report file');
  expect(readdirSync(out)).toEqual(['run.json']);
});

test('the scenario is looked at before the output folder, and the command line before both', async () => {
  const wrong = join(folder, 'wrong.yaml');
  writeFileSync(wrong, 'version: 2');
  expect((await zonefall(['run', wrong, '--out', '/dev/null'])).code).toBe(65);
  expect((await zonefall(['run', wrong, '--out', '/dev/null', '--nix'])).code).toBe(64);
});

test('init does not replace a file unless it is told to', async () => {
  const file = join(folder, 'mine.yaml');
  expect((await zonefall(['init', 'starter', file])).code).toBe(0);
  expect(await zonefall(['init', 'starter', file])).toMatchObject({
    code: 64,
    stderr: `zonefall: cannot write ${file}: there is a file of that name already (--force replaces it)\n`,
  });
  expect((await zonefall(['init', 'starter', file, '--force'])).code).toBe(0);
  expect(existsSync(file)).toBe(true);
});
