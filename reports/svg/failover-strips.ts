/** The mark of a failover, enlarged: how long until somebody noticed, until a leader was elected, until it served again. */
import type { Failover, Run } from '../../sim/run.ts';
import { wasHandedOver } from '../findings/failover-story.ts';
import { withoutQuorumDuring } from '../findings/history.ts';
import { WAIT_TOLD_US } from '../findings/incidents.ts';
import { commonLanes, type OperationLane } from '../findings/lanes.ts';
import { SpanIndex } from '../findings/span-index.ts';
import { lengthUs, type Span, type Stretch } from '../findings/stretches.ts';
import { clean, clock, count, duration, operationNoun } from '../words.ts';
import { type Chart, drawPill, LABEL_SIZE, PAGE } from './chart.ts';
import { drawTag } from './fault-tags.ts';
import type { LegendEntry } from './legend.ts';
import { coordinate, line, type Pen, write } from './pen.ts';
import { fitted, fittedName, textWidth } from './text-width.ts';
import type { Look } from './theme.ts';

const STRIPS_MAX = 6;
const BAR = 20;
const PITCH = 58;
/** When the longest is more than so many times the shortest, each strip has its own scale. */
const COMMON_SCALE_MAX = 120;
const BAR_WIDTH = 700;

const LEGEND: readonly LegendEntry[] = [
  { look: 'silent', letter: '', words: 'detect: nobody noticed yet' },
  { look: 'fail', letter: '', words: 'no quorum: nobody can be elected' },
  { look: 'elect', letter: '', words: 'elect' },
  { look: 'recover', letter: '', words: 'recover: until the first commit' },
];

/** Entries for the parts that occur. */
export function stripLegend(run: Run): LegendEntry[] {
  const anyElected = run.failovers.some((each) => each.electedUs !== null);
  const anyWithout = run.failovers.some((each) => withoutQuorum(run, each).length > 0);
  return LEGEND.filter(({ look }) => (look !== 'recover' || anyElected) && (look !== 'fail' || anyWithout));
}

interface Strip {
  readonly failover: Failover;
  /** To the recovery, or to the end of the run. */
  readonly lengthUs: number;
  /** What most users met meanwhile, with the operation that fared worst. */
  readonly felt: readonly Stretch[];
  readonly operations: readonly string[];
  /** When the group had no quorum. */
  readonly without: readonly Span[];
  readonly downUs: number;
  readonly waitsUs: number;
  /** When nobody had power to try. */
  readonly darkUs: number;
}

/** Failovers that somebody could feel: a hand-over without a gap has nothing to enlarge. */
export function enlargeable(run: Run): Failover[] {
  return run.failovers.filter((failover) => failover.recoveredUs !== 0);
}

/** The gravest first: without an end, then by how long users failed, then by length. */
function stripsOf(run: Run, lanes: readonly OperationLane[]): Strip[] {
  const main = commonLanes(run, lanes).map(({ system, operations, stretches }) => ({
    system,
    operations,
    stretches: new SpanIndex(stretches, (each) => each),
  }));
  const strips = enlargeable(run).map((failover) => {
    const toUs = failover.lostAtUs + (failover.recoveredUs ?? run.durationUs - failover.lostAtUs);
    const views = main
      .filter((lane) => lane.system === failover.system)
      .map(({ operations, stretches }) => ({
        operations,
        felt: within(stretches, failover.lostAtUs, toUs),
      }));
    const { felt, operations } = views.toSorted(
      (a, b) => sum(b.felt, 'down') - sum(a.felt, 'down') || sum(b.felt, 'waits') - sum(a.felt, 'waits'),
    )[0] ?? { felt: [], operations: [] };
    return {
      failover,
      lengthUs: toUs - failover.lostAtUs,
      felt,
      operations,
      without: withoutQuorum(run, failover),
      downUs: sum(felt, 'down'),
      waitsUs: sum(felt, 'waits'),
      darkUs: sum(felt, 'dark'),
    };
  });
  const open = (strip: Strip) => (strip.failover.recoveredUs === null ? 1 : 0);
  return strips.sort(
    (a, b) =>
      open(b) - open(a) ||
      b.downUs - a.downUs ||
      b.lengthUs - a.lengthUs ||
      a.failover.lostAtUs - b.failover.lostAtUs,
  );
}

function within(stretches: SpanIndex<Stretch>, fromUs: number, toUs: number): Stretch[] {
  return stretches
    .overlapping({ fromUs, toUs })
    .map((each) => ({ ...each, fromUs: Math.max(fromUs, each.fromUs), toUs: Math.min(toUs, each.toUs) }));
}

function sum(stretches: readonly Stretch[], state: Stretch['state']): number {
  return stretches.reduce((total, each) => total + (each.state === state ? lengthUs(each) : 0), 0);
}

/** When the group had no quorum, between the loss of its leader and the next one's election. */
function withoutQuorum(run: Run, failover: Failover): Span[] {
  const untilUs = failover.electedUs === null ? run.durationUs : failover.lostAtUs + failover.electedUs;
  return withoutQuorumDuring(run, failover.system, { fromUs: failover.lostAtUs, toUs: untilUs })
    .filter((each) => each.group === failover.group)
    .map((each) => ({
      fromUs: Math.max(each.fromUs, failover.lostAtUs),
      toUs: Math.min(each.toUs, untilUs),
    }));
}

/** Gives the height used. */
export function drawStrips(
  chart: Chart,
  lanes: readonly OperationLane[],
  names: ReadonlyMap<string, string>,
  y: number,
): number {
  const strips = stripsOf(chart.run, lanes);
  const shown = strips
    .slice(0, STRIPS_MAX)
    .sort((a, b) => a.failover.lostAtUs - b.failover.lostAtUs || strips.indexOf(a) - strips.indexOf(b));
  const lengths = shown.map((strip) => strip.lengthUs);
  const common = Math.max(...lengths) <= COMMON_SCALE_MAX * Math.min(...lengths);
  let at = y;
  for (const strip of shown) {
    const scale = BAR_WIDTH / (common ? Math.max(...lengths) : strip.lengthUs);
    drawStrip(chart, strip, names, scale, at);
    at += PITCH;
  }
  const rest = strips.length - shown.length;
  const notes: string[] = [];
  if (rest > 0) notes.push(`${count(rest, 'more failover')}, none graver: see failovers.csv`);
  if (!common) notes.push('each strip has its own scale');
  if (notes.length > 0) {
    write(chart.front, PAGE.left, at + 8, `+ ${notes.join('; ')}`.replace('+ each', 'Each'), 's m');
    at += 18;
  }
  return at - y;
}

function drawStrip(
  chart: Chart,
  strip: Strip,
  names: ReadonlyMap<string, string>,
  scale: number,
  y: number,
): void {
  const { failover } = strip;
  const pen = chart.front;
  const room = PAGE.plot0 - PAGE.left - 10;
  const name = failover.group === '' ? failover.system : `${failover.system}/${failover.group}`;
  const tag = failover.fault > 0 ? String(failover.fault) : '';
  const title = fittedName(clean(name), room - 100, 12, true);
  write(pen, PAGE.left, y + 14, title, 'b');
  const after = PAGE.left + textWidth(title, 12, true) + 8;
  write(pen, after, y + 14, `at ${clock(failover.lostAtUs)}`, 's m');
  if (tag !== '') drawTag(pen, tag, PAGE.plot0 - 22, y + 2, true);
  const short = (node: string) => clean(names.get(node) ?? node);
  const half = (room - textWidth(' → ', 11)) / 2;
  const to = failover.newLeader === null ? 'nobody' : short(failover.newLeader);
  const leaders = `${fittedName(short(failover.oldLeader), half, 11)} → ${fittedName(to, half, 11)}`;
  write(pen, PAGE.left, y + 31, fitted(leaders, room, 11), 's m');

  let x = PAGE.plot0;
  for (const part of partsOf(strip)) {
    const width = part.us * scale;
    if (width > 0) bar(pen, x, y, Math.max(width, 0.8), BAR, part.look);
    const label = [`${part.word} ${duration(part.us)}`, duration(part.us)].find(
      (each) => textWidth(each, LABEL_SIZE, true) + 10 <= width,
    );
    if (label !== undefined) {
      drawPill(pen, x + width / 2, y + 14, label);
      write(pen, x + width / 2, y + 14, label, 's b mid');
    }
    x += width;
  }
  const total =
    failover.recoveredUs === null ? `more than ${duration(strip.lengthUs)}` : duration(strip.lengthUs);
  write(pen, x + 8, y + 14.5, total, 'b');
  for (const stretch of strip.felt) {
    if (stretch.state === 'up') continue;
    const look = ({ waits: 'wait', degraded: 'limit', down: 'fail', dark: 'gone' } as const)[stretch.state];
    bar(
      pen,
      PAGE.plot0 + (stretch.fromUs - failover.lostAtUs) * scale,
      y + BAR + 3,
      Math.max(0.8, lengthUs(stretch) * scale),
      8,
      look,
    );
  }
  line(pen, PAGE.plot0, y - 2, PAGE.plot0, y + BAR + 12, 'edge');
  write(pen, PAGE.plot0, y + BAR + 24, fitted(stripWords(strip), PAGE.right - PAGE.plot0, 11), 's');
}

function bar(pen: Pen, x: number, y: number, width: number, height: number, look: Look): void {
  pen
    .append('rect')
    .attr('class', `band f-${look} e-${look}`)
    .attr('x', coordinate(x))
    .attr('y', coordinate(y))
    .attr('width', coordinate(width))
    .attr('height', height);
}

interface Part {
  readonly word: string;
  readonly us: number;
  readonly look: Look;
}

function partsOf({ failover, lengthUs: whole, without }: Strip): Part[] {
  const { electedUs } = failover;
  const handedOver = wasHandedOver(failover);
  const detected = handedOver ? 0 : (failover.detectedUs ?? whole);
  const elected = electedUs ?? whole;
  const recovered = failover.recoveredUs ?? whole;
  const parts: Part[] = [
    { word: 'detect', us: detected, look: 'silent' },
    { word: electedUs === null ? 'no leader' : 'elect', us: elected - detected, look: 'elect' },
    { word: 'recover', us: recovered - elected, look: 'recover' },
  ];
  const lost = failover.lostAtUs;
  return cutOut(
    parts.filter((part) => part.us > 0),
    without.map(({ fromUs, toUs }) => ({ fromUs: fromUs - lost, toUs: toUs - lost })),
  );
}

/** While there is no quorum, noticing and voting lead nowhere: what is so takes the place of what would have been. */
function cutOut(parts: readonly Part[], holes: readonly Span[]): Part[] {
  const found: Part[] = [];
  let fromUs = 0;
  for (const part of parts) {
    const endUs = fromUs + part.us;
    for (const hole of holes) {
      if (hole.toUs <= fromUs || hole.fromUs >= endUs) continue;
      if (hole.fromUs > fromUs) found.push({ ...part, us: hole.fromUs - fromUs });
      const toUs = Math.min(hole.toUs, endUs);
      const before = found.at(-1);
      const us = toUs - Math.max(hole.fromUs, fromUs);
      if (before?.look === 'fail') found[found.length - 1] = { ...before, us: before.us + us };
      else found.push({ word: 'no quorum', us, look: 'fail' });
      fromUs = toUs;
    }
    if (endUs > fromUs) found.push({ ...part, us: endUs - fromUs });
    fromUs = endUs;
  }
  return found;
}

/** The durations in words, so that a sliver needs no label of its own. */
function stripWords({ failover, operations, without, downUs, waitsUs, darkUs }: Strip): string {
  const { detectedUs, electedUs, recoveredUs, rounds, newTerm } = failover;
  const parts: string[] = [];
  const withoutUs = without.reduce((total, each) => total + each.toUs - each.fromUs, 0);
  if (withoutUs > 0) parts.push(`no quorum for ${duration(withoutUs)}`);
  if (wasHandedOver(failover)) {
    const who = failover.newLeader === failover.oldLeader ? 'the same leader again' : 'new leader';
    parts.push(`${who} after ${duration(detectedUs ?? 0)} (term ${newTerm})`);
  } else {
    if (withoutUs === 0)
      parts.push(detectedUs === null ? 'never noticed' : `noticed after ${duration(detectedUs)}`);
    const lastUs = without.at(-1)?.toUs;
    if (electedUs !== null && lastUs !== undefined) {
      const after = duration(failover.lostAtUs + electedUs - lastUs);
      parts.push(`a leader ${after} after it was back (${count(rounds, 'round')} in all, term ${newTerm})`);
    } else if (electedUs !== null) {
      const round = rounds > 1 ? ` and ${count(rounds, 'round')}` : '';
      parts.push(`${duration(electedUs - (detectedUs ?? 0))}${round} to elect (term ${newTerm})`);
    } else if (detectedUs !== null) {
      parts.push(rounds > 0 ? `${count(rounds, 'campaign')} without a winner` : 'nobody was elected');
    }
  }
  if (electedUs !== null) {
    parts.push(
      recoveredUs === null
        ? 'not serving yet'
        : recoveredUs === electedUs
          ? 'serving at once'
          : `serving ${duration(recoveredUs - electedUs)} later`,
    );
  }
  const requests = [
    downUs > 0 ? `failed for ${duration(downUs)}` : '',
    waitsUs >= WAIT_TOLD_US ? `waited up to ${duration(waitsUs)}` : '',
  ].filter((each) => each !== '');
  if (darkUs > 0) parts.push(`users dark for ${duration(darkUs)}`);
  // Nobody requests a task to be placed: it is done, or not.
  const what = operations.join() === 'schedule' ? operationNoun('schedule') : 'requests';
  if (requests.length > 0) parts.push(`${what} ${requests.join(', then ')}`);
  else if (darkUs === 0) parts.push('users noticed nothing');
  if (recoveredUs === null) parts.push('not over when the run ended');
  return parts.join(' · ');
}
