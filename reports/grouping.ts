/** Values by key, both in the order in which they first appear (Map.groupBy, which Node 20 lacks). */
export function groupBy<T, K>(values: Iterable<T>, keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}

/**
 * Values that are alike, in the order in which they first appear. For a few values that are long to write down as a key:
 * most differ early.
 */
export function groupAlike<T>(values: Iterable<T>, alike: (a: T, b: T) => boolean): T[][] {
  const groups: T[][] = [];
  for (const value of values) {
    const group = groups.find((each) => alike(each[0]!, value));
    if (group === undefined) groups.push([value]);
    else group.push(value);
  }
  return groups;
}

/** Whether two lists are alike, one by one. */
export function pairwise<T>(a: readonly T[], b: readonly T[], alike: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((each, i) => alike(each, b[i]!));
}
