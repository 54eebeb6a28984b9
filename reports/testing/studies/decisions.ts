/** Comparisons, plans and sensitivities made by hand, for the tests of pictures. */
import type {
  Estimate,
  Figure,
  ImportanceRow,
  PairedDifference,
  ParetoPoint,
  TornadoEnd,
  TornadoRow,
  Word,
} from '../../../sim/experiments/decisions.ts';
import { exp } from '../../../sim/kernel/portable-math.ts';
import { SECOND } from '../../../sim/kernel/time.ts';
import { A_YEAR } from '../../svg/study/data.ts';
import type { DifferencesPicture } from '../../svg/study/differences.ts';
import type { ImportancePicture } from '../../svg/study/importance.ts';
import type { ParetoPicture } from '../../svg/study/pareto.ts';
import type { TornadoPicture } from '../../svg/study/tornado.ts';
import { around, BASIS, longNames, mixed, never } from './parts.ts';

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
    exact: null,
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
      {
        ...difference(figureOf('etcd'), 'two zones', 'cannot tell yet', [-2e-6, -9e-6, 5e-6]),
        exact: { baseline: 3e-5, variant: 1.8e-5, word: 'better', standing: 'missed' },
      },
      {
        ...difference(figureOf('etcd'), 'three zones', 'worse', [6e-6, 2e-6, 1e-5]),
        exact: { baseline: 3e-5, variant: 3.7e-5, word: 'worse', standing: 'agrees' },
      },
      difference(failover, 'two zones', 'the same', [0, 0, 0]),
      difference(failover, 'three zones', 'worse', [1.2e6, 0.4e6, 2e6]),
      difference(failover, 'four zones', 'cannot tell yet', [1.4e6, -Infinity, Infinity], 210),
    ],
  };
}

/** Files with titles for names, judged by exact analysis alone, and failovers that cannot be told. */
export function titledDifferences(): DifferencesPicture {
  const name = (managers: number) => `Three zones, ${managers} managers, 3 DTR replicas`;
  const exact = { baseline: 9e-6, variant: 1e-6, word: 'better', standing: 'missed' } as const;
  const of = (managers: number, more: number): PairedDifference[] => [
    { ...difference(figureOf('etcd'), name(managers), 'cannot tell yet', [-1e-8, -3e-8, 2e-8]), exact },
    { ...difference(figureOf('swarm'), name(managers), 'cannot tell yet', [-1e-9, -3e-9, 2e-9]), exact },
    difference(
      figureOf('etcd', 'failover-p99'),
      name(managers),
      'cannot tell yet',
      [1, -Infinity, Infinity],
      more,
    ),
  ];
  return {
    title: [3, 5, 7].map(name).join(' or '),
    unit: A_YEAR,
    basis: BASIS,
    differences: [...of(5, 57), ...of(7, 68)].map((each) => ({ ...each, baseline: name(3) })),
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
    standing: null,
    worstSystem: 'etcd',
    unavailability,
    failoverUs: around(7 * SECOND, 1.2),
    onFront: false,
    objectives: 'pass',
    chosen: false,
    current: false,
    lacksQuorum: 0,
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
    costs: 'money',
    basis: 'the 46 best options by exact analysis, 400 runs of 1 year each, seed 42',
    why: 'the cheapest that keeps every objective',
    points: [
      ...beaten,
      option('manager 1+1+1, dtr 1+1+1', 36_000, around(2.1e-4, 1.3), {
        onFront: true,
        objectives: 'fail',
        exactUnavailability: 1.9e-4,
        standing: 'agrees',
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
        exactUnavailability: 2.1e-6,
        standing: 'missed',
        failoverUs: { ...around(6 * SECOND, 1.1), upper: Number.POSITIVE_INFINITY },
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
    costs: 'money',
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
    costs: 'money',
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

/** Counts of nodes, of which the runs cannot tell that any is good enough. */
export function countedPareto(): ParetoPicture {
  const open = { objectives: 'inconclusive' } as const;
  return {
    title: 'Three zones, 3 managers',
    unit: A_YEAR,
    costs: 'nodes',
    basis: BASIS,
    why: '',
    points: [
      option('manager 1+0+0', 2, around(0.15, 1.2), { onFront: true, objectives: 'fail' }),
      option('manager 1+1+1', 6, around(7.1e-3, 1.1), {
        ...open,
        onFront: true,
        chosen: true,
        current: true,
        exactUnavailability: 7e-3,
        standing: 'agrees',
      }),
      option('manager 2+2+1', 10, around(7.2e-3, 1.1), open),
      option('manager 3+2+2', 14, around(7.3e-3, 1.1), open),
    ],
  };
}

export function noOptionPareto(): ParetoPicture {
  return { title: 'No option', unit: A_YEAR, costs: 'money', basis: 'no runs', why: '', points: [] };
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
