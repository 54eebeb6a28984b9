import { expect, test } from 'vitest';
import { report } from './errors.ts';
import type { Io } from './io.ts';
import { VERSION } from './version.ts';

function reported(error: unknown, env: Record<string, string> = {}) {
  let stderr = '';
  const io = { env, stderr: { write: (text: string) => (stderr += text) } } as unknown as Io;
  const code = report(error, io, { command: 'run', scenario: 'x.yaml', seed: 7 });
  return { code, stderr };
}

test('a bug says so, with version, command, seed and scenario, and without a stack', () => {
  const { code, stderr } = reported(new TypeError('x is not a function\nmore'));
  expect(code).toBe(70);
  expect(stderr).toContain(`this is a bug in zonefall ${VERSION}: x is not a function\n`);
  expect(stderr).toContain('command: run, seed: 7, scenario: x.yaml');
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('ZONEFALL_DEBUG=1 shows where', () => {
  expect(reported(new Error('x'), { ZONEFALL_DEBUG: '1' }).stderr).toMatch(/^\s+at .*errors\.test\.ts/m);
});

test('anything may be thrown', () => {
  expect(reported('x').stderr).toContain('this is a bug');
  expect(reported(undefined).code).toBe(70);
});
