/** The generated part of docs/accuracy.md: a section for each suite, between markers, so that one suite can be redone alone. */
import type { Comparison } from './comparison.ts';
import { counts, distance, figureRows, pictureName, VERDICT_WORDS } from './text.ts';

export const PICTURES = 'images/accuracy';

const begin = (suite: string) => `<!-- fidelity ${suite} -->`;
const end = (suite: string) => `<!-- /fidelity ${suite} -->`;
const BEGIN_ALL = '<!-- fidelity: made by npm run fidelity, do not edit below -->';
const END_ALL = '<!-- /fidelity -->';

/** The page with this suite's section put in or replaced; suites stand in the order of `order`. */
export function withSection(
  page: string,
  suite: string,
  comparisons: readonly Comparison[],
  order: readonly string[],
): string {
  const from = page.indexOf(BEGIN_ALL);
  const to = page.indexOf(END_ALL);
  if (from < 0 || to < from)
    throw new Error(`docs/accuracy.md needs the markers ${BEGIN_ALL} and ${END_ALL}`);
  const inner = page.slice(from + BEGIN_ALL.length, to);
  const sections = new Map<string, string>();
  for (const name of order) {
    const [a, b] = [inner.indexOf(begin(name)), inner.indexOf(end(name))];
    if (a >= 0 && b > a) sections.set(name, inner.slice(a, b + end(name).length));
  }
  sections.set(suite, sectionOf(suite, comparisons));
  const body = order.filter((name) => sections.has(name)).map((name) => sections.get(name)!);
  return `${page.slice(0, from)}${BEGIN_ALL}\n\n${body.join('\n\n')}\n\n${page.slice(to)}`;
}

function sectionOf(suite: string, comparisons: readonly Comparison[]): string {
  const lines = [
    begin(suite),
    `### ${suite}`,
    '',
    ...groupedBySource(comparisons).flatMap(([heading, group]) => [
      heading,
      '',
      '| comparison | n measured / predicted | figures: measured / predicted | KS distance | verdict |',
      '|---|--:|---|---|---|',
      ...group.map(rowOf),
      '',
      ...picturesOf(group),
    ]),
    end(suite),
  ];
  return lines.join('\n');
}

/** Comparisons that share source and criterion share a table. */
function groupedBySource(comparisons: readonly Comparison[]): [string, Comparison[]][] {
  const groups = new Map<string, Comparison[]>();
  for (const comparison of comparisons) {
    const heading = `Measured: ${comparison.source}. Criterion: ${comparison.criterion}.`;
    groups.set(heading, [...(groups.get(heading) ?? []), comparison]);
  }
  return [...groups];
}

function rowOf(comparison: Comparison): string {
  const unit = comparison.unit === '' ? '' : ` (${comparison.unit})`;
  const figures = figureRows(comparison)
    .map(({ label, measured, predicted }) => `${label} ${measured} / ${predicted}`)
    .join('<br>');
  const verdict = `**${VERDICT_WORDS[comparison.verdict]}**`;
  const cells = [
    `${comparison.name}${unit}`,
    counts(comparison),
    figures,
    distance(comparison),
    comparison.note === '' ? verdict : `${verdict}: ${comparison.note}`,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function picturesOf(comparisons: readonly Comparison[]): string[] {
  const drawn = comparisons.filter((comparison) => comparison.curves !== null);
  if (drawn.length === 0) return [];
  return [
    ...drawn.map(
      (comparison) =>
        `![${comparison.name}: cumulative distributions, measured and predicted](${PICTURES}/${pictureName(comparison)})`,
    ),
    '',
  ];
}
