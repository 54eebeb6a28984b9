import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placements, placementsAtMost } from './placements.ts';

/** Every way, the dumb way. */
function everyWay(count: number, sites: number): number[][] {
  if (sites === 0) return count === 0 ? [[]] : [];
  return Array.from({ length: count + 1 }, (_, here) =>
    everyWay(count - here, sites - 1).map((rest) => [here, ...rest]),
  ).flat();
}

test('sites that are all unlike: every way, each once', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 4 }), (count, sites) => {
      const found = [
        ...placements(
          count,
          Array.from({ length: sites }, (_, i) => i),
          null,
        ),
      ];
      expect(new Set(found.map(String))).toEqual(new Set(everyWay(count, sites).map(String)));
      expect(found.length).toBe(Math.round(placementsAtMost(count, sites)));
    }),
  );
});

test('like sites: each way once but for their names, the fuller site first', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
      (count, classes, most) => {
        const canonical = (placement: readonly number[]) =>
          JSON.stringify(
            [0, 1, 2].map((one) => placement.filter((_, i) => classes[i] === one).sort((a, b) => b - a)),
          );
        const found = [...placements(count, classes, most)].map(canonical);
        const expected = everyWay(count, classes.length)
          .filter((placement) => placement.every((here) => most === null || here <= most))
          .map(canonical);
        expect(new Set(found).size).toBe(found.length);
        expect(new Set(found)).toEqual(new Set(expected));
      },
    ),
  );
});

test('three like zones take 3, 5 and 7 nodes', () => {
  expect([...placements(3, [0, 0, 0], null)]).toEqual([
    [3, 0, 0],
    [2, 1, 0],
    [1, 1, 1],
  ]);
  expect([...placements(7, [0, 0, 0], 3)]).toEqual([
    [3, 3, 1],
    [3, 2, 2],
  ]);
});
