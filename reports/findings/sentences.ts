/** What stopped, what waited, what survived: sentences. */
import type { Run } from '../../sim/run.ts';
import { groupAlike, groupBy, pairwise } from '../grouping.ts';
import { clean, clock, count, duration, list, times } from '../words.ts';
import { type DarkPlace, type DarkPlaceSpan, LATER_TOLD_US, themselves } from './dark.ts';
import { faultOf } from './history.ts';
import { type Incident, incidentTime, type Trouble, troublesOf, waitAfter } from './incidents.ts';
import { commonLanes, type OperationLane, type Service, serviceOf, stretchesIn } from './lanes.ts';
import { lengthUs, longestOf, overlap, type ServiceState, type Span, totalUs } from './stretches.ts';
import { capitalisedSubject, subjectOf } from './subjects.ts';

/** Incidents of one system that are told one by one, the longest. */
const INCIDENTS_MAX = 4;
/** Shorter ones are only counted, unless there is nothing longer. */
const INCIDENT_TOLD_US = 100_000;
const DARK_PLACES_MAX = 6;

export interface Finding {
  /** Ends with a full stop, or with a colon when details follow. */
  readonly sentence: string;
  readonly details: readonly string[];
  /** What users lost with it, in the words of the systems; empty when nothing failed. */
  readonly impact: readonly string[];
}

export interface Findings {
  /** What failed, worst first; each with its cause. */
  readonly stopped: readonly Finding[];
  /** What gave stale or reduced answers only. */
  readonly degraded: readonly Finding[];
  readonly survived: readonly Finding[];
}

const known = new WeakMap<Service, Findings>();

/** All findings of a run, as whole sentences. The picture and the terminal tell the same ones: they are found once. */
export function findings(run: Run, service: Service = serviceOf(run)): Findings {
  let found = known.get(service);
  if (found === undefined) {
    found = find(run, service);
    known.set(service, found);
  }
  return found;
}

function find(run: Run, { lanes, dark }: Service): Findings {
  const told = new Told();
  return {
    stopped: [
      ...merged(troubles(run, lanes, 'down', told), 'Failed at the same times, as above:'),
      ...(dark.length > 0 ? [darkFinding(run, dark)] : []),
    ],
    degraded: merged(troubles(run, lanes, 'degraded', told), 'Stale or reduced answers only, as above:'),
    survived: survivors(run, lanes),
  };
}

/** Findings of which each only repeats the reasons of others are lines of one. */
const MERGED_MAX = 6;
const AS_ABOVE = /(?: failed| gave stale or reduced answers only)( from .*), as above\.$/;

/** What brings no reason of its own stands together, behind the rest. */
function merged(found: readonly Finding[], title: string): Finding[] {
  const repeats = ({ sentence, details, impact }: Finding) =>
    details.length === 0 && impact.length === 0 && AS_ABOVE.test(sentence);
  const old = found.filter(repeats);
  if (old.length < 2) return [...found];
  const lines = old.slice(0, MERGED_MAX).map(({ sentence }) => sentence.replace(AS_ABOVE, '$1.'));
  if (old.length > MERGED_MAX) lines.push(`and ${count(old.length - MERGED_MAX, 'more view')}.`);
  return [...found.filter((each) => !repeats(each)), { sentence: title, details: lines, impact: [] }];
}

/** What has been said before, so that nothing is explained twice. */
class Told {
  readonly #incidents: { readonly system: string; readonly span: Span; readonly reason: string }[] = [];
  readonly #impact = new Set<string>();

  /** The reason for an incident, or `as above` when that system's was given for about the same time. */
  reason(systems: ReadonlySet<string>, incident: Incident): string {
    const known = this.#incidents.some(
      (each) =>
        systems.has(each.system) &&
        (each.reason === incident.reason || sameTime(each.span, incident.longest)),
    );
    if (known) return ', as above';
    for (const system of systems)
      this.#incidents.push({ system, span: incident.longest, reason: incident.reason });
    return `: ${incident.reason}`;
  }

  impact(words: readonly string[]): string[] {
    return words.filter((each) => {
      const isNew = !this.#impact.has(each);
      this.#impact.add(each);
      return isNew;
    });
  }
}

/** Overlapping, and neither much longer than the other. */
function sameTime(a: Span, b: Span): boolean {
  return overlap(a, b) && lengthUs(a) <= 2 * lengthUs(b) && lengthUs(b) <= 2 * lengthUs(a);
}

function troubles(
  run: Run,
  lanes: readonly OperationLane[],
  state: 'down' | 'degraded',
  told: Told,
): Finding[] {
  // What only a few vantages missed is not lost to everybody.
  const main = new Set(commonLanes(run, lanes).flatMap(({ sources }) => sources));
  const alike = groupAlike(troublesOf(run, lanes, state), (a, b) => sameStory(run, a, b));
  return alike
    .map((same) => ({ trouble: same[0]!, lanes: same.flatMap((each) => each.lanes) }))
    .sort((a, b) => weight(b.trouble, main) - weight(a.trouble, main))
    .map(({ trouble, lanes: own }) => {
      const systems = new Set(own.map((lane) => lane.system));
      const impact = run.systems.filter((each) => systems.has(each.name)).flatMap((each) => each.impact);
      const lost = state === 'down' && own.some((lane) => main.has(lane));
      return {
        ...troubleWords(run, trouble, own, state, told),
        impact: lost ? told.impact(impact.map(clean)) : [],
      };
    });
}

/** Whether two systems' troubles are told in the same words. */
function sameStory(run: Run, a: Trouble, b: Trouble): boolean {
  return (
    a.lanes[0]!.where === b.lanes[0]!.where &&
    pairwise(
      a.incidents,
      b.incidents,
      (one, other) =>
        incidentTime(run, a, one) === incidentTime(run, b, other) && one.reason === other.reason,
    )
  );
}

/** What all users met comes first, then what more vantages met, then the longer one. */
function weight({ lanes, totalUs: us }: Trouble, main: ReadonlySet<OperationLane>): number {
  const forAll = lanes.some((lane) => main.has(lane)) ? 1e21 : 0;
  return forAll + lanes[0]!.vantages.length * 1e18 + us;
}

function troubleWords(
  run: Run,
  trouble: Trouble,
  lanes: readonly OperationLane[],
  state: 'down' | 'degraded',
  told: Told,
): Omit<Finding, 'impact'> {
  const verb = state === 'down' ? 'failed' : 'gave stale or reduced answers only';
  const { where } = trouble.lanes[0]!;
  const systems = new Set(lanes.map((lane) => lane.system));
  const beginning = `${capitalisedSubject(subjectOf(run, lanes))} ${verb} from ${where}`;
  const story = (incident: Incident) => {
    const reason = told.reason(systems, incident);
    const waited = reason.startsWith(':') ? waitAfter(incident) : '';
    return `${incidentTime(run, trouble, incident)}${reason}.${waited}`;
  };
  const { incidents } = trouble;
  if (incidents.length === 1) return { sentence: `${beginning} ${story(incidents[0]!)}`, details: [] };
  const total = `${totalsDiffer(trouble, state) ? 'up to ' : ''}${duration(trouble.totalUs)} in all`;
  const details = oldTogether(longestTold(incidents, story));
  // Nothing new in any of them: the times are in the picture and in availability.csv.
  const isOld = details.every((detail) => /, as above\.$|^and /.test(detail));
  const sentence = `${beginning} ${times(incidents.length)}, ${total}`;
  return isOld ? { sentence: `${sentence}, as above.`, details: [] } : { sentence: `${sentence}:`, details };
}

/** Times that were explained before are counted in one line. */
function oldTogether(details: readonly string[]): string[] {
  const isOld = (detail: string) => detail.endsWith(', as above.');
  const old = details.filter(isOld);
  if (old.length < 2 || old.length === details.length) return [...details];
  return [...details.filter((each) => !isOld(each)), `and ${times(old.length)} as above.`];
}

/** Whether some operations of a trouble suffered longer than others. */
function totalsDiffer({ lanes }: Trouble, state: 'down' | 'degraded'): boolean {
  return new Set(lanes.map((lane) => duration(totalUs(stretchesIn(lane, state))))).size > 1;
}

/** The longest incidents in the order of time, the others counted. */
function longestTold(incidents: readonly Incident[], story: (incident: Incident) => string): string[] {
  const longestFirst = incidents.toSorted((a, b) => lengthUs(b.longest) - lengthUs(a.longest));
  const worthTelling = longestFirst.filter(
    (each, i) => i === 0 || lengthUs(each.longest) >= INCIDENT_TOLD_US,
  );
  const shown = new Set(worthTelling.slice(0, INCIDENTS_MAX));
  const details = incidents.filter((incident) => shown.has(incident)).map(story);
  const rest = longestFirst.slice(shown.size);
  if (rest.length > 0) {
    const longest = duration(lengthUs(rest[0]!.longest));
    details.push(
      `and ${count(rest.length, 'more time')}, ${rest.length === 1 ? 'for' : 'at most for'} ${longest}.`,
    );
  }
  return details;
}

function darkFinding(run: Run, places: readonly DarkPlace[]): Finding {
  const told = places.map(({ where, names, spans }) => {
    const faults = spans.map((span) => span.fault);
    const longest = longestOf(spans);
    const when =
      spans.length > 1
        ? `${times(spans.length)}, ${duration(totalUs(spans))} in all`
        : longest.toUs === run.durationUs
          ? `from ${clock(longest.fromUs)} until the run ended (${duration(lengthUs(longest))})`
          : `for ${duration(lengthUs(longest))} from ${clock(longest.fromUs)}${notAll(longest)}`;
    return { where, itself: themselves(names), when, faults };
  });
  if (told.length === 1) {
    const { where, itself, when, faults } = told[0]!;
    const fault = faultOf(run, faults[0]!);
    const why =
      faults.length === 1 && fault !== undefined
        ? `${clean(fault.title)} (fault ${fault.number})`
        : `faults ${list(faults.map(String))}`;
    return { sentence: `Nothing worked from ${where} ${itself} ${when}: ${why}.`, details: [], impact: [] };
  }
  const details = told
    .slice(0, DARK_PLACES_MAX)
    .map(
      ({ where, when, faults }) =>
        `${where} ${when} (${faults.length === 1 ? 'fault' : 'faults'} ${list(faults.map(String))}).`,
    );
  const rest = told.length - DARK_PLACES_MAX;
  if (rest > 0) details.push(`and ${count(rest, 'more place')}.`);
  return { sentence: 'Nothing worked from places while they had no power themselves:', details, impact: [] };
}

function notAll({ toUs, lastUs }: DarkPlaceSpan): string {
  return lastUs - toUs < LATER_TOLD_US ? '' : ` and not everything until ${clock(lastUs)}`;
}

const SURVIVING: ReadonlySet<ServiceState> = new Set(['up', 'waits', 'dark']);

/** Who was in the dark can speak for the rest of the time only. */
function survivors(run: Run, lanes: readonly OperationLane[]): Finding[] {
  const told = lanes
    .filter(
      ({ stretches }) =>
        stretches.every(({ state }) => SURVIVING.has(state)) &&
        stretches.some(({ state }) => state !== 'dark'),
    )
    .map((lane) => {
      const darkUs = totalUs(stretchesIn(lane, 'dark'));
      const but = darkUs === 0 ? '' : ` but for ${duration(darkUs)} without power`;
      return {
        lane,
        how: `${but}${howItSurvived(run, lane)}`,
        verb: darkUs === 0 ? 'worked throughout' : 'worked',
      };
    });
  const groups = groupBy(told, ({ lane, how }) => JSON.stringify([lane.where, how]));
  return [...groups.values()].map((group) => {
    const { lane, verb, how } = group[0]!;
    const subject = capitalisedSubject(
      subjectOf(
        run,
        group.map((each) => each.lane),
      ),
    );
    return { sentence: `${subject} ${verb} from ${lane.where}${how}.`, details: [], impact: [] };
  });
}

function howItSurvived(run: Run, lane: OperationLane): string {
  const waits = stretchesIn(lane, 'waits');
  if (waits.length > 0) {
    const longest = longestOf(waits);
    const during = waits.length === 1 ? 'the failover' : `the ${waits.length} failovers`;
    if (longest.toUs === run.durationUs) {
      return `: no request failed, but those sent from ${clock(longest.fromUs)} on still waited when the run ended`;
    }
    return `: no request failed; those sent during ${during} waited up to ${duration(lengthUs(longest))}`;
  }
  const groups = run.groups.filter((group) => group.system === lane.system);
  const fewest = groups.reduce(
    (least, group) => (group.reachable < least.reachable ? group : least),
    groups[0]!,
  );
  if (
    fewest === undefined ||
    fewest.reachable >= fewest.voters ||
    groups.some((group) => group.state !== 'serving')
  ) {
    return '';
  }
  return `: it kept its leader and ${fewest.reachable} of ${count(fewest.voters, 'voter')}; ${fewest.quorum} are needed`;
}
