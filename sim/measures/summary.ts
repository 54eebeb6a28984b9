/** The figures of a run for each operation from each vantage, and its outages. */
import { causesOf, type TraceEvent } from '../kernel/trace.ts';
import type { AvailabilityInterval, Outage, SummaryRow } from '../run.ts';

/** One row for each operation and vantage, in the order of the intervals. Availability is the share of time `up`. */
export function summarize(
  intervals: readonly AvailabilityInterval[],
  durationUs: number,
  outages: readonly Outage[],
): SummaryRow[] {
  return groupTracks(intervals).map((track) => {
    const { system, operation, vantage } = track[0]!;
    const total = (test: (interval: AvailabilityInterval) => boolean) =>
      track.filter(test).reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs), 0);
    const own = outages.filter(
      (o) => o.system === system && o.operation === operation && o.vantage === vantage,
    );
    return {
      system,
      operation,
      vantage,
      availability: durationUs > 0 ? total(({ state }) => state === 'up') / durationUs : 1,
      degradedUs: total(({ state }) => state === 'degraded'),
      downtimeUs: total(({ state }) => state === 'down'),
      waitingUs: total(({ waits }) => waits),
      outages: own.length,
      longestOutageUs: own.reduce((longest, { fromUs, toUs }) => Math.max(longest, toUs - fromUs), 0),
    };
  });
}

/** Maximal intervals of `down`, whatever their causes, with the chain that led to the first of them. */
export function findOutages(
  intervals: readonly AvailabilityInterval[],
  events: readonly TraceEvent[],
  endUs: number,
): Outage[] {
  const outages: Outage[] = [];
  for (const track of groupTracks(intervals)) {
    let open: AvailabilityInterval | null = null;
    let toUs = 0;
    const close = () => {
      if (open === null) return;
      const { system, operation, vantage, fromUs, cause } = open;
      const causes = cause === 0 ? [] : [cause, ...causesOf(events, cause).map((event) => event.id)];
      outages.push({ system, operation, vantage, fromUs, toUs, ended: toUs < endUs, causes });
      open = null;
    };
    for (const interval of track) {
      if (interval.state !== 'down') close();
      else {
        open ??= interval;
        toUs = interval.toUs;
      }
    }
    close();
  }
  return outages.sort((a, b) => a.fromUs - b.fromUs);
}

/** Intervals come track by track. */
function groupTracks(intervals: readonly AvailabilityInterval[]): AvailabilityInterval[][] {
  const tracks: AvailabilityInterval[][] = [];
  let last: AvailabilityInterval | undefined;
  for (const interval of intervals) {
    if (last !== undefined && isOfSameTrack(last, interval)) tracks.at(-1)!.push(interval);
    else tracks.push([interval]);
    last = interval;
  }
  return tracks;
}

function isOfSameTrack(a: AvailabilityInterval, b: AvailabilityInterval): boolean {
  return a.vantage === b.vantage && a.operation === b.operation && a.system === b.system;
}
