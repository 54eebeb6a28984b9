/**
 * How each state looks: a colour of the Okabe-Ito palette (UX.md 5.2), a pattern and a letter, so that none of them is
 * needed alone. Light and dark are written out in full, for not every viewer of SVG files knows CSS variables.
 */
import type { Pen } from './pen.ts';

export type Look =
  | 'fine'
  | 'lead'
  | 'elect'
  | 'learner'
  | 'wait'
  | 'limit'
  | 'frozen'
  | 'stalled'
  | 'cut'
  | 'gone'
  | 'fail'
  | 'silent'
  | 'recover';

type Pattern = 'hatch' | 'stripes' | 'dots' | 'grid' | 'bars' | 'crosses';

interface Shade {
  readonly fill: string;
  readonly ink: string;
  readonly edge: string;
}

interface LookSpec {
  readonly pattern: Pattern | null;
  readonly light: Shade;
  readonly dark: Shade;
  /** Of two states in one pixel the one with the higher weight is drawn. */
  readonly weight: number;
}

const NONE = 'none';

/** In the order in which they are painted: the gravest last, on top. */
export const LOOKS: Readonly<Record<Look, LookSpec>> = {
  fine: {
    pattern: null,
    light: { fill: '#dcecf8', ink: NONE, edge: '#5b93bd' },
    dark: { fill: '#1d3a4f', ink: NONE, edge: '#56b4e9' },
    weight: 0,
  },
  lead: {
    pattern: null,
    light: { fill: '#0072b2', ink: NONE, edge: '#00507d' },
    dark: { fill: '#0072b2', ink: NONE, edge: '#56b4e9' },
    weight: 2,
  },
  learner: {
    pattern: 'bars',
    light: { fill: '#eef2f5', ink: '#a9bccb', edge: '#767676' },
    dark: { fill: '#22303a', ink: '#4a6070', edge: '#a0a8b0' },
    weight: 1,
  },
  elect: {
    pattern: 'stripes',
    light: { fill: '#f6e3ee', ink: '#cc79a7', edge: '#a8527f' },
    dark: { fill: '#4b2a3d', ink: '#cc79a7', edge: '#cc79a7' },
    weight: 5,
  },
  wait: {
    pattern: 'dots',
    light: { fill: '#fdf1d3', ink: '#e69f00', edge: '#a87400' },
    dark: { fill: '#4a3a12', ink: '#e69f00', edge: '#e69f00' },
    weight: 4,
  },
  limit: {
    pattern: 'grid',
    light: { fill: '#fcf8cf', ink: '#b8ab13', edge: '#857b00' },
    dark: { fill: '#45421a', ink: '#b8ab13', edge: '#f0e442' },
    weight: 6,
  },
  frozen: {
    pattern: 'bars',
    light: { fill: '#fbe6bb', ink: '#e69f00', edge: '#a87400' },
    dark: { fill: '#4a3a12', ink: '#e69f00', edge: '#e69f00' },
    weight: 8,
  },
  stalled: {
    pattern: 'crosses',
    light: { fill: '#fbe6bb', ink: '#b87f00', edge: '#a87400' },
    dark: { fill: '#4a3a12', ink: '#e69f00', edge: '#e69f00' },
    weight: 7,
  },
  cut: {
    pattern: 'dots',
    light: { fill: '#ececec', ink: '#767676', edge: '#767676' },
    dark: { fill: '#33383d', ink: '#a0a8b0', edge: '#a0a8b0' },
    weight: 3,
  },
  silent: {
    pattern: 'dots',
    light: { fill: '#ececec', ink: '#767676', edge: '#767676' },
    dark: { fill: '#33383d', ink: '#a0a8b0', edge: '#a0a8b0' },
    weight: 1,
  },
  recover: {
    pattern: 'bars',
    light: { fill: '#c9eadf', ink: '#009e73', edge: '#00704f' },
    dark: { fill: '#123e31', ink: '#009e73', edge: '#009e73' },
    weight: 1,
  },
  gone: {
    pattern: 'hatch',
    light: { fill: '#fbe4d4', ink: '#d55e00', edge: '#b34f00' },
    dark: { fill: '#43230d', ink: '#d55e00', edge: '#ff9b52' },
    weight: 8.5,
  },
  fail: {
    pattern: 'hatch',
    light: { fill: '#d55e00', ink: '#ffffff', edge: '#8f3f00' },
    dark: { fill: '#d55e00', ink: '#14171a', edge: '#ff9b52' },
    weight: 9,
  },
};

/** What a pattern repeats, and the path in it: [width, height, path, stroke width (0 = filled)]. */
const PATTERNS: Readonly<Record<Pattern, readonly [number, number, string, number]>> = {
  hatch: [7, 7, 'M-1,8L8,-1M-2,2L2,-2M5,9L9,5', 1.6],
  stripes: [6, 8, 'M3,0V8', 2],
  dots: [6, 6, 'M1.5,3a1.5,1.5 0 1,0 3,0a1.5,1.5 0 1,0 -3,0z', 0],
  grid: [6, 6, 'M0,3H6M3,0V6', 1],
  bars: [8, 5, 'M0,2.5H8', 1.6],
  crosses: [8, 8, 'M2,2L6,6M6,2L2,6', 1.3],
};

/** Ids are global in a page that holds several pictures, so each picture has a prefix of its own. */
export function appendPatterns(svg: Pen, prefix: string): void {
  const defs = svg.append('defs');
  for (const [look, { pattern }] of Object.entries(LOOKS)) {
    if (pattern === null) continue;
    const [width, height, path, stroke] = PATTERNS[pattern];
    const tile = defs
      .append('pattern')
      .attr('id', `${prefix}-${look}`)
      .attr('patternUnits', 'userSpaceOnUse')
      .attr('width', width)
      .attr('height', height);
    tile.append('rect').attr('class', `p-${look}`).attr('width', width).attr('height', height);
    tile
      .append('path')
      .attr('class', stroke === 0 ? `q-${look}` : `r-${look}`)
      .attr('d', path);
  }
}

/** What everything but states is drawn in. */
export const LIGHT = {
  page: '#ffffff',
  ink: '#1b1f23',
  muted: '#57606a',
  faint: '#d0d7de',
  lane: '#f4f6f8',
  on: '#ffffff',
};
export const DARK = {
  page: '#14171a',
  ink: '#e8eaed',
  muted: '#a0a8b0',
  faint: '#3a4149',
  lane: '#1c2126',
  on: '#ffffff',
};

/** Fonts, sizes and weights. */
export const TEXT_RULES: readonly string[] = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px;font-variant-numeric:tabular-nums}',
  '.t1{font-size:19px;font-weight:700}.t2{font-size:14px}.h{font-size:13px;font-weight:700}.s{font-size:11px}.b{font-weight:700}',
  '.mid{text-anchor:middle}.end{text-anchor:end}.i{font-style:italic}',
];

/** The whole style sheet, every rule below the class of the picture. */
export function styleSheet(prefix: string): string {
  const rules = [
    ...TEXT_RULES,
    '.letter{font-size:11px;font-weight:700;text-anchor:middle}',
    '.halo{paint-order:stroke;stroke-width:3.5px;stroke-linejoin:round}',
    '.band,.r,.rule,.edge,.tag-edge{vector-effect:non-scaling-stroke}',
    '.band{stroke-width:.75px}.rule{fill:none;stroke-width:1px;stroke-dasharray:3 3}.edge{fill:none;stroke-width:1px}',
    ...Object.entries(PATTERN_STROKES).map(
      ([look, width]) => `.r-${look}{fill:none;stroke-width:${width}px}`,
    ),
    ...Object.keys(LOOKS).map((look) => bandRule(look as Look, prefix)),
    ...themed(LIGHT, 'light'),
    `@media (prefers-color-scheme:dark){${scoped(themed(DARK, 'dark'), prefix)}}`,
  ];
  return rules.map((rule) => (rule.startsWith('@') ? rule : scoped([rule], prefix))).join('\n');
}

const PATTERN_STROKES = Object.fromEntries(
  Object.entries(LOOKS).flatMap(([look, { pattern }]) =>
    pattern === null || PATTERNS[pattern][3] === 0 ? [] : [[look, PATTERNS[pattern][3]]],
  ),
);

function bandRule(look: Look, prefix: string): string {
  return LOOKS[look].pattern === null ? '' : `.f-${look}{fill:url(#${prefix}-${look})}`;
}

function themed(colors: typeof LIGHT, scheme: 'light' | 'dark'): string[] {
  return [
    `text{fill:${colors.ink}}.m{fill:${colors.muted}}.on{fill:${colors.on}}.inverse{fill:${colors.page}}`,
    `.page{fill:${colors.page}}.halo{stroke:${colors.page}}.lane{fill:${colors.lane}}`,
    `.rule{stroke:${colors.ink}}.edge{stroke:${colors.muted}}.grid{fill:none;stroke:${colors.faint};stroke-width:1px}`,
    `.tag{fill:${colors.ink}}.tag-edge{fill:${colors.page};stroke:${colors.ink};stroke-dasharray:2 2}.span{fill:${colors.ink}}`,
    ...Object.entries(LOOKS).map(([look, spec]) => {
      const shade = spec[scheme];
      const own =
        spec.pattern === null
          ? `.f-${look}{fill:${shade.fill}}`
          : `.p-${look}{fill:${shade.fill}}.q-${look}{fill:${shade.ink}}.r-${look}{stroke:${shade.ink}}`;
      return `${own}.e-${look}{stroke:${shade.edge}}`;
    }),
  ];
}

/** Rules below the class of a picture. */
export function scoped(rules: readonly string[], prefix: string): string {
  return rules
    .filter((rule) => rule !== '')
    .map((rule) =>
      rule.replace(
        /([^{}]+)\{/g,
        (_, selectors: string) =>
          `${selectors
            .split(',')
            .map((each) => `.${prefix} ${each}`)
            .join(',')}{`,
      ),
    )
    .join('');
}
