/** Studies made by hand, for the tests of pictures: a realistic one and those that pictures break on. */

import type { Estimate, Figure, PairedDifference, Word } from '../../sim/experiments/decisions.ts';
import { exp, log } from '../../sim/kernel/portable-math.ts';
import { HOUR, MINUTE, SECOND, YEAR } from '../../sim/kernel/time.ts';
import type { BySystem, DowntimeRow, NinesRow } from '../svg/study/data.ts';
import type { DifferencesPicture } from '../svg/study/differences.ts';
import type { DistributionPicture } from '../svg/study/distribution.ts';
import type { NinesPicture } from '../svg/study/nines.ts';

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
    basis: '1 run of 1 year, seed 42',
    differences: ['swarm', 'etcd'].map((system) =>
      difference(figureOf(system), 'three zones', 'cannot tell yet', [0, -Infinity, Infinity]),
    ),
  };
}
