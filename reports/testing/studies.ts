/** Studies made by hand, for the tests of pictures: a realistic one and those that pictures break on. */

import type {
  Estimate,
  Figure,
  ImportanceRow,
  PairedDifference,
  ParetoPoint,
  TornadoEnd,
  TornadoRow,
  Word,
} from '../../sim/experiments/decisions.ts';
import { exp, log } from '../../sim/kernel/portable-math.ts';
import { HOUR, MINUTE, SECOND, YEAR } from '../../sim/kernel/time.ts';
import type { CausesPicture } from '../svg/study/causes.ts';
import { type ConvergencePicture, stepsOf } from '../svg/study/convergence.ts';
import {
  A_YEAR,
  type BySystem,
  type CausesRow,
  type ConvergenceSeries,
  type DowntimeRow,
  type NinesRow,
} from '../svg/study/data.ts';
import type { DifferencesPicture } from '../svg/study/differences.ts';
import type { DistributionPicture } from '../svg/study/distribution.ts';
import type { ImportancePicture } from '../svg/study/importance.ts';
import type { NinesPicture } from '../svg/study/nines.ts';
import type { ParetoPicture } from '../svg/study/pareto.ts';
import type { TornadoPicture } from '../svg/study/tornado.ts';

/** Evenly spread shares in a fixed, mixed order. */
function mixed(n: number, salt: number): number[] {
  return Array.from({ length: n }, (_, i) => ((i * 0.6180339887498949 + salt * 0.37) % 1) * 0.998 + 0.001);
}

/** Logistic in the logarithm: about the shape of a year's downtime. */
function downtimes(n: number, medianUs: number, spread: number, never: number, salt: number): number[] {
  return mixed(n, salt).map((share, i) =>
    (i * 0.7548776662 + salt) % 1 < never
      ? 0
      : Math.round(Math.min(YEAR, medianUs * exp(spread * log(share / (1 - share))))),
  );
}

const BASIS = '400 runs of 1 year for each variant, seed 42';

export function zonesDistribution(): DistributionPicture {
  const variants = ['one zone', 'two zones', 'three zones'];
  const system = (
    name: string,
    limit: number | null,
    medians: readonly number[],
    never: readonly number[],
  ) => ({
    name,
    limit,
    rows: variants.map((variant, v) => ({
      variant,
      downUs: downtimes(400, medians[v]!, 0.55, never[v]!, v + name.length),
      durationUs: YEAR,
    })),
  });
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: [
      system('swarm writes', 1e-4, [3 * HOUR, 1.4 * HOUR, 14 * SECOND], [0.02, 0.1, 0.2]),
      system('etcd writes', 5e-4, [5 * HOUR, 2 * HOUR, 40 * SECOND], [0.02, 0.1, 0.05]),
    ],
  };
}

const LONG = [
  'nodes.manager.count=7,systems.swarm.election-timeout=uniform(10s, 20s),topology.us-west.zones=a+b+c',
  'production-us-west-2-three-zones-with-five-managers-and-a-witness-in-another-region.yaml',
  'a',
  'Ein_sehr_langer_Name_ohne_ein_einziges_Leerzeichen_der_irgendwo_umbrechen_muss_und_nicht_endet_und_nicht_endet_nie',
];

export function longNames(n: number): string[] {
  return Array.from(
    { length: n },
    (_, i) => `${LONG[i % LONG.length]!}${i < LONG.length ? '' : ` #${i + 1}`}`,
  );
}

/** Twelve variants with long names, six systems. */
export function crowdedDistribution(variants = 12, systems = 6): DistributionPicture {
  return {
    title: `Everything <at once> & "more"`,
    unit: A_YEAR,
    basis: '37 to 400 runs of 1 year for each variant, seed 42',
    systems: Array.from(
      { length: systems },
      (_, s): BySystem<DowntimeRow> => ({
        name: `rethink-dtr-eu-central-${s} writes from us-west and scheduling`,
        limit: s % 3 === 2 ? null : s % 3 === 0 ? 1e-3 : 0,
        rows: longNames(variants).map((variant, v) => ({
          variant,
          downUs: downtimes(v === 3 ? 37 : 400, SECOND * 10 ** (v % 5) * (s + 1), 0.3, (v % 4) / 4, v + s),
          durationUs: YEAR,
        })),
      }),
    ),
  };
}

export function zeroDistribution(): DistributionPicture {
  return {
    title: 'Nothing happens',
    unit: A_YEAR,
    basis: '100 runs of 1 year, seed 42',
    systems: ['swarm writes', 'etcd writes'].map((name) => ({
      name,
      limit: 1e-3,
      rows: [{ variant: 'as it stands', downUs: Array.from({ length: 100 }, () => 0), durationUs: YEAR }],
    })),
  };
}

export function oneRunDistribution(): DistributionPicture {
  return {
    title: 'One run',
    unit: A_YEAR,
    basis: '1 run of 10 min, seed 42',
    systems: [
      {
        name: 'etcd writes',
        limit: 0.02,
        rows: [{ variant: 'as it stands', downUs: [6.4 * SECOND], durationUs: 10 * MINUTE }],
      },
    ],
  };
}

/** All runs alike: one pile. */
export function alikeDistribution(): DistributionPicture {
  return {
    title: 'A planned outage of two hours a year',
    unit: A_YEAR,
    basis: '64 runs of 1 year, seed 42',
    systems: [
      {
        name: 'swarm writes',
        limit: null,
        rows: ['now', 'then'].map((variant, v) => ({
          variant,
          downUs: Array.from({ length: 64 }, () => (2 + v) * HOUR),
          durationUs: YEAR,
        })),
      },
    ],
  };
}

function around(value: number, factor: number, n = 400): Estimate {
  return { value, lower: value / factor, upper: value * factor, n };
}

function ninesRow(variant: string, estimate: Estimate, rest: Partial<NinesRow> = {}): NinesRow {
  return { variant, estimate, exact: null, agrees: null, verdict: null, ...rest };
}

const never = (n: number, upper: number): Estimate => ({ value: 0, lower: 0, upper, n });

export function zonesNines(): NinesPicture {
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: [
      {
        name: 'swarm writes',
        limit: 1e-4,
        rows: [
          ninesRow('one zone', around(5.1e-4, 1.25), { verdict: 'fail', exact: 4.9e-4, agrees: true }),
          ninesRow('two zones', around(1.1e-4, 1.4), {
            verdict: 'inconclusive',
            exact: 1.05e-4,
            agrees: true,
          }),
          ninesRow('three zones', around(4.4e-7, 1.9), { verdict: 'pass', exact: 1.6e-6, agrees: false }),
        ],
      },
      {
        name: 'etcd writes',
        limit: 5e-4,
        rows: [
          ninesRow('one zone', around(6.1e-4, 1.1), { verdict: 'fail' }),
          ninesRow('two zones', around(2.1e-4, 1.2), { verdict: 'pass' }),
          ninesRow('three zones', never(400, 2.3e-6), { verdict: 'pass', exact: 3e-8, agrees: true }),
        ],
      },
    ],
  };
}

export function crowdedNines(): NinesPicture {
  const names = longNames(12);
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: '37 to 400 runs of 1 year for each variant, seed 42',
    systems: Array.from({ length: 6 }, (_, s) => ({
      name: `rethink-dtr-eu-central-${s} writes from us-west and scheduling`,
      limit: s % 2 === 0 ? null : 10 ** -(s + 1),
      rows: names.map((variant, v) => {
        const value = 0.2 * 10 ** -((v * 5 + s) % 10);
        const verdict = s % 2 === 0 ? null : value < 10 ** -(s + 1) ? 'pass' : 'fail';
        if (v === 4)
          return ninesRow(variant, {
            value: 0.03,
            lower: Number.NEGATIVE_INFINITY,
            upper: Number.POSITIVE_INFINITY,
            n: 1,
          });
        if (v === 5) return ninesRow(variant, never(1, Number.POSITIVE_INFINITY));
        if (v === 6) return ninesRow(variant, { value, lower: 0, upper: Number.POSITIVE_INFINITY, n: 2 });
        if (v === 7) return ninesRow(variant, { value: 1, lower: 1, upper: 1, n: 64 });
        return ninesRow(variant, around(value, 1 + v), { exact: value / 2, agrees: v % 2 === 0, verdict });
      }),
    })),
  };
}

/** Nine nines beside one. */
export function farApartNines(): NinesPicture {
  return {
    title: 'Nine nines and one',
    unit: A_YEAR,
    basis: BASIS,
    systems: [
      { name: 'swarm writes', limit: null, rows: [ninesRow('file', around(2e-9, 3))] },
      { name: 'etcd writes', limit: 1e-3, rows: [ninesRow('file', around(0.3, 1.2), { verdict: 'fail' })] },
    ],
  };
}

export function zeroNines(): NinesPicture {
  return {
    title: 'Nothing happens',
    unit: A_YEAR,
    basis: '100 runs of 1 year, seed 42',
    systems: ['swarm writes', 'etcd writes'].map((name) => ({
      name,
      limit: null,
      rows: [ninesRow('file', never(100, 0.0296))],
    })),
  };
}

export function oneRunNines(): NinesPicture {
  return {
    title: 'One run',
    unit: A_YEAR,
    basis: '1 run of 10 min, seed 42',
    systems: [
      {
        name: 'etcd writes',
        limit: 0.02,
        rows: [
          ninesRow(
            'file',
            { value: 0.0107, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, n: 1 },
            { verdict: 'inconclusive' },
          ),
        ],
      },
    ],
  };
}

function figureOf(system: string, metric: Figure['metric'] = 'unavailability'): Figure {
  const whole = metric.startsWith('failover');
  return {
    system,
    operation: whole ? '' : 'write',
    vantage: whole ? '' : 'us',
    metric,
    headline: metric === 'unavailability',
  };
}

function difference(
  figure: Figure,
  variant: string,
  word: Word,
  [value, lower, upper]: readonly [number, number, number],
  moreRuns: number | null = null,
): PairedDifference {
  const n = 400;
  return {
    figure,
    variant,
    baseline: 'one zone',
    variantEstimate: { value: 1e-4 + value, lower: 0, upper: 1, n },
    baselineEstimate: { value: 1e-4, lower: 0, upper: 1, n },
    difference: { value, lower, upper, n },
    word,
    moreRuns,
    varianceRatio: 0.4,
  };
}

export function zonesDifferences(): DifferencesPicture {
  const failover = figureOf('swarm', 'failover-p99');
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    differences: [
      difference(figureOf('swarm'), 'two zones', 'better', [-4e-4, -4.6e-4, -3.4e-4]),
      difference(figureOf('swarm'), 'three zones', 'better', [-5.1e-4, -5.9e-4, -4.3e-4]),
      difference(figureOf('etcd'), 'two zones', 'cannot tell yet', [-2e-6, -9e-6, 5e-6], 4300),
      difference(figureOf('etcd'), 'three zones', 'worse', [6e-6, 2e-6, 1e-5]),
      difference(failover, 'two zones', 'the same', [0, 0, 0]),
      difference(failover, 'three zones', 'worse', [1.2e6, 0.4e6, 2e6]),
    ],
  };
}

export function crowdedDifferences(): DifferencesPicture {
  const words: Word[] = ['better', 'worse', 'cannot tell yet', 'the same'];
  const INF = Number.POSITIVE_INFINITY;
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    differences: Array.from({ length: 6 }, (_, s) =>
      longNames(11).map((name, v) => {
        const word = words[(v + s) % 4]!;
        const size = 10 ** -((v % 3) + s);
        const value = { better: -size, worse: size, 'cannot tell yet': size / 9, 'the same': 0 }[word];
        const width = word === 'the same' ? 0 : size / 2;
        const ends: readonly [number, number] =
          v === 6 ? [-INF, INF] : v === 10 ? [value - width, INF] : [value - width, value + width];
        return {
          ...difference(
            figureOf(`rethink-dtr-eu-central-${s}`),
            name,
            word,
            [value, ...ends],
            word === 'cannot tell yet' ? 123_456 : null,
          ),
          baseline: longNames(2)[1]!,
        };
      }),
    ).flat(),
  };
}

export function zeroDifferences(): DifferencesPicture {
  return {
    title: 'Nothing happens',
    unit: A_YEAR,
    basis: '1 run of 1 year, seed 42',
    differences: ['swarm', 'etcd'].map((system) =>
      difference(figureOf(system), 'three zones', 'cannot tell yet', [0, -Infinity, Infinity]),
    ),
  };
}

function option(
  name: string,
  cost: number,
  unavailability: Estimate,
  rest: Partial<ParetoPoint> = {},
): ParetoPoint {
  return {
    name,
    set: [],
    cost,
    exactUnavailability: null,
    worstSystem: 'etcd',
    unavailability,
    failoverUs: around(7 * SECOND, 1.2),
    onFront: false,
    objectives: 'pass',
    chosen: false,
    current: false,
    ...rest,
  };
}

export function zonesPareto(): ParetoPicture {
  const beaten = mixed(40, 3).map((share, i) =>
    option(
      `beaten ${i}`,
      40_000 + Math.round(share * 60) * 1_000,
      around(exp(-9 + ((i * 7) % 11) / 3 - share * 3), 2),
      {
        failoverUs: around(SECOND * (6 + (i % 5)), 1.2),
      },
    ),
  );
  return {
    title: 'Where to put managers and DTR replicas?',
    unit: A_YEAR,
    basis: 'the 46 best options by exact analysis, 400 runs of 1 year each, seed 42',
    why: 'the cheapest that keeps every objective',
    points: [
      ...beaten,
      option('manager 1+1+1, dtr 1+1+1', 36_000, around(2.1e-4, 1.3), {
        onFront: true,
        objectives: 'fail',
        failoverUs: around(8.2 * SECOND, 1.1),
      }),
      option('manager 2+2+1, dtr 1+1+1', 48_000, around(2.2e-5, 1.4), {
        onFront: true,
        chosen: true,
        failoverUs: around(6.8 * SECOND, 1.1),
      }),
      option('manager 2+2+1, dtr 2+2+1', 64_000, around(1.1e-5, 1.5), {
        onFront: true,
        objectives: 'inconclusive',
        failoverUs: around(6.6 * SECOND, 1.1),
      }),
      option('manager 3+2+2, dtr 2+2+1', 88_000, around(1.05e-5, 1.5), {
        onFront: true,
        failoverUs: around(6.2 * SECOND, 1.1),
      }),
      option('manager 3+2+2, dtr 3+2+2', 104_000, never(400, 4e-7), {
        onFront: true,
        failoverUs: around(6 * SECOND, 1.1),
      }),
      option('the file as it stands', 52_000, around(9e-4, 1.2), {
        current: true,
        failoverUs: around(12 * SECOND, 1.1),
      }),
    ],
  };
}

export function crowdedPareto(): ParetoPicture {
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    why: '',
    points: longNames(40).map((name, i) =>
      option(
        name,
        i < 12 ? 1_000_000 : 1_000_000 + i * 3,
        i % 9 === 0 ? never(1, Number.POSITIVE_INFINITY) : around(10 ** -(1 + (i % 4)), 3),
        {
          onFront: i % 3 !== 1,
          chosen: i === 3,
          objectives: (['pass', 'fail', 'inconclusive', null] as const)[i % 4]!,
          failoverUs: i % 5 === 0 ? null : around(SECOND, 5),
        },
      ),
    ),
  };
}

export function loneOptionPareto(): ParetoPicture {
  return {
    title: 'One option',
    unit: A_YEAR,
    basis: '1 run of 1 year, seed 42',
    why: '',
    points: [
      option('the file as it stands', 0, never(1, Number.POSITIVE_INFINITY), {
        onFront: true,
        current: true,
        chosen: true,
        failoverUs: null,
        objectives: null,
      }),
    ],
  };
}

export function noOptionPareto(): ParetoPicture {
  return { title: 'No option', unit: A_YEAR, basis: 'no runs', why: '', points: [] };
}

function end(label: string, value: number, half: number): TornadoEnd {
  const word: Word =
    value === 0 && half === 0
      ? 'the same'
      : Math.abs(value) <= half
        ? 'cannot tell yet'
        : value < 0
          ? 'better'
          : 'worse';
  const n = 400;
  return {
    label,
    estimate: { value: 1e-4 + value, lower: 0, upper: 1, n },
    difference: { value, lower: value - half, upper: value + half, n },
    word,
  };
}

function turned(
  input: string,
  kind: TornadoRow['kind'],
  figure: Figure,
  low: TornadoEnd,
  high: TornadoEnd,
): TornadoRow {
  const swing = Math.max(Math.abs(low.difference.value), Math.abs(high.difference.value));
  return { input, kind, figure, low, high, swing };
}

export function zonesTornado(): TornadoPicture {
  const figure = figureOf('etcd');
  return {
    title: 'Three managers in three zones: what matters?',
    unit: A_YEAR,
    basis: BASIS,
    rows: [
      turned('zone outages every', 'failure', figure, end('45 d', 9e-5, 1e-5), end('180 d', -4.6e-5, 0.8e-5)),
      turned('zone repair', 'repair', figure, end('30 min', -5.2e-5, 0.7e-5), end('2 h', 1.1e-4, 1.4e-5)),
      turned('between-zones loss', 'loss', figure, end('0 %', -1e-6, 3e-6), end('1 %', 2e-6, 3e-6)),
      turned('reaction', 'reaction', figure, end('5 min', -2e-5, 0.4e-5), end('20 min', 3.6e-5, 0.6e-5)),
      turned('etcd election', 'timer', figure, end('500 ms', 0, 0), end('2 s', 4e-6, 1.5e-6)),
    ],
  };
}

export function crowdedTornado(): TornadoPicture {
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    rows: ['a', 'b', 'c'].flatMap((system, s) =>
      longNames(20).map((name, i) => {
        const infinite = i % 6 === 5 ? Number.POSITIVE_INFINITY : 2e-4;
        const low = end('lognormal(mean 20ms, p99 80ms)', ((s === 2 ? 0 : 1) * 0.9) / (i + 1), infinite);
        return turned(
          name,
          'latency',
          figureOf(system, s === 1 ? 'outages' : 'unavailability'),
          low,
          end('x 2', -0.4 / (i + 1), 1e-4),
        );
      }),
    ),
  };
}

export function zeroTornado(): TornadoPicture {
  return {
    title: 'Nothing happens',
    unit: A_YEAR,
    basis: '100 runs of 1 year, seed 42',
    rows: [turned('zone repair', 'repair', figureOf('etcd'), end('30 min', 0, 0), end('2 h', 0, 0))],
  };
}

function perfect(
  component: string,
  kind: ImportanceRow['kind'],
  figure: Figure,
  share: number | null,
  half: number,
  exactShare: number | null = null,
): ImportanceRow {
  const value = share === null ? 0 : -share * 1e-4;
  return {
    component,
    kind,
    figure,
    difference: { value, lower: value - half * 1e-4, upper: value + half * 1e-4, n: 400 },
    word: share === null || share === 0 ? 'the same' : share > half ? 'better' : 'cannot tell yet',
    share,
    exactShare,
  };
}

export function zonesImportance(): ImportancePicture {
  const figure = figureOf('etcd');
  return {
    title: 'Three managers in three zones: what to make safer?',
    unit: A_YEAR,
    basis: BASIS,
    rows: [
      perfect('us-west/a', 'place', figure, 0.62, 0.06, 0.6),
      perfect('us-west/b', 'place', figure, 0.48, 0.07, 0.5),
      perfect('manager-1', 'node', figure, 0.083, 0.02),
      perfect('us-west - us-east', 'link', figure, 0.01, 0.03),
      perfect('faults[2]', 'process', figure, 0, 0),
    ],
  };
}

export function crowdedImportance(): ImportancePicture {
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    rows: ['a', 'b'].flatMap((system) =>
      longNames(30).map((name, i) =>
        perfect(
          name,
          'node',
          figureOf(system),
          i === 7 ? -0.3 : 1 / (i + 1),
          i === 3 ? Number.POSITIVE_INFINITY : 0.1,
          i % 2 === 0 ? 0.5 : null,
        ),
      ),
    ),
  };
}

export function zeroImportance(): ImportancePicture {
  return {
    title: 'Nothing happens',
    unit: A_YEAR,
    basis: '100 runs of 1 year, seed 42',
    rows: [perfect('us-west/a', 'place', figureOf('etcd'), null, 0)],
  };
}

function series(
  variant: string,
  system: string,
  value: number,
  runs: number,
  rest: Partial<ConvergenceSeries> = {},
): ConvergenceSeries {
  const steps = stepsOf(runs).map((n, i): Estimate => {
    const half = (1.96 * 1.4) / Math.sqrt(n);
    const estimate = value * (1 + (half / (1 + half)) * (((i * 7) % 5) - 2) * 0.4);
    return {
      value: estimate,
      lower: Math.max(0, estimate * (1 - half)),
      upper: estimate * (1 + half * 1.3),
      n,
    };
  });
  return { variant, system, steps, precision: null, limit: null, exact: null, ...rest };
}

export function zonesConvergence(): ConvergencePicture {
  const variants = ['one zone', 'two zones', 'three zones'];
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    series: variants.flatMap((variant, v) => [
      series(variant, 'swarm writes', 5e-4 / 10 ** v, 400, {
        precision: 0.05,
        limit: 1e-4,
        exact: v === 0 ? 4.9e-4 : null,
      }),
      v === 2
        ? series(variant, 'etcd writes', 0, 400, {
            precision: 0.05,
            limit: 5e-4,
            steps: stepsOf(400).map((n) => never(n, Math.min(1, 0.1 / n))),
          })
        : series(variant, 'etcd writes', 6e-4 / 3 ** v, 400, { precision: 0.05, limit: 5e-4 }),
    ]),
  };
}

export function crowdedConvergence(): ConvergencePicture {
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    series: longNames(12).flatMap((name, v) =>
      ['swarm', 'rethink-dtr-eu-central-1 writes from us-west-2-and-everywhere-else-that-there-is'].map(
        (system, s) =>
          series(name, system, 10 ** -(1 + ((v + s) % 9)), 10 ** (1 + (v % 5)), {
            limit: v % 3 === 0 ? 1e-3 : null,
            exact: v % 4 === 0 ? 1e-9 : null,
          }),
      ),
    ),
  };
}

export function oneRunConvergence(): ConvergencePicture {
  return {
    title: 'One run',
    unit: A_YEAR,
    basis: '1 run of 10 min, seed 42',
    series: [
      {
        ...series('file', 'etcd writes', 1, 1),
        steps: [{ value: 0.0107, lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, n: 1 }],
      },
      { ...series('file', 'swarm writes', 1, 1), steps: [never(1, Number.POSITIVE_INFINITY)] },
      { ...series('file', 'none', 1, 1), steps: [] },
    ],
  };
}

function causesRow(variant: string, unavailability: number, causes: CausesRow['causes']): CausesRow {
  return { variant, unavailability, causes };
}

export function zonesCauses(): CausesPicture {
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: ['swarm writes', 'etcd writes'].map((name, s) => ({
      name,
      limit: null,
      rows: [
        causesRow('one zone', 5.1e-4, [
          ['zone-outage us-west/a', 0.83 - s * 0.1],
          ['kill manager', 0.12 + s * 0.1],
          ['partition us-west - us-east', 0.05],
        ]),
        causesRow('two zones', 1.1e-4, [
          ['zone-outage us-west/a', 0.48],
          ['zone-outage us-west/b', 0.31],
          ['kill manager', 0.206],
          ['no fault: vote-lost', 0.004],
        ]),
        causesRow('three zones', s === 0 ? 0 : 2e-7, s === 0 ? [] : [['kill manager', 1]]),
      ],
    })),
  };
}

export function crowdedCauses(): CausesPicture {
  return {
    title: 'Everything <at once> & "more"',
    unit: A_YEAR,
    basis: BASIS,
    systems: Array.from({ length: 6 }, (_, s) => ({
      name: `rethink-dtr-eu-central-${s} writes from us-west and scheduling`,
      limit: null,
      rows: longNames(12).map((name, v) =>
        causesRow(
          name,
          10 ** -(1 + v),
          Array.from(
            { length: 20 },
            (_, c) => [`cause ${c} ${LONG[c % 4]}`, ((c + v + s) % 20) / 190] as const,
          ),
        ),
      ),
    })),
  };
}
