/** timeline.svg as text. d3-node (jsdom) takes a quarter of a second to load, so it is loaded when a picture is drawn. */
import type { Run } from '../../sim/run.ts';
import type { TimelineOptions } from './timeline.ts';

/** The whole SVG document: the same bytes for the same run. */
export async function timelineSvg(run: Run, options: TimelineOptions = {}): Promise<string> {
  const [{ D3Node }, { drawTimeline }] = await Promise.all([import('d3-node'), import('./timeline.ts')]);
  const d3Node = new D3Node();
  const svg = d3Node.createSVG(1, 1);
  drawTimeline(svg, d3Node.d3, run, options);
  // svgString() gives HTML, which is not XML where text holds `<` or a no-break space.
  const xml = new d3Node.window.XMLSerializer().serializeToString(svg.node());
  d3Node.window.close();
  // One element a line, so that a change in a picture is a diff to read; text never holds a bare `<` or `>`.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.replaceAll('><', '>\n<')}\n`;
}
