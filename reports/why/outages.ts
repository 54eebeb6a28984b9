/** The outages of a run, numbered: what one system suffered at one time, and the darkness of places without power. */
import type { Run } from '../../sim/run.ts';
import { type DarkPlace, type DarkPlaceSpan, LATER_TOLD_US, themselves } from '../findings/dark.ts';
import { troublesOf } from '../findings/incidents.ts';
import { type OperationLane, type Service, stretchesIn, whereWords } from '../findings/lanes.ts';
import type { Stretch } from '../findings/stretches.ts';
import { capitalisedSubject, subjectOf } from '../findings/subjects.ts';
import { groupBy } from '../grouping.ts';
import { clean, clock, duration, list } from '../words.ts';
import { type Lapse, lapsesOf } from './lapses.ts';

export interface Failed {
  readonly lane: OperationLane;
  readonly stretch: Stretch;
}

export interface SystemOutage {
  readonly kind: 'system';
  /** 1, 2, ... in the order of their beginning. */
  readonly number: number;
  readonly system: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly failed: readonly Failed[];
  /** Times without a serving group that it is part of; empty when the group served and could not be reached. */
  readonly lapses: readonly Lapse[];
  /** Vantages that met it. */
  readonly breadth: number;
}

export interface DarkOutage {
  readonly kind: 'dark';
  readonly number: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly vantages: readonly string[];
  /** The largest of them, that hold the others. */
  readonly names: readonly string[];
  /** When the first operation worked again; at `toUs` the last one did. */
  readonly nothingUntilUs: number;
  readonly fault: number;
}

export type Outage = SystemOutage | DarkOutage;

export function outagesOf(run: Run, { lanes, dark }: Service): Outage[] {
  const systems = groupBy(
    troublesOf(run, lanes, 'down').flatMap(({ incidents }) => incidents.flatMap(({ parts }) => parts)),
    ({ lane }) => lane.system,
  );
  const found: Outage[] = [...systems].flatMap(([system, parts]) => systemOutages(run, system, parts));
  for (const place of dark) {
    for (const span of place.spans) found.push(darkOutage(place, span));
  }
  return found
    .sort((a, b) => a.fromUs - b.fromUs || weight(b) - weight(a))
    .map((outage, i) => ({ ...outage, number: i + 1 }));
}

/** What overlaps is one outage; what outlasted the group's own trouble somewhere is one by itself. */
function systemOutages(run: Run, system: string, parts: readonly Failed[]): SystemOutage[] {
  const lapses = lapsesOf(run, system);
  const ofGroup = ({ stretch }: Failed) =>
    lapses.some((lapse) => lapse.fromUs < stretch.toUs && lapse.toUs >= stretch.toUs);
  const elsewhere = groupBy(
    parts.filter((part) => !ofGroup(part)),
    ({ lane }) => lane.where,
  );
  const clusters = [parts.filter(ofGroup), ...elsewhere.values()].flatMap(overlapping);
  return clusters.map((failed) => {
    const fromUs = failed[0]!.stretch.fromUs;
    const toUs = Math.max(...failed.map(({ stretch }) => stretch.toUs));
    return {
      kind: 'system',
      number: 0,
      system,
      fromUs,
      toUs,
      failed,
      lapses: lapses.filter((lapse) => lapse.fromUs < toUs && lapse.toUs > fromUs),
      breadth: new Set(failed.flatMap(({ lane }) => lane.vantages)).size,
    };
  });
}

function overlapping(parts: readonly Failed[]): Failed[][] {
  const clusters: Failed[][] = [];
  let endUs = Number.NEGATIVE_INFINITY;
  for (const part of parts.toSorted((a, b) => a.stretch.fromUs - b.stretch.fromUs)) {
    if (part.stretch.fromUs >= endUs) clusters.push([]);
    clusters.at(-1)!.push(part);
    endUs = Math.max(endUs, part.stretch.toUs);
  }
  return clusters;
}

function darkOutage({ vantages, names }: DarkPlace, span: DarkPlaceSpan): DarkOutage {
  const { fromUs, toUs: nothingUntilUs, lastUs: toUs, fault } = span;
  return { kind: 'dark', number: 0, fromUs, toUs, nothingUntilUs, vantages, names, fault };
}

/** The longest; what only the users of dark places met comes last, for nobody else noticed. */
export function mostTelling(outages: readonly Outage[]): Outage {
  return outages.reduce((a, b) => (weight(b) > weight(a) ? b : a));
}

function weight(outage: Outage): number {
  const lengthUs = outage.toUs - outage.fromUs;
  return outage.kind === 'dark' ? lengthUs - 1e18 : lengthUs;
}

/** `etcd writes and reads failed from everywhere` */
export function outageClause(run: Run, outage: Outage): string {
  if (outage.kind === 'dark')
    return `Nothing${outage.toUs - outage.nothingUntilUs < LATER_TOLD_US ? '' : ', later not everything,'} worked from ${list(outage.names.map(clean))} ${themselves(outage.names)}`;
  const lanes = [...new Set(outage.failed.map(({ lane }) => lane))];
  const own = [...new Set(lanes.flatMap((lane) => lane.vantages))];
  const all = run.vantages.map(({ name }) => name);
  return `${capitalisedSubject(subjectOf(run, lanes))} failed from ${lanes.every((lane) => lane.where === lanes[0]!.where) ? lanes[0]!.where : whereWords(run, own, all)}`;
}

/** `for 6.5 s, from 2:00 to 2:06.454` */
export function outageTime(run: Run, { fromUs, toUs }: Outage): string {
  if (toUs === run.durationUs)
    return `from ${clock(fromUs)} until the run ended (${duration(toUs - fromUs)})`;
  return `for ${duration(toUs - fromUs)}, from ${clock(fromUs)} to ${clock(toUs)}`;
}

export function stretchesWithin(lane: OperationLane, fromUs: number, toUs: number) {
  return (['down', 'degraded'] as const)
    .flatMap((state) => stretchesIn(lane, state))
    .filter((stretch) => stretch.fromUs < toUs && stretch.toUs > fromUs)
    .sort((a, b) => a.fromUs - b.fromUs);
}
