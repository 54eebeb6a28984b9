/** The finding in one sentence, for titles: what happened, what fails and for how long, what keeps working. */
import type { Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, clock, count, duration, list, times } from '../words.ts';
import {
  lengthUs,
  longestOf,
  mainLanes,
  type OperationLane,
  operationLanes,
  type Stretch,
  stretchesIn,
  totalUs,
} from './lanes.ts';
import { subjectOf } from './sentences.ts';

/** Failures named one by one; the others fail for less. */
const NAMED_FAILURES = 3;

export function headline(run: Run, lanes: readonly OperationLane[] = operationLanes(run)): string {
  const main = mainLanes(lanes);
  const failing = main.filter((lane) => stretchesIn(lane, 'down').length > 0);
  const verdict = failing.length === 0 ? nothingFails(run, main) : whatFails(run, main, failing);
  return `${occasionOf(run)}: ${verdict}.${lostPlaces(run, lanes)}`;
}

function nothingFails(run: Run, main: readonly OperationLane[]): string {
  const stale = main.filter((lane) => stretchesIn(lane, 'degraded').length > 0);
  if (stale.length > 0) {
    const longest = Math.max(...stale.flatMap((lane) => stretchesIn(lane, 'degraded').map(lengthUs)));
    return `nothing stops, but ${subjectOf(run, stale)} give stale or reduced answers only, for up to ${duration(longest)}`;
  }
  const longestWait = Math.max(0, ...main.flatMap((lane) => stretchesIn(lane, 'waits').map(lengthUs)));
  return `every operation keeps working${longestWait > 0 ? `, requests wait at most ${duration(longestWait)}` : ''}`;
}

function whatFails(run: Run, main: readonly OperationLane[], failing: readonly OperationLane[]): string {
  const worstFirst = outageGroups(failing).sort((a, b) => downUs(b[0]!) - downUs(a[0]!));
  const phrases = worstFirst.slice(0, NAMED_FAILURES).map((group, i) => {
    const subject = subjectOf(run, group);
    const verb = i > 0 ? '' : isSingular(subject) ? ' fails' : ' fail';
    return `${subject}${verb} ${briefly(run, stretchesIn(group[0]!, 'down'))}`;
  });
  if (worstFirst.length > NAMED_FAILURES) phrases.push('others for less');
  const failingSystems = new Set(failing.map((lane) => lane.system));
  const working = [...new Set(main.map((lane) => lane.system))].filter((each) => !failingSystems.has(each));
  const verb = working.length === 1 ? 'keeps' : 'keep';
  const rest = working.length === 0 ? '' : `; ${list(working.map(clean))} ${verb} working`;
  return `${phrases.join(', ')}${rest}`;
}

/** Lanes that were down at the same times. */
function outageGroups(lanes: readonly OperationLane[]): OperationLane[][] {
  const outages = (lane: OperationLane) => stretchesIn(lane, 'down').map((each) => [each.fromUs, each.toUs]);
  return [...groupBy(lanes, (lane) => JSON.stringify(outages(lane))).values()];
}

function downUs(lane: OperationLane): number {
  return totalUs(stretchesIn(lane, 'down'));
}

function isSingular(subject: string): boolean {
  return subject === 'every operation' || /^[^ ]+ (scheduling|name resolution)$/.test(subject);
}

/** The faults that did something: the only one by its title, several by their number. */
function occasionOf(run: Run): string {
  const [first, ...others] = run.faults.filter((fault) => fault.hadEffect);
  if (first === undefined) {
    return run.faults.length === 0 ? 'No fault' : `${count(run.faults.length, 'fault')} without effect`;
  }
  if (others.length === 0) return `${sentenceCase(run, clean(first.title))} at ${clock(first.fromUs)}`;
  return `${count(others.length + 1, 'fault')} in ${duration(run.durationUs)}`;
}

/** A capital at the beginning, unless the first word is somebody's name. */
function sentenceCase(run: Run, sentence: string): string {
  const { nodes, places } = run.scenario.world;
  const named = [...nodes, ...places, ...run.systems].some(({ name }) => sentence.startsWith(clean(name)));
  return named ? sentence : capitalised(sentence);
}

/** `for 6.4 s`, `twice (9 s in all, at most 5 s)`. */
export function briefly(run: Run, stretches: readonly Stretch[]): string {
  const longest = longestOf(stretches);
  if (stretches.length > 1) {
    const total = duration(totalUs(stretches));
    return `${times(stretches.length)} (${total} in all, at most ${duration(lengthUs(longest))})`;
  }
  return `for ${duration(lengthUs(longest))}${longest.toUs === run.durationUs ? ' until the run ends' : ''}`;
}

/** Vantages from which nothing at all worked for a while, though it did elsewhere. */
function lostPlaces(run: Run, lanes: readonly OperationLane[]): string {
  const main = new Set(mainLanes(lanes));
  const minor = lanes.filter((lane) => !main.has(lane) && stretchesIn(lane, 'down').length > 0);
  return [...groupBy(minor, (lane) => lane.where).values()]
    .flatMap(outageGroups)
    .filter((group) => subjectOf(run, group) === 'every operation')
    .slice(0, 2)
    .map((group) => ` From ${group[0]!.where} nothing works ${briefly(run, stretchesIn(group[0]!, 'down'))}.`)
    .join('');
}
