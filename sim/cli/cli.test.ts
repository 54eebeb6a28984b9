import { expect, test } from 'vitest';
import { COMMANDS } from './commands/index.ts';
import { zonefall } from './testing.ts';
import { VERSION } from './version.ts';

test('without arguments: four examples, on stdout', async () => {
  const { code, stdout, stderr } = await zonefall([]);
  expect(code).toBe(0);
  expect(stdout.match(/^ {2}zonefall \w+/gm)).toHaveLength(4);
  expect(stderr).toBe('');
});

test('--help names every command, and each command has help of its own', async () => {
  const { code, stdout } = await zonefall(['--help']);
  expect(code).toBe(0);
  for (const { name, describe } of COMMANDS) {
    expect(stdout).toContain(`zonefall ${name}`);
    const own = await zonefall([name, '--help']);
    expect(own.code).toBe(0);
    expect(own.stdout).toContain(describe);
    expect(own.stderr).toBe('');
  }
});

test('--version prints the version and nothing else', async () => {
  expect(await zonefall(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

/** Words of the command line -> what the one message says. */
const WRONG: readonly (readonly [words: string[], message: string])[] = [
  [['rum', 'x.yaml'], 'unknown command "rum": did you mean run?'],
  [['ru', 'x.yaml'], 'unknown command "ru": did you mean run?'],
  [['frobnicate'], 'unknown command "frobnicate"\n'],
  [['run', 'a', '--sed', '3'], 'unknown argument sed (did you mean --seed?)'],
  [['run'], 'zonefall: <scenario> is missing'],
  [['run', 'a', 'b'], 'unknown argument b'],
  [['run', 'a', '--sead', '3'], 'unknown argument sead (did you mean --seed?)'],
  [['run', 'a', '--see', '3'], 'unknown argument see (did you mean --seed?)'],
  [['run', 'a', '--out'], '--out needs a value'],
  [['run', 'a', '--out', ''], '--out needs a value'],
  [['run', 'a', '--seed', ''], '--seed needs a number, a text or "random"'],
  [['run', 'a', '--seed', 'x'.repeat(300)], '--seed takes at most 200 characters'],
  [['run', 'a', '--seed', '1', '--seed', '2'], '--seed is given 2 times'],
  [['run', 'a', '--json', '--plain'], '--json and --plain exclude each other'],
  [['run', 'a', '--json=maybe'], '--json is a switch: it takes no value'],
  [['list', '--json', '--plain'], '--json and --plain exclude each other'],
  [['validate'], 'zonefall: <scenarios..> is missing'],
  [['explain'], 'zonefall: <scenario> is missing'],
  [['why'], 'zonefall: <folder> is missing'],
  [['merge'], 'zonefall: <folders..> is missing'],
  [['init', '-'], '- stands for the file, after the template: zonefall init starter -'],
  [['init', 'nix', '-'], 'there is no template "nix"'],
  [['schema', 'nix'], 'invalid values: Argument: of, Given: "nix"'],
  [['completion', 'tcsh'], 'invalid values: Argument: shell, Given: "tcsh"'],
];

test.each(WRONG)('%j is a wrong command line: %s', async (words, message) => {
  const { code, stdout, stderr } = await zonefall(words);
  expect(stderr).toContain(message);
  expect(code).toBe(64);
  expect(stdout).toBe('');
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
});

test('wrong words of a command point at its help', async () => {
  const { stderr } = await zonefall(['run', 'a', '--nix']);
  expect(stderr).toContain('Try: zonefall run --help');
});
