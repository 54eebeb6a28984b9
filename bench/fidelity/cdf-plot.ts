/**
 * The picture of a comparison: both cumulative distributions over one axis, drawn with the marks of the timelines.
 * Measured is dashed with rings, predicted a plain line, so that no colour is needed to tell them apart.
 */
import { coordinate, type D3, line, type Pen, write } from '../../reports/svg/pen.ts';
import { LOOKS, styleSheet } from '../../reports/svg/theme.ts';
import type { Comparison, Curve } from './comparison.ts';
import { counts, figure, VERDICT_WORDS } from './text.ts';

const PREFIX = 'zfa';
const SIZE = { width: 560, height: 320 };
const PLOT = { left: 52, right: 540, top: 62, bottom: 272 };
const RINGS = 12;
/** Tails past this share would squeeze the body of the distribution into a corner. */
const SHOWN_SHARE = 0.995;
/** From this ratio of the ends on the axis is logarithmic. */
const LOGARITHMIC_FROM = 25;

/** The whole SVG documents by comparison name, the same bytes for the same comparisons. */
export async function picturesOf(comparisons: readonly Comparison[]): Promise<Map<string, string>> {
  const { D3Node } = await import('d3-node');
  const pictures = new Map<string, string>();
  for (const comparison of comparisons) {
    if (comparison.curves === null) continue;
    const d3Node = new D3Node();
    const svg = d3Node.createSVG(1, 1);
    draw(svg, d3Node.d3, comparison, comparison.curves);
    // svgString() gives HTML, which is not XML (reports/svg/index.ts).
    const xml = new d3Node.window.XMLSerializer().serializeToString(svg.node());
    d3Node.window.close();
    pictures.set(comparison.name, `<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
  }
  return pictures;
}

function draw(svg: Pen, d3: D3, comparison: Comparison, curves: NonNullable<Comparison['curves']>): void {
  const { width, height } = SIZE;
  const words = `${comparison.name}: measured and predicted cumulative distribution`;
  svg
    .attr('class', PREFIX)
    .attr('role', 'img')
    .attr('aria-label', words)
    .attr('width', width)
    .attr('height', height)
    .attr('viewBox', `0 0 ${width} ${height}`);
  svg.append('title').text(words);
  svg.append('style').text(`${plainStyles()}\n${curveStyles()}`);
  svg.append('rect').attr('class', 'page').attr('width', width).attr('height', height);

  const { x, ticks } = axisOf(d3, curves);
  const y = d3.scaleLinear([0, 1], [PLOT.bottom, PLOT.top]);
  write(svg, 16, 22, comparison.name, 't2 b');
  write(
    svg,
    16,
    38,
    `n measured / predicted: ${counts(comparison)}${comparison.ks === null ? '' : `, KS distance ${comparison.ks.toFixed(3)}`}; ${VERDICT_WORDS[comparison.verdict]}`,
    's m',
  );
  for (const share of [0, 0.25, 0.5, 0.75, 1]) {
    line(svg, PLOT.left, y(share), PLOT.right, y(share), 'grid');
    write(svg, PLOT.left - 6, y(share) + 4, `${100 * share} %`, 's end');
  }
  for (const tick of ticks) {
    line(svg, x(tick), PLOT.top, x(tick), PLOT.bottom, 'grid');
    write(svg, x(tick), PLOT.bottom + 16, figure(tick), 's mid');
  }
  if (comparison.unit !== '') write(svg, PLOT.right, PLOT.bottom + 32, comparison.unit, 's m end');

  curve(svg, steps(curves.predicted, x, y), 'predicted');
  // A sample is a curve; between a handful of published quantiles nothing is known: rings alone.
  const whole = comparison.ks !== null;
  if (whole) curve(svg, dots(curves.measured, x, y), 'measured');
  for (const [value, share] of thinned(curves.measured)) {
    if (whole || share <= SHOWN_SHARE) ring(svg, x(value), y(share));
  }
  legend(svg, whole);
}

function axisOf(
  d3: D3,
  { measured, predicted }: NonNullable<Comparison['curves']>,
): { x: (value: number) => number; ticks: readonly number[] } {
  const low = Math.min(measured[0]![0], predicted[0]![0]);
  const high = Math.max(upTo(measured), upTo(predicted));
  const range = [PLOT.left, PLOT.right];
  const top = high > low ? high : low + 1;
  const scale =
    low > 0 && top / low > LOGARITHMIC_FROM
      ? d3.scaleLog([low, top], range)
      : d3.scaleLinear([low, top], range);
  const ticks = scale.nice().ticks(7);
  const [from, to] = scale.domain() as [number, number];
  const kept =
    ticks.length > 9 ? ticks.filter((tick) => /^[125]0*$/.test(figure(tick).replace(/^0\.0*/, ''))) : ticks;
  return { x: (value) => scale(Math.min(to, Math.max(from, value))), ticks: kept };
}

/** The last value that is drawn in full; of a table of quantiles the maximum is left to the figures. */
function upTo(points: Curve): number {
  const shown = points.filter(([, share]) => share <= SHOWN_SHARE);
  return (shown.at(-1) ?? points.at(-1)!)[0];
}

function steps(points: Curve, x: (value: number) => number, y: (share: number) => number): string {
  let path = `M${coordinate(x(points[0]![0]))},${coordinate(y(0))}`;
  for (const [value, share] of points) path += `H${coordinate(x(value))}V${coordinate(y(share))}`;
  return path;
}

function dots(points: Curve, x: (value: number) => number, y: (share: number) => number): string {
  return points
    .map(([value, share], i) => `${i === 0 ? 'M' : 'L'}${coordinate(x(value))},${coordinate(y(share))}`)
    .join('');
}

/** A few points of the curve, evenly over the shares. */
function thinned(points: Curve): Curve {
  if (points.length <= RINGS) return points;
  return Array.from({ length: RINGS }, (_, k) => {
    const share = (k + 0.5) / RINGS;
    return points.find((point) => point[1] >= share) ?? points.at(-1)!;
  });
}

function curve(pen: Pen, d: string, kind: string): void {
  pen.append('path').attr('class', `curve ${kind}`).attr('d', d);
}

function ring(pen: Pen, x: number, y: number): void {
  pen.append('circle').attr('class', 'ring').attr('cx', coordinate(x)).attr('cy', coordinate(y)).attr('r', 3);
}

function legend(pen: Pen, whole: boolean): void {
  const y = 52;
  if (whole) curve(pen, `M${PLOT.left},${y}h30`, 'measured');
  ring(pen, PLOT.left + 15, y);
  write(pen, PLOT.left + 36, y + 4, whole ? 'measured' : 'measured quantiles', 's');
  curve(pen, `M${PLOT.left + 160},${y}h30`, 'predicted');
  write(pen, PLOT.left + 196, y + 4, 'predicted by zonefall', 's');
}

/** The style sheet of the timelines without the looks of bands, which no curve has. */
function plainStyles(): string {
  return styleSheet(PREFIX)
    .replaceAll(new RegExp(`\\.${PREFIX} \\.[fpqre]-[a-z]+\\{[^}]*\\}`, 'g'), '')
    .replaceAll(/\n{2,}/g, '\n');
}

function curveStyles(): string {
  const { lead, fail } = LOOKS;
  const rules = (scheme: 'light' | 'dark') =>
    `.${PREFIX} .predicted{stroke:${lead[scheme].edge}}.${PREFIX} .measured,.${PREFIX} .ring{stroke:${fail[scheme].edge}}`;
  return [
    `.${PREFIX} .curve{fill:none;stroke-width:2px;stroke-linejoin:round}`,
    `.${PREFIX} .measured{stroke-width:1.5px;stroke-dasharray:5 3}.${PREFIX} .ring{fill:none;stroke-width:1.5px}`,
    rules('light'),
    `@media (prefers-color-scheme:dark){${rules('dark')}}`,
  ].join('\n');
}
