import { describe, expect, test } from 'vitest';
import { cellsOf } from '../../sim/experiments/cells.ts';
import { exactKey } from '../../sim/experiments/exact-figures.ts';
import { findingsOf, type SweepFindings } from '../../sim/experiments/findings.ts';
import type { RunOutcome } from '../../sim/experiments/outcome.ts';
import type { StopReason } from '../../sim/experiments/stopping.ts';
import { MADE_UP_ROWS, madeUp, smallVariant } from '../../sim/experiments/testing.ts';
import { SECOND } from '../../sim/kernel/time.ts';
import {
  cellsCsv,
  runsCsv,
  type StudyManifest,
  studyDocument,
  studyManifest,
  sweepSummary,
} from './index.ts';
import { studyDocumentSchema, studyManifestSchema } from './schema.ts';

const variant = smallVariant('small', ['run.duration=1000s']);

function found(outcomes: readonly RunOutcome[], names = ['small'], stopped: StopReason = 'runs') {
  const findings = findingsOf({
    study: { variants: names.map((name) => ({ ...variant, name })), seed: 'a seed' },
    rows: names.map(() => MADE_UP_ROWS),
    outcomes: names.map(() => outcomes),
    stopped,
  });
  return { findings, manifest: manifestOf(findings, stopped) };
}

function manifestOf(findings: SweepFindings, stopped: StopReason): StudyManifest {
  const request = {
    scenario: 'small.yaml',
    set: [],
    vary: [],
    seed: 'a seed',
    stopping: { runs: 20, precision: null, budgetMs: null },
    settings: findings.variants.map(() => []),
  };
  return studyManifest(
    findings,
    stopped,
    request,
    '1.2.3',
    (_, run) => `zonefall run small.yaml --seed 'a seed/${run}'`,
  );
}

const good = Array.from({ length: 20 }, (_, k) => madeUp(0, k, (9 + (k % 3)) * SECOND));
const never = good.map(({ run }) => madeUp(0, run, 0));
const plain = { color: false, columns: 80 };
/** The same, where the exact answer to each unavailability is this one. */
const summaryBeside = (outcomes: readonly RunOutcome[], names: string[], exact: number) => {
  const { findings, manifest } = found(outcomes, names);
  const cells = findings.variants
    .flatMap((each) => cellsOf(each))
    .map((cell) =>
      cell.metric === 'unavailability' ? { ...cell, exact, exactRange: [exact, exact] as const } : cell,
    );
  return sweepSummary(findings, manifest, plain, cells);
};
const summary = (outcomes: readonly RunOutcome[], names?: string[], stopped?: StopReason) => {
  const { findings, manifest } = found(outcomes, names, stopped);
  return sweepSummary(
    findings,
    manifest,
    plain,
    findings.variants.flatMap((each) => cellsOf(each)),
  );
};

describe('documents', () => {
  test.each([
    ['with downtime', good],
    ['without', never],
    ['without a run', []],
  ])('%s have the shape that the schemas state', (_, outcomes) => {
    const { findings, manifest } = found(outcomes);
    const cells = findings.variants.flatMap((each) => cellsOf(each));
    expect(studyManifestSchema.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
    const document = studyDocument(manifest, cells);
    expect(studyDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(document.cells).toHaveLength(cells.length);
  });

  test('name the runs to look at, with their seeds', () => {
    const { manifest } = found(good);
    expect(manifest.variants[0]!.notable!.worst).toEqual({
      run: 2,
      seed: 'a seed/2',
      command: "zonefall run small.yaml --seed 'a seed/2'",
    });
    expect(found([]).manifest.variants[0]!.notable).toBeNull();
  });
});

test('variants stand beside their exact answers, and rarer failures than the runs met are to be believed', () => {
  const { findings, manifest } = found(good, ['a', 'b']);
  const figure = { system: 'etcd', operation: 'write', vantage: 'dc/a', metric: 'downtime_ms' };
  const withExact = (ms: number) =>
    sweepSummary(
      findings,
      manifest,
      plain,
      findings.variants.flatMap((each) =>
        cellsOf({ ...each, exact: new Map([[exactKey(figure), { value: ms, least: ms, most: ms }]]) }),
      ),
    );
  // Both by the run, for a script is played in it.
  expect(withExact(50_000)).toMatch(/^ {2}a .* 9\.9 s\/run {2,}50 s\/run$/m);
  expect(withExact(50_000)).toContain('have not met the rare');
  expect(withExact(10_000)).not.toContain('have not met');
});

test('one unit for a whole table: chance beside a script is told by the run as well', () => {
  const life = {
    ...variant,
    scenario: {
      ...variant.scenario,
      faults: variant.scenario.faults.filter(({ start }) => start.kind !== 'at'),
    },
  };
  const told = (variants: readonly (typeof variant)[]) => {
    const findings = findingsOf({
      study: { variants: variants.map((each, i) => ({ ...each, name: 'ab'[i]! })), seed: 'a seed' },
      rows: variants.map(() => MADE_UP_ROWS),
      outcomes: variants.map(() => good),
      stopped: 'runs',
    });
    const figure = { system: 'etcd', operation: 'write', vantage: 'dc/a', metric: 'downtime_ms' };
    const exact = new Map([[exactKey(figure), { value: 50_000, least: 50_000, most: 50_000 }]]);
    const cells = findings.variants.flatMap((each) => cellsOf({ ...each, exact }));
    return sweepSummary(findings, manifestOf(findings, 'runs'), plain, cells);
  };
  expect(told([life, life])).toMatch(/^ {2}a .* 3 d 15 h\/year {2,}18 d 6 h\/year$/m);
  expect(told([life, life])).toContain('down a year');
  expect(told([life, variant])).toMatch(/^ {2}a .* 9\.9 s\/run {2,}50 s\/run$/m);
  expect(told([life, variant])).not.toContain('year');
});

describe('tables', () => {
  test('bounds that the runs do not give are empty, names are no formulas', async () => {
    const { findings } = found(never.slice(0, 1), ['=cmd()']);
    const text = await cellsCsv(findings.variants.flatMap((each) => cellsOf(each)));
    expect(text).toMatch(/^'=cmd\(\),etcd,write,dc,outage_p50_ms,,,,0,none,,$/m);
    expect(text).not.toMatch(/NaN|Infinity/);
    expect(await runsCsv(findings, 7)).toMatch(/^'=cmd\(\),0,7\/0,etcd,write,dc\/a,1\.000000000000,0\.000,/m);
  });

  test('an exact answer stands beside, with whether it agrees', async () => {
    const { findings } = found(good);
    const about = { system: 'etcd', operation: 'write', vantage: 'dc', metric: 'unavailability' };
    const exact = new Map([[exactKey(about), { value: 0.01, least: 0.009, most: 0.011 }]]);
    const text = await cellsCsv(cellsOf({ ...findings.variants[0]!, exact }));
    expect(text).toMatch(
      /^small,etcd,write,dc,unavailability,0\.00\d+,0\.\d+,0\.\d+,20,student-t,0\.01,yes$/m,
    );
  });
});

describe('the summary', () => {
  test('fits 80 columns but for commands, and has no colour unless asked for', () => {
    const text = summary(good, ['a variant with a name that is much too long for the table it is in', 'b']);
    const wide = text.split('\n').filter((line) => line.length > 80 && !line.includes('zonefall run'));
    expect(wide).toEqual([]);
    expect(text).not.toContain('\x1b');
    const { findings, manifest } = found(good);
    expect(sweepSummary(findings, manifest, { color: true, columns: 80 })).toContain('\x1b[');
  });

  test('bounds what never happened instead of claiming 100 %', () => {
    const text = summary(never);
    expect(text).toContain('at least 86.08 %: nothing failed in 20 runs');
    expect(text).toMatch(/etcd writes +dc +>= 86\.08 % +none +<= /);
    expect(text).not.toMatch(/(?<!\.\d*)\b100 %/);
    expect(text).toContain('every run is alike: zonefall run');
  });

  test('has a column for limited service where some run has any', () => {
    expect(summary(good, ['a', 'b'])).not.toMatch(/\blimited\b/);
    const text = summary(
      good.map((each) => ({
        ...each,
        operations: each.operations.map((one, i) => (i === 0 ? { ...one, degradedUs: 30 * SECOND } : one)),
      })),
      ['a', 'b'],
    );
    expect(text.match(/^ .* down a \w+ +limited +outages$/gm)).toHaveLength(2);
    expect(text).toMatch(/^ {2}variant +verdict +available +down/m);
  });

  test('a question mark is explained where it stands, and what runs met is not all there is', () => {
    expect(summary(good)).toContain('? is a bound that these runs do not give.');
    const { findings, manifest } = found(good);
    const exact = new Map(
      MADE_UP_ROWS.operations.map((row) => [
        exactKey({ ...row, metric: 'unavailability' }),
        { value: 0.5, least: 0.5, most: 0.5 },
      ]),
    );
    const cells = findings.variants.flatMap((each) => cellsOf({ ...each, exact }));
    const text = sweepSummary(findings, manifest, plain, cells).replace(/\s+/g, ' ');
    expect(text).toMatch(
      /downtime that these runs met goes back to: .*; by the exact answer a rarer failure counts more/,
    );
  });

  test('says why it stopped, and that there is nothing', () => {
    expect(summary(good, ['small'], 'budget')).toMatch(/; stopped: the budget is\s+spent/);
    expect(summary(good, ['small'], 'imprecise')).toMatch(/the precision was\s+not\s+reached/);
    const none = summary([], ['small'], 'interrupted');
    expect(none).toMatch(/^INCONCLUSIVE/);
    expect(none).toContain('not one run was done');
  });

  test('tells a dozen variants, and where the others are', () => {
    const text = summary(
      good,
      Array.from({ length: 15 }, (_, i) => `v${i}`),
    );
    expect(text.match(/^v\d+ {2}PASS$/gm)).toHaveLength(12);
    expect(text).toContain('and 3 more variants (cells.csv has them all)');
  });

  test('names with control characters do no harm', () => {
    expect(summary(good, ['a\x1b[31mb', 'c'])).not.toContain('\x1b');
  });
});

test.each([[['small']], [['small', 'other']]])(
  'where the runs (%j) met less than the exact answer knows of, that stands in place of their nines',
  (names) => {
    expect(summaryBeside(never, names, 1e-6)).toContain('99.999900 % exact, met none');
    expect(summaryBeside(good, names, 0.9)).toContain(' % exact, met less');
    // What they met themselves is told with its interval.
    expect(summaryBeside(good, names, 0.01)).not.toContain('exact, met');
  },
);
