import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { REPORT_FILES } from '../../reports/index.ts';
import { SMALL, zonefall } from './testing.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'zonefall-run-'));
  file = join(folder, 'small.yaml');
  writeFileSync(file, SMALL);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const quick = ['--no-out'];

test('objectives pass: exit code 0, the answer on stdout, where the files are on stderr', async () => {
  const out = join(folder, 'pass');
  const { code, stdout, stderr } = await zonefall(['run', file, '--out', out]);
  expect(code).toBe(0);
  expect(stdout).toContain('Small');
  expect(stdout).toContain('PASS');
  expect(stderr).toBe(`${REPORT_FILES.length} files in ${out}: ${REPORT_FILES.join(', ')}\n`);
  expect(readdirSync(out).sort()).toEqual([...REPORT_FILES].sort());
});

test('an objective fails: exit code 1, and the command that runs it again', async () => {
  const words = ['run', file, ...quick, '--set', 'objectives[0]=etcd write availability from dc/b >= 99%'];
  const { code, stdout, stderr } = await zonefall(words);
  expect(code).toBe(1);
  expect(stdout).toContain('FAIL');
  expect(stderr).toBe(
    `run it again: zonefall run ${file} --set 'objectives[0]=etcd write availability from dc/b >= 99%' --seed 1\n`,
  );
});

test('an objective has no figure: exit code 2', async () => {
  const words = [
    'run',
    file,
    ...quick,
    '--set',
    'objectives[0]=etcd failover p99 <= 8s',
    '--set',
    'timeline=[]',
  ];
  expect(await zonefall(words)).toMatchObject({ code: 2 });
});

test('a fault without effect makes it inconclusive, though every objective passes', async () => {
  const words = [
    'run',
    file,
    ...quick,
    '--set',
    'timeline[0]={ at: 1m, clock-skew: { target: manager-1, offset: 5s } }',
  ];
  const { code, stderr } = await zonefall(words);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^inconclusive: fault 1 \(.*\) had no effect: timers of these products are monotonic/,
  );
});

test('so does a fault that never begins', async () => {
  const entry = '{ name: first, at: 1m, kill: manager-1 }';
  const words = [
    'run',
    file,
    ...quick,
    '--set',
    `timeline[0]=${entry}`,
    '--set',
    'timeline[1]={ after: start of first + 10m, kill: manager-2 }',
  ];
  const { code, stdout, stderr } = await zonefall(words);
  expect(code).toBe(2);
  expect(stderr).toContain('the fault timeline[1] never began within the run');
  // The headline and the document say what the exit code says.
  expect(stdout).toMatch(/^INCONCLUSIVE {2}.*but the fault timeline\[1\] never began$/m);
  expect(stdout).toMatch(/^ {2}- {2}the fault timeline\[1\] never began within the run$/m);
  const document = JSON.parse((await zonefall([...words, '--json'])).stdout);
  expect(document).toMatchObject({
    verdict: 'inconclusive',
    idleFaults: ['the fault timeline[1] never began within the run'],
  });
});

/** Two workers in a datacenter of their own, which is cut off for a minute of four. */
const EDGE = `${SMALL.replace('zones: [a, b, c] }', 'zones: [a, b, c] }\n  edge: { zones: [x] }')
  .replace(
    /manager: \{ count: 3 \}/,
    'manager: { count: 3, placement: { dc/a: 1, dc/b: 1, dc/c: 1 } }\n  worker: { count: 2, placement: { edge/x: 2 } }',
  )
  .replace(
    /timeline:[\s\S]*?(?=objectives:|run:)/,
    'timeline: [{ at: 1m, partition: [[dc], [edge]], for: 1m }]\n',
  )}`;

test('who is cut off is told by where, in the headline and by why', async () => {
  const out = join(folder, 'edge');
  const { stdout } = await zonefall(['run', '-', '--out', out, '--set', 'objectives=[]'], { stdin: EDGE });
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'every operation keeps working, but from edge etcd writes and reads fail for 1 min.',
  );
  const why = (await zonefall(['why', out])).stdout.replace(/\s+/g, ' ');
  expect(why).toMatch(
    /The users in edge are themselves cut off by fault 1: none of their requests finds a way to manager-\d\. etcd is unharmed/,
  );
  expect(why).toContain('Only another way from edge to the majority, or the end of fault 1, helps');
});

test('objectives stand before faults and reasons', async () => {
  const { stdout } = await zonefall(['run', file, ...quick]);
  expect(stdout.indexOf('\nObjectives\n')).toBeGreaterThan(0);
  expect(stdout.indexOf('\nObjectives\n')).toBeLessThan(stdout.indexOf('\nFaults\n'));
});

test('several regions: what only repeats the reasons of others stands together', async () => {
  const { stdout } = await zonefall(['run', 'two-datacenters-stretched-3-managers', ...quick]);
  expect(stdout).toMatch(/^ {2}- Stale or reduced answers only, as above:\n {6}\S+ reads/m);
  expect(stdout).toMatch(/^ {6}and 3 times as above\.$/m);
  expect(stdout.match(/^ {2}- .*, as above\.$/gm) ?? []).toEqual([]);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    '3 faults in 32 min: from everywhere but us-east, swarm fails',
  );
}, 60_000);

test('a failure weighs more than an idle fault', async () => {
  const words = [
    'run',
    file,
    ...quick,
    '--set',
    'timeline[0]={ at: 1m, clock-skew: { target: manager-1, offset: 5s } }',
    '--set',
    'objectives[0]=etcd failovers = 9',
  ];
  expect((await zonefall(words)).code).toBe(1);
});

test('--json prints one document and nothing else, the same each time', async () => {
  const [first, second] = [
    await zonefall(['run', file, '--json', ...quick]),
    await zonefall(['run', file, '--json', ...quick]),
  ];
  expect(first.stdout).toBe(second.stdout);
  const document = JSON.parse(first.stdout);
  expect(document).toMatchObject({ schemaVersion: 1, tool: { name: 'zonefall' }, seed: 1, verdict: 'pass' });
});

test('--plain prints the lanes as text', async () => {
  const { code, stdout } = await zonefall(['run', file, '--plain', ...quick]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1:00\.000 .*! fault 1|zone dc\/b loses power/m);
});

test('seeds: the command line wins over the scenario, 0 counts, random is told', async () => {
  const seedOf = async (...words: string[]) =>
    JSON.parse((await zonefall(['run', file, '--json', ...quick, ...words])).stdout).seed;
  expect(await seedOf()).toBe(1);
  expect(await seedOf('--set', 'run.seed=5')).toBe(5);
  expect(await seedOf('--set', 'run.seed=5', '--seed', '0')).toBe(0);
  expect(await seedOf('--seed', 'tuesday')).toBe('tuesday');
  expect(await seedOf('--seed', '-5')).toBe(-5);
  const drawn = await zonefall(['run', file, '--json', ...quick, '--seed', 'random']);
  expect(drawn.stderr).toContain(`--seed ${JSON.parse(drawn.stdout).seed} gives the same run again`);
});

test('--quiet says nothing on stderr', async () => {
  const words = [
    'run',
    file,
    '--quiet',
    ...quick,
    '--seed',
    'random',
    '--set',
    'objectives[0]=etcd failovers = 9',
  ];
  expect(await zonefall(words)).toMatchObject({ code: 1, stderr: '' });
});

test('a scenario from stdin', async () => {
  const { code, stdout } = await zonefall(['run', '-', ...quick], { stdin: SMALL });
  expect(code).toBe(0);
  expect(stdout).toContain('Small');
});

test('a shipped scenario by its name, with and without folder and extension', async () => {
  const out = join(folder, 'shipped');
  for (const name of ['quorum-3-members', 'lessons/quorum-3-members', 'quorum-3-members.yaml'])
    expect((await zonefall(['validate', name])).code).toBe(0);
  await zonefall(['run', 'quorum-3-members', '--out', out]);
  expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).scenario.title).toBe('Quorum of 3 members');
});

test('colours in a terminal, none in a pipe', async () => {
  const csi = '\u001b[';
  expect((await zonefall(['run', file, ...quick], { isTTY: true })).stdout).toContain(csi);
  expect((await zonefall(['run', file, ...quick, '--no-color'], { isTTY: true })).stdout).not.toContain(csi);
  expect(
    (await zonefall(['run', file, ...quick], { isTTY: true, env: { NO_COLOR: '1' } })).stdout,
  ).not.toContain(csi);
  expect((await zonefall(['run', file, ...quick])).stdout).not.toContain(csi);
});

test('Ctrl-C during a run: exit code 130, nothing written', async () => {
  const out = join(folder, 'interrupted');
  let interrupt = () => {};
  const running = zonefall(['run', file, '--out', out, '--set', 'run.duration=1y', '--every-event'], {
    listening: (press) => {
      interrupt = press;
      setTimeout(() => interrupt(), 100);
    },
  });
  const { code, stdout, stderr } = await running;
  expect(code).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^zonefall: interrupted at .* of .* of model time; nothing was written\n$/);
  expect(readdirSync(folder)).not.toContain('interrupted');
});

test('Ctrl-C while files are written waits for them', async () => {
  const out = join(folder, 'late');
  let times = 0;
  const { code, stderr } = await zonefall(['run', file, '--out', out], {
    // The first to listen is the run, the second the writing.
    listening: (press) => {
      if (++times === 2) press();
    },
  });
  expect(code).toBe(130);
  expect(stderr).toContain('are whole');
  expect(readdirSync(out).sort()).toEqual([...REPORT_FILES].sort());
});
