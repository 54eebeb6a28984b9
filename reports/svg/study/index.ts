/** The pictures of many runs as SVG text. d3-node (jsdom) takes a quarter of a second to load, so it is loaded when one is drawn. */
import type { D3, Pen } from '../pen.ts';
import type { CausesPicture } from './causes.ts';
import type { ConvergencePicture } from './convergence.ts';
import type { DifferencesPicture } from './differences.ts';
import type { DistributionPicture } from './distribution.ts';
import type { ImportancePicture } from './importance.ts';
import type { NinesPicture } from './nines.ts';
import type { ParetoPicture } from './pareto.ts';
import type { PictureOptions } from './sheet.ts';
import type { TornadoPicture } from './tornado.ts';

type Draw<Data> = (svg: Pen, d3: D3, data: Data, options?: PictureOptions) => void;

async function svgText<Data>(draw: Draw<Data>, data: Data, options: PictureOptions): Promise<string> {
  const { D3Node } = await import('d3-node');
  const d3Node = new D3Node();
  try {
    const svg = d3Node.createSVG(1, 1);
    draw(svg, d3Node.d3, data, options);
    // svgString() gives HTML, which is not XML where text holds `<` or a no-break space.
    const xml = new d3Node.window.XMLSerializer().serializeToString(svg.node());
    // One element a line, so that a change in a picture is a diff to read; text never holds a bare `<` or `>`.
    return `<?xml version="1.0" encoding="UTF-8"?>\n${xml.replaceAll('><', '>\n<')}\n`;
  } finally {
    d3Node.window.close();
  }
}

export async function distributionSvg(
  data: DistributionPicture,
  options: PictureOptions = {},
): Promise<string> {
  const { drawDistribution } = await import('./distribution.ts');
  return svgText(drawDistribution, data, options);
}

export async function ninesSvg(data: NinesPicture, options: PictureOptions = {}): Promise<string> {
  const { drawNines } = await import('./nines.ts');
  return svgText(drawNines, data, options);
}

export async function differencesSvg(
  data: DifferencesPicture,
  options: PictureOptions = {},
): Promise<string> {
  const { drawDifferences } = await import('./differences.ts');
  return svgText(drawDifferences, data, options);
}

export async function importanceSvg(data: ImportancePicture, options: PictureOptions = {}): Promise<string> {
  const { drawImportance } = await import('./importance.ts');
  return svgText(drawImportance, data, options);
}

export async function paretoSvg(data: ParetoPicture, options: PictureOptions = {}): Promise<string> {
  const { drawPareto } = await import('./pareto.ts');
  return svgText(drawPareto, data, options);
}

export async function tornadoSvg(data: TornadoPicture, options: PictureOptions = {}): Promise<string> {
  const { drawTornado } = await import('./tornado.ts');
  return svgText(drawTornado, data, options);
}

export async function causesSvg(data: CausesPicture, options: PictureOptions = {}): Promise<string> {
  const { drawCauses } = await import('./causes.ts');
  return svgText(drawCauses, data, options);
}

export async function convergenceSvg(
  data: ConvergencePicture,
  options: PictureOptions = {},
): Promise<string> {
  const { drawConvergence } = await import('./convergence.ts');
  return svgText(drawConvergence, data, options);
}
