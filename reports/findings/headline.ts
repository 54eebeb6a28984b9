/** The finding in one sentence, for titles: what happened, what fails and for how long, what keeps working. */
import { SECOND } from '../../sim/kernel/time.ts';
import type { FaultReport, Run } from '../../sim/run.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, clock, count, duration, list, operationNoun, times } from '../words.ts';
import { type DarkPlace, themselves } from './dark.ts';
import {
  type CommonLane,
  commonLanes,
  type OperationLane,
  type Service,
  serviceOf,
  stretchesIn,
} from './lanes.ts';
import { lengthUs, longestOf, type Span, totalUs } from './stretches.ts';
import { subjectOf } from './subjects.ts';

/** Failures named one by one; the others fail for less. */
const NAMED_FAILURES = 3;
/** A place that misses more of a system than was said of all is told when it misses so much more. */
const MUCH_MORE_US = SECOND;
const MUCH_MORE_SHARE = 0.1;
/** Of more places in the dark only the worst is named. */
const DARK_NAMED_MAX = 2;

export function headline(run: Run, { lanes, dark }: Service = serviceOf(run)): string {
  const main = commonLanes(run, lanes);
  const failing = main.filter((lane) => downUs(lane) > 0);
  const unlit = unlitEverywhere(main);
  const verdict = failing.length === 0 ? nothingFails(run, main) : whatFails(run, main, failing);
  const elsewhere = failsElsewhere(run, main, lanes);
  return `${occasionOf(run)}: ${blackout(run, unlit, failing.length)}${verdict}${elsewhere}.${darkness(run, dark, totalUs(unlit))}`;
}

/** When no operation could be tried, for nobody had power: of the operation that was back first. */
function unlitEverywhere(main: readonly CommonLane[]): readonly Span[] {
  const spans = main.map((lane) => stretchesIn(lane, 'dark'));
  return spans.reduce<readonly Span[]>((a, b) => (totalUs(b) < totalUs(a) ? b : a), spans[0] ?? []);
}

function blackout(run: Run, unlit: readonly Span[], failing: number): string {
  if (unlit.length === 0) return '';
  return `every place is dark and nothing works ${briefly(run, unlit)}; ${failing > 0 ? 'besides that, ' : 'else '}`;
}

function nothingFails(run: Run, main: readonly CommonLane[]): string {
  const stale = main.filter((lane) => stretchesIn(lane, 'degraded').length > 0);
  if (stale.length > 0) {
    const longest = Math.max(...stale.flatMap((lane) => stretchesIn(lane, 'degraded').map(lengthUs)));
    return `nothing stops, but ${subjectOf(run, stale)} give stale or reduced answers only, for up to ${duration(longest)}`;
  }
  const longestWait = Math.max(0, ...main.flatMap((lane) => stretchesIn(lane, 'waits').map(lengthUs)));
  return `every operation keeps working${longestWait > 0 ? `, requests wait at most ${duration(longestWait)}` : ''}`;
}

/** What only some places miss, or miss more of than was said of all: that of those who miss most. */
function failsElsewhere(run: Run, main: readonly CommonLane[], lanes: readonly OperationLane[]): string {
  const toldUs = (system: string) =>
    Math.max(...main.filter((lane) => lane.system === system).map((lane) => downUs(lane)));
  const anyTold = main.some((lane) => downUs(lane) > 0);
  const failing = lanes.filter((lane) => {
    const told = toldUs(lane.system);
    return downUs(lane) - told > (anyTold ? Math.max(MUCH_MORE_US, told * MUCH_MORE_SHARE) : 0);
  });
  const [worst] = failing.toSorted((a, b) => downUs(b) - downUs(a));
  if (worst === undefined) return '';
  const time = briefly(run, stretchesIn(worst, 'down'));
  const own = failing.filter(
    (lane) => lane.where === worst.where && briefly(run, stretchesIn(lane, 'down')) === time,
  );
  const subject = subjectOf(run, own);
  const others = failing.length > own.length ? ', and others for less' : '';
  return `, but from ${worst.where} ${subject} ${isSingular(own, subject) ? 'fails' : 'fail'} ${time}${others}`;
}

function isSingular(lanes: readonly OperationLane[], subject: string): boolean {
  if (subject === 'every operation') return true;
  return (
    lanes.length === 1 &&
    lanes[0]!.operations.length === 1 &&
    SINGULAR_OPERATIONS.has(lanes[0]!.operations[0]!)
  );
}

function whatFails(run: Run, main: readonly CommonLane[], failing: readonly CommonLane[]): string {
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
  return `${happenings([first, ...others])} in ${duration(run.durationUs)}`;
}

/** What breaks, and what operators do: `3 faults and 1 repair by operators`. */
function happenings(happened: readonly FaultReport[]): string {
  const of = (kind: string) => happened.filter((fault) => fault.kind === kind).length;
  const repairs = of('runbook');
  const rounds = of('maintenance');
  const faults = happened.length - repairs - rounds;
  return list([
    ...(faults > 0 ? [count(faults, 'fault')] : []),
    ...(rounds > 0 ? [`${count(rounds, 'round')} of maintenance`] : []),
    ...(repairs > 0 ? [`${count(repairs, 'repair')} by operators`] : []),
  ]);
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

/** The places that had no power themselves, for no system is to blame for what their users missed. */
function darkness(run: Run, dark: readonly DarkPlace[], everywhereUs: number): string {
  const places = dark.filter(({ spans }) => totalUs(spans) > everywhereUs);
  const [worst] = places.toSorted((a, b) => totalUs(b.spans) - totalUs(a.spans));
  if (worst === undefined) return '';
  if (places.length > DARK_NAMED_MAX) {
    const number = places.reduce((sum, { names }) => sum + names.length, 0);
    return ` Nothing works from ${count(number, 'place')} while they are dark themselves, from ${worst.where} the longest: ${briefly(run, worst.spans)}.`;
  }
  return places
    .map(
      ({ where, names, spans }) =>
        ` From ${where} ${themselves(names)} nothing works ${briefly(run, spans)}.`,
    )
    .join('');
}
