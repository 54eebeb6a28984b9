/** The answer of `zonefall why` as text: for people, and as plain lines. */
import picocolors from 'picocolors';
import { wrap } from '../terminal/wrap.ts';
import { clean, clock, count, duration, fullClock } from '../words.ts';
import type { Explanation, OutageLine, WhyAnswer } from './explanation.ts';

export interface WhyTextOptions {
  readonly color: boolean;
  readonly columns: number;
}

/** Lines longer than this are hard to read. */
const COLUMNS_MAX = 100;
const LISTED_MAX = 30;

export function whyText(answer: WhyAnswer, { color, columns }: WhyTextOptions): string {
  const paint = picocolors.createColors(color);
  const width = Math.min(columns, COLUMNS_MAX);
  const sections = [
    `${paint.bold(clean(answer.title))}  (${duration(answer.durationUs)} of model time, seed ${clean(String(answer.seed))})`,
    ...answer.explained.map((each) => explanationText(each, answer, paint, width)),
  ];
  if (answer.calm !== '') sections.push(wrap(answer.calm, width, '', ''));
  if (answer.outages.length > 1 || (answer.calm !== '' && answer.outages.length > 0))
    sections.push(outageList(answer, paint));
  return `${sections.join('\n\n')}\n`;
}

type Paint = ReturnType<typeof picocolors.createColors>;

function explanationText(each: Explanation, answer: WhyAnswer, paint: Paint, width: number): string {
  const of = answer.outages.length > 1 ? ` (outage ${each.number} of ${answer.outages.length})` : '';
  const at = Math.max(...each.steps.map((step) => clock(step.atUs).length), 0);
  const indent = ' '.repeat(at + 4);
  const parts = [wrap(`${each.headline}${of}`, width, '', '')];
  parts.push(
    section(
      paint,
      'What happened',
      each.steps.map((step) => wrap(step.text, width, `  ${clock(step.atUs).padStart(at)}  `, indent)),
    ),
  );
  const seen = each.users.map((line) => bullet(line, width));
  if (each.impact.length > 0) seen.push(bullet(`Lost meanwhile: ${each.impact.join('; ')}.`, width));
  parts.push(section(paint, 'What users saw', seen));
  if (each.split !== '')
    parts.push(section(paint, 'Where the time went', [wrap(each.split, width, '  ', '  ')]));
  parts.push(
    section(
      paint,
      'What made the difference',
      each.remedies.map((line) => bullet(line, width)),
    ),
  );
  return parts.filter((part) => part !== '').join('\n\n');
}

function bullet(text: string, width: number): string {
  return wrap(text, width, '  - ', '    ');
}

function section(paint: Paint, title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `${paint.bold(title)}\n${lines.join('\n')}`;
}

function outageList(answer: WhyAnswer, paint: Paint): string {
  const { outages } = answer;
  const explained = new Set(answer.explained.map(({ number }) => number));
  const shown = outages.slice(0, LISTED_MAX);
  const digits = String(outages.length).length;
  const time = Math.max(...shown.map((each) => clock(each.fromUs).length));
  const length = Math.max(...shown.map((each) => lengthOf(each).length));
  const lines = shown.map(
    (each) =>
      `${explained.has(each.number) ? '*' : ' '} ${String(each.number).padStart(digits)}  ${clock(each.fromUs).padStart(time)}  ${lengthOf(each).padStart(length)}  ${each.what}`,
  );
  if (outages.length > shown.length)
    lines.push(`  and ${count(outages.length - shown.length, 'more outage')}`);
  return `${paint.bold('Outages of this run')} (--outage N explains one)\n${lines.join('\n')}`;
}

function lengthOf(each: OutageLine): string {
  return duration(each.toUs - each.fromUs);
}

/** One fact a line, tabs between the columns: outage, time, kind of fact, sentence. Nothing is wrapped or left out. */
export function whyPlain(answer: WhyAnswer): string {
  const lines: string[][] = answer.outages.map((each) => [
    String(each.number),
    fullClock(each.fromUs),
    'outage',
    `${each.what} for ${lengthOf(each)}${each.ended ? '' : ', until the run ended'}.`,
  ]);
  for (const each of answer.explained) {
    const add = (atUs: number, kind: string, text: string) =>
      lines.push([String(each.number), fullClock(atUs), kind, text]);
    for (const step of each.steps) add(step.atUs, 'step', step.text);
    for (const text of each.users) add(each.fromUs, 'users', text);
    for (const text of each.impact) add(each.fromUs, 'lost', text);
    if (each.split !== '') add(each.fromUs, 'split', each.split);
    for (const text of each.remedies) add(each.fromUs, 'difference', text);
  }
  if (answer.calm !== '') lines.push(['', '', 'calm', answer.calm]);
  return `${lines.map((cells) => cells.join('\t')).join('\n')}\n`;
}
