/** Outages put together: what overlaps in one system is one incident with one reason, told once. */
import type { Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { clock, duration, list, operationNoun } from '../words.ts';
import { type OperationLane, stretchesIn } from './lanes.ts';
import { reasonFor } from './reasons.ts';
import { lengthUs, longestOf, type Stretch, totalUs } from './stretches.ts';

/** Waits shorter than this are not worth a sentence. */
export const WAIT_TOLD_US = 100_000;

interface Part {
  readonly lane: OperationLane;
  readonly stretch: Stretch;
}

export interface Incident {
  readonly parts: readonly Part[];
  readonly longest: Stretch;
  /** A clause without a full stop. */
  readonly reason: string;
}

/** What one system suffered, seen from the same vantages. */
export interface Trouble {
  readonly lanes: readonly OperationLane[];
  /** In the order of time. */
  readonly incidents: readonly Incident[];
  /** Of the lane that suffered most. */
  readonly totalUs: number;
}

/** By system and vantages, what was down or degraded. */
export function troublesOf(run: Run, lanes: readonly OperationLane[], state: 'down' | 'degraded'): Trouble[] {
  const affected = lanes.filter((lane) => stretchesIn(lane, state).length > 0);
  return [...groupBy(affected, (lane) => JSON.stringify([lane.system, lane.where])).values()].map((own) => ({
    lanes: own,
    incidents: incidentsOf(run, own, state),
    totalUs: Math.max(...own.map((lane) => totalUs(stretchesIn(lane, state)))),
  }));
}

function incidentsOf(run: Run, lanes: readonly OperationLane[], state: 'down' | 'degraded'): Incident[] {
  const parts = lanes
    .flatMap((lane) => stretchesIn(lane, state).map((stretch) => ({ lane, stretch })))
    .sort((a, b) => a.stretch.fromUs - b.stretch.fromUs);
  const clusters: Part[][] = [];
  let endUs = Number.NEGATIVE_INFINITY;
  for (const part of parts) {
    if (part.stretch.fromUs >= endUs) clusters.push([]);
    clusters.at(-1)!.push(part);
    endUs = Math.max(endUs, part.stretch.toUs);
  }
  return clusters.map((own) => {
    const longest = longestOf(own.map((part) => part.stretch));
    let reason: string | undefined;
    return {
      parts: own,
      longest,
      // Of thousands of incidents only the gravest are explained.
      get reason() {
        reason ??= reasonFor(run, lanes[0]!.system, longest);
        return reason;
      },
    };
  });
}

/** `for 6.4 s from 2:00`, `from 3:00 until the run ended (7 min)`, `from 2:00, writes for 3.4 s and reads for 2 s`. */
export function incidentTime(run: Run, trouble: Trouble, incident: Incident): string {
  const byLength = groupBy(incident.parts, ({ stretch }) => lengthWords(run, stretch));
  const fromUs = Math.min(...incident.parts.map((part) => part.stretch.fromUs));
  const whole = incident.parts.length === trouble.lanes.length && byLength.size === 1;
  if (whole) {
    return incident.longest.toUs === run.durationUs
      ? `from ${clock(fromUs)} ${lengthWords(run, incident.longest)}`
      : `${lengthWords(run, incident.longest)} from ${clock(fromUs)}`;
  }
  const told = [...byLength].map(([length, parts]) => {
    const operations = [...new Set(parts.flatMap((part) => part.lane.operations))];
    return `${list(operations.map(operationNoun))} ${length}`;
  });
  return `from ${clock(fromUs)}, ${list(told)}`;
}

function lengthWords(run: Run, stretch: Stretch): string {
  const length = duration(lengthUs(stretch));
  return stretch.toUs === run.durationUs ? `until the run ended (${length})` : `for ${length}`;
}

/** A sentence on the requests that were sent late enough to wait instead of failing, with a space before it, or ''. */
export function waitAfter(incident: Incident): string {
  const waits = incident.parts.flatMap(({ lane, stretch }) =>
    stretchesIn(lane, 'waits').filter((each) => each.fromUs === stretch.toUs),
  );
  const longestUs = Math.max(0, ...waits.map(lengthUs));
  return longestUs < WAIT_TOLD_US
    ? ''
    : ` Requests sent after that waited up to ${duration(longestUs)} and succeeded.`;
}
