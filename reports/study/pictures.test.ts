import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../sim/experiments/cells.ts';
import type { SweepFindings, VariantFindings } from '../../sim/experiments/findings.ts';
import { MADE_UP_ROWS, madeUp, smallVariant } from '../../sim/experiments/testing.ts';
import { SECOND, YEAR } from '../../sim/kernel/time.ts';
import { sweepPictures } from './pictures.ts';

/** Its objective is `etcd write availability from dc/a >= 50%`: the second row. */
function foundOf(name: string, downS: readonly number[]): VariantFindings {
  return {
    variant: smallVariant(name, ['run.duration=1000s']),
    rows: MADE_UP_ROWS,
    outcomes: downS.map((each, k) => madeUp(0, k, each * SECOND, { secondUs: each * 2 * SECOND })),
    objectives: [],
    verdict: 'pass',
    idleFaults: [],
    exact: new Map(),
  };
}

function picturesOf(variants: readonly VariantFindings[], precision: number | null = null) {
  const findings: SweepFindings = { variants, verdict: 'pass', confidence: 0.95 };
  const cells = variants.flatMap((each) => cellsOf(each));
  return sweepPictures(findings, cells, { title: 'Small', seed: 7, request: { precision } });
}

const DOWN = Array.from({ length: 40 }, (_, k) => k % 8);

describe('the pictures of a sweep', () => {
  it('show the operation and vantage of the objective, against its limit', () => {
    const { distribution, nines } = picturesOf([foundOf('a', DOWN), foundOf('b', [0, 0, 0])]);
    const [system] = distribution.systems;
    expect(system!.name).toBe('etcd writes from dc/a');
    expect(system!.limit).toBe(0.5);
    expect(system!.rows.map(({ variant }) => variant)).toEqual(['a', 'b']);
    expect(system!.rows[0]!.downUs.slice(0, 3)).toEqual([0, 2 * SECOND, 4 * SECOND]);
    const [row, never] = nines.systems[0]!.rows;
    expect(row!.estimate.value).toBeCloseTo((3.5 * 2) / 1000);
    expect(row!.estimate.n).toBe(40);
    expect(row!.verdict).toBe('pass');
    expect(never!.estimate.value).toBe(0);
    // Three runs without a failure say little: at most 63 %.
    expect(never!.verdict).toBe('inconclusive');
  });

  it('fail what is certainly beyond the limit', () => {
    const { nines } = picturesOf([
      foundOf(
        'a',
        Array.from({ length: 20 }, () => 400),
      ),
    ]);
    expect(nines.systems[0]!.rows[0]!.verdict).toBe('fail');
  });

  it('tell a script by its run and not by the year', () => {
    const { nines } = picturesOf([foundOf('a', DOWN)]);
    expect(nines.unit.us).toBe(1000 * SECOND);
    expect(nines.unit.words).toBe('in a run of 16 min 40 s');
    const life = foundOf('a', DOWN);
    const { scenario } = life.variant;
    const ordinary = {
      ...life,
      variant: { ...life.variant, scenario: { ...scenario, faults: scenario.faults.slice(1) } },
    };
    expect(picturesOf([ordinary]).nines.unit.us).toBe(YEAR);
  });

  it('tell scripts of different length by their own runs, and have no time for both', () => {
    const short = foundOf('a', [100, 100]);
    const script = (found: VariantFindings, seconds: number, byChance: boolean): VariantFindings => {
      const { scenario } = found.variant;
      const faults = scenario.faults.filter(({ start }) => byChance || start.kind === 'at');
      const run = { ...scenario.run, durationUs: seconds * SECOND };
      return {
        ...found,
        variant: { ...found.variant, scenario: { ...scenario, faults, run } },
        rows: { ...found.rows, durationUs: run.durationUs },
      };
    };
    const long = { ...short, variant: { ...short.variant, name: 'b' } };
    const pictures = picturesOf([script(short, 1000, false), script(long, 4000, false)]);
    expect(pictures.nines.unit).toEqual({ us: null, words: 'over the whole script' });
    expect(pictures.nines.systems[0]!.rows.map(({ durationUs }) => durationUs / SECOND)).toEqual([
      1000, 4000,
    ]);
    const mixed = picturesOf([script(short, 1000, true), script(long, 4000, true)]);
    expect(mixed.causes!.unit).toEqual({ us: null, words: 'in its own run' });
  });

  it('draw each estimate from the first runs to all of them', () => {
    const { convergence } = picturesOf([foundOf('a', DOWN)], 0.05);
    const [series] = convergence.series;
    const runs = series!.steps.map(({ n }) => n);
    expect(runs[0]).toBe(2);
    expect(runs.at(-1)).toBe(40);
    expect(runs).toEqual(runs.toSorted((a, b) => a - b));
    expect(series!.steps.at(-1)!.value).toBeCloseTo(0.007);
    expect(series).toMatchObject({ precision: 0.05, limit: 0.5, system: 'etcd writes from dc/a' });
  });

  it('share the downtime out by cause, and have no such picture without any', () => {
    expect(picturesOf([foundOf('a', DOWN)]).causes!.systems[0]!.rows[0]!.causes).toEqual([
      ['kill any manager', 1],
    ]);
    expect(picturesOf([foundOf('a', [0, 0])]).causes).toBeNull();
  });

  it('leave out variants without a run, and say what they rest on', () => {
    const { nines } = picturesOf([foundOf('a', DOWN), foundOf('b', DOWN.slice(0, 12)), foundOf('c', [])]);
    expect(nines.systems[0]!.rows.map(({ variant }) => variant)).toEqual(['a', 'b']);
    expect(nines.basis).toBe('0 to 40 runs of 16 min 40 s for each variant, seed 7');
  });

  it('take exact answers from the cells', () => {
    const found = foundOf('a', DOWN);
    const cells = cellsOf(found).map((cell) =>
      cell.metric === 'unavailability' && cell.vantage === 'dc/a'
        ? { ...cell, exact: 0.006, exactRange: [0.006, 0.008] as const }
        : cell,
    );
    const findings: SweepFindings = { variants: [found], verdict: 'pass', confidence: 0.95 };
    const about = { title: 'Small', seed: 7, request: { precision: null } };
    const pictures = sweepPictures(findings, cells, about);
    const [row] = pictures.nines.systems[0]!.rows;
    expect(row).toMatchObject({ exact: 0.006, exactRange: [0.006, 0.008], agrees: true });
    expect(pictures.convergence.series[0]!.missed).toBe(false);
  });

  it('have met what is there where only patience keeps them below the exact answer', () => {
    const found = foundOf('a', DOWN);
    const missedWith = (least: number) => {
      const cells = cellsOf(found).map((cell) =>
        cell.metric === 'unavailability'
          ? { ...cell, exact: 0.02, exactRange: [least, 0.03] as const }
          : cell,
      );
      const findings: SweepFindings = { variants: [found], verdict: 'pass', confidence: 0.95 };
      const about = { title: 'Small', seed: 7, request: { precision: null } };
      return sweepPictures(findings, cells, about).convergence.series[0]!.missed;
    };
    expect(missedWith(0.006)).toBe(false);
    expect(missedWith(0.02)).toBe(true);
  });
});
