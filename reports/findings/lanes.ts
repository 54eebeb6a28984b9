/** What users could do, as few lanes as tell it: vantages and operations that fared alike share one. */
import type { TraceId } from '../../sim/kernel/trace.ts';
import type { AvailabilityInterval, Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { clean, list, listSome } from '../words.ts';

/** `waits`: accepted, and served only after a wait. */
export type ServiceState = 'up' | 'waits' | 'degraded' | 'down';

export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly state: ServiceState;
  readonly cause: TraceId;
}

export interface OperationLane {
  readonly system: string;
  readonly operations: readonly string[];
  readonly vantages: readonly string[];
  /** The vantages in words: `everywhere`, `everywhere but us-west/b`, `us-west/a and us-west/c`. */
  readonly where: string;
  /** The whole run, neighbours differ in state. */
  readonly stretches: readonly Stretch[];
}

/** Lanes in the order of the scenario's systems and operations; of one operation, the view of the most vantages first. */
export function operationLanes(run: Run): OperationLane[] {
  const lanes: OperationLane[] = [];
  const order = new Map(run.systems.map((system, i) => [system.name, i]));
  const bySystem = groupBy(run.availability, (interval) => interval.system);
  const systems = [...bySystem].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  for (const [system, ofSystem] of systems) {
    const operations: { operation: string; views: OperationView[] }[] = [];
    for (const [operation, ofOperation] of groupBy(ofSystem, (interval) => interval.operation)) {
      operations.push({ operation, views: viewsOf(ofOperation) });
    }
    // Operations merge only when they fared alike from every vantage.
    for (const alike of groupBy(operations, ({ views }) =>
      JSON.stringify(views.map((view) => [view.key, view.vantages])),
    ).values()) {
      const all = alike[0]!.views.flatMap((view) => view.vantages);
      for (const view of alike[0]!.views) {
        lanes.push({
          system,
          operations: alike.map(({ operation }) => operation),
          vantages: view.vantages,
          where: whereWords(run, view.vantages, all),
          stretches: view.stretches,
        });
      }
    }
  }
  return lanes;
}

interface OperationView {
  readonly key: string;
  readonly vantages: string[];
  readonly stretches: Stretch[];
}

/** The distinct histories of one operation, each with the vantages that saw it; most vantages first. */
function viewsOf(intervals: readonly AvailabilityInterval[]): OperationView[] {
  const views = new Map<string, OperationView>();
  for (const [vantage, ofVantage] of groupBy(intervals, (interval) => interval.vantage)) {
    const stretches = stretchesOf(ofVantage);
    const key = stretches.map(({ fromUs, state }) => `${fromUs}${state}`).join();
    const view = views.get(key);
    if (view === undefined) views.set(key, { key, vantages: [vantage], stretches });
    else view.vantages.push(vantage);
  }
  return [...views.values()].sort((a, b) => b.vantages.length - a.vantages.length);
}

function stretchesOf(intervals: readonly AvailabilityInterval[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const { fromUs, toUs, state: base, waits, cause } of intervals) {
    const state: ServiceState = base === 'up' && waits ? 'waits' : base;
    const last = stretches.at(-1);
    if (last?.state === state) stretches[stretches.length - 1] = { ...last, toUs };
    else stretches.push({ fromUs, toUs, state, cause });
  }
  return stretches;
}

/** Some vantages in words, as short as is true. */
export function whereWords(run: Run, some: readonly string[], all: readonly string[]): string {
  const chosen = new Set(some);
  if (chosen.size === all.length) return 'everywhere';
  const others = topmost(
    run,
    all.filter((name) => !chosen.has(name)),
    all,
  );
  const own = topmost(run, some, all);
  if (others.length < own.length && others.length <= 2) return `everywhere but ${list(others.map(clean))}`;
  return listSome(own.map(clean), 4);
}

/** Leaves out a place whose parent is named too, when everything measured within that parent is. */
function topmost(run: Run, some: readonly string[], all: readonly string[]): string[] {
  const parents = new Map<string, string | null>(
    run.scenario.world.places.map((place) => [place.name, place.parent]),
  );
  for (const node of run.scenario.world.nodes) parents.set(node.name, node.place);
  const within = (name: string, place: string): boolean => {
    for (let at = parents.get(name); at !== undefined && at !== null; at = parents.get(at))
      if (at === place) return true;
    return false;
  };
  const chosen = new Set(some);
  const whole = some.filter((place) => all.every((name) => !within(name, place) || chosen.has(name)));
  return some.filter((name) => !whole.some((place) => within(name, place)));
}

export function lengthUs(stretch: { readonly fromUs: number; readonly toUs: number }): number {
  return stretch.toUs - stretch.fromUs;
}

export function stretchesIn(lane: OperationLane, state: ServiceState): Stretch[] {
  return lane.stretches.filter((stretch) => stretch.state === state);
}

export function totalUs(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, stretch) => sum + lengthUs(stretch), 0);
}

export function longestOf(stretches: readonly Stretch[]): Stretch {
  return stretches.reduce((longest, each) => (lengthUs(each) > lengthUs(longest) ? each : longest));
}

/** Of each operation the lane that the most vantages saw. */
export function mainLanes(lanes: readonly OperationLane[]): OperationLane[] {
  const groups = groupBy(lanes, (lane) => `${lane.system}\0${lane.operations.join('\0')}`);
  return [...groups.values()].map((group) => group[0]!);
}
