/** The mark that explains the tags: each fault by number, with its time, its title and what it did. */
import type { FaultReport, Run } from '../../sim/run.ts';
import { notableFaults } from '../findings/notable-faults.ts';
import { faultTime, nodesBesideTitle } from '../findings/subjects.ts';
import { capitalised, clean, count } from '../words.ts';
import { PAGE } from './chart.ts';
import { drawTag } from './fault-tags.ts';
import { type Pen, write } from './pen.ts';
import { wrapped } from './text-width.ts';

const SIZE = 12;
const LINE = 16;
/** Up to so many in one column, more in two. */
const ONE_COLUMN = 6;
const FAULTS_MAX = 40;
const COLUMN_GAP = 28;

/** Gives the height used. */
export function drawFaultList(pen: Pen, run: Run, names: ReadonlyMap<string, string>, y: number): number {
  const shown = notableFaults(run, FAULTS_MAX);
  const columns = shown.length > ONE_COLUMN ? 2 : 1;
  const width = (PAGE.right - PAGE.left - COLUMN_GAP * (columns - 1)) / columns;
  const perColumn = Math.ceil(shown.length / columns);
  let bottom = y;
  for (let column = 0; column < columns; column++) {
    const x = PAGE.left + column * (width + COLUMN_GAP);
    let at = y;
    for (const fault of shown.slice(column * perColumn, (column + 1) * perColumn)) {
      drawTag(pen, String(fault.number), x + 13, at, fault.hadEffect);
      const lines = wrapped(faultWords(run, fault, names), width - 36, SIZE, 3);
      for (const [i, text] of lines.entries()) write(pen, x + 34, at + 12 + i * LINE, text, '');
      at += lines.length * LINE + 6;
    }
    bottom = Math.max(bottom, at);
  }
  if (run.faults.length > FAULTS_MAX) {
    write(
      pen,
      PAGE.left,
      bottom + 12,
      `and ${count(run.faults.length - FAULTS_MAX, 'more fault')}, see run.json`,
      'm',
    );
    bottom += LINE + 6;
  }
  return bottom - y;
}

function faultWords(run: Run, fault: FaultReport, names: ReadonlyMap<string, string>): string {
  const nodes = nodesBesideTitle(run, fault, 5);
  const reached = nodes === '' || fault.title.includes(nodes) ? '' : `: ${nodes}`;
  const effect = fault.hadEffect
    ? reached
    : `; no effect${fault.note === '' ? '' : `: ${clean(fault.note)}`}`;
  let words = `${capitalised(faultTime(fault))}, ${clean(fault.title)}${effect}`;
  for (const node of fault.nodes) words = words.replaceAll(clean(node), () => clean(names.get(node) ?? node));
  return words;
}
