/**
 * Places in the dark: the users of a zone share its fate (sim/measures/vantage.ts), so that nothing works from a zone
 * without power, whatever the systems do. Such times are told once, and are no outage of any system.
 */
import { effectsOf } from '../../sim/faults/life.ts';
import type { Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import type { Span, Stretch } from './stretches.ts';

export interface DarkSpan extends Span {
  /** Number of the fault. */
  readonly fault: number;
}

/** Vantages that were in the dark at the same times. */
export interface DarkPlace {
  readonly vantages: readonly string[];
  /** The vantages in words. */
  readonly where: string;
  readonly spans: readonly DarkSpan[];
}

const PLACE_OUTAGES: ReadonlySet<string> = new Set([
  'rack-outage',
  'zone-outage',
  'datacenter-outage',
  'region-outage',
]);

/** By vantage: the faults that took its power, from their beginning to their end. */
export function powerLosses(run: Run): Map<string, DarkSpan[]> {
  const parents = parentsOf(run);
  const losses = new Map<string, DarkSpan[]>();
  for (const { name, level } of run.vantages) {
    const own = run.faults.filter((fault) => {
      if (!fault.hadEffect) return false;
      if (fault.kind === 'power-loss') return level === 'node' && fault.nodes.includes(name);
      return (
        PLACE_OUTAGES.has(fault.kind) &&
        effectsOf(run.scenario.faults, fault).some(
          (effect) => 'place' in effect && isWithin(parents, name, effect.place),
        )
      );
    });
    if (own.length === 0) continue;
    losses.set(
      name,
      own.map(({ fromUs, toUs, number }) => ({ fromUs, toUs: toUs ?? run.durationUs, fault: number })),
    );
  }
  return losses;
}

/**
 * The parts of a history that a loss of power explains: down from the loss on until the operation works again, which may
 * be a little after the power is back.
 */
export function darkParts(stretches: readonly Stretch[], losses: readonly DarkSpan[]): DarkSpan[] {
  return losses.flatMap((loss) =>
    stretches
      .filter((each) => each.state === 'down' && each.fromUs < loss.toUs && each.toUs > loss.fromUs)
      .map((each) => ({ fromUs: Math.max(each.fromUs, loss.fromUs), toUs: each.toUs, fault: loss.fault })),
  );
}

/** Gathers what `darkParts` found in all histories: by vantage and fault from the first to the last dark moment. */
export function darkPlaces(
  found: readonly { vantage: string; parts: readonly DarkSpan[] }[],
): Omit<DarkPlace, 'where'>[] {
  const places = [...groupBy(found, (each) => each.vantage)].flatMap(([vantage, ofVantage]) => {
    const byFault = groupBy(
      ofVantage.flatMap((each) => each.parts),
      (part) => part.fault,
    );
    const spans = [...byFault].map(([fault, parts]) => ({
      fault,
      fromUs: Math.min(...parts.map((part) => part.fromUs)),
      toUs: Math.max(...parts.map((part) => part.toUs)),
    }));
    return spans.length === 0 ? [] : [{ vantage, spans: spans.sort((a, b) => a.fromUs - b.fromUs) }];
  });
  const alike = groupBy(places, (place) => JSON.stringify(place.spans));
  return [...alike.values()].map((same) => ({
    vantages: same.map((each) => each.vantage),
    spans: same[0]!.spans,
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
