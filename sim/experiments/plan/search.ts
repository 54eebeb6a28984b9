/** Every option of a plan, judged by exact analysis: which are worth a simulation. */

import type { Scenario } from '../../scenario.ts';
import { votingSystems } from '../../systems/system-spec.ts';
import { Places } from '../../world/places.ts';
import { type Placement, placements, placementsAtMost } from './placements.ts';
import { Screen, type Voter } from './screen.ts';
import type { PlannedGroup, PlanSpec } from './spec.ts';

/** More options than this are not looked through: the search says how to make it smaller. */
export const OPTIONS_MAX = 200_000;

/** Judged, not simulated. */
export interface Candidate {
  readonly placements: readonly { readonly group: string; readonly bySite: Placement }[];
  readonly settings: readonly { readonly path: string; readonly value: string }[];
  readonly cost: number;
  /** Share of time in which the worst system has no quorum. */
  readonly unavailability: number;
  readonly worstSystem: string;
  /** About, of the slowest system; Infinity where one has a single voter. */
  readonly failoverUs: number;
  /** It is the placement of the file as it stands. */
  readonly current: boolean;
}

export interface PlanSearch {
  /** Worth a simulation, cheapest first. */
  readonly kept: readonly Candidate[];
  /** Options in all, without those that differ only in the names of like sites. */
  readonly weighed: number;
  /** Left out because another is as good in all three figures and better in one, or the same in all. */
  readonly dominated: number;
  /** Left out because they cost more than the plan allows. */
  readonly tooDear: number;
  /** Would have been simulated, but the plan simulates no more. */
  readonly notSimulated: number;
  readonly screen: Screen;
}

/** There are too many options. The message says how many, and what to do. */
export class PlanTooLargeError extends Error {
  override readonly name = 'PlanTooLargeError';
}

interface Judged {
  readonly placements: Candidate['placements'];
  readonly cost: number;
  readonly unavailability: number;
  readonly worstSystem: string;
  readonly failoverUs: number;
  readonly current: boolean;
}

/** Throws a PlanTooLargeError. */
export function searchPlan(scenario: Scenario, spec: PlanSpec): PlanSearch {
  const probe = new Screen(scenario, []);
  const sites = spec.groups.flatMap((group) => group.sites.flatMap((site) => probe.spots(site, 99)));
  const screen = new Screen(scenario, [...new Set(sites)]);
  const search = new Search(scenario, spec, screen);
  return search.whole();
}

class Search {
  readonly #scenario: Scenario;
  readonly #spec: PlanSpec;
  readonly #screen: Screen;
  readonly #places: Places;

  constructor(scenario: Scenario, spec: PlanSpec, screen: Screen) {
    this.#scenario = scenario;
    this.#spec = spec;
    this.#screen = screen;
    this.#places = new Places(scenario.world.places);
  }

  whole(): PlanSearch {
    // Groups that vote together are weighed together; others each for itself, which leaves fewer to combine.
    const all = this.#parts().map((groups) => this.#optionsOf(groups));
    const parts = all.map((options) => this.#undominated(options));
    const weighed = all.reduce((product, options) => product * options.length, 1);
    let judged: Judged[] = [
      { placements: [], cost: 0, unavailability: 0, worstSystem: '', failoverUs: 0, current: true },
    ];
    for (const part of parts) {
      judged = judged.flatMap((one) => part.map((other) => combined(one, other)));
    }
    if (parts.length > 1) judged = this.#undominated(judged);
    const { costMax, settings, simulate } = this.#spec;
    const affordable = judged.filter(({ cost, current }) => current || costMax === null || cost <= costMax);
    const combinations = settings.reduce<Candidate['settings'][]>(
      (all, { path, values }) => all.flatMap((some) => values.map((value) => [...some, { path, value }])),
      [[]],
    );
    const most = Math.max(1, Math.floor(simulate / combinations.length));
    const chosen = thinned(affordable, most);
    return {
      kept: chosen.flatMap((one) =>
        combinations.map((combination): Candidate => ({ ...one, settings: combination })),
      ),
      weighed: weighed * combinations.length,
      dominated: (weighed - judged.length) * combinations.length,
      tooDear: (judged.length - affordable.length) * combinations.length,
      notSimulated: (affordable.length - chosen.length) * combinations.length,
      screen: this.#screen,
    };
  }

  /** Groups that are bound together by a system. */
  #parts(): PlannedGroup[][] {
    const parts: PlannedGroup[][] = [];
    for (const group of this.#spec.groups) {
      const bound = parts.filter((part) =>
        part.some((other) => this.#systemsOf([group, other], true).length > 0),
      );
      const rest = parts.filter((part) => !bound.includes(part));
      parts.splice(0, parts.length, ...rest, [...bound.flat(), group]);
    }
    return parts;
  }

  /** Systems of the plan with voters in one of the groups, or (`all`) in each of them. */
  #systemsOf(groups: readonly PlannedGroup[], all = false) {
    return votingSystems(this.#scenario.systems).filter(({ name, members }) => {
      if (!this.#spec.systems.includes(name)) return false;
      const has = ({ group }: PlannedGroup) =>
        this.#nodesOf(group).some((node) => members.includes(node.name));
      return all ? groups.every(has) : groups.some(has);
    });
  }

  #nodesOf(group: string) {
    return this.#scenario.world.nodes.filter(({ roles }) => roles.includes(group));
  }

  #optionsOf(groups: readonly PlannedGroup[]): Judged[] {
    let combos: { group: PlannedGroup; bySite: Placement }[][] = [[]];
    for (const group of groups) {
      const own = this.#placementsOf(group);
      if (combos.length * own.length > OPTIONS_MAX) throw tooLarge(combos.length * own.length);
      combos = combos.flatMap((some) => own.map((bySite) => [...some, { group, bySite }]));
    }
    return combos.map((combo) => this.#judge(combo));
  }

  /** Of every count; the file's own among them, first. */
  #placementsOf(group: PlannedGroup): Placement[] {
    const { counts, sites, mostPerSite } = group;
    const atMost = counts.reduce((sum, count) => sum + placementsAtMost(count, sites.length), 0);
    // Classes make it fewer: only then is it worth looking.
    const classes = this.#classesOf(sites);
    if (atMost > OPTIONS_MAX && new Set(classes).size === sites.length) throw tooLarge(atMost);
    const found: Placement[] = [];
    const own = this.currentPlacement(group);
    if (own !== null) found.push(own);
    for (const count of counts) {
      for (const placement of placements(count, classes, mostPerSite)) {
        if (own === null || !equal(placement, own)) found.push(placement);
        if (found.length > OPTIONS_MAX) throw tooLarge(atMost);
      }
    }
    return found;
  }

  /** null when some of its nodes stand on none of the sites. */
  currentPlacement({ group, sites }: PlannedGroup): Placement | null {
    const bySite = sites.map(() => 0);
    for (const { place } of this.#nodesOf(group)) {
      const at = sites.findIndex((site) => this.#places.around(place).includes(site));
      if (at < 0) return null;
      bySite[at]! += 1;
    }
    return bySite;
  }

  #classesOf(sites: readonly string[]): number[] {
    const { extra } = this.#spec.costs;
    const texts = sites.map((site) => {
      const chain = this.#places.around(site);
      // Voters that stay where they are make a site unlike its empty neighbours.
      const fixed = this.#scenario.world.nodes.filter(
        ({ place, roles }) =>
          this.#places.around(place).includes(site) &&
          !this.#spec.groups.some(({ group }) => roles.includes(group)),
      );
      const votes = fixed.filter(({ name }) =>
        this.#systemsOf(this.#spec.groups).some(({ members }) => members.includes(name)),
      );
      const dearer = chain.reduce((sum, place) => sum + (extra[place] ?? 0), 0);
      return `${this.#screen.signature(site)} ${votes.length} ${dearer}`;
    });
    return texts.map((text) => texts.indexOf(text));
  }

  #judge(combo: readonly { group: PlannedGroup; bySite: Placement }[]): Judged {
    let worst = { unavailability: 0, worstSystem: '' };
    let failoverUs = 0;
    const voters = new Map(combo.map(({ group, bySite }) => [group.group, this.#votersOf(group, bySite)]));
    for (const spec of this.#systemsOf(combo.map(({ group }) => group))) {
      const fixed = this.#scenario.world.nodes.filter(
        ({ name, roles }) => spec.members.includes(name) && !roles.some((role) => voters.has(role)),
      );
      const members = [
        ...fixed.map(
          ({ name, place }): Voter => ({ name, place, pFail: this.#screen.fates.node.get(name) ?? 0 }),
        ),
        ...[...voters].flatMap(([group, own]) =>
          this.#nodesOf(group).some(({ name }) => spec.members.includes(name)) ? own : [],
        ),
      ];
      const unavailability = this.#screen.withoutQuorum(members);
      if (worst.worstSystem === '' || unavailability > worst.unavailability)
        worst = { unavailability, worstSystem: spec.name };
      failoverUs = Math.max(failoverUs, this.#screen.failoverUs(spec, members));
    }
    return {
      placements: combo.map(({ group, bySite }) => ({ group: group.group, bySite })),
      cost: combo.reduce((sum, { group, bySite }) => sum + this.#costOf(group, bySite), 0),
      ...worst,
      failoverUs,
      current: combo.every(({ group, bySite }) => {
        const own = this.currentPlacement(group);
        return own !== null && equal(own, bySite);
      }),
    };
  }

  /** Nodes that the file has not got fail as those of their group do on the average. */
  #votersOf({ group, sites }: PlannedGroup, bySite: Placement): Voter[] {
    const own = this.#nodesOf(group);
    const { node } = this.#screen.fates;
    const mean = own.reduce((sum, { name }) => sum + (node.get(name) ?? 0), 0) / Math.max(1, own.length);
    let nth = 0;
    return sites.flatMap((site, i) =>
      this.#screen.spots(site, bySite[i]!).map((place): Voter => {
        const name = own[nth++]?.name ?? '';
        return { place, name, pFail: node.get(name) ?? mean };
      }),
    );
  }

  #costOf({ group, sites }: PlannedGroup, bySite: Placement): number {
    const { node, groups, extra, site: perSite } = this.#spec.costs;
    return bySite.reduce((sum, count, i) => {
      if (count === 0) return sum;
      const dearer = this.#places.around(sites[i]!).reduce((more, place) => more + (extra[place] ?? 0), 0);
      return sum + count * ((groups[group] ?? node) + dearer) + perSite;
    }, 0);
  }

  /** Without those that another is at least as good as, in every figure; of equals the first stays. The file's own always stays. */
  #undominated(options: readonly Judged[]): Judged[] {
    const sorted = [...options].sort(
      (a, b) =>
        a.cost - b.cost ||
        a.unavailability - b.unavailability ||
        a.failoverUs - b.failoverUs ||
        Number(b.current) - Number(a.current),
    );
    const kept: Judged[] = [];
    for (const one of sorted) {
      const beaten = kept.some(
        (other) =>
          noWorse(other.unavailability, one.unavailability, SAME) &&
          noWorse(other.failoverUs, one.failoverUs, SAME_FAILOVER),
      );
      if (one.current || !beaten) kept.push(one);
    }
    return kept;
  }
}

/** Of sums taken in another order. */
const SAME = 1 + 1e-9;
/** The failover is an estimate: a shorter one by less than this is no reason to keep an option. */
const SAME_FAILOVER = 1.05;

function noWorse(a: number, b: number, same: number): boolean {
  return a <= b * same || a <= b;
}

function combined(a: Judged, b: Judged): Judged {
  const worst = a.worstSystem !== '' && a.unavailability >= b.unavailability ? a : b;
  return {
    placements: [...a.placements, ...b.placements],
    cost: a.cost + b.cost,
    unavailability: worst.unavailability,
    worstSystem: worst.worstSystem,
    failoverUs: Math.max(a.failoverUs, b.failoverUs),
    current: a.current && b.current,
  };
}

/** At most so many: the file's own, the cheapest, the best, and between them every nth by cost. */
function thinned(options: readonly Judged[], most: number): Judged[] {
  if (options.length <= most) return [...options];
  const own = options.filter(({ current }) => current);
  const others = options.filter(({ current }) => !current);
  const left = Math.max(1, most - own.length);
  const picked = new Set(
    Array.from({ length: left }, (_, i) => Math.round((i * (others.length - 1)) / Math.max(1, left - 1))),
  );
  const kept = new Set([...own, ...others.filter((_, i) => picked.has(i))]);
  return options.filter((one) => kept.has(one));
}

function equal(a: Placement, b: Placement): boolean {
  return a.length === b.length && a.every((count, i) => count === b[i]);
}

function tooLarge(options: number): PlanTooLargeError {
  const many = options >= 1e6 ? `${Math.round(options / 1e6)} million` : String(Math.round(options));
  return new PlanTooLargeError(
    `about ${many} placements, and a plan weighs at most ${OPTIONS_MAX}: state fewer counts or sites under plan.place, or larger places as sites`,
  );
}
