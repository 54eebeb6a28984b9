/** Sweeps made by hand, for the tests of pictures: a realistic one and those that pictures break on. */

import type { Estimate } from '../../../sim/experiments/decisions.ts';
import { exp, log } from '../../../sim/kernel/portable-math.ts';
import { HOUR, MINUTE, SECOND, YEAR } from '../../../sim/kernel/time.ts';
import type { CausesPicture } from '../../svg/study/causes.ts';
import { type ConvergencePicture, stepsOf } from '../../svg/study/convergence.ts';
import {
  A_YEAR,
  type BySystem,
  type CausesRow,
  type ConvergenceSeries,
  type DowntimeRow,
  type NinesRow,
} from '../../svg/study/data.ts';
import type { DistributionPicture } from '../../svg/study/distribution.ts';
import type { NinesPicture } from '../../svg/study/nines.ts';
import { around, BASIS, LONG, longNames, mixed, never } from './parts.ts';

/** Logistic in the logarithm: about the shape of a year's downtime. */
function downtimes(n: number, medianUs: number, spread: number, never: number, salt: number): number[] {
  return mixed(n, salt).map((share, i) =>
    (i * 0.7548776662 + salt) % 1 < never
      ? 0
      : Math.round(Math.min(YEAR, medianUs * exp(spread * log(share / (1 - share))))),
  );
}

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

/** Two variants break the limit as often. */
export function evenDistribution(): DistributionPicture {
  const row = (variant: string, hours: number) => ({
    variant,
    downUs: Array.from({ length: 20 }, (_, i) => (i < 3 ? hours * HOUR : MINUTE + i * SECOND)),
    durationUs: YEAR,
  });
  const rows = [row('one zone', 5), row('two zones', 3), row('three zones', 0)];
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: [{ name: 'swarm writes', limit: 1e-4, rows }],
  };
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

function ninesRow(variant: string, estimate: Estimate, rest: Partial<NinesRow> = {}): NinesRow {
  const { exact = null } = rest;
  const exactRange = exact === null ? null : ([exact, exact * 1.3] as const);
  return { variant, durationUs: YEAR, estimate, exact, exactRange, agrees: null, verdict: null, ...rest };
}

/** One script in runs of ten minutes and of an hour, and one with more in it: shares and times rank them otherwise. */
export function scriptsNines(): NinesPicture {
  const script = (variant: string, minutes: number, downS: number) =>
    ninesRow(variant, around(downS / (minutes * 60), 1.01, 8), { durationUs: minutes * MINUTE });
  return {
    title: 'Scripts of different length',
    unit: { us: null, words: 'over the whole script' },
    basis: '8 runs for each variant, seed 1',
    systems: [
      {
        name: 'etcd writes',
        limit: 0.5,
        rows: [script('ten minutes', 10, 114), script('an hour', 60, 114), script('a day', 1440, 600)],
      },
    ],
  };
}

/** The same as dots. */
export function scriptsDistribution(): DistributionPicture {
  return {
    ...scriptsNines(),
    systems: [
      {
        name: 'etcd writes',
        limit: 0.15,
        rows: [10, 60].map((minutes) => ({
          variant: `${minutes} minutes`,
          downUs: Array.from({ length: 8 }, () => 114 * SECOND),
          durationUs: minutes * MINUTE,
        })),
      },
    ],
  };
}

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
  return {
    variant,
    system,
    durationUs: YEAR,
    steps,
    precision: null,
    limit: null,
    exact: null,
    missed: false,
    ...rest,
  };
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

/** The first runs met only elections of microseconds; then a zone failed for hours. */
export function lateConvergence(): ConvergencePicture {
  const steps = stepsOf(20).map((n): Estimate => {
    const value = n < 7 ? 3e-12 : 6e-5;
    return { value, lower: 0, upper: 4 * value, n };
  });
  return {
    title: 'At first nothing much',
    unit: A_YEAR,
    basis: BASIS,
    series: [{ ...series('one zone', 'swarm writes', 1, 20, { limit: 1e-4 }), steps }],
  };
}

/** The runs agree with each other, and the exact answer is fifty times worse. */
export function missedConvergence(): ConvergencePicture {
  return {
    title: 'Rarely, and long',
    unit: A_YEAR,
    basis: BASIS,
    series: [
      series('file', 'etcd writes', 8e-7, 400, { precision: 0.05, limit: 1e-4, exact: 4e-5, missed: true }),
    ],
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

function causesRow(
  variant: string,
  unavailability: number,
  causes: CausesRow['causes'],
  missed: number | null = null,
): CausesRow {
  return { variant, durationUs: YEAR, unavailability, causes, missed };
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
        causesRow(
          'three zones',
          s === 0 ? 0 : 2e-7,
          s === 0 ? [] : [['kill manager', 1]],
          s === 0 ? null : 9e-6,
        ),
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

/** All systems are down for about the same time, of which one cause takes most, though not the same share. */
export function evenCauses(): CausesPicture {
  const of = (share: number): CausesRow['causes'] => [
    ['zone-outage each zone', share],
    ['power-loss each node', 1 - share],
  ];
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: (['swarm', 'etcd', 'rethink-dtr'] as const).map((name, s) => ({
      name: `${name} writes`,
      limit: null,
      rows: [
        causesRow('one zone', 6e-5 + s * 1e-6, of(0.999 - s * 0.012)),
        causesRow('three zones', 4e-12, of(0.17)),
      ],
    })),
  };
}

/** From twelve nines to four, as of a system that elects in no time beside one that stands in a single zone. */
export function deepNines(): NinesPicture {
  return {
    title: 'Three zones or one?',
    unit: A_YEAR,
    basis: BASIS,
    systems: [
      {
        name: 'swarm writes',
        limit: 1e-4,
        rows: [
          {
            variant: 'one',
            durationUs: YEAR,
            estimate: around(6e-5, 4),
            exact: null,
            exactRange: null,
            agrees: null,
            verdict: 'inconclusive',
          },
          {
            variant: 'three',
            durationUs: YEAR,
            estimate: around(3.5e-12, 3),
            exact: null,
            exactRange: null,
            agrees: null,
            verdict: 'pass',
          },
        ],
      },
    ],
  };
}
