/** Every way to place so many nodes on so many sites. */

/** How many nodes stand on each site, in the order of the sites. */
export type Placement = readonly number[];

/**
 * Of sites of one class (they fail alike, cost alike and are equally far from everything) only the placements with the
 * fuller site first are given: the others are the same by another name. `classes[i]` is the class of site i.
 */
export function* placements(
  count: number,
  classes: readonly number[],
  mostPerSite: number | null,
): Generator<Placement> {
  const most = mostPerSite ?? count;
  const before = classes.map((one, i) => classes.lastIndexOf(one, i - 1));
  const chosen: number[] = [];
  function* place(site: number, left: number): Generator<Placement> {
    if (site === classes.length) {
      if (left === 0) yield [...chosen];
      return;
    }
    const twin = i(site);
    const high = Math.min(left, most, twin < 0 ? left : chosen[twin]!);
    // What is left must fit on the sites behind this one.
    const low = Math.max(0, left - most * (classes.length - site - 1));
    for (let here = high; here >= low; here--) {
      chosen[site] = here;
      yield* place(site + 1, left - here);
    }
  }
  const i = (site: number) => (site === 0 ? -1 : before[site]!);
  yield* place(0, count);
}

/** How many there would be without classes: a bound that is known before any is made. */
export function placementsAtMost(count: number, sites: number): number {
  let ways = 1;
  for (let k = 1; k < sites; k++) ways = (ways * (count + k)) / k;
  return ways;
}
