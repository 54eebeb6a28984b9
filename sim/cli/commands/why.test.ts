import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { availabilityCsv, failoversCsv, timelineCsv } from '../../../reports/csv/index.ts';
import { jsonText, runManifest } from '../../../reports/json/index.ts';
import { simulate } from '../../simulate.ts';
import { faultSpec, leaderOf, smallScenario } from '../../testing.ts';
import { runCli } from '../cli.ts';
import * as exit from '../exit-codes.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-why-'));
  const run = simulate(
    smallScenario({ faults: [faultSpec({ effect: { kind: 'kill', target: leaderOf('etcd') } })] }),
  );
  writeFileSync(join(folder, 'run.json'), jsonText(runManifest(run, '0.1.0', null)));
  writeFileSync(join(folder, 'timeline.csv'), await timelineCsv(run));
  writeFileSync(join(folder, 'availability.csv'), await availabilityCsv(run));
  writeFileSync(join(folder, 'failovers.csv'), await failoversCsv(run));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function why(...words: string[]) {
  let stdout = '';
  let stderr = '';
  const output = (write: (text: string) => void) => ({ write, isTTY: false, columns: undefined });
  const code = await runCli(['why', ...words], {
    stdout: output((text) => {
      stdout += text;
    }),
    stderr: output((text) => {
      stderr += text;
    }),
    env: {},
    readStdin: async () => new Uint8Array(),
    stdinIsTTY: false,
    onInterrupt: () => () => {},
  });
  return { code, stdout, stderr };
}

test('explains the longest outage on stdout, and says nothing else', async () => {
  const { code, stdout, stderr } = await why(folder);
  expect({ code, stderr }).toEqual({ code: exit.OK, stderr: '' });
  expect(stdout).toMatch(/etcd writes failed from everywhere/);
  expect(stdout).toMatch(/What happened\n +0:10 /);
});

test('--at takes a duration or a clock, --outage a number', async () => {
  const expected = (await why(folder, '--outage', '1')).stdout;
  expect((await why(folder, '--at', '10.5s')).stdout).toBe(expected);
  expect((await why(folder, '--at', '0:10.5')).stdout).toBe(expected);
});

test('--json is one document with a version', async () => {
  const document = JSON.parse((await why(folder, '--json')).stdout);
  expect(document).toMatchObject({ schemaVersion: 1, tool: { name: 'zonefall' }, outages: [{ number: 1 }] });
  expect(document.explained[0].steps[0]).toMatchObject({ atUs: 10_000_000, events: [expect.any(Number)] });
});

test('--plain is one fact a line in four columns', async () => {
  const lines = (await why(folder, '--plain')).stdout.trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) expect(line.split('\t')).toHaveLength(4);
});

test('a folder that is no run is exit 65 and one message', async () => {
  const { code, stdout, stderr } = await why('/nowhere');
  expect({ code, stdout, stderr }).toEqual({
    code: exit.INVALID_SCENARIO,
    stdout: '',
    stderr: 'zonefall: there is no folder /nowhere\n',
  });
});

test.each([
  [['--outage', '7'], 'zonefall: there is no outage 7: this run has outages 1 to 1\n'],
  [['--outage', '1.5'], /--outage takes a number: 1, 2, 3/],
  [['--at', '20'], /--at: .*20s/],
  [['--at', '99h'], /--at 99h lies after the end of the run, which is at \d+:\d\d/],
  [['--at', '10s', '--outage', '1'], /--at and --outage exclude each other/],
])('%j is a wrong command line', async (words, message) => {
  const { code, stdout, stderr } = await why(folder, ...words);
  expect({ code, stdout }).toEqual({ code: exit.USAGE, stdout: '' });
  if (typeof message === 'string') expect(stderr).toBe(message);
  else expect(stderr).toMatch(message);
});
