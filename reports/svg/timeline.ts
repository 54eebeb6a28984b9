/** The picture of a run: what users could do, which quorums held, what each member was, and each failover enlarged. */
import type { MemberInterval, Run } from '../../sim/run.ts';
import { headline } from '../findings/headline.ts';
import { type OperationLane, type Service, serviceOf } from '../findings/lanes.ts';
import { verdictWords } from '../findings/objectives.ts';
import { findings } from '../findings/sentences.ts';
import type { Span } from '../findings/stretches.ts';
import { overallVerdict } from '../json/document.ts';
import { clean, duration, list } from '../words.ts';
import { BandPaths } from './bands.ts';
import { type Chart, PAGE } from './chart.ts';
import { drawStrips, enlargeable, stripLegend } from './failover-strips.ts';
import { drawFaultList } from './fault-list.ts';
import { drawTags } from './fault-tags.ts';
import { drawGroupLanes, groupLegend } from './group-lanes.ts';
import { drawLegend, type LegendEntry } from './legend.ts';
import { memberLanes, memberLegend } from './member-lanes.ts';
import { drawOperationLanes, operationLegend } from './operation-lanes.ts';
import { coordinate, type D3, type Pen, write } from './pen.ts';
import { fitted, textWidth, wrapped } from './text-width.ts';
import { appendPatterns, styleSheet } from './theme.ts';
import { axisLabels, type Block, drawAxis, drawBreaks, drawGrid, drawRules } from './time-axis.ts';
import { timeAxis } from './time-scale.ts';
import { drawZoneLanes, shortNames } from './zone-lanes.ts';

/** Rules of more faults than this would hide what they explain. */
const RULES_MAX = 40;
/** Sentences in the description that screen readers read. */
const DESCRIBED_MAX = 12;

export interface TimelineOptions {
  /** Class and prefix of ids, for pages with more than one picture. */
  readonly prefix?: string;
}

/** Draws the run into an empty `<svg>` of d3-node's document or of a browser's, and sets its size. */
export function drawTimeline(svg: Pen, d3: D3, run: Run, options: TimelineOptions = {}): void {
  const prefix = options.prefix ?? 'zonefall-timeline';
  const service = serviceOf(run);
  const { lanes } = service;
  const page = preparePage(svg, run, service, prefix);
  const moments = momentsOf(run, lanes);
  const axis = timeAxis(run.durationUs, moments.all, moments.episodes, PAGE.plot0, PAGE.plot1);
  const scale = d3.scaleLinear([...axis.domainUs], [...axis.range]);
  const bands = new BandPaths();
  const chart: Chart = {
    run,
    d3,
    axis,
    x: (us) => scale(us),
    prefix,
    back: page.back,
    bands,
    front: page.front,
  };
  const { names, dropped } = shortNames(run);

  let y = drawHead(page.front, run, service);
  y += drawTags(chart, y);
  const labels = axisLabels(chart, run.durationUs, moments.begins, moments.ends);
  y += drawAxis(chart, labels, y);
  const blocks: Block[] = [];
  const block = (draw: (y: number) => number) => {
    const height = draw(y);
    blocks.push({ y0: y - 4, y1: y + height - 2 });
    y += height;
  };
  y += heading(chart, 'What users can do', operationLegend(service), 'available', y);
  block((at) => drawOperationLanes(chart, service, at));
  y += heading(chart, 'Quorums', groupLegend(run), 'not serving', y);
  block((at) => drawGroupLanes(chart, names, at));
  y += heading(chart, 'Members', memberLegend(run.members), '', y);
  block((at) => drawZoneLanes(chart, names, at));

  bands.draw(page.bands);
  drawGrid(chart, labels, blocks);
  y += drawBreaks(chart, page.breaks, blocks);
  const tagged = run.faults.length <= RULES_MAX ? run.faults : [];
  drawRules(
    page.rules,
    tagged.map((fault) => chart.x(fault.fromUs)),
    blocks,
  );
  if (run.faults.length > 0) {
    y += plainHeading(page.front, 'Faults', y);
    y += drawFaultList(page.front, run, names, y);
  }
  if (enlargeable(run).length > 0) {
    y += heading(chart, 'Failovers, enlarged', stripLegend(run), '', y);
    y += drawStrips(chart, lanes, names, y);
  }
  y += drawFoot(page.front, run, axis.breaks.length > 0, dropped, y);
  finish(svg, page.background, y + 12);
}

function preparePage(svg: Pen, run: Run, service: Service, prefix: string) {
  const sentence = headline(run, service);
  const found = findings(run, service);
  const told = [...found.stopped, ...found.degraded, ...found.survived].map(({ sentence, details }) =>
    [sentence, ...details].join(' '),
  );
  const more =
    told.length > DESCRIBED_MAX
      ? [`${told.length - DESCRIBED_MAX} more findings are in the terminal summary.`]
      : [];
  svg
    .attr('class', prefix)
    .attr('role', 'img')
    .attr('aria-labelledby', `${prefix}-title ${prefix}-desc`)
    .attr('lang', 'en');
  svg
    .append('title')
    .attr('id', `${prefix}-title`)
    .text(`${clean(run.scenario.title)}. ${sentence}`);
  svg
    .append('desc')
    .attr('id', `${prefix}-desc`)
    .text([...told.slice(0, DESCRIBED_MAX), ...more].join(' '));
  svg.append('style').text(styleSheet(prefix));
  appendPatterns(svg, prefix);
  const background = svg.append('rect').attr('class', 'page');
  const layer = () => svg.append('g');
  return { background, back: layer(), rules: layer(), bands: layer(), breaks: layer(), front: layer() };
}

function drawHead(pen: Pen, run: Run, service: Service): number {
  const width = PAGE.right - PAGE.left;
  let y = 34;
  write(pen, PAGE.left, y, fitted(clean(run.scenario.title), width, 19, true), 't1');
  y += 10;
  for (const text of wrapped(headline(run, service), width, 14, 3)) {
    y += 19;
    write(pen, PAGE.left, y, text, 't2');
  }
  const verdict = overallVerdict(run);
  if (run.objectives.length > 0 || verdict !== 'pass') {
    y += 24;
    const word = verdict.toUpperCase();
    const box = textWidth(word, 12, true) + 14;
    pen
      .append('rect')
      .attr('class', word === 'PASS' ? 'tag-edge' : 'tag')
      .attr('x', PAGE.left)
      .attr('y', coordinate(y - 13))
      .attr('width', coordinate(box))
      .attr('height', 18)
      .attr('rx', 4);
    write(pen, PAGE.left + box / 2, y, word, `b mid${word === 'PASS' ? '' : ' inverse'}`);
    write(pen, PAGE.left + box + 8, y, verdictWords(run), '');
  }
  return y + 22;
}

function heading(
  chart: Chart,
  title: string,
  legend: readonly LegendEntry[],
  figure: string,
  y: number,
): number {
  write(chart.front, PAGE.left, y + 24, title, 'h');
  const height = drawLegend(chart.front, legend, PAGE.plot0, y + 12);
  if (figure !== '') write(chart.front, PAGE.right, y + 24, figure, 's m end');
  return 12 + height + 9;
}

function plainHeading(pen: Pen, title: string, y: number): number {
  write(pen, PAGE.left, y + 24, title, 'h');
  return 36;
}

function drawFoot(pen: Pen, run: Run, broken: boolean, dropped: readonly string[], y: number): number {
  const facts = [`${duration(run.durationUs)} of model time, seed ${clean(String(run.seed))}`];
  if (broken) facts.push('zigzags leave out quiet time, as long as written below them');
  if (dropped.length > 0) facts.push(`names of nodes without ${list(dropped.map((each) => `“${each}”`))}`);
  write(pen, PAGE.left, y + 16, fitted(`${facts.join('; ')}.`, PAGE.right - PAGE.left, 11), 's m');
  return 20;
}

function finish(svg: Pen, background: Pen, height: number): void {
  svg
    .attr('width', PAGE.width)
    .attr('height', Math.ceil(height))
    .attr('viewBox', `0 0 ${PAGE.width} ${Math.ceil(height)}`);
  background.attr('width', PAGE.width).attr('height', Math.ceil(height));
}

/**
 * When something worth seeing changes: faults, leadership, quorums and what users can do. Changes of terms and of
 * followers among themselves are left out, or a lonely candidate would leave no stretch quiet. `begins`, `ends`: of
 * faults. `episodes`: the failovers, of which a break would hide how long they took.
 */
function momentsOf(
  run: Run,
  lanes: readonly OperationLane[],
): { all: number[]; begins: number[]; ends: number[]; episodes: Span[] } {
  const begins = run.faults.map((fault) => fault.fromUs);
  const ends = run.faults.flatMap((fault) => fault.toUs ?? []);
  const members: number[] = [];
  for (const lane of [...memberLanes(run.members).values()].flat()) {
    for (let i = 0; i < lane.length; i++)
      if (i === 0 || !looksAlike(lane[i - 1]!, lane[i]!)) members.push(lane[i]!.fromUs);
  }
  const groups = run.groups.map((each) => each.fromUs);
  const services = lanes.flatMap((lane) => lane.stretches.map((each) => each.fromUs));
  const episodes = run.failovers.map(({ lostAtUs, detectedUs, recoveredUs }) => ({
    fromUs: lostAtUs,
    toUs: lostAtUs + (recoveredUs ?? detectedUs ?? 0),
  }));
  return {
    all: [...begins, ...ends, ...members, ...groups, ...services],
    begins,
    ends,
    episodes: episodes.filter((each) => each.toUs > each.fromUs),
  };
}

const ORDINARY: ReadonlySet<MemberInterval['state']> = new Set([
  'follower',
  'secondary',
  'candidate',
  'pre-candidate',
  'learner',
]);

function looksAlike(a: MemberInterval, b: MemberInterval): boolean {
  return a.cutOff === b.cutOff && (a.state === b.state || (ORDINARY.has(a.state) && ORDINARY.has(b.state)));
}
