/** The timeline in words: when each fault begins, what it touches, and what it comes to. */
import { groupBy } from '../../../reports/grouping.ts';
import { wrap } from '../../../reports/terminal/wrap.ts';
import { clean, clock, count, duration, list, listSome, times } from '../../../reports/words.ts';
import type { Survival } from '../../exact/survival.ts';
import type { FaultStart } from '../../faults/fault-spec.ts';
import { type Distribution, mean, quantile } from '../../kernel/distribution.ts';
import type { Explanation } from './explanation.ts';
import type { Slowdown } from './forecast.ts';
import { outcomeWords } from './loss-table.ts';

type Entry = Explanation['timeline'][number];

/** Entries told one by one. */
const ENTRIES_MAX = 30;

export function timelineLines(explanation: Explanation, width: number): string[] {
  const { timeline } = explanation;
  if (timeline.length === 0) return ['  nothing breaks'];
  const lines = timeline.slice(0, ENTRIES_MAX).flatMap((entry, i) => {
    const number = `  ${String(i + 1).padStart(String(timeline.length).length)}  `;
    const indent = ' '.repeat(number.length);
    const nodes =
      entry.nodes === null || entry.nodes.length === 0 ? '' : ` (${listSome(entry.nodes.map(clean), 5)})`;
    const head = `${when(entry, timeline)}: ${clean(entry.title)}${nodes}`;
    const outcomes = [...outcomeLines(entry), ...entry.slowdowns.map(slowdownLine)];
    if (!entry.complete) outcomes.push('and more ways than are told here');
    if (outcomes.length === 0) outcomes.push('no question of quorum: run it to see what becomes of it');
    return [
      wrap(head, width, number, indent),
      ...outcomes.map((line) => wrap(line, width, `${indent}- `, `${indent}  `)),
    ];
  });
  const more = timeline.length - ENTRIES_MAX;
  if (more > 0) lines.push(`  and ${count(more, 'more fault')} (--json has them all)`);
  return lines;
}

function when(entry: Entry, timeline: Explanation['timeline']): string {
  const begins = startWords(entry.start, timeline);
  const lasts = entry.duration === null ? 'to the end' : `for ${spread(entry.duration)}`;
  const again =
    entry.repeat === null ? '' : `, ${times(entry.repeat.times)}, each ${duration(entry.repeat.periodUs)}`;
  return `${begins} ${lasts}${again}`;
}

function startWords(start: FaultStart, timeline: Explanation['timeline']): string {
  switch (start.kind) {
    case 'at':
      return `at ${clock(start.atUs)}`;
    case 'after': {
      const other = timeline[start.fault]!;
      const name = other.name === '' ? `fault ${start.fault + 1}` : clean(other.name);
      const delay = start.delayUs === 0 ? 'when' : `${duration(start.delayUs)} after`;
      return `${delay} ${name} ${start.edge === 'start' ? 'begins' : 'ends'}`;
    }
    case 'every':
      return `again and again, after ${spread(start.interval)} each time,`;
  }
}

function spread(distribution: Distribution): string {
  if (distribution.kind === 'constant') return duration(Math.round(distribution.value));
  return `${duration(Math.round(mean(distribution)))} on average (p99 ${duration(rounded(quantile(distribution, 0.99)))})`;
}

function rounded(us: number): number {
  return Math.round(Number(us.toPrecision(3)));
}

/** Systems with the same fate together. */
function outcomeLines(entry: Entry): string[] {
  const alike = groupBy(entry.survival, ({ outcomes, brief }) => outcomesWords(outcomes, brief));
  return [...alike.values()].map((same) => {
    const { outcomes, brief } = same[0]!;
    return `${list(same.map(({ system }) => clean(system)))}: ${outcomesWords(outcomes, brief, same.length > 1)}`;
  });
}

function outcomesWords(outcomes: readonly Survival[], brief: boolean, several = false): string {
  const words = [...new Set(outcomes.map((outcome) => withCount(outcome, several)))];
  const touched = outcomes.some(
    ({ leader, operations }) => leader !== 'stays' || operations.some(({ states }) => states.join() !== 'up'),
  );
  const over = brief && touched ? '; over before time-outs run, so it may pass unnoticed' : '';
  return `${words.join(', or ')}${over}`;
}

function withCount(outcome: Survival, several: boolean): string {
  const { together, voters, quorum } = outcome;
  const left = together === voters ? '' : ` (${together} of ${voters} voters together, ${quorum} needed)`;
  return `${outcomeWords(outcome, several)}${left}`;
}

function slowdownLine({ system, silenceUs, rttUs, effect }: Slowdown): string {
  const figures = `up to ${duration(Math.round(silenceUs))} between heartbeats as it begins, RTT ${duration(Math.round(rttUs))} between the slowest pair`;
  switch (effect) {
    case 'holds':
      return `${clean(system)}: the leader holds; ${figures}`;
    case 'may elect':
      return `${clean(system)}: a follower may campaign; ${figures}`;
    case 'elects':
      return `${clean(system)}: followers behind it campaign; ${figures}`;
    case 'cannot elect':
      return `${clean(system)}: followers behind it campaign, and votes come back too late; ${figures}`;
  }
}
