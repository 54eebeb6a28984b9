/** What users could do, as few lanes as tell it: vantages and operations that fared alike share one. */
import type { Run } from '../../sim/run.ts';
import { groupAlike, groupBy, pairwise } from '../grouping.ts';
import { clean, list, listSome } from '../words.ts';
import {
  type DarkPlace,
  type DarkSpan,
  darkParts,
  darkPlaces,
  isWithin,
  parentsOf,
  powerLosses,
} from './dark.ts';
import {
  agree,
  filledIn,
  intersection,
  meet,
  painted,
  type ServiceState,
  type Span,
  type Stretch,
  sameHistory,
  stretchesOf,
  totalUs,
} from './stretches.ts';

export interface OperationLane {
  readonly system: string;
  readonly operations: readonly string[];
  readonly vantages: readonly string[];
  /** The vantages in words: `everywhere`, `everywhere but us-west/b`, `us-west/a and us-west/c`. */
  readonly where: string;
  /** The whole run, neighbours differ in state. */
  readonly stretches: readonly Stretch[];
}

export interface Service {
  /** In the order of the scenario's systems and operations; of one operation, the view of the most vantages first. */
  readonly lanes: readonly OperationLane[];
  /** The places whose own darkness is left out of the lanes. */
  readonly dark: readonly DarkPlace[];
}

const knownServices = new WeakMap<Run, Service>();

/** Lanes that leave out what a vantage missed because it had no power itself. Found once for all that tells of a run. */
export function serviceOf(run: Run): Service {
  let service = knownServices.get(run);
  if (service === undefined) {
    service = findService(run);
    knownServices.set(run, service);
  }
  return service;
}

function findService(run: Run): Service {
  const losses = powerLosses(run);
  const found: { vantage: string; parts: DarkSpan[] }[] = [];
  const lanes = lanesOf(run, (vantage, stretches) => {
    const parts = darkParts(stretches, losses.get(vantage) ?? []);
    found.push({ vantage, parts });
    return parts;
  });
  const all = run.vantages.map((vantage) => vantage.name);
  const dark = darkPlaces(found).map((place) => {
    const names = topmost(run, place.vantages, all);
    return { ...place, names, where: listSome(names.map(clean), 4) };
  });
  return { lanes, dark };
}

/** Lanes of vantages with exactly the same history: for tables of figures. */
export function exactLanes(run: Run): OperationLane[] {
  return lanesOf(run, () => []);
}

type Mask = (vantage: string, stretches: readonly Stretch[]) => readonly Span[];

function lanesOf(run: Run, maskOf: Mask): OperationLane[] {
  return historiesOf(run).flatMap(({ system, operations: ofSystem }) => {
    const operations = ofSystem.map(({ operation, histories }) => ({
      operation,
      views: viewsOf(histories, maskOf),
    }));
    // Operations merge only when they fared alike from every vantage.
    const alike = groupAlike(operations, (a, b) => pairwise(a.views, b.views, sameView));
    return alike.flatMap((same) => {
      const { views } = same[0]!;
      const all = views.flatMap((view) => view.vantages);
      return views.map(({ vantages, stretches }) => ({
        system,
        operations: same.map(({ operation }) => operation),
        vantages,
        where: whereWords(run, vantages, all),
        stretches,
      }));
    });
  });
}

interface SystemHistories {
  readonly system: string;
  readonly operations: readonly { readonly operation: string; readonly histories: Histories }[];
}

/** By vantage. */
type Histories = ReadonlyMap<string, readonly Stretch[]>;

const knownHistories = new WeakMap<Run, readonly SystemHistories[]>();

/** What was met of each operation, in the order of the scenario's systems. */
function historiesOf(run: Run): readonly SystemHistories[] {
  let found = knownHistories.get(run);
  if (found === undefined) {
    const order = new Map(run.systems.map((system, i) => [system.name, i]));
    found = [...groupBy(run.availability, (interval) => interval.system)]
      .sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
      .map(([system, ofSystem]) => ({
        system,
        operations: [...groupBy(ofSystem, (interval) => interval.operation)].map(
          ([operation, intervals]) => ({
            operation,
            histories: new Map(
              [...groupBy(intervals, (interval) => interval.vantage)].map(([vantage, own]) => [
                vantage,
                stretchesOf(own),
              ]),
            ),
          }),
        ),
      }));
    knownHistories.set(run, found);
  }
  return found;
}

interface View {
  readonly vantages: readonly string[];
  readonly stretches: readonly Stretch[];
  /** When none of its vantages can tell. */
  readonly mask: readonly Span[];
}

function sameView(a: View, b: View): boolean {
  return (
    pairwise(a.vantages, b.vantages, (one, other) => one === other) && sameHistory(a.stretches, b.stretches)
  );
}

/** The distinct histories of one operation, each with the vantages that saw it; most vantages first. */
function viewsOf(histories: Histories, maskOf: Mask): View[] {
  const single = [...histories].map(([vantage, stretches]) => ({
    vantages: [vantage],
    stretches,
    mask: maskOf(vantage, stretches),
  }));
  const views: View[] = [];
  for (const view of single.toSorted((a, b) => totalUs(a.mask) - totalUs(b.mask))) {
    const at = views.findIndex((each) => agree(each.stretches, each.mask, view.stretches, view.mask));
    if (at < 0) views.push(view);
    else views[at] = joined(views[at]!, view);
  }
  return views
    .map((view) =>
      view.mask.length === 0 ? view : { ...view, stretches: painted(view.stretches, view.mask, 'dark') },
    )
    .sort((a, b) => b.vantages.length - a.vantages.length);
}

function joined(a: View, b: View): View {
  const vantages = [...a.vantages, ...b.vantages];
  if (a.mask.length === 0) return { ...a, vantages };
  return {
    vantages,
    stretches: filledIn(a.stretches, a.mask, b.stretches, b.mask),
    mask: intersection(a.mask, b.mask),
  };
}

/** Some vantages in words, as short as is true. */
export function whereWords(run: Run, some: readonly string[], all: readonly string[]): string {
  const chosen = new Set(some);
  if (chosen.size === all.length) return 'everywhere';
  const order = new Map(run.vantages.map((vantage, i) => [vantage.name, i]));
  const sorted = (names: readonly string[]) =>
    names.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const others = topmost(run, sorted(all.filter((name) => !chosen.has(name))), all);
  const own = topmost(run, sorted(some), all);
  if (others.length < own.length && others.length <= 2) return `everywhere but ${list(others.map(clean))}`;
  return listSome(own.map(clean), 4);
}

/** Leaves out what lies in a place that is named too, when everything measured within that place is. */
function topmost(run: Run, some: readonly string[], all: readonly string[]): string[] {
  const parents = parentsOf(run);
  const chosen = new Set(some);
  const whole = some.filter((place) =>
    all.every((name) => !isWithin(parents, name, place) || chosen.has(name)),
  );
  return some.filter((name) => !whole.some((place) => place !== name && isWithin(parents, name, place)));
}

export function stretchesIn(lane: Pick<OperationLane, 'stretches'>, state: ServiceState): Stretch[] {
  return lane.stretches.filter((stretch) => stretch.state === state);
}

/**
 * Of each operation the lane that speaks for all users: that of the largest place when one place holds everything
 * measured, else that of the most vantages.
 */
export function mainLanes(run: Run, lanes: readonly OperationLane[]): OperationLane[] {
  return viewsByOperation(run, lanes).map(([main]) => main!);
}

/** The lanes of each operation, the main one first. */
function viewsByOperation(run: Run, lanes: readonly OperationLane[]): OperationLane[][] {
  const whole = wholePlace(run);
  const groups = groupBy(lanes, (lane) => `${lane.system}\0${lane.operations.join('\0')}`);
  return [...groups.values()].map((group) => {
    const main = group.find((lane) => whole !== undefined && lane.vantages.includes(whole)) ?? group[0]!;
    return [main, ...group.filter((lane) => lane !== main)];
  });
}

/** What users in general met of an operation. */
export interface CommonLane extends OperationLane {
  /** The lanes that it was read from, the main one first. */
  readonly sources: readonly OperationLane[];
}

/**
 * Of each operation the main lane; where all of its own users were in the dark, what the most others met who were not.
 * Nobody who was in the dark shows that an operation went on: `dark` is left where everybody was.
 */
export function commonLanes(run: Run, lanes: readonly OperationLane[]): readonly CommonLane[] {
  let common = knownCommon.get(lanes);
  if (common === undefined) {
    common = findCommon(run, lanes);
    knownCommon.set(lanes, common);
  }
  return common;
}

const knownCommon = new WeakMap<readonly OperationLane[], readonly CommonLane[]>();

function findCommon(run: Run, lanes: readonly OperationLane[]): CommonLane[] {
  return viewsByOperation(run, lanes).map((group) => {
    const [main, ...others] = group;
    let { stretches } = main!;
    const sources = [main!];
    for (const other of others) {
      const gaps = stretches.filter((each) => each.state === 'dark');
      if (gaps.length === 0) break;
      if (meet(gaps, other.stretches.filter(isTrouble))) sources.push(other);
      stretches = filledIn(stretches, gaps, other.stretches, stretchesIn(other, 'dark'));
    }
    const all = group.flatMap((lane) => lane.vantages);
    const vantages = sources.flatMap((lane) => lane.vantages);
    const where = sources.length === 1 ? main!.where : whereWords(run, vantages, all);
    return { ...main!, vantages, where, stretches, sources };
  });
}

function isTrouble({ state }: Stretch): boolean {
  return state === 'down' || state === 'degraded';
}

/** The vantage that holds all others, if there is one. */
function wholePlace(run: Run): string | undefined {
  const parents = parentsOf(run);
  return run.vantages.find((place) => run.vantages.every((each) => isWithin(parents, each.name, place.name)))
    ?.name;
}
