import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMPARISON_FILES, DIFFERENCES_COLUMNS } from '../../../reports/decisions/index.ts';
import { LIFE, zonefall } from '../testing.ts';

const compare = (...words: string[]) => zonefall(['compare', '-', '--no-out', ...words], { stdin: LIFE });

test('three managers are better than one: verdict first, then figures, exit code 0', async () => {
  const { code, stdout } = await compare('--vary', 'nodes.manager.count=1,3', '--runs', '16');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^BETTER {2}nodes\.manager\.count=3 is better than nodes\.manager\.count=1 for etcd\n/,
  );
  expect(stdout).toMatch(/^etcd writes .* better$/m);
  expect(stdout).toContain(
    '16 runs of 15 min for each of 2 variants, seed 1, run by run under the same luck',
  );
}, 60_000);

test('too few runs cannot tell: exit code 2, and what that means is said', async () => {
  const { code, stdout } = await compare('--vary', 'nodes.manager.count=3,4', '--runs', '3');
  expect(code).toBe(2);
  expect(stdout).toMatch(/^CANNOT TELL YET {2}whether nodes\.manager\.count=4 is better/);
  expect(stdout).toContain('"cannot tell yet": the interval holds 0, or fewer than 6 runs differ.');
  // Three runs are no ground for a number.
  expect(stdout.split('\n')[0]).not.toMatch(/more runs/);
}, 60_000);

test('another baseline, and exit code 1 where worse is a failure', async () => {
  const { code, stdout } = await compare(
    ...['--vary', 'nodes.manager.count=1,3', '--runs', '16'],
    ...['--baseline', 'nodes.manager.count=3', '--fail-on', 'worse'],
  );
  expect(code).toBe(1);
  expect(stdout).toMatch(/^WORSE {2}nodes\.manager\.count=1 is worse than nodes\.manager\.count=3/);
}, 60_000);

test('two profiles of an engine; a setting that changes nothing is the same', async () => {
  const profiles = await compare(
    ...['--set', 'faults=[{ every: exponential(mean 2m), kill: leader of etcd, for: 5s }]'],
    ...['--vary', 'systems.etcd.profile=deck-2017,etcd-3.5', '--runs', '8'],
  );
  expect(profiles.stdout).toMatch(/^BETTER {2}systems\.etcd\.profile=etcd-3\.5 is better/);
  const same = await compare('--vary', 'title=one,two', '--runs', '8');
  expect(same).toMatchObject({ code: 0 });
  expect(same.stdout).toMatch(/^THE SAME {2}title=two and title=one: not one run differs/);
}, 60_000);

test('what the runs have not met is told by exact analysis: verdict, table, availability and exit code', async () => {
  const words = ['--vary', 'nodes.manager.count=3,5', '--runs', '8'];
  const once = await zonefall(['compare', 'how-many-managers', '--no-out', ...words]);
  expect(once.code).toBe(0);
  expect(once.stdout.replace(/\s+/g, ' ')).toMatch(
    /^BETTER nodes\.manager\.count=5 is better than nodes\.manager\.count=3 for etcd; so says exact analysis, for these runs have met too little/,
  );
  expect(once.stdout).toMatch(/^ {2}exact .* better \((too few runs to say|not met by these runs)\)$/m);
  expect(once.stdout).toMatch(/^available: etcd writes \S+ % -> \S+ % \(exact\)$/m);
  for (const line of once.stdout.split('\n').filter((each) => !/ {3}/.test(each)))
    expect(line.length).toBeLessThanOrEqual(110);
}, 60_000);

test('files are told by their titles, columns by their names', async () => {
  const { stdout } = await zonefall([
    'compare',
    'quorum-1-member',
    'quorum-3-members',
    '--no-out',
    '--runs',
    '8',
  ]);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/^[A-Z ]+ "[^"]+" .* "[^"]+"/);
  expect(stdout).toMatch(/^ {2}quorum-1-member \(baseline\): \S/m);
  expect(stdout).toMatch(/^ {2}quorum-3-members: \S/m);
  expect(stdout).toMatch(/^down .* (quorum-1-member +quorum-3-members|baseline +variant) +difference/m);
}, 60_000);

test('its files, the same bytes again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-compare-'));
  try {
    const words = ['compare', '-', '--vary', 'nodes.manager.count=1,3', '--runs', '16', '--json'];
    const once = await zonefall([...words, '--out', join(folder, 'a')], { stdin: LIFE });
    await zonefall([...words, '--out', join(folder, 'b')], { stdin: LIFE });
    for (const name of COMPARISON_FILES)
      expect(readFileSync(join(folder, 'a', name), 'utf8'), name).toBe(
        readFileSync(join(folder, 'b', name), 'utf8'),
      );
    const csv = readFileSync(join(folder, 'a', 'differences.csv'), 'utf8');
    expect(csv.slice(0, csv.indexOf('\n'))).toBe(DIFFERENCES_COLUMNS.join(','));
    expect(once.stdout).toBe(readFileSync(join(folder, 'a', 'compare.json'), 'utf8'));
    expect(JSON.parse(once.stdout)).toMatchObject({
      schemaVersion: 1,
      kind: 'compare',
      baseline: 'nodes.manager.count=1',
      runs: 16,
      words: [{ variant: 'nodes.manager.count=3', word: 'better' }],
    });
    // Shared faults leave less than the sum of both variances.
    const [headline] = JSON.parse(once.stdout).differences;
    expect(headline.varianceRatio).toBeLessThan(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test.each([
  [['compare', 'quorum-3-members'], /nothing to compare with/],
  [['compare', 'quorum-3-members', 'quorum-3-members'], /quorum-3-members is given twice/],
  [
    ['compare', 'quorum-3-members', 'quorum-5-members', '--baseline', 'nix'],
    /variants are quorum-3-members, quorum-5-members/,
  ],
])('%j is refused', async (words, message) => {
  const { code, stderr, stdout } = await zonefall([...words, '--no-out']);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toMatch(message);
});

const SCRIPT = (duration: string, timeline = '{ at: 1m, power-loss: [manager-1, manager-2], for: 2m }') =>
  `version: 1
title: Two managers go dark
topology: { dc: { zones: [a, b, c] } }
nodes: { manager: { count: 3 } }
systems: { etcd: { members: manager, profile: etcd-3.5 } }
timeline: [${timeline}]
run: { duration: ${duration} }
`;

async function compareFiles(texts: readonly string[], ...words: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'zonefall-compare-'));
  try {
    const files = texts.map((text, i) => {
      const file = join(folder, `${'abc'[i]}.yaml`);
      writeFileSync(file, text);
      return file;
    });
    const out = join(folder, 'out');
    const found = await zonefall(['compare', ...files, '--runs', '8', '--out', out, ...words]);
    const text = (name: string) => {
      const path = join(out, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    return {
      ...found,
      csv: text('differences.csv'),
      json: text('compare.json'),
      svg: text('differences.svg'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('a script is not stretched to the length of another run: table, verdict, files and picture agree', async () => {
  const { code, stdout, csv, json, svg } = await compareFiles([SCRIPT('1h'), SCRIPT('10m')]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^THE SAME /);
  expect(stdout).toMatch(/^down over the whole script; /m);
  expect(stdout).toMatch(/^etcd writes +1 min 5\d s +1 min 5\d s +0 +the same$/m);
  expect(stdout).toMatch(/^ {2}exact +2 min +2 min +0 +\(the runs agree\)$/m);
  const said = 'The scripts differ: a lasts 1 h; b lasts 10 min.';
  expect(stdout.replace(/\s+/g, ' ')).toContain(`${said} Compared is the time down over each whole script`);
  // Of a longer run the same fault is a smaller share: none is told.
  expect(stdout).not.toMatch(/available:|a run of|a year/);
  expect(csv).toMatch(/^b,a,etcd,write,home,unavailable-time,ms,yes,11\d{4}[.\d]*,11\d{4}[.\d]*,0,/m);
  expect(JSON.parse(json)).toMatchObject({
    comparedBy: { kind: 'script' },
    scriptsDiffer: expect.stringContaining(said),
    words: [{ word: 'the same' }],
  });
  expect(svg).toContain('downtime over the whole script');
  expect(svg.replace(/<[^>]*>|\s+/g, ' ').replace(/\s+/g, ' ')).toContain('The scripts differ');
}, 60_000);

test('scripts of one length with other faults are compared by the run, and it is said that they differ', async () => {
  const more = '{ at: 1m, power-loss: [manager-1, manager-2], for: 1m, repeat: { every: 2m, times: 3 } }';
  const { stdout, json } = await compareFiles([SCRIPT('10m'), SCRIPT('10m', more)]);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    'The scripts differ: a has 1 fault; b has 3 faults. Compared is',
  );
  expect(stdout).toMatch(/^down in a run of 10 min; /m);
  expect(JSON.parse(json)).toMatchObject({ comparedBy: { kind: 'run', durationUs: 600_000_000 } });
  const later = SCRIPT('10m').replace('at: 1m', 'at: 3m');
  const moved = await compareFiles([SCRIPT('10m'), later]);
  expect(moved.stdout.replace(/\s+/g, ' ')).toContain('The scripts differ, in when or how the faults of');
  const alike = await compareFiles([SCRIPT('10m'), SCRIPT('10m').replace('count: 3', 'count: 5')]);
  expect(alike.stdout).not.toContain('differ:');
  expect(JSON.parse(alike.json).scriptsDiffer).toBeNull();
}, 60_000);

test('a script with chance besides, in runs of different length, is refused with what to do; alike it is compared', async () => {
  const faults = 'faults: [{ every: exponential(mean 5m), power-loss: manager-3, for: 5s }]\nrun:';
  const both = ['10m', '1h30m'].map((duration) => SCRIPT(duration).replace('run:', faults));
  const { code, stdout, stderr } = await compareFiles(both);
  expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
  expect(stderr).toContain('(a: 10 min, b: 1 h 30 min)');
  expect(stderr).toContain('Make them alike: --set run.duration=1h30m');
  const alike = await compareFiles(both, '--set', 'run.duration=10m');
  expect(alike.stdout).toMatch(/^down in a run of 10 min; /m);
  const varied = await zonefall(['compare', '-', '--no-out', '--vary', 'run.duration=10m,20m'], {
    stdin: both[0]!,
  });
  expect(varied.code).toBe(64);
  expect(varied.stderr).toContain('Leave run.duration out of what is varied');
}, 60_000);
