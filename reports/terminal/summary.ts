/** The answer in a terminal: verdict, objectives, what failed and why, what survived, availability. */

import picocolors from 'picocolors';
import type { Run } from '../../sim/run.ts';
import { headline } from '../findings/headline.ts';
import { idleFaults } from '../findings/idle-faults.ts';
import { exactLanes, mainLanes, type Service, serviceOf, stretchesIn } from '../findings/lanes.ts';
import { notableFaults } from '../findings/notable-faults.ts';
import { judgedObjective, verdictWords } from '../findings/objectives.ts';
import { type Finding, findings } from '../findings/sentences.ts';
import { lengthUs, longestOf, totalUs } from '../findings/stretches.ts';
import { faultTime, nodesBesideTitle } from '../findings/subjects.ts';
import { overallVerdict } from '../json/document.ts';
import { clean, count, duration, integer, operationNoun, percent } from '../words.ts';
import { bareTable } from './bare-table.ts';
import { wrap } from './wrap.ts';

export interface TerminalOptions {
  readonly color: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
}

/** Narrower than this, sentences are no longer readable; wider, neither. */
const COLUMNS_MIN = 60;
const COLUMNS_MAX = 110;
/** Faults told one by one. */
const FAULTS_MAX = 20;
const TABLE_ROWS_MAX = 16;

type Paint = ReturnType<typeof picocolors.createColors>;

/** Several lines, the last one ended. Without colour it holds no control character but the line break. */
export function terminalSummary(run: Run, options: TerminalOptions): string {
  const paint = picocolors.createColors(options.color);
  const width = Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, options.columns));
  const service = serviceOf(run);
  const found = findings(run, service);
  const sections = [
    heading(run, paint, width, service),
    objectiveSection(run, paint),
    faultSection(run, paint, width),
    section(paint, 'What stopped', found.stopped, width),
    section(paint, 'What was limited', found.degraded, width),
    section(paint, 'What survived', found.survived, width),
    `${paint.bold('Availability')}\n${availabilityTable(run)}`,
  ];
  return `${sections.filter((each) => each !== '').join('\n\n')}\n`;
}

function heading(run: Run, paint: Paint, width: number, service: Service): string {
  const facts = `${duration(run.durationUs)} of model time, seed ${clean(String(run.seed))}`;
  const verdict = overallVerdict(run);
  const word =
    run.objectives.length === 0 && verdict === 'pass'
      ? ''
      : `${verdictColor(paint, verdict.toUpperCase())}  `;
  return [
    `${paint.bold(clean(run.scenario.title))}  (${facts})`,
    wrap(`${word}${verdictWords(run)}`, width, '', ''),
    '',
    wrap(headline(run, service), width, '', ''),
  ].join('\n');
}

function verdictColor(paint: Paint, word: string): string {
  if (word === 'PASS') return paint.green(word);
  return word === 'FAIL' ? paint.red(paint.bold(word)) : paint.yellow(word);
}

function faultSection(run: Run, paint: Paint, width: number): string {
  const neverBegun = idleFaults(run).filter(({ number }) => number === null);
  if (run.faults.length + neverBegun.length === 0) return '';
  const digits = String(run.faults.length).length;
  const lines = notableFaults(run, FAULTS_MAX).map((fault) => {
    const nodes = nodesBesideTitle(run, fault, 4);
    const effect = fault.hadEffect
      ? nodes === '' || fault.title.includes(nodes)
        ? ''
        : `; ${nodes}`
      : `; NO EFFECT${fault.note === '' ? '' : `: ${clean(fault.note)}`}`;
    const text = `${clean(fault.title)}, ${faultTime(fault)}${effect}`;
    return wrap(text, width, `  ${String(fault.number).padStart(digits)}  `, ' '.repeat(digits + 4));
  });
  const more = run.faults.length - FAULTS_MAX;
  if (more > 0) lines.push(`  and ${integer(more)} more (run.json has them all)`);
  for (const { words } of neverBegun)
    lines.push(wrap(words, width, `  ${'-'.padStart(digits)}  `, ' '.repeat(digits + 4)));
  return `${paint.bold('Faults')}\n${lines.join('\n')}`;
}

function section(paint: Paint, title: string, found: readonly Finding[], width: number): string {
  if (found.length === 0) return '';
  const lines = found.flatMap(({ sentence, details, impact }) => [
    wrap(sentence, width, '  - ', '    '),
    ...details.map((detail) => wrap(detail, width, '      ', '        ')),
    ...(impact.length === 0
      ? []
      : [paint.dim(wrap(`lost meanwhile: ${impact.join('; ')}`, width, '    ', '    '))]),
  ]);
  return `${paint.bold(title)}\n${lines.join('\n')}`;
}

function objectiveSection(run: Run, paint: Paint): string {
  if (run.objectives.length === 0) return '';
  const table = bareTable(
    run.objectives
      .map(judgedObjective)
      .map((each) => [`  ${verdictColor(paint, each.word)}`, each.text, each.value, each.limit, each.note]),
  );
  return `${paint.bold('Objectives')}\n${table}`;
}

function availabilityTable(run: Run): string {
  const lanes = mainFirst(run);
  const rows = lanes.slice(0, TABLE_ROWS_MAX).map((lane) => {
    const down = stretchesIn(lane, 'down');
    const downUs = totalUs(down);
    const degradedUs = totalUs(stretchesIn(lane, 'degraded'));
    return [
      `  ${clean(lane.system)}`,
      lane.operations.map(operationNoun).join(', '),
      lane.where,
      percent((run.durationUs - downUs - degradedUs) / run.durationUs),
      lengthOrNone(downUs),
      lengthOrNone(degradedUs),
      lengthOrNone(totalUs(stretchesIn(lane, 'waits'))),
      integer(down.length),
      down.length === 0 ? '-' : duration(lengthUs(longestOf(down))),
    ];
  });
  const table = bareTable(rows, {
    head: ['  system', 'operations', 'from', 'available', 'down', 'limited', 'waiting', 'outages', 'longest'],
    align: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  const rest = lanes.length - TABLE_ROWS_MAX;
  const more = rest > 0 ? `\n  and ${count(rest, 'more row')} (summary.csv has every vantage)` : '';
  return `${table}${more}`;
}

/** What most vantages saw, of all systems; then the others. */
function mainFirst(run: Run) {
  const lanes = exactLanes(run);
  const main = new Set(mainLanes(run, lanes));
  return lanes.toSorted((a, b) => (main.has(b) ? 1 : 0) - (main.has(a) ? 1 : 0));
}

function lengthOrNone(us: number): string {
  return us === 0 ? '-' : duration(us);
}
