/** The chain that led to an outage and out of it, step by step in the order of time. */
import { SECOND } from '../../sim/kernel/time.ts';
import { causesOf, type TraceEvent } from '../../sim/kernel/trace.ts';
import type { FaultReport, GroupInterval, Run } from '../../sim/run.ts';
import { eventClause } from '../findings/reasons.ts';
import { faultTime, nodesWords } from '../findings/subjects.ts';
import { groupBy } from '../grouping.ts';
import { capitalised, clean, clock, count, duration, list, listSome } from '../words.ts';
import { type Campaign, campaignOf, campaignStory, effectsOf, isCampaign, specOf } from './campaigns.ts';
import type { Lapse } from './lapses.ts';
import type { Witness } from './witness.ts';

export interface Step {
  readonly atUs: number;
  /** Whole sentences. */
  readonly text: string;
  /** The trace events it tells of, for who wants to look them up in timeline.csv. */
  readonly events: readonly number[];
}

/** A change of a group's state that lasts for a smaller share of the lapse says nothing to a reader. */
const FLICKER_SHARE = 0.05;
/** Of several lapses in one outage so many are told. */
const LAPSES_TOLD = 3;

/** The steps of the times without a serving group, or, when it served, of what kept requests from it. */
export function storyOf(run: Run, witness: Witness, lapses: readonly Lapse[], cause: number): Step[] {
  const told = new Set<number>();
  const steps =
    lapses.length === 0
      ? chainSteps(run, witness, cause, told)
      : lapses.slice(0, LAPSES_TOLD).flatMap((lapse) => lapseSteps(run, witness, lapse, told));
  const rest = lapses.slice(LAPSES_TOLD);
  if (rest.length > 0) {
    const last = rest.at(-1)!;
    const end = last.served === undefined ? 'the run ended' : `${clean(last.served.node)} served`;
    steps.push({
      atUs: rest[0]!.fromUs,
      text: `The same happened ${count(rest.length, 'more time')} until ${end}.`,
      events: [],
    });
  }
  return steps.toSorted((a, b) => a.atUs - b.atUs);
}

function chainSteps(run: Run, witness: Witness, id: number, told: Set<number>): Step[] {
  const event = run.events[id - 1];
  if (event === undefined) return [];
  return [...causesOf(run.events, id).reverse(), event].flatMap((each) => stepOf(run, witness, each, told));
}

/** The chain that ended a time, as far as it lies after its beginning. */
export function endOf(run: Run, witness: Witness, id: number, fromUs: number): Step[] {
  const event = run.events[id - 1];
  if (event === undefined) return [];
  const told = new Set<number>();
  return [...causesOf(run.events, id).reverse(), event]
    .filter(({ timeUs }) => timeUs > fromUs)
    .flatMap((each) => stepOf(run, witness, each, told));
}

function lapseSteps(run: Run, witness: Witness, lapse: Lapse, told: Set<number>): Step[] {
  const steps: Step[] = [];
  const { lost, served, fromUs, toUs } = lapse;
  if (lost === undefined) {
    steps.push({
      atUs: fromUs,
      text: `No member of ${clean(lapse.system)} led when the run began.`,
      events: [],
    });
  } else {
    for (const cause of causesOf(run.events, lost.id).reverse()) {
      steps.push(...stepOf(run, witness, cause, told));
    }
    steps.push(...backgroundSteps(run, lapse, told));
    told.add(lost.id);
    steps.push(lossStep(run, witness, lapse, lost));
  }
  const members = new Set(membersOf(run, lapse.system));
  const inside = run.events.filter(
    (event) =>
      event.timeUs >= fromUs &&
      event.timeUs <= toUs &&
      (lost === undefined || event.id > lost.id) &&
      (served === undefined || event.id <= served.id) &&
      (event.system === lapse.system ||
        (event.system === '' && (event.node === '' || members.has(event.node)))),
  );
  for (const part of lapse.parts.slice(1)) {
    told.add(part.cause);
    const stays = part.toUs - part.fromUs >= (toUs - fromUs) * FLICKER_SHARE;
    const lateUs = lateReturnUs(run, lapse, part);
    if (stays || lateUs > 0) steps.push(changeStep(run, part, lateUs));
  }
  steps.push(...insideSteps(run, witness, inside, told));
  if (served !== undefined) {
    if (!tells(run, steps, served)) steps.push(servedStep(lapse, served, specOf(run, lapse.system)?.kind));
    steps.push(...aftermath(run, lapse, served));
  }
  return steps;
}

/** Whether a step tells what the member did at that moment. */
function tells(run: Run, steps: readonly Step[], { timeUs, system, node }: TraceEvent): boolean {
  return steps.some(
    ({ atUs, events }) =>
      atUs === timeUs &&
      events.some((id) => run.events[id - 1]!.system === system && run.events[id - 1]!.node === node),
  );
}

/** Served without a new leader's first commit: a leader that stayed, and is heard again. */
function servedStep(lapse: Lapse, served: TraceEvent, kind: string | undefined): Step {
  const node = clean(served.node);
  const system = clean(lapse.system);
  const stayed = served.node === lapse.leaderBefore && served.term === lapse.termBefore;
  const without = lapse.parts.findLast((part) => part.state === 'no-quorum');
  const lateUs = without === undefined ? 0 : served.timeUs - without.toUs;
  const late = lateUs === 0 ? '' : ` ${duration(lateUs)} after enough voters could reach each other again`;
  const dial = lateUs > 0 && kind === 'swarm' ? ' gRPC connects again only at its next attempt.' : '';
  const text = stayed
    ? `${node}, all the while the leader of term ${served.term}, is heard by a quorum${late}: ${system} serves again.${dial}`
    : `${node} leads and reaches a quorum${late}: ${system} serves again.${dial}`;
  return { atUs: served.timeUs, text, events: [served.id] };
}

function membersOf(run: Run, system: string): readonly string[] {
  return run.systems.find(({ name }) => name === system)?.members ?? [];
}

/** The quorum goes or comes back while nobody serves. */
/** How long after the end of a fault the quorum is back for good; 0 where it is at once. */
function lateReturnUs(run: Run, { parts }: Lapse, part: GroupInterval): number {
  if (part !== parts.at(-1) || part.state === 'no-quorum' || parts.at(-2)?.state !== 'no-quorum') return 0;
  const ends = run.faults.map(({ toUs }) => toUs ?? run.durationUs).filter((toUs) => toUs <= part.fromUs);
  const sinceUs = part.fromUs - Math.max(0, ...ends);
  return sinceUs > SECOND ? sinceUs : 0;
}

function changeStep(run: Run, part: GroupInterval, lateUs: number): Step {
  const counts = countsWords(run, part);
  const text =
    part.state === 'no-quorum'
      ? `Now ${counts} and ${needed(part)}: nobody can be elected.`
      : `${capitalised(counts)} again, enough to elect a leader.${lateUs > 0 ? ` It took ${duration(lateUs)}: a connection carries again from its next attempt on.` : ''}`;
  return { atUs: part.fromUs, text, events: [part.cause] };
}

/** With single links cut, "can reach each other" would say too much. */
function countsWords(run: Run, part: GroupInterval): string {
  const counts = `${part.reachable} of ${count(part.voters, 'voter')}`;
  const { fromUs } = part;
  const partial = run.faults.some(
    (fault) => fault.kind === 'cut' && fault.fromUs <= fromUs && (fault.toUs ?? run.durationUs) > fromUs,
  );
  if (part.reachable === 0) return 'no voter is left';
  if (part.reachable === 1) return `${counts} is left`;
  return partial ? `the best connected member reaches ${counts}` : `${counts} can reach each other`;
}

function needed({ quorum }: GroupInterval): string {
  return `${quorum} ${quorum === 1 ? 'is' : 'are'} needed`;
}

/** Faults that went on when the lapse began, had a part in no chain, and touched a member. */
function backgroundSteps(run: Run, lapse: Lapse, told: Set<number>): Step[] {
  const members = new Set(membersOf(run, lapse.system));
  return run.faults
    .filter(
      (fault) =>
        fault.hadEffect &&
        fault.fromUs <= lapse.fromUs &&
        (fault.toUs ?? run.durationUs) > lapse.fromUs &&
        fault.nodes.some((node) => members.has(node)),
    )
    .flatMap((fault) => worldStep(run, run.events[fault.event - 1]!, told));
}

/** How the group lost its leader or its quorum, with the arithmetic. */
function lossStep(run: Run, witness: Witness, lapse: Lapse, lost: TraceEvent): Step {
  const system = clean(lapse.system);
  const leader = clean(lapse.leaderBefore);
  const part = lapse.parts[0]!;
  const condition = witness.conditionOf(lapse.leaderBefore, lost.timeUs);
  const primary = specOf(run, lapse.system)?.kind === 'rethink';
  const led = primary
    ? `${leader}, primary of ${system}`
    : `${leader}, leader of ${system} in term ${lapse.termBefore}`;
  const counts = countsWords(run, part);
  const what = primary ? 'primary' : 'leader';
  let text: string;
  if (part.state === 'no-quorum') {
    const lot = condition === '' ? `${led}, has lost its quorum` : `${led}, is ${condition}`;
    const before = membersOf(run, lapse.system)
      .filter((node) => node !== lapse.leaderBefore && witness.downSince(node, lost.timeUs) < lost.timeUs)
      .map((node) => `${clean(node)} has been down since ${clock(witness.downSince(node, lost.timeUs))}. `);
    text = `${before.join('')}${lot}: ${counts} and ${needed(part)}, so nobody can commit or be elected.`;
  } else if (/higher term/.test(lost.detail)) {
    text = `${system} has no serving leader any more: ${clean(lost.detail)}.`;
  } else if (/ has stepped down;/.test(lost.detail)) {
    text = `${led}, has stepped down. ${capitalised(counts)} and ${needed(part)}: another ${what} can be elected once somebody notices.`;
  } else if (condition === '') {
    text = `${led}, reaches no quorum any more. ${capitalised(counts)} and ${needed(part)}: another ${what} can be elected once somebody notices.`;
  } else {
    text = `${led}, is ${condition}. ${capitalised(counts)} and ${needed(part)}: another ${what} can be elected once somebody notices.`;
  }
  return { atUs: lost.timeUs, text, events: [lost.id] };
}

function insideSteps(run: Run, witness: Witness, inside: readonly TraceEvent[], told: Set<number>): Step[] {
  const campaigns = inside
    .filter((event) => isCampaign(event) && !told.has(event.id))
    .map((each) => campaignOf(run, each));
  // Of each candidate the first campaign that came to nothing is told; the others are counted.
  const candidates = new Set<string>();
  const repeated = campaigns.filter(({ won, event }) => {
    if (won) return false;
    const again = candidates.has(event.node);
    candidates.add(event.node);
    return again;
  });
  const untold = new Set(repeated.map(({ event }) => event.id));
  const steps: Step[] = [];
  for (const event of inside) {
    if (untold.has(event.id)) told.add(event.id);
    steps.push(...stepOf(run, witness, event, told));
  }
  if (untold.size > 0) steps.push(untoldStep(repeated));
  return steps;
}

/** Of many campaigns in a row the trace itself tells only some. */
function atLeast(events: readonly TraceEvent[]): string {
  return events.some((event) => / in a row\)$/.test(event.detail)) ? 'At least ' : '';
}

function untoldStep(campaigns: readonly Campaign[]): Step {
  const events = campaigns.map(({ event }) => event);
  const nodes = list([...new Set(events.map((event) => clean(event.node)))]);
  const terms = events.map((event) => event.term);
  const from = Math.min(...terms);
  const to = Math.max(...terms);
  const why = groupBy(
    campaigns.flatMap(({ refused, ignored }) => [...refused, ...ignored]),
    (each) => each.why.replace(/, lease runs .*/, ''),
  );
  const most = [...why].sort((a, b) => b[1].length - a[1].length)[0]?.[0];
  const lastUs = events.at(-1)!.timeUs;
  const last = lastUs === events[0]!.timeUs ? '' : `, the last one at ${clock(lastUs)}`;
  const because = most === undefined ? '' : ` Most often a voter said no because: ${clean(most)}.`;
  return {
    atUs: events[0]!.timeUs,
    text: `${atLeast(events)}${count(events.length, 'more campaign')} by ${nodes} (${from === to ? `term ${from}` : `terms ${from} to ${to}`}) came to nothing${last}.${because}`,
    events: events.map((event) => event.id),
  };
}

/** Words that are told together with another event, or say nothing that another does not. */
const TOLD_ELSEWHERE =
  /^((pre-)?vote-(granted|refused|ignored|lost)|follower|serving|connected|pre-vote-lost)$/;

function stepOf(run: Run, witness: Witness, event: TraceEvent, told: Set<number>): Step[] {
  if (told.has(event.id)) return [];
  if (event.system === '') return worldStep(run, event, told);
  told.add(event.id);
  if (TOLD_ELSEWHERE.test(event.event)) return [];
  if (isCampaign(event)) {
    const campaign = campaignOf(run, event);
    const again = run.events.some(
      (each) => each.id < event.id && told.has(each.id) && isCampaign(each) && each.node === event.node,
    );
    return [{ atUs: event.timeUs, text: campaignStory(run, witness, campaign, again), events: [event.id] }];
  }
  if (event.event === 'step-down') {
    return [{ atUs: event.timeUs, text: `${eventClause(event)} and steps down.`, events: [event.id] }];
  }
  if (event.event === 'leader' && event.cause !== 0) return [electionStep(run, event)];
  if (event.event === 'first-commit') return [commitStep(run, event)];
  return [{ atUs: event.timeUs, text: `${eventClause(event)}.`, events: [event.id] }];
}

function electionStep(run: Run, event: TraceEvent): Step {
  const campaign = run.events[event.cause - 1];
  const voters = specOf(run, event.system)?.members.length;
  const votes =
    campaign === undefined || !isCampaign(campaign) ? 0 : campaignOf(run, campaign).granted.length + 1;
  const quorum = Math.floor((voters ?? 0) / 2) + 1;
  // It leads with the vote that makes the majority. Of many campaigns in a row the trace tells only some, and only their votes.
  const words =
    voters === undefined || votes < quorum
      ? 'has a majority of the votes'
      : `has ${quorum} of ${voters} votes with its own`;
  return {
    atUs: event.timeUs,
    text: `${clean(event.node)} ${words} and leads ${clean(event.system)} in term ${event.term}.`,
    events: [event.id],
  };
}

function commitStep(run: Run, event: TraceEvent): Step {
  const elected = run.events[event.cause - 1];
  const after =
    elected?.event === 'leader' ? ` ${duration(event.timeUs - elected.timeUs)} after its election` : '';
  return {
    atUs: event.timeUs,
    text: `${clean(event.node)} commits its first entry${after}: ${clean(event.system)} serves again.`,
    events: [event.id],
  };
}

/** A fault with all that it did at once, or the return of nodes with it. */
function worldStep(run: Run, event: TraceEvent, told: Set<number>): Step[] {
  if (told.has(event.id) && run.faults.some((each) => each.event === event.id)) return [];
  told.add(event.id);
  const fault = run.faults.find((each) => each.event === event.id);
  const together = (effectsOf(run).get(event.id) ?? []).filter(
    (each) => each.system === '' && each.timeUs === event.timeUs,
  );
  if (fault !== undefined) {
    for (const each of together) told.add(each.id);
    return [{ atUs: event.timeUs, text: faultStory(run, fault, together), events: [event.id] }];
  }
  if (event.event === 'fault-ends') {
    for (const each of together) told.add(each.id);
    const back = together
      .filter((each) => /^node-(up|resumed)$/.test(each.event))
      .map((each) => clean(each.node));
    const who = back.length === 0 ? '' : `; ${listSome(back, 5)} ${back.length === 1 ? 'is' : 'are'} back`;
    return [{ atUs: event.timeUs, text: `${capitalisedFault(event.detail)}${who}.`, events: [event.id] }];
  }
  return [{ atUs: event.timeUs, text: `${eventClause(event)}.`, events: [event.id] }];
}

function faultStory(run: Run, fault: FaultReport, together: readonly TraceEvent[]): string {
  const nodes = nodesWords(run, fault, 4);
  const touched =
    nodes === '' || together.length === 0 || clean(fault.title).includes(nodes)
      ? ''
      : ` It takes ${nodes} down.`;
  const down = together.some((each) => each.event === 'node-down');
  return `Fault ${fault.number}: ${clean(fault.title)}, ${faultTime(fault)}.${down ? touched : ''}`;
}

function capitalisedFault(detail: string): string {
  return clean(detail.replace(/^fault/, 'Fault'));
}

/** The old leader that learns late, while the new one serves already. */
function aftermath(run: Run, lapse: Lapse, served: TraceEvent): Step[] {
  const late = run.events.find(
    (event) =>
      event.id > served.id &&
      event.system === lapse.system &&
      event.node === lapse.leaderBefore &&
      (event.event === 'step-down' || event.event === 'leader'),
  );
  if (late?.event !== 'step-down' || served.node === lapse.leaderBefore || late.term < lapse.termBefore)
    return [];
  const next = run.events.find(
    (event) =>
      event.id > served.id &&
      event.id < late.id &&
      event.system === lapse.system &&
      /-lost$/.test(event.event),
  );
  if (next !== undefined) return [];
  return [
    {
      atUs: late.timeUs,
      text: `${eventClause(late)} and steps down. Until then, for ${duration(late.timeUs - served.timeUs)}, two members took themselves for the leader; only ${clean(served.node)} could commit.`,
      events: [late.id],
    },
  ];
}
