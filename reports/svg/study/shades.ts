/**
 * Colours of the pictures of many runs. A colour says one thing (within a limit or better, beyond it or worse, not known,
 * calculated) and never says it alone: a shape, a pattern or a word says it too. Palette of UX.md 5.2; light and dark are
 * written out in full, for not every viewer of SVG files knows CSS variables.
 */
import type { Pen } from '../pen.ts';
import { DARK, LIGHT, scoped, TEXT_RULES } from '../theme.ts';

/** good: within the limit, better. bad: beyond it, worse. unsure: cannot tell. plain: no judgement. exact: calculated. */
export type Tone = 'good' | 'bad' | 'unsure' | 'plain' | 'exact';

type Colors = Readonly<Record<Tone, string>>;

const TONES: Readonly<Record<'light' | 'dark', Colors>> = {
  light: { good: '#0072b2', bad: '#d55e00', unsure: '#767676', plain: '#0072b2', exact: '#1b1f23' },
  dark: { good: '#56b4e9', bad: '#ff9b52', unsure: '#a0a8b0', plain: '#56b4e9', exact: '#e8eaed' },
};
/** Lighter areas: bands and the softer of two bars. */
const TINTS: Readonly<Record<'light' | 'dark', Colors>> = {
  light: { good: '#cfe5f5', bad: '#fbe0cd', unsure: '#e4e7ea', plain: '#cfe5f5', exact: '#e4e7ea' },
  dark: { good: '#1d3a4f', bad: '#4d2a10', unsure: '#33383d', plain: '#1d3a4f', exact: '#33383d' },
};

/** Areas of a whole, told apart by lightness and pattern: the order in which they are given away. */
export const PARTS = ['part0', 'part1', 'part2', 'part3', 'part4', 'part5', 'part6'] as const;
export type Part = (typeof PARTS)[number];

interface PartSpec {
  readonly tile: readonly [width: number, height: number, path: string, stroke: number] | null;
  readonly light: readonly [ground: string, ink: string];
  readonly dark: readonly [ground: string, ink: string];
}

const PART_SPECS: Readonly<Record<Part, PartSpec>> = {
  part0: { tile: null, light: ['#0072b2', '#0072b2'], dark: ['#2b86bd', '#2b86bd'] },
  part1: {
    tile: [7, 7, 'M-1,8L8,-1M-2,2L2,-2M5,9L9,5', 1.6],
    light: ['#fbe4d4', '#d55e00'],
    dark: ['#43230d', '#ff9b52'],
  },
  part2: {
    tile: [6, 6, 'M1.5,3a1.5,1.5 0 1,0 3,0a1.5,1.5 0 1,0 -3,0z', 0],
    light: ['#c9eadf', '#00704f'],
    dark: ['#123e31', '#2fc79b'],
  },
  part3: { tile: [6, 8, 'M3,0V8', 2], light: ['#f6e3ee', '#a8527f'], dark: ['#4b2a3d', '#e29ac2'] },
  part4: { tile: [6, 6, 'M0,3H6M3,0V6', 1], light: ['#fdf1d3', '#a87400'], dark: ['#4a3a12', '#e6b34d'] },
  part5: { tile: [8, 5, 'M0,2.5H8', 1.6], light: ['#dff0fb', '#3b86b5'], dark: ['#16384c', '#7cc4ee'] },
  part6: { tile: null, light: ['#c4c9ce', '#c4c9ce'], dark: ['#5b636b', '#5b636b'] },
};

/** Ids are global in a page that holds several pictures, so each picture has a prefix of its own. */
export function studyPatterns(svg: Pen, prefix: string): void {
  const defs = svg.append('defs');
  for (const part of PARTS) {
    const { tile } = PART_SPECS[part];
    if (tile === null) continue;
    const [width, height, path, stroke] = tile;
    const pattern = defs
      .append('pattern')
      .attr('id', `${prefix}-${part}`)
      .attr('patternUnits', 'userSpaceOnUse')
      .attr('width', width)
      .attr('height', height);
    pattern.append('rect').attr('class', `g-${part}`).attr('width', width).attr('height', height);
    pattern
      .append('path')
      .attr('class', stroke === 0 ? `i-${part}` : `l-${part}`)
      .attr('d', path);
  }
}

/** The whole style sheet, every rule below the class of the picture. */
export function studyStyle(prefix: string, withParts: boolean): string {
  const rules = [
    ...TEXT_RULES,
    '.halo{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}',
    '.thin{fill:none;stroke-width:1px}.thick{fill:none;stroke-width:2.5px;stroke-linecap:butt}.wide{fill:none;stroke-width:5px}',
    '.limit{fill:none;stroke-width:1.8px;stroke-dasharray:5 3}.ring{stroke-width:2px}.dash{stroke-dasharray:3 3}',
    ...(withParts ? PARTS.map((part) => partRule(part, prefix)) : []),
    ...themed('light', withParts),
    `@media (prefers-color-scheme:dark){${scoped(themed('dark', withParts), prefix)}}`,
  ];
  return rules.map((rule) => (rule.startsWith('@') ? rule : scoped([rule], prefix))).join('\n');
}

function partRule(part: Part, prefix: string): string {
  const { tile } = PART_SPECS[part];
  if (tile === null) return '';
  const stroke = tile[3] === 0 ? '' : `.l-${part}{fill:none;stroke-width:${tile[3]}px}`;
  return `.${part}{fill:url(#${prefix}-${part})}${stroke}`;
}

function themed(scheme: 'light' | 'dark', withParts: boolean): string[] {
  const base = scheme === 'light' ? LIGHT : DARK;
  return [
    `text{fill:${base.ink}}.m{fill:${base.muted}}.on{fill:#ffffff}.inverse{fill:${base.page}}`,
    `.page{fill:${base.page}}.halo{stroke:${base.page}}.lane{fill:${base.lane}}.ink{fill:${base.ink}}`,
    `.limit,.axis{stroke:${base.ink}}.edge{stroke:${base.muted};fill:none}.grid{fill:none;stroke:${base.faint};stroke-width:1px}`,
    `.under{fill:none;stroke:${base.page};stroke-width:3.6px}`,
    '.axis{fill:none;stroke-width:1.2px}',
    ...(Object.keys(TONES.light) as Tone[]).flatMap((tone) => {
      const color = TONES[scheme][tone];
      return `.f-${tone}{fill:${color}}.s-${tone}{stroke:${color}}.w-${tone}{fill:${TINTS[scheme][tone]}}.x-${tone}{fill:${base.page};stroke:${color}}`;
    }),
    ...(withParts
      ? [`.part{stroke:${base.muted};stroke-width:.75px}`, ...PARTS.map((part) => partColors(part, scheme))]
      : []),
  ];
}

function partColors(part: Part, scheme: 'light' | 'dark'): string {
  const { tile } = PART_SPECS[part];
  const [ground, ink] = PART_SPECS[part][scheme];
  if (tile === null) return `.${part}{fill:${ground}}`;
  return `.g-${part}{fill:${ground}}${tile[3] === 0 ? `.i-${part}{fill:${ink}}` : `.l-${part}{stroke:${ink}}`}`;
}
