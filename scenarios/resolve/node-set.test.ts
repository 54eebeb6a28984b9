import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NodeSet } from './node-set.ts';

/** Two sets of numbers below a universe. */
const cases = fc.integer({ min: 1, max: 130 }).chain((universe) => {
  const numbers = fc.uniqueArray(fc.nat(universe - 1));
  return fc.tuple(fc.constant(universe), numbers, numbers);
});

const members = (set: NodeSet) => Array.from({ length: set.universe }, (_, i) => i).filter((i) => set.has(i));

test('it does what a set of numbers does', () => {
  fc.assert(
    fc.property(cases, ([universe, a, b]) => {
      const [left, right] = [NodeSet.of(universe, a), NodeSet.of(universe, b)];
      const sorted = (numbers: Iterable<number>) => [...numbers].sort((x, y) => x - y);
      expect(members(left)).toEqual(sorted(a));
      expect(left.size).toBe(a.length);
      expect(members(left.union(right))).toEqual(sorted(new Set([...a, ...b])));
      expect(members(left.intersection(right))).toEqual(sorted(a.filter((n) => b.includes(n))));
      expect(members(left.complement())).toEqual(
        members(NodeSet.all(universe)).filter((n) => !a.includes(n)),
      );
      expect(left.complement().size).toBe(universe - a.length);
      expect(left.equals(right)).toBe(sorted(a).join() === sorted(b).join());
      expect(left.first()).toBe(sorted(a)[0]);
    }),
  );
});
