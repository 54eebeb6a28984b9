/** The finding in one sentence, for titles: what happened, what fails and for how long, what keeps working. */
import type { Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, clock, count, duration, list, operationNoun, times } from '../words.ts';
import type { DarkPlace } from './dark.ts';
import { mainLanes, type OperationLane, type Service, serviceOf, stretchesIn } from './lanes.ts';
import { lengthUs, longestOf, type Span, totalUs } from './stretches.ts';
import { subjectOf } from './subjects.ts';

/** Failures named one by one; the others fail for less. */
const NAMED_FAILURES = 3;

export function headline(run: Run, { lanes, dark }: Service = serviceOf(run)): string {
  const main = mainLanes(run, lanes);
  const failing = main.filter((lane) => stretchesIn(lane, 'down').length > 0);
  const verdict =
    failing.length === 0
      ? `${nothingFails(run, main)}${failsElsewhere(run, lanes)}`
      : whatFails(run, main, failing);
  return `${occasionOf(run)}: ${verdict}.${darkness(run, dark, Math.max(0, ...failing.map(downUs)))}`;
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

/** What only some vantages miss, where most miss nothing: that of those who miss most. */
function failsElsewhere(run: Run, lanes: readonly OperationLane[]): string {
  const failing = lanes.filter((lane) => downUs(lane) > 0);
  const [worst] = failing.toSorted((a, b) => downUs(b) - downUs(a));
  if (worst === undefined) return '';
  const own = failing.filter(({ where }) => where === worst.where);
  const subject = subjectOf(run, own);
  const others = failing.length > own.length ? ', and others see less of it' : '';
  return `, but from ${worst.where} ${subject} ${isSingular(own, subject) ? 'fails' : 'fail'} ${briefly(run, stretchesIn(worst, 'down'))}${others}`;
}

function isSingular(lanes: readonly OperationLane[], subject: string): boolean {
  if (subject === 'every operation') return true;
  return (
    lanes.length === 1 &&
    lanes[0]!.operations.length === 1 &&
    SINGULAR_OPERATIONS.has(lanes[0]!.operations[0]!)
  );
}

function whatFails(run: Run, main: readonly OperationLane[], failing: readonly OperationLane[]): string {
  const bySystem = [...groupBy(failing, (lane) => lane.system)].map(([system, lanes]) => {
    const worst = lanes.reduce((a, b) => (downUs(b) > downUs(a) ? b : a));
    const operations = new Set(
      main.filter((lane) => lane.system === system).flatMap((lane) => lane.operations),
    );
    const failed = lanes.flatMap((lane) => lane.operations);
    const name = clean(system);
    const whole = failed.length === operations.size;
    return {
      name: whole ? name : `${name} ${list(failed.map(operationNoun))}`,
      singular: whole || (failed.length === 1 && SINGULAR_OPERATIONS.has(failed[0]!)),
      us: downUs(worst),
      time: briefly(run, stretchesIn(worst, 'down')),
      where: worst.where,
    };
  });
  // Whose view it is, where it is not that of all: once when it is the same for everything.
  const views = new Set(bySystem.map(({ where }) => where));
  const [view] = views;
  const common = views.size === 1 && view !== 'everywhere' ? `from ${view}, ` : '';
  const from = ({ where }: { where: string }) =>
    views.size === 1 || where === 'everywhere' ? '' : ` from ${where}`;
  const worstFirst = [...groupBy(bySystem, (each) => `${each.time}${from(each)}`).values()].sort(
    (a, b) => b[0]!.us - a[0]!.us,
  );
  const phrases = worstFirst.slice(0, NAMED_FAILURES).map((same, i) => {
    const verb = i > 0 ? '' : same.length === 1 && same[0]!.singular ? ' fails' : ' fail';
    return `${list(same.map((each) => each.name))}${verb}${from(same[0]!)} ${same[0]!.time}`;
  });
  if (worstFirst.length > NAMED_FAILURES) phrases.push('others for less');
  const failingSystems = new Set(failing.map((lane) => lane.system));
  const working = [...new Set(main.map((lane) => lane.system))].filter((each) => !failingSystems.has(each));
  const keep = working.length === 1 ? 'keeps' : 'keep';
  const rest = working.length === 0 ? '' : `; ${list(working.map(clean))} ${keep} working`;
  return `${common}${phrases.join(', ')}${rest}`;
}

function downUs(lane: OperationLane): number {
  return totalUs(stretchesIn(lane, 'down'));
}

const SINGULAR_OPERATIONS: ReadonlySet<string> = new Set(['schedule', 'resolve']);

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
function briefly(run: Run, stretches: readonly Span[]): string {
  const longest = longestOf(stretches);
  if (stretches.length > 1) {
    const total = duration(totalUs(stretches));
    return `${times(stretches.length)} (${total} in all, at most ${duration(lengthUs(longest))})`;
  }
  return `for ${duration(lengthUs(longest))}${longest.toUs === run.durationUs ? ' until the run ends' : ''}`;
}

/** The places that had no power themselves, when they are few and missed more than everybody else. */
function darkness(run: Run, places: readonly DarkPlace[], everywhereUs: number): string {
  if (places.length > 2) return '';
  return places
    .filter(({ spans }) => totalUs(spans) > everywhereUs)
    .map(
      ({ vantages, spans }) =>
        ` From ${list(vantages.map(clean))} itself nothing works ${briefly(run, spans)}.`,
    )
    .join('');
}
