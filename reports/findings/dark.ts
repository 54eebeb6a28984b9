/**
 * Places in the dark: the users of a zone share its fate (sim/measures/vantage.ts), so that nothing works from a zone
 * without power, whatever the systems do. Such times are told once, and are no outage of any system.
 */
import { effectsOf } from '../../sim/faults/life.ts';
import { SECOND } from '../../sim/kernel/time.ts';
import type { FaultReport, Run } from '../../sim/run.ts';
import { Places } from '../../sim/world/places.ts';
import { groupBy } from '../grouping.ts';
import { SpanIndex } from './span-index.ts';
import type { Span, Stretch } from './stretches.ts';

export interface DarkSpan extends Span {
  /** Number of the fault. */
  readonly fault: number;
}

/** Vantages that were in the dark at the same times. */
export interface DarkPlace {
  readonly vantages: readonly string[];
  /** The largest of them, that hold the others. */
  readonly names: readonly string[];
  /** The same in words. */
  readonly where: string;
  /** When nothing worked from there: until the first operation did again. */
  readonly spans: readonly DarkPlaceSpan[];
}

export interface DarkPlaceSpan extends DarkSpan {
  /** When the last operation worked again. */
  readonly lastUs: number;
}

/** Some operations come back later than the others: told from this on. */
export const LATER_TOLD_US = SECOND;

export function themselves(names: readonly string[]): string {
  return names.length === 1 ? 'itself' : 'themselves';
}

const PLACE_OUTAGES: ReadonlySet<string> = new Set([
  'rack-outage',
  'zone-outage',
  'datacenter-outage',
  'region-outage',
]);

/**
 * By vantage: when it had no power, and by which fault. The users of a datacenter or a region are those of its zones
 * (sim/measures/vantage.ts): they are in the dark when all of its zones are.
 */
export function powerLosses(run: Run): Map<string, DarkSpan[]> {
  const parents = parentsOf(run);
  const places = new Places(run.scenario.world.places);
  const zones = [...new Set(run.scenario.world.nodes.map((node) => places.zoneOf(node.place)))];
  const took = run.faults.flatMap((fault) => {
    const span = { fromUs: fault.fromUs, toUs: fault.toUs ?? run.durationUs, fault: fault.number };
    const names = fault.hadEffect ? darkenedBy(run, fault) : [];
    return names.map((place) => ({ place, span }));
  });
  const own = new Map<string, readonly DarkSpan[]>();
  const lossesOf = (name: string) => {
    let known = own.get(name);
    if (known === undefined) {
      known = uncontained(took.filter(({ place }) => isWithin(parents, name, place)).map(({ span }) => span));
      own.set(name, known);
    }
    return known;
  };
  const losses = new Map<string, DarkSpan[]>();
  for (const { name, level } of run.vantages) {
    const holders = level === 'node' ? [name] : zones.filter((zone) => isWithin(parents, zone, name));
    const spans = holders.map(lossesOf).reduce(darkTogether, undefined);
    if (spans !== undefined && spans.length > 0) losses.set(name, [...spans]);
  }
  return losses;
}

/** The places and nodes whose power a fault takes. */
function darkenedBy(run: Run, fault: FaultReport): readonly string[] {
  if (fault.kind === 'power-loss') return fault.nodes;
  if (!PLACE_OUTAGES.has(fault.kind)) return [];
  return effectsOf(run.scenario.faults, fault).flatMap((effect) => ('place' in effect ? [effect.place] : []));
}

/** When both are dark, by the fault that made it so. */
function darkTogether(a: readonly DarkSpan[] | undefined, b: readonly DarkSpan[]): readonly DarkSpan[] {
  if (a === undefined) return b;
  const index = new SpanIndex(b, (span) => span);
  const both = a.flatMap((one) =>
    index.overlapping(one).map((other) => ({
      fromUs: Math.max(one.fromUs, other.fromUs),
      toUs: Math.min(one.toUs, other.toUs),
      fault: one.fromUs > other.fromUs ? one.fault : other.fault,
    })),
  );
  return uncontained(both);
}

/** In the order of time, without those that lie within another. */
function uncontained(spans: readonly DarkSpan[]): DarkSpan[] {
  const kept: DarkSpan[] = [];
  let endUs = Number.NEGATIVE_INFINITY;
  for (const span of spans.toSorted((a, b) => a.fromUs - b.fromUs || b.toUs - a.toUs)) {
    if (span.toUs > endUs) kept.push(span);
    endUs = Math.max(endUs, span.toUs);
  }
  return kept;
}

/**
 * The parts of a history that a loss of power explains: down from the loss on until the operation works again, which may
 * be a little after the power is back. What was down before fails for another reason, and may go on failing.
 */
export function darkParts(stretches: readonly Stretch[], losses: readonly DarkSpan[]): DarkSpan[] {
  return losses.flatMap((loss) =>
    stretches
      .filter((each) => each.state === 'down' && each.fromUs < loss.toUs && each.toUs > loss.fromUs)
      .map((each) => ({
        fromUs: Math.max(each.fromUs, loss.fromUs),
        toUs: each.fromUs < loss.fromUs ? Math.min(each.toUs, loss.toUs) : each.toUs,
        fault: loss.fault,
      })),
  );
}

/** Gathers what `darkParts` found in all histories, by vantage and fault. */
export function darkPlaces(
  found: readonly { vantage: string; parts: readonly DarkSpan[] }[],
): Pick<DarkPlace, 'vantages' | 'spans'>[] {
  const places = [...groupBy(found, (each) => each.vantage)].flatMap(([vantage, ofVantage]) => {
    const ofOperations = ofVantage.flatMap(({ parts }) => [...groupBy(parts, (part) => part.fault).values()]);
    const spans = [...groupBy(ofOperations, (parts) => parts[0]!.fault)].map(([fault, operations]) => {
      const ends = operations.map((parts) => Math.max(...parts.map((part) => part.toUs)));
      return {
        fault,
        fromUs: Math.min(...operations.flat().map((part) => part.fromUs)),
        toUs: Math.min(...ends),
        lastUs: Math.max(...ends),
      };
    });
    return spans.length === 0 ? [] : [{ vantage, spans: spans.sort((a, b) => a.fromUs - b.fromUs) }];
  });
  const alike = groupBy(places, ({ spans }) =>
    JSON.stringify(spans.map(({ fault, fromUs, toUs }) => [fault, fromUs, toUs])),
  );
  return [...alike.values()].map((same) => ({
    vantages: same.map((each) => each.vantage),
    spans: same[0]!.spans.map((span, i) => ({
      ...span,
      lastUs: Math.max(...same.map(({ spans }) => spans[i]!.lastUs)),
    })),
  }));
}

/** The place above each place and node. */
export function parentsOf(run: Run): Map<string, string | null> {
  const { places, nodes } = run.scenario.world;
  const parents = new Map<string, string | null>(nodes.map((node) => [node.name, node.place]));
  for (const place of places) parents.set(place.name, place.parent);
  return parents;
}

/** Whether a place or node is a place or lies in it. */
export function isWithin(parents: ReadonlyMap<string, string | null>, name: string, place: string): boolean {
  for (let at: string | null | undefined = name; at !== null && at !== undefined; at = parents.get(at)) {
    if (at === place) return true;
  }
  return false;
}
