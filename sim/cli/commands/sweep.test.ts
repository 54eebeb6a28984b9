import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StudyDocument, StudyManifest } from '../../../reports/study/index.ts';
import { CELLS_COLUMNS, RUNS_COLUMNS } from '../../../reports/study/index.ts';
import { SMALL_TEXT } from '../../experiments/testing.ts';
import { type Outcome, zonefall } from '../testing.ts';

const root = mkdtempSync(join(tmpdir(), 'zonefall-sweep-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'each-')), 'out');
});

const sweep = (words: readonly string[], more: Parameters<typeof zonefall>[1] = {}): Promise<Outcome> =>
  zonefall(['sweep', '-', '--workers', '1', ...words], { stdin: SMALL_TEXT, ...more });
const manifest = (): StudyManifest => JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));
const rowsOf = (file: string): Record<string, string>[] => {
  const [header, ...lines] = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i]!, cell])));
};
/** Calls back once so many runs are in the folder's journal. */
function afterRuns(count: number, callback: () => void): void {
  const look = () => {
    const journal = join(folder, 'journal.jsonl');
    const lines = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 2 : 0;
    if (lines >= count) callback();
    else setTimeout(look, 20);
  };
  look();
}
/** The words of a command as a shell takes them apart. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!).slice(1);

describe('a sweep', () => {
  test('prints verdict, availability, failovers and the runs to look at, and writes its files', async () => {
    const { code, stdout, stderr } = await sweep(['--runs', '8', '--out', folder], { columns: 80 });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^PASS {2}Small\n8 runs of 2 min, seed 1, intervals at 95 %\n/);
    expect(stdout).toMatch(
      /PASS {2}etcd write availability from dc\/a >= 50%\n.*mean of 8 runs, etcd from dc\/a/,
    );
    expect(stdout).toMatch(/etcd writes +dc\/b +\d\d\.\d+ % \[/);
    expect(stdout).toMatch(/\n {2}etcd +\d.*\d m?s \[/);
    expect(stdout).toMatch(/downtime goes back to: .*(zone-outage dc\/b|kill any manager) \d+ %/);
    expect(stdout).toMatch(/worst +.* down {2}zonefall run - --seed 1\/\d/);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).toMatch(
      /8 runs in .* each\n7 files in .*: study.json, cells.csv, runs.csv, distribution.svg, nines.svg, convergence.svg, causes.svg\n$/,
    );
    expect(readdirSync(folder).sort()).toEqual([
      'causes.svg',
      'cells.csv',
      'convergence.svg',
      'distribution.svg',
      'journal.jsonl',
      'nines.svg',
      'runs.csv',
      'study.json',
    ]);
  });

  test('has one row for each run and system, and one cell for each variant and metric', async () => {
    await sweep(['--runs', '3', '--vary', 'nodes.manager.count=3,5', '--out', folder]);
    const runs = rowsOf('runs.csv');
    expect(Object.keys(runs[0]!)).toEqual([...RUNS_COLUMNS]);
    expect(runs.map(({ variant, run, seed, system }) => [variant, run, seed, system])).toEqual(
      ['3', '5'].flatMap((count) =>
        ['0', '1', '2'].map((k) => [`nodes.manager.count=${count}`, k, `1/${k}`, 'etcd']),
      ),
    );
    expect(runs[0]).toMatchObject({ operation: 'write', vantage: 'dc/a' });
    const cells = rowsOf('cells.csv');
    expect(Object.keys(cells[0]!)).toEqual([...CELLS_COLUMNS]);
    const keys = cells.map((cell) =>
      [cell.variant, cell.system, cell.operation, cell.vantage, cell.metric].join(),
    );
    expect(new Set(keys).size).toBe(keys.length);
    const mean = (variant: string) =>
      runs.filter((run) => run.variant === variant).reduce((sum, run) => sum + Number(run.downtime_ms), 0) /
      3;
    for (const variant of new Set(runs.map((run) => run.variant!))) {
      const cell = cells.find(
        (each) =>
          each.variant === variant &&
          each.operation === 'write' &&
          each.vantage === 'dc/a' &&
          each.metric === 'downtime_ms',
      )!;
      expect(Number(cell.estimate)).toBeCloseTo(mean(variant), 3);
    }
  });

  test('run k alone has the same figures: the commands for worst, median and best', async () => {
    const file = join(root, 'small.yaml');
    writeFileSync(file, SMALL_TEXT);
    await zonefall([
      'sweep',
      file,
      '--workers',
      '1',
      '--runs',
      '6',
      '--seed',
      'tuesday',
      '--out',
      folder,
      '--vary',
      'nodes.manager.count=3,5',
      '--set',
      'title=Two words',
    ]);
    const runs = rowsOf('runs.csv');
    for (const { name, notable } of manifest().variants) {
      for (const { run, seed, command } of Object.values(notable!)) {
        const alone = await zonefall([...wordsOf(command), '--json', '--no-out']);
        const document = JSON.parse(alone.stdout);
        expect(document.seed).toBe(seed);
        expect(document.scenario.title).toBe('Two words');
        const kept = runs.find((row) => row.variant === name && row.run === String(run))!;
        const row = document.summary.find(
          (each: { operation: string; vantage: string }) =>
            each.operation === kept.operation && each.vantage === kept.vantage,
        );
        expect(row.downtimeUs / 1000).toBeCloseTo(Number(kept.downtime_ms), 3);
        expect(row.waitingUs / 1000).toBeCloseTo(Number(kept.waiting_ms), 3);
        expect(row.outages).toBe(Number(kept.outages));
        expect(document.failovers).toHaveLength(Number(kept.failovers));
        expect(document.systems[0].campaigns).toBe(Number(kept.campaigns));
      }
    }
  });

  test('the same command writes the same bytes', async () => {
    const files = async () => {
      await sweep(['--runs', '4', '--out', folder]);
      return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    };
    const first = await files();
    rmSync(folder, { recursive: true });
    expect(await files()).toEqual(first);
  });

  test('--json prints one document and nothing else, and --no-out writes nothing', async () => {
    const { stdout, stderr } = await sweep(['--runs', '2', '--json', '--no-out', '--quiet']);
    expect(stderr).toBe('');
    const document: StudyDocument = JSON.parse(stdout);
    expect(document).toMatchObject({
      schemaVersion: 1,
      kind: 'sweep',
      seed: 1,
      confidence: 0.95,
      stopped: 'runs',
      verdict: 'inconclusive',
      request: { scenario: '-', runs: 2, precision: null },
    });
    expect(document.variants[0]!.scenarioHash).toMatch(/^sha256:/);
    expect(document.cells.find(({ metric }) => metric === 'unavailability')).toMatchObject({
      n: 2,
      exact: null,
    });
  });
});

describe('the exit code is the verdict', () => {
  const SURE = 'objectives=[etcd write availability from dc/a >= ';
  test.each([
    ['50%', 0, 'PASS'],
    ['99.9999%', 1, 'FAIL'],
  ])('%s', async (limit, code, word) => {
    const outcome = await sweep(['--runs', '8', '--no-out', '--set', `${SURE}${limit}]`]);
    expect([outcome.code, outcome.stdout.split(' ', 1)[0]]).toEqual([code, word]);
  });

  test('two runs leave an extreme open', async () => {
    const outcome = await sweep(['--runs', '2', '--no-out', '--set', 'objectives=[etcd failover max <= 1h]']);
    expect([outcome.code, outcome.stdout.split(' ', 1)[0]]).toEqual([2, 'INCONCLUSIVE']);
  });

  test('a fault that never strikes answers nothing', async () => {
    const idle = 'timeline[1]={ at: 40s, zone-outage: dc/b, for: 1s }';
    const outcome = await sweep(['--runs', '2', '--no-out', '--set', idle]);
    expect(outcome.code).toBe(2);
    expect(outcome.stdout).toContain('the fault timeline[1] had no effect in any run');
  });
});

describe('stopping', () => {
  test('at the precision, or when all is certain, at a fixed number of runs', async () => {
    await sweep(['--precision', '5%', '--out', folder]);
    expect(manifest()).toMatchObject({ stopped: 'precision', variants: [{ runs: 32 }] });
  });

  test('the study says how many runs, and options win over it', async () => {
    const stdin = `${SMALL_TEXT}study: { runs: 3, precision: 50% }\n`;
    await sweep(['--out', folder], { stdin });
    expect(manifest()).toMatchObject({ stopped: 'imprecise', request: { runs: 3, precision: 0.5 } });
    await sweep(['--out', folder, '--runs', '2'], { stdin });
    expect(manifest()).toMatchObject({ stopped: 'runs', request: { runs: 2, precision: null } });
  });

  test('by a budget leaves what is done', async () => {
    const { code, stdout } = await sweep(['--runs', '100000', '--budget', '1s', '--out', folder]);
    expect(code).toBe({ pass: 0, fail: 1, inconclusive: 2 }[manifest().verdict]);
    expect(stdout).toContain('stopped: the budget is spent');
    const { stopped, variants } = manifest();
    expect(stopped).toBe('budget');
    expect(rowsOf('runs.csv')).toHaveLength(variants[0]!.runs);
  });

  test('by Ctrl-C writes what is done, verdict inconclusive, exit 130', async () => {
    const outcome = await sweep(['--runs', '100000', '--out', folder], {
      listening: (interrupt, before) => before === 0 && afterRuns(3, interrupt),
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toMatch(/^INCONCLUSIVE/);
    expect(outcome.stderr).toMatch(/zonefall: interrupted after \d+ runs?; what is done is in /);
    expect(manifest()).toMatchObject({ stopped: 'interrupted', verdict: 'inconclusive' });
    expect(rowsOf('runs.csv')).toHaveLength(manifest().variants[0]!.runs);
  });

  test('by a second Ctrl-C, before there is an answer, keeps the runs', async () => {
    const outcome = await sweep(['--runs', '100000', '--out', folder], {
      listening: (interrupt) => afterRuns(3, interrupt),
    });
    expect(outcome).toMatchObject({ code: 130, stdout: '' });
    expect(outcome.stderr).toMatch(
      /zonefall: interrupted before there was an answer; \d+ runs are kept in .*, and the same command goes on from there\n$/,
    );
  });

  test('by Ctrl-C before the first run leaves the folder alone', async () => {
    const outcome = await sweep(['--out', folder], { listening: (interrupt) => interrupt() });
    expect(outcome.code).toBe(130);
    expect(outcome.stderr).toContain('interrupted after 0 runs; nothing was written');
    expect(() => readdirSync(folder)).toThrow();
  });
});

test('without objectives there is no verdict to tell, and none is', async () => {
  const text = `${SMALL_TEXT}study: { vary: { nodes.manager.count: [3, 5] } }\n`;
  const more = ['--runs', '2', '--no-out', '--set', 'objectives=[]'];
  const { code, stdout } = await sweep(more, { stdin: text });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Small: no objectives are stated, so no verdict\n/);
  expect(stdout).toMatch(/^ {2}nodes\.manager\.count=3 +- /m);
  expect(stdout).not.toContain('PASS');
});

describe('progress', () => {
  /** A clock that runs away, so that what is told after seconds is told at once. */
  const hurried = async (words: readonly string[], more: Parameters<typeof zonefall>[1]) => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 3_000));
    try {
      return await sweep(words, more);
    } finally {
      clock.mockRestore();
    }
  };

  test('off a terminal is a line now and then: runs, the figure, how well it is known, time left', async () => {
    const { stderr } = await hurried(['--runs', '6', '--no-out'], {});
    expect(stderr).toMatch(
      /^\d\/6 runs, etcd write availability from dc\/a \d\d\.\d+ % \(its unavailability known to ±\d+(\.\d+)? %\), .* left$/m,
    );
    expect(stderr).not.toContain('\x1b');
  });

  test('with a precision names the goal', async () => {
    const { stderr } = await hurried(['--precision', '30%', '--runs', '40', '--no-out'], {});
    expect(stderr).toMatch(/^\d+ runs, .* \(its unavailability known to ±.* %, goal ±30 %\)/m);
  });

  test('on a terminal is a bar that goes away', async () => {
    const { stderr, stdout } = await hurried(['--runs', '6', '--no-out'], { isTTY: true, columns: 100 });
    expect(stderr).toMatch(/\[=* +\] \d\/6 runs/);
    expect(stdout).toMatch(/PASS/);
    expect((await hurried(['--runs', '3', '--no-out', '--quiet'], { isTTY: true })).stderr).toBe('');
  });
});

test.each([
  [['--runs', '0'], /--runs is a whole number from 1 to 1000000, not "0"/],
  [['--runs', 'many'], /--runs is a whole number/],
  [['--precision', '5'], /--precision/],
  [['--precision', '0'], /--precision is a share between 0 and 1/],
  [['--budget', '60'], /--budget 60: a duration needs a unit/],
  [['--budget', '0s'], /--budget must be longer than zero/],
  [['--rnus', '3'], /unknown argument rnus \(did you mean --runs\?\)/],
])('%j is refused', async (words, message) => {
  const { code, stderr, stdout } = await sweep(words);
  expect(code).toBe(64);
  expect(stdout).toBe('');
  expect(stderr).toMatch(message);
});

test('mistakes in the study and in --vary are told with their place', async () => {
  const inFile = await sweep([], { stdin: `${SMALL_TEXT}study: { vary: { nodes.manager.cuont: [3] } }\n` });
  expect(inFile.code).toBe(65);
  expect(inFile.stderr).toMatch(/^<stdin>:\d+:\d+: nodes\.manager\.cuont: .*did you mean "count"/);
  const onLine = await sweep(['--vary', 'nodes.manager.count=3,none']);
  expect(onLine.code).toBe(64);
  expect(onLine.stderr).toMatch(
    /^--vary nodes\.manager\.count=none: nodes\.manager\.count: expected a whole number/,
  );
});
