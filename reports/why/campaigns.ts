/** One campaign as a story: whose silence, which timer, who voted, who refused, who ignored it and why. */
import type { TraceEvent } from '../../sim/kernel/trace.ts';
import type { Run } from '../../sim/run.ts';
import type { SystemSpec } from '../../sim/systems/system-spec.ts';
import { eventClause } from '../findings/reasons.ts';
import { groupBy } from '../grouping.ts';
import { clean, clock, duration, list } from '../words.ts';
import type { Witness } from './witness.ts';

const ANSWERS = {
  'pre-campaign': /^pre-vote-(granted|refused|ignored)$/,
  campaign: /^vote-(granted|refused|ignored)$/,
} as const;

export function isCampaign(event: TraceEvent): boolean {
  return event.event === 'campaign' || event.event === 'pre-campaign';
}

export interface Campaign {
  readonly event: TraceEvent;
  readonly granted: readonly string[];
  readonly refused: readonly { readonly node: string; readonly why: string }[];
  readonly ignored: readonly { readonly node: string; readonly why: string }[];
  /** Voters of whom no answer is known. */
  readonly silent: readonly string[];
  readonly won: boolean;
}

export function campaignOf(run: Run, event: TraceEvent): Campaign {
  const followUps = (effectsOf(run).get(event.id) ?? []).filter((each) => each.system === event.system);
  const answer = ANSWERS[event.event as keyof typeof ANSWERS];
  const answers = (outcome: string) => followUps.filter((each) => answer.exec(each.event)?.[1] === outcome);
  const why = (each: TraceEvent) => ({
    node: each.node,
    why: each.detail.replace(/^[^:]*: /, '').replace(/^has voted/, 'already voted'),
  });
  const heard = new Set(followUps.filter((each) => answer.test(each.event)).map((each) => each.node));
  const voters = specOf(run, event.system)?.members ?? [];
  return {
    event,
    granted: [...new Set(answers('granted').map((each) => each.node))],
    refused: answers('refused').map(why),
    ignored: answers('ignored').map(why),
    silent: voters.filter((voter) => voter !== event.node && !heard.has(voter)),
    won: followUps.some(
      (each) =>
        each.node === event.node &&
        (each.event === 'leader' || each.event === 'raft-leader' || isCampaign(each)),
    ),
  };
}

const EFFECTS = new WeakMap<Run, ReadonlyMap<number, readonly TraceEvent[]>>();

/** By event: those that name it as their cause. */
export function effectsOf(run: Run): ReadonlyMap<number, readonly TraceEvent[]> {
  const known = EFFECTS.get(run);
  if (known !== undefined) return known;
  const effects = groupBy(run.events, (event) => event.cause);
  EFFECTS.set(run, effects);
  return effects;
}

export function specOf(run: Run, system: string): SystemSpec | undefined {
  return run.scenario.systems.find((each) => each.name === system);
}

const TIMER =
  /^its election timer ran out: (?<ticks>\d+) ticks \([\d.]+ s(?:, (?<advanced>\d+) of them counted at its start)?\) (?:without a leader(?: since it came back (?<back>[\d.]+) s before)?|without a word from (?<leader>\S+?)(?:, last heard (?<heard>[\d.]+) s before)?)(?<nth> \(campaign \d+ in a row\))?$/;

/** "manager-3 last heard from manager-1 at 1:59.454; its election timer, 14 ticks of 500 ms, runs out at 7 s ..." */
export function campaignStory(run: Run, witness: Witness, campaign: Campaign, again: boolean): string {
  const { event } = campaign;
  const asks =
    event.event === 'pre-campaign'
      ? `It asks whether it would be elected in term ${event.term} (PreVote).`
      : `It asks for votes in term ${event.term}.`;
  if (event.detail === 'a majority would vote for it') {
    const told = `${clean(event.node)} would be elected, so it asks for votes in term ${event.term}.`;
    return [told, ...answerSentences(run, witness, campaign)].join(' ');
  }
  return [timerStory(run, event, again), asks, ...answerSentences(run, witness, campaign)].join(' ');
}

function timerStory(run: Run, event: TraceEvent, again: boolean): string {
  const node = clean(event.node);
  const found = TIMER.exec(event.detail);
  if (found === null) return `${eventClause(event)}.`;
  const { ticks, advanced, back, leader, heard, nth } = found.groups!;
  const drawn = drawnTimer(run, event.system, Number(ticks));
  if (again) return `${node}'s election timer, now of ${drawn}, runs out once more.`;
  const counted = advanced === undefined ? '' : `, of which ${advanced} count as passed when it starts,`;
  const timer = `its election timer of ${drawn}${counted} runs out${nth ?? ''}.`;
  const agoUs = (seconds: string) => event.timeUs - Math.round(Number(seconds) * 1_000_000);
  if (back !== undefined)
    return `${node} came back at ${clock(agoUs(back))} and has heard no leader since; ${timer}`;
  if (leader === undefined) return `${node} knows no leader; ${timer}`;
  if (heard === undefined) return `${node} has heard nothing from ${clean(leader)}; ${timer}`;
  const heardUs = agoUs(heard);
  return `${node} last heard from ${clean(leader)} at ${clock(heardUs)}${missedHeartbeat(run, event.system, heardUs)}; ${timer}`;
}

/** "14 ticks of 500 ms (7 s; drawn between 5 s and 9.5 s)" */
export function drawnTimer(run: Run, system: string, ticks: number): string {
  const timing = timingOf(run, system);
  if (timing === undefined) return `${ticks} ticks`;
  const { tickUs, electionTicks } = timing;
  const drawn = `drawn between ${duration(electionTicks * tickUs)} and ${duration((2 * electionTicks - 1) * tickUs)}`;
  return `${ticks} ticks of ${duration(tickUs)} (${duration(ticks * tickUs)}; ${drawn})`;
}

export interface Timing {
  readonly tickUs: number;
  readonly heartbeatTicks: number;
  readonly electionTicks: number;
  readonly preVote: boolean;
  readonly checkQuorum: boolean;
}

/** Of a system with etcd's timers; undefined of others, and of a file that does not tell. */
export function timingOf(run: Run, system: string): Timing | undefined {
  const parameters = specOf(run, system)?.parameters as Partial<Timing> | undefined;
  const { tickUs, heartbeatTicks, electionTicks } = parameters ?? {};
  const known = [tickUs, heartbeatTicks, electionTicks].every((each) => typeof each === 'number' && each > 0);
  return known ? (parameters as Timing) : undefined;
}

function missedHeartbeat(run: Run, system: string, heardUs: number): string {
  const timing = timingOf(run, system);
  if (timing === undefined) return '';
  const dueUs = heardUs + timing.heartbeatTicks * timing.tickUs;
  return `, and the heartbeat that was due about ${clock(roundedTo(dueUs, timing.tickUs))} never came`;
}

/** Latency shifts it: not told more finely than a tenth of a tick, or a millisecond. */
function roundedTo(us: number, tickUs: number): number {
  const grain = Math.max(1_000, Math.round(tickUs / 100_000) * 10_000);
  return Math.round(us / grain) * grain;
}

function answerSentences(run: Run, witness: Witness, campaign: Campaign): string[] {
  const { event, granted, refused, ignored, silent } = campaign;
  const sentences: string[] = [];
  const would = event.event === 'pre-campaign' ? 'would vote' : granted.length === 1 ? 'votes' : 'vote';
  if (granted.length > 0) sentences.push(`${names(granted)} ${would} for it.`);
  for (const [why, same] of groupBy(refused, (each) => each.why)) {
    sentences.push(
      `${names(same.map((each) => each.node))} ${same.length === 1 ? 'refuses' : 'refuse'}: ${clean(why)}.`,
    );
  }
  for (const { node, why } of ignored) sentences.push(`${clean(node)} ignores it: ${clean(why)}.`);
  const voters = specOf(run, event.system)?.members.length ?? 0;
  const quorum = Math.floor(voters / 2) + 1;
  if (voters > 0 && silent.length > 0 && !(campaign.won && granted.length + 1 >= quorum)) {
    const told = groupBy(silent, (node) => witness.conditionOf(node, event.timeUs));
    for (const [condition, nodes] of told) sentences.push(silenceOf(nodes, condition));
  }
  return sentences;
}

function silenceOf(nodes: readonly string[], condition: string): string {
  const is = nodes.length === 1 ? 'is' : 'are';
  if (condition !== '') return `${names(nodes)} ${is} ${condition}.`;
  return `No answer comes from ${names(nodes)}.`;
}

function names(nodes: readonly string[]): string {
  return list(nodes.map(clean));
}
