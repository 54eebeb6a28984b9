/**
 * Exact answers: majority availability, zone layouts, Markov chains. Three ways each: the published table, sim/exact, and a
 * deliberately dumb second calculation here (every set of failed members; the linear equations of the chain); then
 * the simulator itself, with members and zones that fail and are repaired at random.
 * Source: facts/numbers.md 5, 6, 7.
 */
import { majorityOdds } from '../../sim/exact/majority.ts';
import { meanTimeToQuorumLoss, steadyQuorumOdds } from '../../sim/exact/markov.ts';
import { zoneLayoutOdds } from '../../sim/exact/zone-layout.ts';
import type { Comparison } from './comparison.ts';
import { type FigureCheck, judgeFigures } from './judge.ts';
import { simulatedLayouts, simulatedTimesToLoss } from './repairable.ts';
import { suite } from './suite.ts';

const EXACT = 1e-9;

/** Per cent, as printed; n, then p = 1, 2, 4, 8 %. */
const MAJORITY: readonly (readonly [number, ...string[]])[] = [
  [1, '99.0000', '98.0000', '96.0000', '92.0000'],
  [2, '98.0100', '96.0400', '92.1600', '84.6400'],
  [3, '99.9702', '99.8816', '99.5328', '98.1824'],
  [4, '99.94080', '99.76635', '99.09043', '96.55731'],
  [5, '99.999015', '99.992238', '99.939779', '99.547474'],
  [6, '99.998045', '99.984709', '99.883155', '99.148786'],
  [7, '99.9999658', '99.9994664', '99.9918718', '99.8823721'],
  [8, '99.9999322', '99.9989499', '99.9842617', '99.7796700'],
  [9, '99.99999878', '99.99996230', '99.99887315', '99.9686418'],
];
const SHARES = [0.01, 0.02, 0.04, 0.08];

/** Per cent at p_zone .001 p_node .01, and the other way round. */
const LAYOUTS: readonly (readonly [readonly number[], string, string])[] = [
  [[3], '99.870230', '98.999703'],
  [[2, 1], '99.868272', '98.997727'],
  [[1, 1, 1], '99.964031', '99.964031'],
  [[5], '99.899016', '98.999999'],
  [[3, 2], '99.896050', '98.997032'],
  [[2, 2, 1], '99.992731', '99.964318'],
  [[1, 1, 1, 1, 1], '99.998694', '99.998694'],
  [[3, 2, 2], '99.995538', '99.966266'],
];

/** Mean time to quorum loss in hours at MTTF 1000, MTTR 1. */
const TIME_TO_LOSS: readonly (readonly [number, string])[] = [
  [1, '1000'],
  [3, '1.675e5'],
  [5, '3.355e7'],
  [7, '7.203e9'],
];
/** Share of time without a quorum: MTTF, MTTR, then N = 3, 5, 7. */
const UNAVAILABILITY: readonly (readonly [number, number, ...string[]])[] = [
  [1000, 1, '2.992e-6', '9.955e-9', '3.478e-11'],
  [720, 4, '9.124e-5', '1.672e-6', '3.218e-8'],
  [8760, 24, '2.235e-5', '2.031e-7', '1.938e-9'],
];

/** Half a unit of the last printed digit. */
function halfDigit(printed: string): number {
  const [mantissa, exponent = '0'] = printed.split('e');
  const decimals = mantissa!.split('.')[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals) * (1 + 1e-9);
}

function table(
  name: string,
  section: string,
  rows: readonly (readonly [label: string, printed: string, ours: number])[],
): Comparison {
  const checks: Record<string, FigureCheck> = {};
  for (const [label, printed, predicted] of rows) {
    checks[label] = { measured: Number(printed), predicted, allowed: halfDigit(printed) };
  }
  return judgeFigures(
    { name: `exact/${name}`, source: `facts/numbers.md ${section}`, unit: '' },
    { measured: 0, predicted: 0 },
    'every printed digit agrees',
    checks,
  );
}

function published(): Comparison[] {
  return [
    table(
      'majority',
      '5',
      MAJORITY.flatMap(([n, ...cells]) =>
        cells.map(
          (cell, i) => [`n=${n} p=${100 * SHARES[i]!}%`, cell, 100 * majorityOdds(n, SHARES[i]!).up] as const,
        ),
      ),
    ),
    table(
      'zones',
      '6',
      LAYOUTS.flatMap(([zones, left, right]) => [
        [`${zones.join('+')} z=.001 n=.01`, left, 100 * zoneLayoutOdds(zones, 0.001, 0.01).up] as const,
        [`${zones.join('+')} z=.01 n=.001`, right, 100 * zoneLayoutOdds(zones, 0.01, 0.001).up] as const,
      ]),
    ),
    table(
      'time-to-quorum-loss',
      '7',
      TIME_TO_LOSS.map(
        ([n, printed]) =>
          [`n=${n} hours`, printed, meanTimeToQuorumLoss(n, { mttf: 1000, mttr: 1 })] as const,
      ),
    ),
    table(
      'quorum-unavailability',
      '7',
      UNAVAILABILITY.flatMap(([mttf, mttr, ...cells]) =>
        cells.map(
          (cell, i) =>
            [
              `n=${3 + 2 * i} ${mttf}/${mttr} h`,
              cell,
              steadyQuorumOdds(3 + 2 * i, { mttf, mttr }).down,
            ] as const,
        ),
      ),
    ),
  ];
}

/** Every set of zones and members that may be up, one by one. */
function byEnumeration(zones: readonly number[], pZone: number, pNode: number): number {
  const zoneOf = zones.flatMap((count, zone) => new Array<number>(count).fill(zone));
  const members = zoneOf.length;
  let up = 0;
  for (let zoneSet = 0; zoneSet < 1 << zones.length; zoneSet++) {
    for (let set = 0; set < 1 << members; set++) {
      let chance = 1;
      let count = 0;
      for (let zone = 0; zone < zones.length; zone++) chance *= (zoneSet >> zone) & 1 ? 1 - pZone : pZone;
      for (let i = 0; i < members; i++) {
        const alive = (set >> i) & 1;
        chance *= alive ? 1 - pNode : pNode;
        if (alive && (zoneSet >> zoneOf[i]!) & 1) count++;
      }
      if (count > members / 2) up += chance;
    }
  }
  return up;
}

/** The chain's equations for the expected time from k failed members, in whole numbers, by elimination without fractions. */
function byEquations(n: number, mttf: number, mttr: number): number {
  const states = Math.floor((n - 1) / 2) + 1;
  const rows = Array.from({ length: states }, (_, k) => {
    const fail = BigInt((n - k) * mttr);
    const repair = BigInt(k * mttf);
    const row = new Array<bigint>(states + 1).fill(0n);
    row[k] = fail + repair;
    if (k + 1 < states) row[k + 1] = -fail;
    if (k > 0) row[k - 1] = -repair;
    row[states] = BigInt(mttf * mttr);
    return row;
  });
  // From the last state up, so that state 0 is left alone with its time.
  for (let k = states - 1; k > 0; k--) {
    const [pivot, above] = [rows[k]!, rows[k - 1]!];
    const factor = above[k]!;
    rows[k - 1] = above.map((value, j) => value * pivot[k]! - pivot[j]! * factor);
  }
  const [time, unit] = [rows[0]![states]!, rows[0]![0]!];
  const SCALE = 10n ** 15n;
  return Number((time * SCALE) / unit) / Number(SCALE);
}

/** sim/exact against the dumb calculations, to 1e-9 (relative for times). */
function calculated(): Comparison {
  const differences: Record<string, number> = {
    majority: 0,
    zones: 0,
    'time to loss (relative)': 0,
    steady: 0,
  };
  const note = (label: string, difference: number) => {
    differences[label] = Math.max(differences[label]!, Math.abs(difference));
  };
  for (let n = 1; n <= 9; n++) {
    for (const p of [0, 0.001, 0.01, 0.08, 0.3, 0.5, 0.9, 1]) {
      note('majority', majorityOdds(n, p).up - byEnumeration([n], 0, p));
    }
    for (const [mttf, mttr] of [
      [1000, 1],
      [720, 4],
      [100, 30],
    ] as const) {
      note(
        'time to loss (relative)',
        meanTimeToQuorumLoss(n, { mttf, mttr }) / byEquations(n, mttf, mttr) - 1,
      );
      const u = mttr / (mttf + mttr);
      note('steady', steadyQuorumOdds(n, { mttf, mttr }).up - byEnumeration([n], 0, u));
    }
  }
  for (const zones of [...LAYOUTS.map(([layout]) => layout), [4, 3, 2], [2, 2], [1, 2, 3, 1], [9]]) {
    for (const [pZone, pNode] of [
      [0.001, 0.01],
      [0.01, 0.001],
      [0.2, 0.3],
      [0.5, 0.05],
    ] as const) {
      note('zones', zoneLayoutOdds(zones, pZone, pNode).up - byEnumeration(zones, pZone, pNode));
    }
  }
  return judgeFigures(
    {
      name: 'exact/second-calculation',
      source: 'enumeration of all sets; linear equations of the chain',
      unit: '',
    },
    { measured: 0, predicted: 0 },
    'the largest difference is below 1e-9',
    Object.fromEntries(
      Object.entries(differences).map(([label, predicted]) => [
        label,
        { measured: 0, predicted, allowed: EXACT },
      ]),
    ),
  );
}

export const exact = suite('exact', ({ short, progress }) => {
  progress('tables');
  const comparisons = [...published(), calculated()];
  progress('members that fail and are repaired');
  comparisons.push(
    ...simulatedLayouts(short ? 6 : 60, short ? 1_000 : 4_000),
    ...simulatedTimesToLoss(short ? 40 : 400),
  );
  return comparisons;
});
