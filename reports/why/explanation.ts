/** The whole answer of `zonefall why` as data: the outages of a run, and the chain behind those that were asked for. */
import { NO_CAUSE } from '../../sim/kernel/trace.ts';
import type { FaultReport, Run } from '../../sim/run.ts';
import { isWithin, parentsOf } from '../findings/dark.ts';
import { nearestFault } from '../findings/events.ts';
import { type Service, serviceOf } from '../findings/lanes.ts';
import { longestOf, overlap, type Span, totalUs } from '../findings/stretches.ts';
import { clean, clock, duration, list } from '../words.ts';
import { specOf } from './campaigns.ts';
import { anotherWay, cutOff } from './cut-off.ts';
import {
  type DarkOutage,
  mostTelling,
  type Outage,
  outageClause,
  outagesOf,
  outageTime,
  type SystemOutage,
} from './outages.ts';
import { failoverOf, remediesFor } from './remedies.ts';
import { endOf, type Step, storyOf } from './story.ts';
import { others, usersSaw } from './users.ts';
import { Witness } from './witness.ts';

export interface OutageLine {
  readonly number: number;
  readonly fromUs: number;
  readonly toUs: number;
  readonly ended: boolean;
  /** The system; '' when it was the place that had no power. */
  readonly system: string;
  /** `etcd writes and reads failed from everywhere` */
  readonly what: string;
}

export interface Explanation extends OutageLine {
  /** One sentence: what, from where, for how long. */
  readonly headline: string;
  readonly steps: readonly Step[];
  readonly users: readonly string[];
  /** What users lost, in the words of the system. */
  readonly impact: readonly string[];
  /** Where the time went; '' when there was no failover. */
  readonly split: string;
  readonly remedies: readonly string[];
}

/** Which outages are meant: the most telling one, one by its number, or those at a time. */
export type Asked =
  | { readonly kind: 'longest' }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'at'; readonly atUs: number };

export interface WhyAnswer {
  readonly title: string;
  readonly durationUs: number;
  readonly seed: Run['seed'];
  readonly outages: readonly OutageLine[];
  readonly explained: readonly Explanation[];
  /** Said instead, when nothing was down (then, or at all); '' otherwise. */
  readonly calm: string;
}

/** undefined: there is no outage of that number. */
export function explain(run: Run, asked: Asked): WhyAnswer | undefined {
  const service = serviceOf(run);
  const outages = outagesOf(run, service);
  if (asked.kind === 'number' && outages[asked.number - 1] === undefined) return undefined;
  const chosen = chosenOf(outages, asked);
  const witness = new Witness(run);
  return {
    title: run.scenario.title,
    durationUs: run.durationUs,
    seed: run.seed,
    outages: outages.map((outage) => lineOf(run, outage)),
    explained: chosen.map((outage) => explanationOf(run, service, witness, outages, outage)),
    calm: chosen.length > 0 ? '' : calmWords(run, service, outages, asked),
  };
}

function chosenOf(outages: readonly Outage[], asked: Asked): readonly Outage[] {
  if (outages.length === 0) return [];
  switch (asked.kind) {
    case 'longest':
      return [mostTelling(outages)];
    case 'number':
      return [outages[asked.number - 1]!];
    case 'at':
      return systemsFirst(outages.filter(({ fromUs, toUs }) => fromUs <= asked.atUs && asked.atUs < toUs));
  }
}

/** A place in the dark is told only when nothing else was down. */
function systemsFirst(outages: readonly Outage[]): readonly Outage[] {
  const systems = outages.filter(({ kind }) => kind === 'system');
  return systems.length > 0 ? systems : outages;
}

function lineOf(run: Run, outage: Outage): OutageLine {
  return {
    number: outage.number,
    fromUs: outage.fromUs,
    toUs: outage.toUs,
    ended: outage.toUs < run.durationUs,
    system: outage.kind === 'system' ? outage.system : '',
    what: outageClause(run, outage),
  };
}

function explanationOf(
  run: Run,
  service: Service,
  witness: Witness,
  all: readonly Outage[],
  outage: Outage,
): Explanation {
  const line = lineOf(run, outage);
  const headline = `${line.what} ${outageTime(run, outage)}.`;
  if (outage.kind === 'dark') return { ...line, headline, ...darkness(run, witness, all, outage) };
  const { system, lapses, fromUs, toUs } = outage;
  const window = {
    fromUs: Math.min(fromUs, ...lapses.map((lapse) => lapse.fromUs)),
    toUs: Math.max(toUs, ...lapses.map((lapse) => lapse.toUs)),
  };
  const failing = all.filter(
    (each) =>
      each.kind === 'system' &&
      each.system !== system &&
      each.fromUs < window.toUs &&
      each.toUs > window.fromUs,
  ) as SystemOutage[];
  const meanwhile = others(run, system, [...new Set(failing.map((each) => each.system))]);
  const users = usersSaw(run, system, service.lanes, window, lapses);
  users.push(...darkMeanwhile(run, all, window));
  if (meanwhile !== '') users.push(`Other systems: ${meanwhile}.`);
  return {
    ...line,
    headline,
    steps: [
      ...storyOf(run, witness, lapses, outage.failed[0]!.stretch.cause),
      ...cutOff(run, outage),
      ...outlasting(outage),
      ...endingSteps(run, witness, outage),
    ].toSorted((a, b) => a.atUs - b.atUs),
    users,
    impact: (run.systems.find((each) => each.name === system)?.impact ?? []).map(clean),
    split: [
      apartWords(outage),
      ...lapses
        .map((lapse) => splitWords(run, lapse))
        .filter((each) => each !== '')
        .slice(0, 1),
    ]
      .join(' ')
      .trim(),
    remedies: [...remediesFor(run, outage), ...anotherWay(run, outage)],
  };
}

/** The group serves again, and some still cannot reach it. */
function outlasting({ lapses, toUs, failed }: SystemOutage): Step[] {
  const last = lapses.at(-1);
  if (last?.served === undefined || last.toUs >= toUs) return [];
  const where = list([...new Set(failed.map(({ lane }) => lane.where))]);
  const text = `Requests from ${where} still reach no member that reaches ${clean(last.served.node)}; only those sent after ${clock(toUs)} are served.`;
  return [{ atUs: last.toUs, text, events: [] }];
}

/** The users who could not even try. */
function darkMeanwhile(run: Run, all: readonly Outage[], window: Span): string[] {
  return all.flatMap((each) => {
    if (each.kind !== 'dark' || !overlap(each, window)) return [];
    const { nothingUntilUs } = each;
    const until = nothingUntilUs === run.durationUs ? 'until the run ended' : `to ${clock(nothingUntilUs)}`;
    return `Users in ${list(each.names.map(clean))} had no power themselves from ${clock(each.fromUs)} ${until} (outage ${each.number}).`;
  });
}

/** What ended it, where no group had to serve again for that. */
function endingSteps(run: Run, witness: Witness, { lapses, failed, fromUs, toUs }: SystemOutage): Step[] {
  if (lapses.length > 0 || toUs === run.durationUs) return [];
  const last = failed.find(({ stretch }) => stretch.toUs === toUs)!;
  const next = last.lane.stretches.find((stretch) => stretch.fromUs === toUs);
  const where = list([...new Set(failed.map(({ lane }) => lane.where))]);
  const steps = endOf(run, witness, next?.cause ?? NO_CAUSE, fromUs);
  const fault = nearestFault(run, last.stretch.cause)?.fault;
  if (steps.length === 0) {
    steps.push(...faultEnd(run, witness, fault));
    // Nothing has ended yet: those who ask from now on wait, and not in vain.
    if ((fault?.toUs ?? run.durationUs) > toUs) {
      const text = `Requests that are sent from ${where} from now on succeed: they are patient enough to wait for the rest of it.`;
      return [{ atUs: toUs, text, events: [] }, ...steps];
    }
  }
  const how = next?.state === 'degraded' ? ', at first with stale or reduced answers only' : '';
  return [...steps, { atUs: toUs, text: `Requests from ${where} are served again${how}.`, events: [] }];
}

function faultEnd(run: Run, witness: Witness, fault: FaultReport | undefined): Step[] {
  const end = run.events.find((event) => event.event === 'fault-ends' && event.cause === fault?.event);
  return end === undefined ? [] : endOf(run, witness, end.id, fault!.fromUs);
}

/** Of an outage that is mostly not the group's: how much of it somebody served whom these users could not reach. */
function apartWords({ lapses, failed, fromUs, toUs }: SystemOutage): string {
  if (lapses.length === 0) return '';
  const unservedUs = lapses.reduce(
    (sum, lapse) => sum + Math.max(0, Math.min(lapse.toUs, toUs) - Math.max(lapse.fromUs, fromUs)),
    0,
  );
  const apartUs = toUs - fromUs - unservedUs;
  if (apartUs <= (toUs - fromUs) * 0.05) return '';
  const where = list([...new Set(failed.map(({ lane }) => lane.where))]);
  return `For ${duration(apartUs)} of the ${duration(toUs - fromUs)} a leader served, but requests from ${where} did not get to it.`;
}

/** `6.5 s = 6.5 s until somebody noticed + 4.7 ms of election (1 round) + 7.9 ms to the first commit` */
function splitWords(run: Run, lapse: SystemOutage['lapses'][number]): string {
  const without = lapse.parts.filter((part) => part.state === 'no-quorum');
  const withoutUs = totalUs(without);
  const lengthUs = lapse.toUs - lapse.fromUs;
  if (withoutUs > lengthUs * 0.05) {
    const after =
      lapse.served === undefined
        ? ''
        : ` A leader served ${duration(lapse.toUs - longestOf(without).toUs)} after the quorum was back.`;
    return `For ${duration(withoutUs)} of the ${duration(lengthUs)} without service there was no quorum.${after}`;
  }
  const failover = failoverOf(run, lapse);
  if (failover === undefined) return '';
  const { detectedUs, electedUs, recoveredUs, rounds } = failover;
  if (detectedUs === null || electedUs === null || recoveredUs === null) return '';
  const round = rounds > 1 ? ` over ${rounds} campaigns` : '';
  return `${duration(recoveredUs)} without service = ${duration(detectedUs)} until somebody noticed + ${duration(electedUs - detectedUs)} to elect a leader${round} + ${duration(recoveredUs - electedUs)} to its first commit.`;
}

function darkness(
  run: Run,
  witness: Witness,
  all: readonly Outage[],
  outage: DarkOutage,
): Omit<Explanation, keyof OutageLine | 'headline'> {
  const fault = run.faults.find((each) => each.number === outage.fault);
  const place = list(outage.names.map(clean));
  const failed = new Set(
    all
      .filter((each) => each.kind === 'system' && each.fromUs < outage.toUs && each.toUs > outage.fromUs)
      .map((each) => (each as SystemOutage).number),
  );
  const parents = parentsOf(run);
  const held = run.systems.flatMap(({ name }) => {
    const voters = specOf(run, name)?.members ?? [];
    const own = voters.filter((voter) =>
      outage.vantages.some((vantage) => isWithin(parents, voter, vantage)),
    ).length;
    return own === 0 ? [] : [`${own} of ${voters.length} of ${clean(name)}`];
  });
  return {
    steps: [
      ...storyOf(run, witness, [], fault?.event ?? NO_CAUSE),
      ...lightAgain(run, witness, outage, fault),
    ],
    users: [
      `Users in ${place} share its fate: whatever the systems did elsewhere, nothing was to be had from there until ${clock(outage.nothingUntilUs)}.`,
      failed.size === 0
        ? 'Elsewhere nothing failed meanwhile.'
        : `Elsewhere: ${failed.size === 1 ? 'outage' : 'outages'} ${list([...failed].map(String))} of the list below.`,
    ],
    impact: [],
    split: '',
    remedies:
      held.length === 0
        ? []
        : [`It held ${list(held)} (voters): see the other outages for what that did to them.`],
  };
}

/** The end of the fault, and when the last operation worked again. */
function lightAgain(
  run: Run,
  witness: Witness,
  { names, toUs }: DarkOutage,
  fault: FaultReport | undefined,
): Step[] {
  if (toUs === run.durationUs) return faultEnd(run, witness, fault);
  const text = `The last operation that had gone down with the power works again from ${list(names.map(clean))}.`;
  return [...faultEnd(run, witness, fault), { atUs: toUs, text, events: [] }];
}

function calmWords(run: Run, service: Service, outages: readonly Outage[], asked: Asked): string {
  if (outages.length > 0) {
    const at = asked.kind === 'at' ? ` at ${clock(asked.atUs)}` : '';
    return `Nothing was down${at}.`;
  }
  const stale = service.lanes.some((lane) => lane.stretches.some((each) => each.state === 'degraded'));
  const longest = longestWait(run);
  const waits =
    longest === undefined
      ? 'and no request had to wait'
      : `and the longest wait was ${duration(longest.us)}: ${clean(longest.system)} from ${clock(longest.atUs)}`;
  const degraded = stale ? ' Some answers were stale or reduced: see availability.csv.' : '';
  return `Nothing was down in ${duration(run.durationUs)}, ${waits}.${degraded}`;
}

/** From the failovers and the total of waiting, for availability.csv does not tell waits. */
function longestWait(run: Run): { system: string; us: number; atUs: number } | undefined {
  const waits = run.systems.flatMap(({ name }) => {
    const waitingUs = Math.max(
      0,
      ...run.summary.filter((row) => row.system === name).map((row) => row.waitingUs),
    );
    if (waitingUs === 0) return [];
    const own = run.groups.filter((group) => group.system === name && group.state !== 'serving');
    const longest = own.reduce((a, b) => (b.toUs - b.fromUs > a.toUs - a.fromUs ? b : a), own[0]!);
    if (longest === undefined) return [{ system: name, us: waitingUs, atUs: 0 }];
    return [{ system: name, us: Math.min(waitingUs, longest.toUs - longest.fromUs), atUs: longest.fromUs }];
  });
  return waits.length === 0 ? undefined : waits.reduce((a, b) => (b.us > a.us ? b : a));
}
