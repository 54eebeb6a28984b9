import fc from 'fast-check';
import { expect, test } from 'vitest';
import { atLeast, majorityOdds, quorumOf } from './majority.ts';
import { zoneLayoutOdds } from './zone-layout.ts';

/** The table of facts/numbers.md 6: zones; per cent at p_zone .001 p_node .01, and the other way round. */
const TABLE: readonly (readonly [zones: number[], string, string])[] = [
  [[3], '99.870230', '98.999703'],
  [[2, 1], '99.868272', '98.997727'],
  [[1, 1, 1], '99.964031', '99.964031'],
  [[5], '99.899016', '98.999999'],
  [[3, 2], '99.896050', '98.997032'],
  [[2, 2, 1], '99.992731', '99.964318'],
  [[1, 1, 1, 1, 1], '99.998694', '99.998694'],
  [[3, 2, 2], '99.995538', '99.966266'],
];

test('zone layouts are the table of facts/numbers.md 6, digit by digit', () => {
  for (const [zones, left, right] of TABLE) {
    expect((zoneLayoutOdds(zones, 0.001, 0.01).up * 100).toFixed(6), String(zones)).toBe(left);
    expect((zoneLayoutOdds(zones, 0.01, 0.001).up * 100).toFixed(6), String(zones)).toBe(right);
  }
});

/** The deliberately dumb second answer: every set of zones that may be up, one by one. */
function byEnumeration(zones: readonly number[], pZone: number, pNode: number): number {
  const needed = quorumOf(zones.reduce((a, b) => a + b, 0));
  let up = 0;
  for (let set = 0; set < 1 << zones.length; set++) {
    const inSet = zones.map((_, i) => ((set >> i) & 1) === 1);
    const chance = inSet.reduce((product, is) => product * (is ? 1 - pZone : pZone), 1);
    const members = zones.reduce((sum, n, i) => sum + (inSet[i] ? n : 0), 0);
    up += chance * (members < needed ? 0 : atLeast(needed, members, pNode).up);
  }
  return up;
}

const layout = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 7 });
const probability = fc.double({ min: 0, max: 1, noNaN: true });

test('the distribution of members agrees with enumerating the zones', () => {
  fc.assert(
    fc.property(layout, probability, probability, (zones, pZone, pNode) => {
      expect(zoneLayoutOdds(zones, pZone, pNode).up).toBeCloseTo(byEnumeration(zones, pZone, pNode), 12);
    }),
  );
});

test('zones that never fail leave plain majority', () => {
  fc.assert(
    fc.property(layout, probability, (zones, p) => {
      const members = zones.reduce((a, b) => a + b, 0);
      expect(zoneLayoutOdds(zones, 0, p).up).toBeCloseTo(majorityOdds(members, p).up, 12);
    }),
  );
});

test('two zones are never better than one', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      fc.double({ min: 0, max: 0.5, noNaN: true }),
      (a, b, pZone, pNode) => {
        expect(zoneLayoutOdds([a, b], pZone, pNode).up).toBeLessThanOrEqual(
          zoneLayoutOdds([a + b], pZone, pNode).up + 1e-12,
        );
      },
    ),
  );
});
