/** Every way that a thing with choices can go: choices are made anew in each way until all have been tried. */

/** More ways than this are not told one by one; `complete` is false then. */
const WAYS_MAX = 500;

/**
 * Runs `attempt` once for each sequence of choices. `choose(n)` gives an integer in [0, n); the number and order of
 * choices may depend on those before.
 */
export function everyWay<T>(attempt: (choose: (n: number) => number) => T): { ways: T[]; complete: boolean } {
  const ways: T[] = [];
  let path: { chosen: number; of: number }[] = [];
  for (;;) {
    let depth = 0;
    ways.push(
      attempt((n) => {
        const known = path[depth];
        if (known === undefined) path.push({ chosen: 0, of: n });
        return path[depth++]!.chosen;
      }),
    );
    while (path.length > 0 && path.at(-1)!.chosen + 1 >= path.at(-1)!.of) path.pop();
    const last = path.at(-1);
    if (last === undefined) return { ways, complete: true };
    if (ways.length >= WAYS_MAX) return { ways, complete: false };
    path = [...path.slice(0, -1), { ...last, chosen: last.chosen + 1 }];
  }
}
